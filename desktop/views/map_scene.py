"""What is in the map: floor, axes, points, lines, marks, pictures."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from OpenGL import GL
from pyqtgraph.opengl import GLGridItem, GLLinePlotItem
from pyqtgraph.opengl.GLGraphicsItem import GLGraphicsItem
from PySide6.QtGui import QColor

from desktop.theme import Theme
from desktop.views.gl_program import BLENDING
from desktop.views.map_pictures import Pictures
from desktop.views.points_item import PointsItem, PointState

FLOOR = -0.9
# Floor and axes lie behind everything: they help to see how the map is turned, no more.
BEHIND = {**BLENDING, "glDepthMask": (False,)}
ON_TOP = {**BLENDING, GL.GL_DEPTH_TEST: False}
RING = (12.0, 9.0, 0.0)  # device-independent pixels by which its discs are larger than a point
CORNER = (-1.0, -1.0, FLOOR)
AXES = (("1", (1.08, -1.0, FLOOR)), ("2", (-1.0, 1.08, FLOOR)), ("3", (-1.0, -1.0, 1.0)))


class Scene:
    """The items of the map, drawn in this order."""

    def __init__(self) -> None:
        self.grid = GLGridItem(glOptions=BEHIND)
        self.grid.setSize(2, 2)
        self.grid.setSpacing(0.25, 0.25)
        self.grid.translate(0, 0, FLOOR)
        self.axes = GLLinePlotItem(glOptions=BEHIND, mode="lines", antialias=True, width=1.5)
        self.axes.setVisible(False)
        self.lines = GLLinePlotItem(glOptions=ON_TOP, mode="lines", antialias=True, width=1.5)
        self.cloud = PointsItem()
        self.pictures = Pictures()
        self.ring, self.mark = PointsItem(on_top=True), PointsItem(on_top=True)
        # From the outermost inwards: rim, coloured disc, hole. First those of all rings, which may
        # run into each other, then those of the one that is looked at, which stays whole.
        self.rings = [PointsItem(on_top=True) for _ in 2 * RING]
        self._hole_colour = np.zeros(4, np.uint8)
        self._ring_colour = np.zeros((1, 4), np.uint8)
        self._line_colour = (0.5, 0.5, 0.5, 0.8)

    def items(self) -> Iterable[GLGraphicsItem]:
        """Return the items in the order in which they are drawn."""
        drawn = (self.grid, self.axes, self.cloud, self.lines, self.pictures.item)
        return *drawn, *self.rings, self.ring, self.mark

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        line = QColor(theme.muted)
        line.setAlpha(50)
        self.grid.setColor(line)
        ends = np.array([[CORNER, end] for _, end in AXES], np.float32).reshape(-1, 3)
        line.setAlpha(190)
        self.axes.setData(pos=ends, color=line.getRgbF())
        background = _shares(QColor(theme.map))
        self._hole_colour = np.array([*(255 * np.array(background)), 255], np.uint8)
        for item in (self.cloud, *self.rings, self.ring, self.mark):
            item.background = background
            # Grey enough to stay behind, and no nearer to any class than to the background.
            item.dimmed = (0.29, 0.31, 0.35) if theme.is_dark else (0.77, 0.78, 0.81)
        self._ring_colour[0, :3] = 255 * np.array(_shares(QColor(theme.ring)))
        self._ring_colour[0, 3] = 255
        self._line_colour = (*_shares(QColor(theme.ring)), 0.7)

    def set_point_size(self, size: float) -> None:
        """Draw points of this size, in device-independent pixels."""
        self.cloud.size, self.ring.size, self.mark.size = size, size * 1.6 + 6, size * 1.6 + 2
        for item, larger in zip(self.rings, 2 * RING, strict=True):
            item.size = size * 1.4 + larger
        self.cloud.update()

    def set_lines(self, start: NDArray[np.float32], ends: NDArray[np.float32]) -> None:
        """Draw a line from (3,) to each of (K, 3)."""
        pairs = np.stack([np.broadcast_to(start, ends.shape), ends], axis=1).reshape(-1, 3)
        self.lines.setData(pos=pairs.astype(np.float32), color=self._line_colour)
        self.lines.setVisible(bool(len(ends)))

    def set_rings(
        self, points: NDArray[np.float32], colours: NDArray[np.uint8], enlarged: NDArray[np.bool_]
    ) -> None:
        """Draw rings at (K, 3) in (K, 4) colours; some are a little larger and over the others."""
        for items, chosen, state in (
            (self.rings[: len(RING)], ~enlarged, PointState.NORMAL),
            (self.rings[len(RING) :], enlarged, PointState.SELECTED),
        ):
            places = points[chosen]
            states = np.full(len(places), state, np.uint8)
            rims = np.repeat(self._ring_colour, len(places), axis=0)
            holes = np.repeat(self._hole_colour[None], len(places), axis=0)
            for item, colour in zip(items, (rims, colours[chosen], holes), strict=True):
                item.set_positions(places)
                item.set_colours(colour)
                item.set_states(states)

    def set_marks(self, points: NDArray[np.float32], colours: NDArray[np.uint8]) -> None:
        """Draw these points, hovered or picked, larger and on a disc of the theme's contrast."""
        normal = np.full(len(points), PointState.NORMAL, np.uint8)
        rims = np.repeat(self._ring_colour, len(points), axis=0)
        for item, colour in ((self.ring, rims), (self.mark, colours)):
            item.set_positions(points)
            item.set_colours(colour)
            item.set_states(normal)


def _shares(colour: QColor) -> tuple[float, float, float]:
    return colour.redF(), colour.greenF(), colour.blueF()


def finish_drawing() -> None:
    """Wait until OpenGL has drawn what it was told; only then its time can be taken."""
    GL.glFinish()
