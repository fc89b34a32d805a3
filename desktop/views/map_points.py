"""A view that draws points: all of them at rest, in motion as many as can be drawn smoothly."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop.theme import LIGHT, Theme
from desktop.views.level_of_detail import LEAST, Detail, Smoothness
from desktop.views.map_camera import CameraView
from desktop.views.map_scene import Scene, finish_drawing
from desktop.views.map_values import as_rgba, in_unit_ball, point_size
from desktop.views.picking import Matrix, Rows, ScreenGrid, in_box, on_screen
from desktop.views.points_item import PointState
from desktop.views.tween import Tween
from engine.palette import Colour
from engine.values import Vectors

REST_MS = 150
ANIMATED_MAX = 200_000  # points; more are moved in one step
PICK_RADIUS_MIN = 6.0  # device-independent pixels: points may be smaller than a hand is steady
POINT_SIZE_MIN, POINT_SIZE_MAX = 2.0, 40.0
WELL_WITHIN = 0.4  # of width and height, from the middle of the view
NO_ROWS = np.zeros(0, np.int64)

Colours = Sequence[Colour] | NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Target:
    """What is drawn on: pixels for each device-independent one, and pixels in all."""

    pixel_ratio: float
    width: int
    height: int


class PointsView(CameraView):
    """Shows points and knows where each lies in the view.

    Rows are those of the points that were shown last; a place is in the view, in
    device-independent pixels.
    """

    failed = Signal(str)  # why nothing can be drawn
    rested = Signal()  # the map stands still again: what depends on the camera can be computed

    def __init__(self, parent: QWidget | None = None) -> None:
        self._scene = Scene()
        self._points = np.zeros((0, 3), np.float32)
        self._colours = np.zeros((0, 4), np.uint8)
        self._visible = np.zeros(0, bool)
        self._states = np.zeros(0, np.uint8)
        self._shown = NO_ROWS  # rows of the points that are visible
        self._selected = NO_ROWS
        self._size_factor = 1.0
        self._screen: ScreenGrid | None = None  # of the shown points, until something moves
        self._screen_key: object = None
        self._drawn_key: object = None
        self._detail, self._smoothness = Detail(), Smoothness()
        self.target = Target(1.0, 1, 1)
        super().__init__(parent)
        for order, item in enumerate(self._scene.items()):
            item.setDepthValue(order)
            self.addItem(item)
        self._move = Tween(self)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._come_to_rest)
        PointsView.set_theme(self, LIGHT)

    def show_points(self, points: Vectors, colours: Colours) -> None:
        """Draw these points, scaled into a ball of radius 1 around the origin.

        What was selected, hidden, marked, named or pictured before is forgotten.

        Parameters
        ----------
        points
            (N, 2) or (N, 3) float32.
        colours
            N colours: triples, or (N, 3) or (N, 4) uint8.
        """
        self._move.stop()
        self._points = in_unit_ball(points)
        self._colours = as_rgba(colours)
        self._selected = NO_ROWS
        self._scene.cloud.set_positions(self._points)
        self._scene.cloud.set_colours(self._colours)
        self.scale_points(1.0)
        self.show_only(np.ones(len(points), bool))

    def move_points(self, points: Vectors) -> None:
        """Let the same points wander to new places, given as in `show_points`."""
        if len(points) != len(self._points):
            raise ValueError(f"{len(points)} places for {len(self._points)} points")
        start, goal = self._points, in_unit_ball(points)

        def step(share: float) -> None:
            self._place_points(goal if share >= 1 else start + (goal - start) * np.float32(share))

        self._move.run(step, at_once=len(points) > ANIMATED_MAX)

    def recolour(self, colours: Colours) -> None:
        """Draw the points in other colours, given as in `show_points`."""
        self._colours = as_rgba(colours)
        self._scene.cloud.set_colours(self._colours)
        self._redraw_on_points()

    def show_only(self, visible: NDArray[np.bool_]) -> None:
        """Hide the points whose entry in the (N,) mask is false."""
        self._visible = np.asarray(visible, bool)
        self._shown = np.flatnonzero(self._visible)
        self._draw_states()
        self._redraw_on_points()

    def select(self, rows: Rows) -> None:
        """Mark these points and dim all others; no rows dim none."""
        self._selected = np.unique(np.asarray(rows, np.int64))
        self._draw_states()

    @property
    def selected_rows(self) -> Rows:
        """The rows that are marked, in rising order."""
        return self._selected

    @property
    def shown_count(self) -> int:
        """How many points are visible."""
        return len(self._shown)

    @property
    def is_moving(self) -> bool:
        """Whether camera or points moved just now."""
        return bool(self._rest.isActive())

    def fly_to(self, rows: Rows) -> None:
        """Move the camera so that these points fill the view."""
        self.fly_to_points(self._points[np.asarray(rows, np.int64)])

    def fly_to_middle(self, row: int) -> None:
        """Bring a point to the middle of the view."""
        self.centre_on(self._points[row])

    def bring_into_view(self, row: int) -> None:
        """Bring a point to the middle of the view, unless it is well within the view already."""
        self._flight.stop()
        place = self._places(self._points[row : row + 1])[0] / (self.width(), self.height(), 1)
        away = np.abs(place - (0.5, 0.5, 0))  # NaN behind the camera: not within anything
        if not (away <= (WELL_WITHIN, WELL_WITHIN, 1)).all():
            self.fly_to_middle(row)

    def places(self) -> tuple[Matrix, Rows]:
        """Return the (M, 3) places of the visible points, with depth, and their rows."""
        return self._on_screen().screen, self._shown

    def rows_in_box(self, x0: float, y0: float, x1: float, y1: float) -> Rows:
        """Return the rows of the visible points in a box given by two opposite corners."""
        return self._shown[in_box(self._on_screen().screen, x0, y0, x1, y1)]

    def rows_in_polygon(self, corners: NDArray[np.floating]) -> Rows:
        """Return the rows of the visible points in a polygon, (V, 2) corners in order."""
        return self._shown[self._on_screen().in_polygon(corners)]

    def place_of(self, index: int) -> QPointF:
        """Return where a point lies in the view, for tests and for tips beside it."""
        x, y = map(float, self._places(self._points[index : index + 1])[0, :2])
        return QPointF(x, y)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.setBackgroundColor(pg.mkColor(theme.map))
        self._scene.set_theme(theme)

    def show_grid(self, visible: bool) -> None:
        """Show or hide the floor."""
        self._scene.grid.setVisible(visible)

    def scale_points(self, factor: float) -> None:
        """Draw the points larger or smaller."""
        base = point_size(len(self._points))
        size = float(np.clip(base * self._size_factor * factor, POINT_SIZE_MIN, POINT_SIZE_MAX))
        self._size_factor = size / base
        self._scene.set_point_size(size)

    # Qt calls the following methods.

    def initializeGL(self) -> None:
        """Say so when this machine's OpenGL is too old, instead of showing an empty view."""
        try:
            super().initializeGL()
        except RuntimeError as error:
            self.failed.emit(str(error))

    def paintGL(self) -> None:
        """Draw all points, or while they move as many as can be drawn smoothly."""
        started = perf_counter()
        key = self.transform().tobytes()
        if self._drawn_key not in (None, key):
            self._rest.start()
        self._drawn_key = key
        is_reduced = self.is_moving and len(self._shown) > LEAST
        limit = self._detail.count(len(self._points)) if is_reduced else None
        self._scene.cloud.limit = limit
        is_smooth = not is_reduced and self._smoothness.affords(len(self._shown))
        self._scene.cloud.is_plain = not is_smooth
        self.target = Target(self.devicePixelRatioF(), self.deviceWidth(), self.deviceHeight())
        super().paintGL()
        if limit is not None:
            finish_drawing()
            self._detail.note(limit, perf_counter() - started)
        elif is_smooth and len(self._shown) > LEAST:
            finish_drawing()
            self._smoothness.note(len(self._shown), perf_counter() - started)

    def _redraw_on_points(self) -> None:
        """Draw again what depends on places, colours or visibility; subclasses add to it."""

    def _come_to_rest(self) -> None:
        self.update()
        self.rested.emit()

    def _place_points(self, points: NDArray[np.float32]) -> None:
        self._points = points
        self._screen = None
        self._rest.start()
        self._scene.cloud.set_positions(points)
        self._redraw_on_points()

    def _draw_states(self) -> None:
        self._screen = None
        states = np.full(len(self._points), PointState.NORMAL, np.uint8)
        if len(self._selected):
            states[:] = PointState.DIMMED
            states[self._selected] = PointState.SELECTED
        states[~self._visible] = PointState.HIDDEN
        self._states = states
        self._scene.cloud.set_states(states)

    def _places(self, points: Matrix) -> Matrix:
        return on_screen(points, self.transform(), self.width(), self.height())

    def _on_screen(self) -> ScreenGrid:
        """Return the shown points on the screen; computed again when camera or view changed."""
        key = (self.transform().tobytes(), self.width(), self.height())
        if self._screen is None or key != self._screen_key:
            is_all = len(self._shown) == len(self._points)
            points = self._points if is_all else self._points[self._shown]
            order = None
            if len(self._selected):
                order = (self._states[self._shown] == PointState.DIMMED).astype(np.uint8)
            self._screen = ScreenGrid(self._places(points), self.width(), self.height(), order)
            self._screen_key = key
        return self._screen

    def _under(self, place: QPointF) -> int | None:
        """Return the row of the point under a place."""
        radius = max(self._scene.cloud.size / 2, PICK_RADIUS_MIN)
        index = self._on_screen().nearest(place.x(), place.y(), radius)
        return None if index is None else int(self._shown[index])
