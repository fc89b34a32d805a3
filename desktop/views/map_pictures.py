"""Which points show a picture, where, and which picture lies under the cursor."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

from desktop.views.atlas import picture_scale
from desktop.views.picking import Matrix, Rows, on_screen
from desktop.views.pictures_item import PicturesItem

SIDE = 40.0  # device-independent pixels, of a picture as far away as the middle of the map
NOWHERE = 1e6  # far outside what any camera sees


class Pictures:
    """The pictures on the points; ``item`` draws them."""

    def __init__(self) -> None:
        self.item = PicturesItem()
        self.rows: Rows = np.zeros(0, np.int64)
        self._points = np.zeros((0, 3), np.float32)

    def show(self, rows: Rows, thumbnails: NDArray[np.uint8]) -> None:
        """Take (K, S, S, 3) uint8 for K rows; `place` has to follow."""
        count = self.item.set_pictures(thumbnails)
        self.rows = np.asarray(rows, np.int64)[:count]

    def place(
        self,
        points: NDArray[np.float32],
        colours: NDArray[np.uint8],
        visible: NDArray[np.bool_],
    ) -> None:
        """Follow all (N, 3) points of the map, their colours and which of them are visible."""
        rows = self.rows
        self._points = np.where(visible[rows, None], points[rows], np.float32(NOWHERE))
        self.item.set_places(self._points, colours[rows])

    def set_distance(self, distance: float) -> None:
        """Grow as the camera comes near."""
        self.item.side = SIDE * float(np.clip((2.7 / distance) ** 0.5, 0.8, 3.0))

    def under(
        self, place: QPointF, transform: Matrix, size: tuple[int, int], reference: float
    ) -> int | None:
        """Return the row of the frontmost picture under a place in the view, else None."""
        if not len(self.rows):
            return None
        x, y, depth = on_screen(self._points, transform, *size).T
        half = self.item.side / 2 * picture_scale(self._points, transform, reference)
        hit = (np.abs(x - place.x()) <= half) & (np.abs(y - place.y()) <= half)
        if not hit.any():
            return None
        return int(self.rows[np.argmin(np.where(hit, depth, np.inf))])
