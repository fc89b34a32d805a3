"""Groups that the embedding itself shows, whatever the classes say."""

import numpy as np
from numpy.typing import NDArray

from engine.progress import Progress
from engine.values import Clusters, Vectors
from engine.wording import mark

STAGE = mark("Looking for clusters")


def clusters(points: Vectors, smallest: int = 0, progress: Progress | None = None) -> Clusters:
    """Find dense regions.

    Parameters
    ----------
    points
        (N, R) float32 in few dimensions, in which density means something: a UMAP rather than the
        embeddings themselves, of which nearly all would count as noise.
    smallest
        Images that make a cluster; by default more the more images there are.
    progress
        Hears the start.

    Raises
    ------
    Cancelled
        From ``progress``.

    Source
    ------
    HDBSCAN: Campello, Moulavi, Sander 2013; scikit-learn's implementation. On a UMAP: its authors'
    advice, umap-learn.readthedocs.io/en/latest/clustering.html.
    """
    progress = progress or Progress()
    progress.report(STAGE)
    count = len(points)
    smallest = smallest or default_smallest(count)
    if count < max(2 * smallest, 4):
        return Clusters(np.full(count, -1, np.int64), np.zeros(0, np.int64))
    from sklearn.cluster import HDBSCAN  # takes over a second to import

    found = HDBSCAN(min_cluster_size=smallest, min_samples=1, copy=True).fit_predict(points)
    numbers = np.asarray(found, np.int64)
    return Clusters(numbers, _representatives(points, numbers))


def default_smallest(count: int) -> int:
    """Return how many images make a cluster among so many: 5 of a few, 1 % of many, at most 100."""
    return int(np.clip(count // 100, 5, 100))


def _representatives(points: Vectors, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    rows = []
    for number in range(int(numbers.max(initial=-1)) + 1):
        members = np.flatnonzero(numbers == number)
        middle = np.median(points[members], axis=0)
        rows.append(members[np.argmin(np.linalg.norm(points[members] - middle, axis=1))])
    return np.array(rows, np.int64)
