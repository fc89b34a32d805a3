"""Where a picture from elsewhere belongs on a map that was made without it: near its neighbours."""

import numpy as np
from numpy.typing import NDArray

from engine.values import Vectors

# A neighbour at no distance outweighs one as far away as the farthest by this factor: a copy of a
# picture lies beside it.
NEAREST_WEIGHT = 1_000.0


def neighbor_weights(distances: NDArray[np.floating]) -> Vectors:
    """Return how much each neighbour says about the place: the nearer, the more.

    Parameters
    ----------
    distances
        (K,) of a picture to its neighbours among the embeddings, none below 0.

    Returns
    -------
    array
        (K,) float32 whose sum is 1: the inverse of the distances, as in inverse distance weighting
        (Shepard 1968), with an end to how near counts.
    """
    farthest = float(np.max(distances, initial=0.0))
    if farthest <= 0:
        return np.full(len(distances), 1 / max(len(distances), 1), np.float32)
    near = 1 / (np.asarray(distances, np.float64) / farthest + 1 / NEAREST_WEIGHT)
    return np.asarray(near / near.sum(), np.float32)


def place_among(
    points: NDArray[np.float32], rows: NDArray[np.int64], weights: Vectors
) -> NDArray[np.float32]:
    """Return the place of a picture: the weighted mean of those of its neighbours.

    It is approximate: where a map has torn the neighbours apart, the picture lies between them.

    Parameters
    ----------
    points
        (N, 2) or (N, 3), the map.
    rows
        (K,) of the neighbours on it, K at least 1.
    weights
        (K,) of `neighbor_weights`.

    Returns
    -------
    array
        (2,) or (3,) float32.
    """
    return np.asarray(weights @ points[rows], np.float32)
