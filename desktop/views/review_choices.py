"""Which findings are looked at, and how far one has come."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from desktop.language import tr
from desktop.theme import SPACE
from desktop.views.review_words import KIND_NAMES, WHICH_NAMES
from desktop.views.widgets import shown
from engine.quality.queue import Count, Wanted

SHORTEST = 8  # letters


class ReviewChoices(QWidget):
    """Three lists to choose from, over a bar of progress."""

    chosen = Signal(object)  # Wanted

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind, self.name, self.which = QComboBox(), QComboBox(), QComboBox()
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(tr("Looked at"))
        for kind, text in KIND_NAMES.items():
            self.kind.addItem(tr(text), kind)
        for which, text in WHICH_NAMES.items():
            self.which.addItem(tr(text), which)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        named = (
            (self.kind, tr("Kind of finding")),
            (self.name, tr("Class")),
            (self.which, tr("Which")),
        )
        for chooser, name in named:
            chooser.setAccessibleName(name)
            chooser.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # letters go on being keys
            chooser.setMinimumContentsLength(SHORTEST)
            policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            chooser.setSizeAdjustPolicy(policy)
            chooser.activated.connect(self._tell)
            row.addWidget(chooser, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self.bar)
        column.addLayout(row)

    def show_wanted(
        self, wanted: Wanted, counts: Mapping[str, Count], classes: Sequence[str]
    ) -> None:
        """Show what is looked at; each kind says how many are left."""
        for place, (kind, text) in enumerate(KIND_NAMES.items()):
            self.kind.setItemText(place, f"{tr(text)} ({counts[kind].left:,})")
        names = ["", *classes]
        if [self.name.itemData(place) for place in range(self.name.count())] != names:
            self.name.clear()
            for name in names:
                self.name.addItem(shown(name) or tr("Any class"), name)
        if wanted.name not in names:  # a class that was given up since
            self.name.addItem(shown(wanted.name), wanted.name)
        for chooser, value in (
            (self.kind, wanted.kind),
            (self.name, wanted.name),
            (self.which, wanted.which),
        ):
            chooser.setCurrentIndex(chooser.findData(value))
        count = counts[wanted.kind]
        self.bar.setUpdatesEnabled(False)  # else it paints the whole window at once each time
        self.bar.setRange(0, max(count.total, 1))
        self.bar.setValue(count.looked_at)
        self.bar.setUpdatesEnabled(True)

    def _tell(self) -> None:
        chosen = (each.currentData() for each in (self.kind, self.name, self.which))
        self.chosen.emit(Wanted(*chosen))
