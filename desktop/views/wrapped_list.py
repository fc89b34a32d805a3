"""Cells of one size beside and under one another, which stay in view when the width changes."""

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QListView, QWidget


class WrappedList(QListView):
    """Lays 100,000 cells out at once.

    After another width the current cell is where it was in view, if it was there; else the line
    of cells that was first. Qt alone keeps the number of pixels above, where other cells are then.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = -1  # the row of the cell that was kept in view
        self._value = 0  # of the scroll bar since then
        # Qt's icon mode takes seconds for so many.
        self.setViewMode(QListView.ViewMode.ListMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)

    @property
    def first(self) -> int:
        """The row of a cell of the first line that is in view, -1 where there is none."""
        # Not the first one of that line: each change of the width would take it farther up.
        if self._kept >= 0 and self.verticalScrollBar().value() == self._value:
            return self._kept
        return self.indexAt(self.viewport().rect().topLeft()).row()

    def begin(self, row: int = 0) -> None:
        """Let the line of a cell be the first one in view."""
        if row > 0:
            self.scrollTo(self.model().index(row, 0), QListView.ScrollHint.PositionAtTop)
        else:
            self.scrollToTop()
        self._kept, self._value = row, self.verticalScrollBar().value()

    def doItemsLayout(self) -> None:
        """Keep in view what is there by how the cells were laid out before."""
        bar, view = self.verticalScrollBar(), self.viewport().rect()
        cell = self._to_keep()
        before = self.visualRect(cell)
        top = before.top() if before.isValid() else 0  # it was not laid out
        super().doItemsLayout()
        self._kept = cell.row()
        if cell.isValid():
            rect = self.visualRect(cell)
            top = min(top, max(view.height() - rect.height(), 0))
            if cell == self.currentIndex():
                top = max(top, 0)
            bar.setValue(bar.value() + rect.top() - top)
        self._value = bar.value()

    def _to_keep(self) -> QModelIndex:
        """Return the cell that is to stay where it is in view, an invalid one if there is none."""
        current = self.currentIndex()
        if self.visualRect(current).intersects(self.viewport().rect()):
            return current
        first = self.first
        return self.model().index(first, 0) if first >= 0 else QModelIndex()
