"""The first page: open a folder, drop one, go on with a recent one, or try the sample."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.language import tr
from desktop.theme import SPACE
from desktop.views.dropping import dropped_folder
from desktop.views.widgets import button, card, label, shown
from engine.wording import mark

PICTURE_SIDE = 60
SAMPLE_PICTURES = 8
WHAT_IT_DOES = mark(
    "Similar pictures come to lie together on a 3D map. Everything stays on this computer."
)
WHAT_TO_DROP = mark("One subfolder for each class, or a flat folder without classes.")


class WelcomePage(QWidget):
    """What is seen when nothing is open."""

    browse_requested = Signal()
    folder_chosen = Signal(object)  # Path
    sample_requested = Signal()

    def __init__(self, sample: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drop_area = DropArea()
        self.drop_area.browse_requested.connect(self.browse_requested)
        self.drop_area.folder_chosen.connect(self.folder_chosen)
        self._folders: tuple[str, ...] = ()
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        self._recent.setContentsMargins(0, 0, 0, 0)
        recent = QWidget()
        recent.setLayout(self._recent)
        self._recent_card = card(label(tr("Recent folders"), "heading"), recent)

        lower = QHBoxLayout()
        lower.setSpacing(2 * SPACE)
        lower.addWidget(self._recent_card, 1, Qt.AlignmentFlag.AlignTop)
        lower.addWidget(self._sample_card(sample), 1, Qt.AlignmentFlag.AlignTop)

        column = QWidget()
        column.setMaximumWidth(860)
        rows = QVBoxLayout(column)
        rows.setSpacing(2 * SPACE)
        rows.addStretch(1)
        rows.addWidget(label(tr("See what is in a folder of images"), "title"))
        rows.addWidget(label(tr(WHAT_IT_DOES), "muted", wrap=True))
        rows.addSpacing(SPACE)
        rows.addWidget(self.drop_area)
        rows.addLayout(lower)
        rows.addStretch(2)
        centre = QHBoxLayout(self)
        centre.setContentsMargins(4 * SPACE, 2 * SPACE, 4 * SPACE, 2 * SPACE)
        centre.addStretch(1)
        centre.addWidget(column, 20)
        centre.addStretch(1)
        self._recent_card.hide()

    def show_recent(self, folders: tuple[str, ...]) -> None:
        """List the recent folders, the latest first."""
        if folders == self._folders:
            return  # a row may have the focus
        self._folders = folders
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        before: QWidget = self.drop_area.open_button
        for folder in map(Path, folders):
            row = button(f"{shown(folder.name)}\n{shown(folder.parent)}", "row", shown(folder))
            row.setAccessibleName(tr("Open {name}", name=shown(folder.name)))
            row.clicked.connect(lambda _=False, folder=folder: self.folder_chosen.emit(folder))
            self._recent.addWidget(row)
            self.setTabOrder(before, row)
            before = row
        self._recent_card.setVisible(bool(folders))

    def _sample_card(self, sample: Path) -> QFrame:
        self.sample_button = button(tr("Try the sample"))
        self.sample_button.clicked.connect(self.sample_requested)
        pictures = QHBoxLayout()
        pictures.setSpacing(SPACE // 2)
        for picture in _one_of_each_class(sample):
            pictures.addWidget(picture)
        pictures.addStretch(1)
        strip = QWidget()
        strip.setLayout(pictures)
        pictures.setContentsMargins(0, 0, 0, 0)
        return card(
            label(tr("No pictures at hand?"), "heading"),
            label(tr("320 pictures in 8 classes come with the program."), "muted", wrap=True),
            strip,
            self.sample_button,
        )


def _one_of_each_class(sample: Path) -> list[QWidget]:
    pictures: list[QWidget] = []
    for file in sorted(sample.glob("*/*-01.jpg"))[:SAMPLE_PICTURES]:
        pixmap = QPixmap(str(file))  # Pillow would have to be imported for these small JPEGs
        if pixmap.isNull():
            continue  # decoration only
        picture = label()
        picture.setPixmap(pixmap)
        picture.setScaledContents(True)
        picture.setFixedSize(PICTURE_SIDE, PICTURE_SIDE)
        picture.setMinimumWidth(24)
        picture.setAccessibleName(file.parent.name)
        pictures.append(picture)
    return pictures


class DropArea(QFrame):
    """Takes a dropped folder, or a click on its button."""

    browse_requested = Signal()
    folder_chosen = Signal(object)  # Path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.setProperty("card", True)
        self.setProperty("drop", True)
        self.open_button = button(tr("Open a folder…"), "primary")
        self.open_button.clicked.connect(self.browse_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * SPACE, 4 * SPACE, 3 * SPACE, 4 * SPACE)
        column.setSpacing(SPACE)
        for widget in (
            label(tr("Drop a folder here"), "heading"),
            label(tr(WHAT_TO_DROP), "muted"),
        ):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(SPACE)
        column.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignHCenter)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Show that a folder may be dropped."""
        if dropped_folder(event) is not None:
            self._set_active(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Show that nothing is held over it."""
        self._set_active(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the folder."""
        self._set_active(False)
        folder = dropped_folder(event)
        if folder is not None:
            event.acceptProposedAction()
            self.folder_chosen.emit(folder)

    def _set_active(self, active: bool) -> None:
        self.setProperty("active", active)
        self.style().unpolish(self)
        self.style().polish(self)
