"""What the map is given, made ready to be drawn. NumPy alone."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.palette import Colour
from engine.values import Vectors

POINT_SIZE, FEW = 9.0, 3_000  # device-independent pixels, up to so many points


def in_unit_ball(points: Vectors) -> NDArray[np.float32]:
    """Move and scale (N, 2) or (N, 3) points, all but a few strays, into a ball of radius 1.

    The middle of the room they take comes to the origin, not their mean: a small group far away is
    seen as well as a large one.
    """
    placed = np.zeros((len(points), 3), np.float32)
    if not len(points):
        return placed
    low, high = np.percentile(points, (1, 99), axis=0).astype(np.float32)
    placed[:, : points.shape[1]] = points - (low + high) / 2
    radius = float(np.percentile(np.sqrt(np.einsum("ij,ij->i", placed, placed)), 98))
    return placed / np.float32(max(radius, 1e-9))


def as_rgba(colours: Sequence[Colour] | NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return N colours, given as triples or as (N, 3) or (N, 4) uint8, as (N, 4) uint8."""
    given = np.asarray(colours, np.uint8)
    given = given.reshape(len(given), -1) if len(given) else given.reshape(0, 3)
    rgba = np.full((len(given), 4), 255, np.uint8)
    rgba[:, : given.shape[1]] = given
    return rgba


def point_size(count: int) -> float:
    """Return the size of a point on a map of so many: smaller the more there are."""
    return float(POINT_SIZE * (FEW / max(count, FEW)) ** 0.2)
