"""The picture of the point under the cursor, or of the one that was clicked."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.language import told, tr
from desktop.theme import SPACE
from desktop.views.neighbors_strip import NeighborsStrip
from desktop.views.outside_list import OutsideList
from desktop.views.widgets import button, card, label, pixmap, shown
from engine.values import Pixels
from engine.wording import mark

PICTURE_SIDE = 240
HINT = mark("Point at the map to see a picture; click to keep it here.")


class PictureCard(QWidget):
    """Shows one picture with its class, its place on disk and its nearest neighbours."""

    folder_requested = Signal()  # to see the file where it lies

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap = QPixmap()
        self.picture = label(tr(HINT), "muted", wrap=True)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setMinimumHeight(PICTURE_SIDE)
        self.picture.setAccessibleName(tr("Picture"))
        self.name = label("", "heading")
        self.place = label("", "muted", wrap=True)
        self.place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.place.setAccessibleName(tr("Path of the picture"))
        self.place.setMinimumWidth(1)  # a long path is cut, rather than that the panel grows
        self.facts = label("", "muted", wrap=True)
        self.outside = OutsideList()
        self.neighbors = NeighborsStrip()
        self.folder_button = button(
            tr("Show in folder"), tip=tr("Open the folder that holds the file")
        )
        self.folder_button.clicked.connect(self.folder_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(
            card(
                self.picture,
                self.name,
                self.place,
                self.facts,
                self.outside,
                self.neighbors,
                self.folder_button,
                margin=SPACE + SPACE // 2,
            )
        )
        self.show_nothing()

    def show_nothing(self) -> None:
        """Show the hint."""
        self._pixmap = QPixmap()
        self.picture.setPixmap(self._pixmap)
        self.picture.setText(tr(HINT))
        self.name.setText("")
        self.place.setText("")
        self.facts.hide()
        self.folder_button.hide()
        self.neighbors.show_nothing()

    def show_item(self, path: str, label_text: str, facts: str = "", kept: bool = False) -> None:
        """Show the class and path at once; the picture and the neighbours follow.

        Parameters
        ----------
        path
            Relative to the dataset folder.
        label_text
            The class, "" for none.
        facts
            What else is known of the picture.
        kept
            Whether the picture was picked, and stays while the cursor moves on.
        """
        self.name.setText(shown(label_text) or shown(Path(path).name))
        self.place.setText(shown(path))
        self.place.setToolTip(shown(path))
        self.facts.setText(facts)
        self.facts.setVisible(bool(facts))
        self.folder_button.setVisible(kept)
        self.neighbors.show_nothing()

    def show_picture(self, picture: Pixels | str) -> None:
        """Show pixels, or the reason why there are none."""
        if isinstance(picture, str):
            self._pixmap = QPixmap()
            self.picture.setPixmap(self._pixmap)
            self.picture.setText(tr("This picture {why}.", why=told(picture)))
        else:
            self._pixmap = pixmap(picture)
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the picture into the room there is."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._pixmap.isNull():
            return
        ratio = self.devicePixelRatioF()
        side = round(min(self.picture.width(), PICTURE_SIDE) * ratio)
        scaled = self._pixmap.scaled(
            side,
            side,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        scaled.setDevicePixelRatio(ratio)
        self.picture.setPixmap(scaled)
