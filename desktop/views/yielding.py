"""A part of a column that gives way on a low screen: it is scrolled there."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.views.widgets import Scrolled


class Yielding(Scrolled):
    """Asks for the height its widgets like to have, and makes do with less.

    Parameters
    ----------
    widget
        What is scrolled; what in it grows (a picture) becomes as low as it may before that.
    least
        The height it keeps in any case, device-independent pixels.
    """

    def __init__(self, widget: QWidget, least: int, parent: QWidget | None = None) -> None:
        super().__init__(widget, parent)
        self._least, self._more = least, 0
        for each in (widget, self.viewport()):
            each.setAutoFillBackground(False)  # it may lie on a card

    def ask_for(self, more: int) -> None:
        """Ask for height beyond what its widgets need at the least, for what in it can grow."""
        if more != self._more:
            self._more = more
            self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """Take what height there is: Qt would else keep all that the widgets like to have."""
        return False

    def sizeHint(self) -> QSize:
        """Return the height with which nothing is scrolled, at the width it has now."""
        least = self.minimumSizeHint().width()
        return QSize(least, self.heightForWidth(max(self.width(), least)) + self._more)

    def minimumSizeHint(self) -> QSize:
        """Return what it keeps in any case; it is not scrolled from side to side."""
        content = self._content.minimumSizeHint()
        return QSize(content.width(), min(self._least, content.height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height at another width."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def viewportEvent(self, event: QEvent) -> bool:
        """Ask for another height when its widgets need another one."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().viewportEvent(event)
