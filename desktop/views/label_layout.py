"""Which names are written on the map, and where. Numbers alone: no window is needed."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Box = tuple[float, float, float, float]  # left, top, width, height


def place_labels(
    anchors: NDArray[np.floating],
    sizes: Sequence[tuple[float, float]],
    weights: Sequence[float],
    width: float,
    height: float,
) -> dict[int, Box]:
    """Return the boxes of the labels that fit; where two meet, the heavier one stays.

    Parameters
    ----------
    anchors
        (N, 2): the middle of each label on the screen; NaN for what is behind the camera.
    sizes
        N widths and heights.
    weights
        N: the number of points that each label stands for.
    width, height
        Of the view. A label outside it is left out; one at the edge is pushed inside.
    """
    placed: dict[int, Box] = {}
    for index in sorted(range(len(sizes)), key=lambda i: (-weights[i], i)):
        x, y = map(float, anchors[index])
        if not (0 <= x <= width and 0 <= y <= height):
            continue
        w, h = sizes[index]
        left = min(max(x - w / 2, 0.0), max(width - w, 0.0))
        top = min(max(y - h / 2, 0.0), max(height - h, 0.0))
        box = (left, top, w, h)
        if not any(_meet(box, other) for other in placed.values()):
            placed[index] = box
    return placed


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]
