"""The legend: classes with their colours and counts; a click hides or shows a class."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from desktop.theme import SPACE
from desktop.views.widgets import button, card, dot, label, shown
from engine.palette import WITHOUT_CLASS, Colour, class_colours

UNLABELLED = "(no class)"


class Legend(QWidget):
    """Says which classes are to be seen."""

    changed = Signal(object)  # frozenset of the hidden classes

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours: list[Colour] = []
        self.list = QTreeWidget()
        self.list.setHeaderHidden(True)
        self.list.setColumnCount(2)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setAccessibleName("Classes")
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.itemChanged.connect(self._tell)
        self.list.itemDoubleClicked.connect(self._show_alone)
        self.all_button = button("Show all")
        self.all_button.clicked.connect(self._show_all)
        title = QHBoxLayout()
        title.setContentsMargins(0, 0, 0, 0)
        title.addWidget(label("Classes", "heading"))
        title.addStretch(1)
        title.addWidget(self.all_button)
        top = QWidget()
        top.setLayout(title)
        column = QHBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card(top, self.list, margin=SPACE + SPACE // 2))
        self.setToolTip("Untick a class to hide it; double-click to see it alone.")

    def show_classes(self, classes: list[str], counts: dict[str, int]) -> None:
        """List the classes; ``counts`` says how many points of each there are so far."""
        if self._names() == (classes or [""]):
            self._update_counts(counts)
            return
        self.list.blockSignals(True)
        self.list.clear()
        self._colours = class_colours(len(classes)) or [WITHOUT_CLASS]
        for name in classes or [""]:
            item = QTreeWidgetItem([shown(name) or UNLABELLED, ""])
            item.setData(0, Qt.ItemDataRole.UserRole, name)
            item.setCheckState(0, Qt.CheckState.Checked)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight)
            self.list.addTopLevelItem(item)
        self._paint_dots()
        self.list.blockSignals(False)
        self._update_counts(counts)

    @property
    def hidden(self) -> frozenset[str]:
        """The classes that are not to be seen."""
        return frozenset(
            item.data(0, Qt.ItemDataRole.UserRole)
            for item in self._items()
            if item.checkState(0) != Qt.CheckState.Checked
        )

    def _items(self) -> list[QTreeWidgetItem]:
        root = self.list.invisibleRootItem()
        items = (root.child(row) for row in range(root.childCount()))
        return [item for item in items if item is not None]

    def _names(self) -> list[str]:
        return [item.data(0, Qt.ItemDataRole.UserRole) for item in self._items()]

    def _update_counts(self, counts: dict[str, int]) -> None:
        self.list.blockSignals(True)
        for item in self._items():
            item.setText(1, f"{counts.get(item.data(0, Qt.ItemDataRole.UserRole), 0):,}")
        self.list.blockSignals(False)

    def _show_all(self) -> None:
        self._check(lambda item: True)

    def _show_alone(self, chosen: QTreeWidgetItem) -> None:
        self._check(lambda item: item is chosen)

    def _check(self, wanted: Callable[[QTreeWidgetItem], bool]) -> None:
        self.list.blockSignals(True)
        for item in self._items():
            state = Qt.CheckState.Checked if wanted(item) else Qt.CheckState.Unchecked
            item.setCheckState(0, state)
        self.list.blockSignals(False)
        self._tell()

    def _paint_dots(self) -> None:
        """Fill the dots of the classes that are seen; those of hidden ones are rings."""
        ratio = self.devicePixelRatioF()
        for item, colour in zip(self._items(), self._colours, strict=True):
            filled = item.checkState(0) == Qt.CheckState.Checked
            item.setIcon(0, QIcon(dot(colour, filled, ratio=ratio)))

    def _tell(self) -> None:
        self.list.blockSignals(True)
        self._paint_dots()
        self.list.blockSignals(False)
        self.changed.emit(self.hidden)
