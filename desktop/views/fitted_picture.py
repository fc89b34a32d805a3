"""A picture that fills the room it has, proportions kept."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.views.widgets import pixmap
from engine.values import Pixels

MOST = 4  # times as large as it is: more would only show its pixels


class FittedPicture(QWidget):
    """Shows pixels, or why there are none."""

    def __init__(
        self, name: str, least: int, most: int = MOST, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._most = most
        self._pixmap = QPixmap()
        self._scaled = QPixmap()
        self._text = ""
        self._least = least
        self.setAccessibleName(name)
        self.setMinimumSize(least, least)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def is_empty(self) -> bool:
        """Whether no picture is shown."""
        return self._pixmap.isNull()

    @property
    def text(self) -> str:
        """What is said instead of a picture."""
        return self._text

    def sizeHint(self) -> QSize:
        """Ask for no more than the least; take what there is."""
        return QSize(self._least, self._least)

    def show_picture(self, picture: Pixels | str) -> None:
        """Show pixels, or a text instead."""
        self._text = picture if isinstance(picture, str) else ""
        self._pixmap = QPixmap() if isinstance(picture, str) else pixmap(picture)
        self._scaled = QPixmap()
        self.setAccessibleDescription(self._text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it at the bottom, just above what is said of it."""
        painter = QPainter(self)
        if self._pixmap.isNull():
            painter.setPen(self.palette().placeholderText().color())
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), int(flags), self._text)
            return
        ratio = self.devicePixelRatioF()
        room = (self.size().toSizeF() * ratio).toSize()
        largest = self._pixmap.size() * self._most * ratio
        wanted = self._pixmap.size().scaled(
            room.boundedTo(largest), Qt.AspectRatioMode.KeepAspectRatio
        )
        if self._scaled.size() != wanted:
            self._scaled = self._pixmap.scaled(
                wanted,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            self._scaled.setDevicePixelRatio(ratio)
        place = QRect(self.rect().topLeft(), self._scaled.deviceIndependentSize().toSize())
        place.moveCenter(self.rect().center())
        place.moveBottom(self.rect().bottom())
        painter.drawPixmap(place, self._scaled)
