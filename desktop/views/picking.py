"""Which point lies under the cursor. NumPy alone, so it can be tested without a window."""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


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
    clip = points @ transform[:, :3].T + transform[:, 3]  # (N, 4)
    w = np.where(clip[:, 3] > 0, clip[:, 3], np.nan)
    ndc = clip[:, :3] / w[:, None]
    x = (ndc[:, 0] + 1) * (width / 2)
    y = (1 - ndc[:, 1]) * (height / 2)
    return np.column_stack([x, y, ndc[:, 2]]).astype(np.float32)


def nearest(screen: Matrix, x: float, y: float, radius: float) -> int | None:
    """Return the index of the frontmost point within ``radius`` of the cursor, else None.

    Of points that all lie under the cursor the one in front wins, since it is the one seen.
    """
    close = (screen[:, 0] - x) ** 2 + (screen[:, 1] - y) ** 2 <= radius * radius
    candidates = np.flatnonzero(close & (np.abs(screen[:, 2]) <= 1))
    if not len(candidates):
        return None
    return int(candidates[np.argmin(screen[candidates, 2])])
