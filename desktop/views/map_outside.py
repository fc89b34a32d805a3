"""A view that shows pictures from elsewhere as rings near their neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QWidget

from desktop.theme import Theme
from desktop.views.map_annotated import AnnotatedView
from desktop.views.map_points import Colours
from desktop.views.picking import Rows
from engine.palette import Colour
from engine.placing import place_among
from engine.values import Vectors

REACH = 12.0  # device-independent pixels: how near a click has to come to the middle of a ring


@dataclass(frozen=True, slots=True, eq=False)
class Ring:
    """A picture from elsewhere on the map.

    number:  that it is called by.
    rows:    of its neighbours on the map, at least one.
    weights: see `engine.placing.neighbor_weights`.
    tip:     what is said of it under the cursor.
    """

    number: int
    rows: Rows
    weights: Vectors
    colour: Colour
    tip: str


class OutsideView(AnnotatedView):
    """Adds rings, which move with the points that they lie among."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._rings: list[Ring] = []
        self._looked_at: int | None = None
        super().__init__(parent)

    def show_points(self, points: Vectors, colours: Colours) -> None:
        """See `PointsView.show_points`."""
        self._rings, self._looked_at = [], None
        super().show_points(points, colours)

    def show_rings(self, rings: Sequence[Ring]) -> None:
        """Show these rings in place of those before."""
        self._rings, self._looked_at = list(rings), None
        self._redraw_on_points()

    def look_at_ring(self, number: int | None) -> None:
        """Draw a ring larger, with lines to its neighbours."""
        self._looked_at = number
        self._redraw_on_points()

    def ring_under(self, place: QPointF) -> Ring | None:
        """Return the ring at a place in the view; of several, the one nearest to it."""
        if not self._rings:
            return None
        screen = self._places(self._ring_places())[:, :2]
        away = np.hypot(*(screen - (place.x(), place.y())).T)
        nearest = int(away.argmin())
        return self._rings[nearest] if away[nearest] <= REACH else None

    def place_of_ring(self, number: int) -> QPointF:
        """Return where the middle of a ring lies in the view."""
        (ring,) = [each for each in self._rings if each.number == number]
        x, y = map(float, self._places(self._place(ring)[None])[0, :2])
        return QPointF(x, y)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().set_theme(theme)
        self._draw_rings()

    def _redraw_on_points(self) -> None:
        super()._redraw_on_points()
        self._draw_rings()

    def _draw_lines(self) -> None:
        for ring in self._rings:
            if ring.number == self._looked_at:
                ends = self._points[ring.rows[self._visible[ring.rows]]]
                self._scene.set_lines(self._place(ring), ends)
                return
        super()._draw_lines()

    def _draw_rings(self) -> None:
        colours = np.array([(*ring.colour, 255) for ring in self._rings], np.uint8)
        looked_at = np.array([ring.number == self._looked_at for ring in self._rings], bool)
        self._scene.set_rings(self._ring_places(), colours.reshape(-1, 4), looked_at)

    def _ring_places(self) -> NDArray[np.float32]:
        places = [self._place(ring) for ring in self._rings]
        return np.array(places, np.float32).reshape(-1, 3)

    def _place(self, ring: Ring) -> NDArray[np.float32]:
        return place_among(self._points, ring.rows, ring.weights)
