"""How the page of the map is divided while the review has a part of it."""

from PySide6.QtWidgets import QSplitter, QWidget

from desktop.theme import SPACE
from desktop.views.legend import Legend
from desktop.views.review_panel import WIDTH

MAP, SIDE, _, REVIEW = range(4)  # places in the splitter
PANEL_WIDTH = 300  # device-independent pixels of legend and picture
SIDE_WIDTH = 212  # of the same beside the review, at the least
ANY_WIDTH = 16_777_215  # Qt's QWIDGETSIZE_MAX: as wide as one likes


class ReviewRoom:
    """Keeps a third of the page for the map: the legend gives way first, then the review."""

    def __init__(self, splitter: QSplitter, side: QWidget, legend: Legend, review: QWidget) -> None:
        self._splitter, self._side, self._legend, self._review = splitter, side, legend, review
        self._side_width, self._review_width = PANEL_WIDTH, WIDTH
        self._is_open = False
        self._is_side_wanted = True

    def open(self) -> None:
        """Show the review, and make room for it."""
        if not self._is_open and self._side.isVisible():  # else its width says nothing yet
            self._side_width = self._side.width()
        self._is_open = True
        self._review.show()
        self._divide(self._review_width)

    def close(self) -> None:
        """Hide the review, and give legend and picture their room again."""
        if not self._is_open:
            return
        self._is_open = False
        self._review_width = self._splitter.sizes()[REVIEW] or self._review_width
        self._review.hide()
        self._side.setMinimumWidth(0)
        self._side.setMaximumWidth(ANY_WIDTH)
        self._side.setVisible(self._is_side_wanted)
        sizes = self._splitter.sizes()
        sizes[MAP] += sizes[SIDE] - self._side_width
        sizes[SIDE] = self._side_width
        self._splitter.setSizes(sizes)

    def show_side(self, visible: bool) -> None:
        """Show or hide legend and picture, where there is room for them."""
        self._is_side_wanted = visible
        if self._is_open:
            self.fit()
        else:
            self._side.setVisible(visible)

    def fit(self) -> None:
        """Divide the page anew when it has become too narrow, or has room for the legend again."""
        if not self._is_open:
            return
        was_hidden = self._side.isHidden()
        self._fix_side()
        is_back = was_hidden and not self._side.isHidden()  # with the width it was left: none
        if is_back or self._splitter.sizes()[MAP] < self._splitter.width() // 3:
            self._divide(self._splitter.sizes()[REVIEW])

    @property
    def _has_room(self) -> bool:
        return self._beside(self._review.minimumWidth()) >= SIDE_WIDTH

    def _beside(self, review: int) -> int:
        """Return what is left beside a review of that width and the third of the map."""
        handles = 2 * self._splitter.handleWidth()
        return self._splitter.width() - self._splitter.width() // 3 - review - handles

    def _fix_side(self) -> None:
        """Give legend and picture a width of their own: what they show may not move the map."""
        self._side.setVisible(self._is_side_wanted and self._has_room)
        wanted = self._legend.least_width() + 2 * SPACE
        review = max(self._splitter.sizes()[REVIEW], self._review_width)
        most = min(self._beside(review), PANEL_WIDTH)
        self._side.setFixedWidth(max(min(wanted, most), SIDE_WIDTH))

    def _divide(self, review: int) -> None:
        self._fix_side()
        side = 0 if self._side.isHidden() else self._side.minimumWidth()
        whole = self._splitter.width() - 2 * self._splitter.handleWidth()
        most = whole - self._splitter.width() // 3 - side
        review = max(min(review, most), self._review.minimumWidth())
        self._splitter.setSizes([whole - side - review, side, 0, review])
