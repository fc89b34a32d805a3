"""Which points lie under the cursor, in a box or in a lasso. NumPy alone: no window is needed."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Rows = NDArray[np.int64]
How = Literal["replace", "add", "subtract"]

CELL = 16  # side of a cell of the screen grid, in the unit of the screen
CELLS_MAX = 2**16 - 2  # the cells are sorted as uint16, which NumPy does in linear time
BLOCK = 2**15  # points at a time: what is only needed meanwhile stays in the processor's cache


def on_screen(points: Matrix, transform: Matrix, width: float, height: float) -> Matrix:
    """Place points on the screen.

    Parameters
    ----------
    points
        (N, 3) float32 in the coordinates of the map.
    transform
        (4, 4): projection times view, for column vectors.
    width, height
        Of the view, in any unit; the result has the same.

    Returns
    -------
    Matrix
        (N, 3) float32: x to the right, y down, and depth from -1 (near) to 1 (far). Points behind
        the camera are NaN.
    """
    scale = np.array([[width / 2], [-height / 2], [1]], np.float32)
    shift = np.array([[width / 2], [height / 2], [0]], np.float32)
    placed = np.empty((len(points), 3), np.float32)
    for start in range(0, len(points), BLOCK):
        part = slice(start, start + BLOCK)
        clip = transform[:, :3] @ points[part].T + transform[:, 3:]  # (4, B): contiguous rows
        w = np.where(clip[3] > 0, clip[3], np.float32(np.nan))
        placed[part] = (clip[:3] / w * scale + shift).T
    return placed


def nearest(screen: Matrix, x: float, y: float, radius: float) -> int | None:
    """Return the index of the frontmost point within ``radius`` of the cursor, else None.

    Of points that all lie under the cursor the one in front wins, since it is the one seen.
    """
    close = (screen[:, 0] - x) ** 2 + (screen[:, 1] - y) ** 2 <= radius * radius
    candidates = np.flatnonzero(close & (np.abs(screen[:, 2]) <= 1))
    if not len(candidates):
        return None
    return int(candidates[np.argmin(screen[candidates, 2])])


class ScreenGrid:
    """Points on the screen, sorted into cells once, so that a look-up reads few of them.

    Parameters
    ----------
    screen
        (N, 3) float32 as `on_screen` gives it.
    width, height
        Of the view; what lies outside is never found by `nearest`.
    order
        (N,) uint8, optional: points of a higher order are drawn behind those of a lower one,
        however near they are.
    """

    def __init__(
        self, screen: Matrix, width: float, height: float, order: NDArray[np.uint8] | None = None
    ) -> None:
        self.screen = screen
        self._order = order
        side = max(CELL, float(np.sqrt(max(width, 1) * max(height, 1) / (CELLS_MAX / 2))))
        self._side = side
        self._columns = int(width // side) + 1
        self._lines = int(height // side) + 1
        outside = self._columns * self._lines  # one cell more, for what is not seen
        cells = np.empty(len(screen), np.uint16)
        counts = np.zeros(outside + 1, np.int64)
        for start in range(0, len(screen), BLOCK):
            x, y, depth = screen[start : start + BLOCK].T
            seen = (x >= 0) & (x <= width) & (y >= 0) & (y <= height) & (np.abs(depth) <= 1)
            block = cells[start : start + BLOCK]
            block[:] = outside
            column, line = (x[seen] / side).astype(np.int32), (y[seen] / side).astype(np.int32)
            block[seen] = line * self._columns + column
            counts += np.bincount(block, minlength=outside + 1)
        self._counts = counts[:-1]
        self._starts = np.concatenate([[0], np.cumsum(self._counts)])
        self._rows = np.argsort(cells, kind="stable")[: self._starts[-1]]

    def nearest(self, x: float, y: float, radius: float) -> int | None:
        """Return the row of the frontmost point within ``radius`` of a place, else None."""
        left = max(int((x - radius) // self._side), 0)
        right = min(int((x + radius) // self._side), self._columns - 1)
        top = max(int((y - radius) // self._side), 0)
        bottom = min(int((y + radius) // self._side), self._lines - 1)
        if left > right or top > bottom:
            return None
        lines = [line * self._columns for line in range(top, bottom + 1)]
        parts = [self._rows[self._starts[k + left] : self._starts[k + right + 1]] for k in lines]
        rows = np.concatenate(parts)
        found = self.screen[rows]
        close = (found[:, 0] - x) ** 2 + (found[:, 1] - y) ** 2 <= radius * radius
        rows, depth = rows[close], found[close, 2]
        if not len(rows):
            return None
        if self._order is not None:
            depth = depth + 2 * self._order[rows]
        return int(rows[np.argmin(depth)])

    def in_polygon(self, polygon: NDArray[np.floating]) -> Rows:
        """Return the rows of the points that are seen in a polygon, by the even-odd rule.

        Only points in cells that an edge passes through are looked at one by one.

        Parameters
        ----------
        polygon
            (V, 2): its corners in order; the last one is joined to the first.
        """
        corners = np.asarray(polygon, np.float64).reshape(-1, 2)
        if len(corners) < 3:
            return np.zeros(0, np.int64)
        crossed = self._crossed(corners)
        line, column = np.divmod(np.arange(self._columns * self._lines), self._columns)
        middles = np.column_stack([column + 0.5, line + 0.5, np.zeros(len(line))]) * self._side
        whole = np.zeros(len(line), bool)
        whole[in_polygon(middles.astype(np.float32), corners)] = True
        whole[crossed] = False
        inside = np.zeros(len(self.screen), bool)
        inside[self._rows[np.repeat(whole, self._counts)]] = True
        doubtful = self._rows[np.repeat(crossed, self._counts)]
        inside[doubtful[in_polygon(self.screen[doubtful], corners)]] = True
        return np.flatnonzero(inside)

    def _crossed(self, corners: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return for each cell whether an edge may pass through it."""
        steps = np.roll(corners, -1, axis=0) - corners
        # Pieces no longer than a cell: each lies in the two by two cells of its ends.
        pieces = (np.hypot(*steps.T) // self._side).astype(np.int64) + 1
        edge = np.repeat(np.arange(len(corners)), pieces)
        number = np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        step = steps[edge] / pieces[edge, None]
        start = corners[edge] + step * number[:, None]
        crossed = np.zeros((self._lines, self._columns), bool)
        ends = [np.floor(end / self._side).astype(np.int64) for end in (start, start + step)]
        for column in (ends[0][:, 0], ends[1][:, 0]):
            for line in (ends[0][:, 1], ends[1][:, 1]):
                here = (column >= 0) & (column < self._columns)
                here &= (line >= 0) & (line < self._lines)
                crossed[line[here], column[here]] = True
        return crossed.ravel()


def in_box(screen: Matrix, x0: float, y0: float, x1: float, y1: float) -> Rows:
    """Return the rows of the points in a box that is given by two opposite corners."""
    (left, right), (top, bottom) = sorted((x0, x1)), sorted((y0, y1))
    x, y, depth = screen[:, 0], screen[:, 1], screen[:, 2]
    inside = (x >= left) & (x <= right) & (y >= top) & (y <= bottom) & (np.abs(depth) <= 1)
    return np.flatnonzero(inside)


def in_polygon(screen: Matrix, polygon: NDArray[np.floating]) -> Rows:
    """Return the rows of the points in a polygon, by the even-odd rule.

    Parameters
    ----------
    screen
        (N, 3) float32 as `on_screen` gives it.
    polygon
        (V, 2): its corners in order; the last one is joined to the first.
    """
    corners = np.asarray(polygon, np.float32).reshape(-1, 2)
    if len(corners) < 3:
        return np.zeros(0, np.int64)
    rows = in_box(screen, *corners.min(axis=0), *corners.max(axis=0))
    # Sorted by height, each edge meets one stretch of the points; so the work grows with how many
    # edges lie at the height of a point, not with how many there are.
    rows = rows[np.argsort(screen[rows, 1])]
    x, y = screen[rows, 0].copy(), screen[rows, 1].copy()
    inside = np.zeros(len(rows), bool)
    following = np.roll(corners, -1, axis=0)
    lower = np.minimum(corners[:, 1], following[:, 1])
    upper = np.maximum(corners[:, 1], following[:, 1])
    starts, stops = np.searchsorted(y, lower), np.searchsorted(y, upper)
    for (xa, ya), (xb, yb), start, stop in zip(corners, following, starts, stops, strict=True):
        if start < stop:
            part = slice(start, stop)
            inside[part] ^= x[part] < xa + (y[part] - ya) * ((xb - xa) / (yb - ya))
    return np.sort(rows[inside])


def combine(old: Rows, new: Rows, how: How) -> Rows:
    """Return the sorted rows of a selection after new ones replaced, joined or left it."""
    if how == "add":
        return np.union1d(old, new).astype(np.int64)
    if how == "subtract":
        return np.setdiff1d(old, new).astype(np.int64)
    return np.unique(new).astype(np.int64)
