"""How far a map can be believed: what share of the true neighbours are neighbours on it too."""

import numpy as np
from numpy.typing import NDArray

from engine.values import KnnGraph, Vectors


def neighbor_agreement(points: Vectors, graph: KnnGraph) -> NDArray[np.float32]:
    """Compare the neighbours on a map with those among the embeddings.

    Parameters
    ----------
    points
        (N, 2) or (N, 3) float32 of the map.
    graph
        The k true nearest neighbours of each.

    Returns
    -------
    array
        (N,) float32: the share of its k true neighbours that are among its k nearest on the map,
        from 0 (none: do not believe the place of this point) to 1 (all).

    Source
    ------
    Neighbourhood preservation, as in Venna and Kaski 2001.
    """
    count, k = graph.indices.shape
    if k == 0:
        return np.ones(count, np.float32)
    from scipy.spatial import KDTree  # takes long to import

    _, on_map = KDTree(points).query(points, k=k + 1)
    # Equal points may be found before the point itself: it is struck out wherever it stands.
    found = np.where(on_map == np.arange(count)[:, None], -1, on_map)
    shared = np.zeros(count, np.int64)
    for column in range(k):  # k is small; (N, k, k) would not be
        shared += (found == graph.indices[:, column : column + 1]).any(axis=1)
    return np.asarray(shared / k, np.float32)
