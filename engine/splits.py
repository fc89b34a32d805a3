"""Which images a classifier learns from and which ones it is judged on."""

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.values import KnnGraph

# Cosine distance. A photograph that was saved again at half its size or as a poor JPEG stays nearer
# to the original than this, but not one of 100 pixels, which may then be 0.17 apart: such copies
# `engine.quality.duplicates` finds. The two most alike of 2,062 photographs of ten signs are 0.037
# apart.
COPY_DISTANCE = 0.02

Rows = NDArray[np.int64]
Split = tuple[Rows, Rows]  # the rows to learn from, the rows to judge on


def copy_groups(graph: KnnGraph, distance: float = COPY_DISTANCE) -> Rows:
    """Give near-duplicates, and theirs in turn, the same number.

    Parameters
    ----------
    graph
        The nearest neighbours of N images, by cosine distance.
    distance
        Up to which two images count as copies of each other.

    Returns
    -------
    array
        (N,) int64 from 0 on.
    """
    return agreed_groups([graph], distance)


def agreed_groups(graphs: Sequence[KnnGraph], distance: float = COPY_DISTANCE) -> Rows:
    """Do what `copy_groups` does for what more than half of several graphs call near-duplicates.

    A backbone to which everything looks alike thus has no say over the others.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    count = len(graphs[0].indices)
    pairs = [_pairs(graph, distance) for graph in graphs]
    pair, votes = np.unique(np.concatenate(pairs), return_counts=True)
    agreed = pair[2 * votes > len(graphs)]
    edges = (np.ones(len(agreed), bool), (agreed // count, agreed % count))
    _, numbers = connected_components(coo_array(edges, shape=(count, count)), directed=False)
    return np.asarray(numbers, np.int64)


def _pairs(graph: KnnGraph, distance: float) -> Rows:
    """Return each pair of near-duplicates once, as one number."""
    rows, columns = np.nonzero(graph.distances <= distance)
    others = graph.indices[rows, columns]
    low, high = np.minimum(rows, others), np.maximum(rows, others)
    return np.unique(low * len(graph.indices) + high)


def splits(truth: Rows, groups: Rows, folds: int, holdout: float, seed: int) -> list[Split]:
    """Divide images so that every class is spread evenly and no group lies on both sides.

    Parameters
    ----------
    truth
        (N,) the class of each image, numbered.
    groups
        (N,) as `copy_groups` numbers them; ``np.arange(N)`` for none.
    folds
        Splits, of which each judges another part of the images; at most as many as the largest
        class has groups.
    holdout
        When above 0, the share that is judged in one single split instead.
    seed
        The same one gives the same splits.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    parts = round(1 / holdout) if holdout > 0 else folds
    divided = StratifiedGroupKFold(parts, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        # A class with fewer images than there are folds is missing in some: that is meant.
        warnings.filterwarnings("ignore", "The least populated class", UserWarning)
        found = [
            (np.asarray(learn, np.int64), np.asarray(judge, np.int64))
            for learn, judge in divided.split(np.zeros(len(truth)), truth, groups)
        ]
    return found[:1] if holdout > 0 else found


def held_back(truth: Rows, groups: Rows, share: float, seed: int) -> Split:
    """Hold back a share of the images one learns from, to find out when to stop.

    Classes with a single group are not held back; nothing is where every class is one.

    Parameters
    ----------
    truth, groups
        (N,) as for `splits`.
    share
        Between 0 and 0.5.
    seed
        The same one gives the same images.
    """
    pictures = groups_of_each(truth, groups, int(truth.max()) + 1)
    rows = np.flatnonzero(pictures[truth] >= 2)
    if not len(rows):
        return np.arange(len(truth)), rows
    parts = min(round(1 / share), int(pictures.max()))
    ((_, judge),) = splits(truth[rows], groups[rows], parts, 1 / parts, seed)
    other = rows[judge]
    return np.setdiff1d(np.arange(len(truth)), other), other


def groups_of_each(truth: Rows, groups: Rows, classes: int) -> Rows:
    """Return (classes,) how many groups each class has: copies of one picture count once."""
    pairs = np.unique(np.column_stack([truth, groups]), axis=0)
    return np.bincount(pairs[:, 0], minlength=classes)
