"""Pictures on the map instead of some points, chosen anew wherever the camera comes to rest."""

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QObject, Signal

from desktop.selection import NOTHING, Rows
from desktop.views.map_view import MapView
from desktop.views.picture_choice import LIMIT, choose_pictures
from engine.values import Pixels

SIDE = 64  # pixels of a picture in the atlas
SPACING = 44.0  # device-independent pixels between two pictures
KEPT = 4 * LIMIT


class PicturesOnMap(QObject):
    """Asks for the pictures that the camera would see, and gives the map those that are there."""

    wanted = Signal(object)  # list of rows whose pictures are not known yet

    def __init__(self, view: MapView) -> None:
        super().__init__(view)
        self._map = view
        self._on = False
        self._rows: Rows = NOTHING
        self._known: OrderedDict[int, NDArray[np.uint8] | None] = OrderedDict()
        view.rested.connect(self._choose)

    def set_visible(self, on: bool) -> None:
        """Draw pictures, or points alone."""
        self._on = on
        self._choose()

    def forget(self) -> None:
        """Forget the pictures: the rows are of other images now."""
        self._known.clear()
        self._rows = NOTHING  # chosen anew when the map has come to rest

    def add_pictures(self, rows: Sequence[int], pictures: Sequence[Pixels | str]) -> None:
        """Take pictures, or the reasons why there are none."""
        for row, picture in zip(rows, pictures, strict=True):
            self._known[row] = None if isinstance(picture, str) else in_square(picture)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        if self._on:
            self._draw()

    def _choose(self) -> None:
        if not self._on:
            self._rows = NOTHING
        else:
            screen, rows = self._map.places()
            view = self._map.size()
            self._rows = rows[choose_pictures(screen, view.width(), view.height(), SPACING)]
        self._draw()
        unknown = [int(row) for row in self._rows if int(row) not in self._known]
        if unknown:
            self.wanted.emit(unknown)

    def _draw(self) -> None:
        known = {int(row): self._known.get(int(row)) for row in self._rows}
        ready = {row: picture for row, picture in known.items() if picture is not None}
        pixels = np.stack(list(ready.values())) if ready else np.zeros((0, SIDE, SIDE, 3), np.uint8)
        self._map.show_pictures(np.array(list(ready), np.int64), pixels)


def in_square(picture: Pixels) -> NDArray[np.uint8]:
    """Return the middle square of (H, W, 3) uint8, `SIDE` pixels wide."""
    height, width, _ = picture.shape
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    middle = Image.fromarray(picture[top : top + side, left : left + side])
    return np.asarray(middle.resize((SIDE, SIDE), Image.Resampling.BILINEAR))
