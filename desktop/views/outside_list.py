"""The pictures from elsewhere that were dropped together: one of them is looked at."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from desktop.language import tr
from desktop.outside import Outside
from desktop.views.widgets import pixmap, shown

SIDE = 24  # device-independent pixels
MOST_ROWS = 4  # more scroll


class OutsideList(QListWidget):
    """Hidden for a single one. Arrow keys and clicks choose."""

    chosen = Signal(int)  # number of the picture

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures: object = None
        self.setIconSize(QSize(SIDE, SIDE))
        self.setUniformItemSizes(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(tr("Dropped pictures"))
        self.currentRowChanged.connect(self._tell)
        self.hide()

    def show_outside(self, outside: Outside | None) -> None:
        """List the pictures, and mark the one that is looked at."""
        pictures = outside.pictures if outside is not None else ()
        self.blockSignals(True)
        if pictures is not self._pictures:
            self._pictures = pictures
            self.clear()
            for each in pictures:
                item = QListWidgetItem(QIcon(pixmap(each.picture)), shown(each.name))
                item.setToolTip(shown(f"{each.file}\n{each.says}"))
                self.addItem(item)
            height = max(self.sizeHintForRow(0), SIDE)
            for row in range(len(pictures)):  # no wider than the list: long names are elided
                self.item(row).setSizeHint(QSize(1, height))
            self.setFixedHeight(min(len(pictures), MOST_ROWS) * height + 4)
        if outside is not None:
            self.setCurrentRow(outside.number)
        self.blockSignals(False)
        self.setVisible(len(pictures) > 1)

    def _tell(self, row: int) -> None:
        if row >= 0:
            self.chosen.emit(row)
