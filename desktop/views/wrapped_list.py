"""Cells of one size beside and under one another, which stay in view when the width changes."""

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QListView, QWidget


class WrappedList(QListView):
    """Lays 100,000 cells out at once.

    After another width the current cell is where it was in view, if it was there; else the row
    of cells that was first. Qt alone keeps the number of pixels above, where other cells are then.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = -1  # the row of the cell that stayed in view
        self._value = 0  # of the scroll bar since then
        # Qt's icon mode takes seconds for so many.
        self.setViewMode(QListView.ViewMode.ListMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)

    def begin(self) -> None:
        """Show the first cells."""
        self._kept = -1
        self.scrollToTop()

    def doItemsLayout(self) -> None:
        """Keep in view what is there by how the cells were laid out before."""
        bar, view = self.verticalScrollBar(), self.viewport().rect()
        cell = self._to_keep()
        top = self.visualRect(cell).top()
        super().doItemsLayout()
        self._kept = cell.row()
        if cell.isValid():
            rect = self.visualRect(cell)
            top = min(top, view.height() - rect.height())
            if cell == self.currentIndex():
                top = max(top, 0)
            bar.setValue(bar.value() + rect.top() - top)
        self._value = bar.value()

    def _to_keep(self) -> QModelIndex:
        """Return the cell that is to stay where it is in view, an invalid one if there is none."""
        current, view = self.currentIndex(), self.viewport().rect()
        if self.visualRect(current).intersects(view):
            return current
        # Not the first one of the same row: each change of the width would take it farther up.
        if self._kept >= 0 and self.verticalScrollBar().value() == self._value:
            return self.model().index(self._kept, 0)
        return self.indexAt(view.topLeft())
