"""The picture of the point under the cursor, or of the one that was clicked."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.theme import SPACE
from desktop.views.widgets import card, label, pixmap, shown
from engine.values import Pixels

PICTURE_SIDE = 240
HINT = "Point at the map to see a picture; click to keep it here."


class PictureCard(QWidget):
    """Shows one picture with its class and its place on disk."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap = QPixmap()
        self.picture = label(HINT, "muted", wrap=True)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setMinimumHeight(PICTURE_SIDE)
        self.picture.setAccessibleName("Picture")
        self.name = label("", "heading")
        self.place = label("", "muted", wrap=True)
        self.place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card(self.picture, self.name, self.place, margin=SPACE + SPACE // 2))

    def show_nothing(self) -> None:
        """Show the hint."""
        self._pixmap = QPixmap()
        self.picture.setPixmap(self._pixmap)
        self.picture.setText(HINT)
        self.name.setText("")
        self.place.setText("")

    def show_item(self, path: str, label_text: str) -> None:
        """Show the class and path at once; the picture follows."""
        self.name.setText(shown(label_text) or shown(Path(path).name))
        self.place.setText(shown(path))

    def show_picture(self, picture: Pixels | str) -> None:
        """Show pixels, or the reason why there are none."""
        if isinstance(picture, str):
            self._pixmap = QPixmap()
            self.picture.setPixmap(self._pixmap)
            self.picture.setText(f"This picture {picture}.")
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
