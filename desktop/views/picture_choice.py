"""Which points show their picture. Numbers alone: no window is needed."""

import numpy as np

from desktop.views.picking import Matrix, Rows

LIMIT = 600


def choose_pictures(
    screen: Matrix, width: float, height: float, spacing: float, limit: int = LIMIT
) -> Rows:
    """Return the rows whose pictures are shown: near ones, spread over the view.

    The view is cut into squares of ``spacing``; each shows the picture of its nearest point, so
    that pictures hardly cover one another. Of more than ``limit`` the nearest ones are taken.

    Parameters
    ----------
    screen
        (N, 3) float32 as `on_screen` gives it, NaN for points that are not visible.
    width, height
        Of the view, in the unit of ``screen``.
    spacing
        About the side of a picture, in the same unit.
    """
    x, y, depth = screen[:, 0], screen[:, 1], screen[:, 2]
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height) & (np.abs(depth) <= 1)
    rows = np.flatnonzero(inside)
    columns = int(width // spacing) + 1
    square = (y[rows] // spacing).astype(np.int64) * columns + (x[rows] // spacing).astype(np.int64)
    by_depth = np.argsort(depth[rows], kind="stable")
    _, first = np.unique(square[by_depth], return_index=True)
    return rows[by_depth[np.sort(first)]][:limit]
