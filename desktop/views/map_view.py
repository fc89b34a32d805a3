"""The 3D map. With `points_item` the only file that knows pyqtgraph."""

import numpy as np
import pyqtgraph as pg
from pyqtgraph.opengl import GLGridItem, GLViewWidget
from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QMouseEvent, QVector3D
from PySide6.QtWidgets import QWidget

from desktop.theme import LIGHT, Theme
from desktop.views.picking import Matrix, nearest, on_screen
from desktop.views.points_item import PointsItem
from engine.palette import Colour
from engine.values import Vectors

AZIMUTH_DEG, ELEVATION_DEG, DISTANCE = 35.0, 22.0, 2.7  # the map fits into a ball of radius 1
CLOSEST, FARTHEST = 0.05, 30.0
HOVER_PERIOD_MS = 33
PICK_RADIUS_MIN = 6.0  # device-independent pixels: points may be smaller than a hand is steady
POINT_SIZE_MIN, POINT_SIZE_MAX = 2.0, 40.0
ZOOM_STEP = 1.25


class MapView(GLViewWidget):  # type: ignore[misc]
    """Draws points, turns them, and says which one is pointed at.

    Indices in signals are rows of the points that were shown last.
    """

    hovered = Signal(object)  # int or None
    picked = Signal(object)  # int or None
    failed = Signal(str)  # why nothing can be drawn

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Map of the images")
        self._points = np.zeros((0, 3), np.float32)
        self._colours = np.zeros((0, 4), np.float32)
        self._shown = np.zeros(0, np.int64)  # rows of the points that are visible
        self._screen: Matrix | None = None  # of the shown points, until the camera moves
        self._screen_key: object = None
        self._point_size = 9.0
        self._hovered: int | None = None
        self._picked: int | None = None
        self._pressed_at = QPointF()
        self._theme = LIGHT
        self._grid = GLGridItem()
        self._grid.setSize(2, 2)
        self._grid.setSpacing(0.25, 0.25)
        self._grid.translate(0, 0, -0.9)
        self._cloud = PointsItem()
        self._ring, self._mark = PointsItem(on_top=True), PointsItem(on_top=True)
        for order, item in enumerate((self._grid, self._cloud, self._ring, self._mark)):
            item.setDepthValue(order)
            self.addItem(item)
        self._cursor: QPointF | None = None
        self._hover_timer = QTimer(self, singleShot=True, interval=HOVER_PERIOD_MS)
        self._hover_timer.timeout.connect(self._hover)
        self.set_theme(self._theme)
        self.reset_camera()

    def show_points(self, points: Vectors, colours: list[Colour]) -> None:
        """Draw these points, scaled into a ball of radius 1 around the origin.

        Parameters
        ----------
        points
            (N, 2) or (N, 3) float32.
        colours
            N colours.
        """
        self._points = _in_unit_ball(points)
        self._colours = np.ones((len(points), 4), np.float32)
        self._colours[:, :3] = np.asarray(colours, np.float32).reshape(-1, 3) / 255
        self._hovered = self._picked = None
        self.show_only(np.ones(len(points), bool))

    def show_only(self, visible: np.ndarray) -> None:
        """Hide the points whose entry in the (N,) mask is false."""
        self._shown = np.flatnonzero(visible)
        self._screen = None
        self._draw()

    @property
    def shown_count(self) -> int:
        """How many points are visible."""
        return len(self._shown)

    def place_of(self, index: int) -> QPointF:
        """Return where a visible point lies in the view, for tests and for tips beside it."""
        row = int(np.searchsorted(self._shown, index))
        x, y = self._on_screen()[row, :2]
        return QPointF(float(x), float(y))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.setBackgroundColor(pg.mkColor(theme.map))
        line = QColor(theme.muted)
        line.setAlpha(50)
        self._grid.setColor(line)
        self._draw()

    def show_grid(self, visible: bool) -> None:
        """Show or hide the floor."""
        self._grid.setVisible(visible)

    def reset_camera(self) -> None:
        """Return to the first view of the map."""
        self.look_from(AZIMUTH_DEG, ELEVATION_DEG)
        self.setCameraPosition(pos=QVector3D(0, 0, 0), distance=DISTANCE)

    def look_from(self, azimuth_deg: float, elevation_deg: float) -> None:
        """Turn the map, keeping what is in the middle and how near it is."""
        self.setCameraPosition(azimuth=azimuth_deg, elevation=elevation_deg)

    def zoom(self, steps: int) -> None:
        """Come nearer by so many steps; farther for negative ones."""
        distance = self.opts["distance"] / ZOOM_STEP**steps
        self.setCameraPosition(distance=float(np.clip(distance, CLOSEST, FARTHEST)))

    def scale_points(self, factor: float) -> None:
        """Draw the points larger or smaller."""
        size = self._point_size * factor
        self._point_size = float(np.clip(size, POINT_SIZE_MIN, POINT_SIZE_MAX))
        self._draw()

    def pick(self, index: int | None) -> None:
        """Mark a point as the picked one."""
        self._picked = index
        self._draw_marks()

    # Qt calls the following methods.

    def initializeGL(self) -> None:
        """Say so when this machine's OpenGL is too old, instead of showing an empty view."""
        try:
            super().initializeGL()
        except RuntimeError as error:
            self.failed.emit(str(error))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where, to tell a click from a drag."""
        self._pressed_at = event.position()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Pick the point under a click; nothing under it means none."""
        moved = (event.position() - self._pressed_at).manhattanLength()
        if event.button() == Qt.MouseButton.LeftButton and moved < 4:
            self.pick(self._under(event.position()))
            self.picked.emit(self._picked)
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Bring the point under the cursor to the middle."""
        index = self._under(event.position())
        if index is not None:
            x, y, z = map(float, self._points[index])
            self.setCameraPosition(pos=QVector3D(x, y, z))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Turn with the left button, move with the right or middle one, else hover."""
        self._cursor = event.position()
        if event.buttons() == Qt.MouseButton.NoButton:
            if not self._hover_timer.isActive():
                self._hover_timer.start()
            self.mousePos = event.position()
        elif event.buttons() == Qt.MouseButton.RightButton:
            moved = event.position() - self.mousePos
            self.mousePos = event.position()
            self.pan(moved.x(), moved.y(), 0, relative="view")
        else:
            super().mouseMoveEvent(event)

    def leaveEvent(self, event: object) -> None:
        """Point at nothing."""
        self._cursor = None
        self._set_hovered(None)

    def wheelEvent(self, event: object) -> None:
        """Zoom, within limits."""
        super().wheelEvent(event)
        self.zoom(0)

    def _hover(self) -> None:
        if self._cursor is not None:
            self._set_hovered(self._under(self._cursor))

    def _set_hovered(self, index: int | None) -> None:
        if index != self._hovered:
            self._hovered = index
            self._draw_marks()
            self.hovered.emit(index)

    def _under(self, place: QPointF) -> int | None:
        if not len(self._shown):
            return None
        radius = max(self._point_size / 2, PICK_RADIUS_MIN)
        row = nearest(self._on_screen(), place.x(), place.y(), radius)
        return None if row is None else int(self._shown[row])

    def _on_screen(self) -> Matrix:
        """Return the shown points on the screen; computed again when camera or view changed."""
        viewport = self.getViewport()
        matrix = self.projectionMatrix(viewport, viewport) * self.viewMatrix()
        transform = np.array(matrix.copyDataTo(), np.float32).reshape(4, 4)
        key = transform.tobytes() + bytes(str(viewport), "ascii")
        screen = self._screen
        if screen is None or key != self._screen_key:
            points = self._points[self._shown]
            screen = on_screen(points, transform, self.width(), self.height())
            self._screen, self._screen_key = screen, key
        return screen

    def _draw(self) -> None:
        pixels = self._point_size * self.devicePixelRatioF()  # OpenGL knows no other pixels
        self._cloud.setData(
            pos=self._points[self._shown], color=self._colours[self._shown], size=pixels
        )
        self._draw_marks()

    def _draw_marks(self) -> None:
        """Draw the hovered and the picked point larger, on a disc of the theme's contrast."""
        marked = {i for i in (self._hovered, self._picked) if i is not None}
        rows = sorted(i for i in marked if i in self._shown)
        pixels = self._point_size * self.devicePixelRatioF()
        rim = np.ones((len(rows), 4), np.float32)
        ring = QColor(self._theme.ring)
        rim[:, :3] = ring.redF(), ring.greenF(), ring.blueF()
        self._ring.setData(pos=self._points[rows], color=rim, size=pixels * 2.1)
        self._mark.setData(pos=self._points[rows], color=self._colours[rows], size=pixels * 1.6)


def _in_unit_ball(points: Vectors) -> np.ndarray:
    """Centre the points and scale them so that all but a few strays lie within radius 1."""
    if not len(points):
        return np.zeros((0, 3), np.float32)
    placed = np.zeros((len(points), 3), np.float32)
    placed[:, : points.shape[1]] = points - points.mean(axis=0)
    radius = float(np.percentile(np.linalg.norm(placed, axis=1), 98))
    return placed / max(radius, 1e-9)
