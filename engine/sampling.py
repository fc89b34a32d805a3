"""Fewer images that stand for all, where all would be too many."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def stratified(
    labels: Sequence[str], most: int, seed: int = 0, fewest: int = 1
) -> NDArray[np.int64]:
    """Choose rows so that each class keeps its share, and at least a few images.

    Parameters
    ----------
    labels
        N classes, "" for none, which counts as one of its own.
    most
        How many rows to choose; at least ``fewest`` for each class that there is.
    seed
        The same one chooses the same rows.
    fewest
        Images of each class, all where it has no more.

    Returns
    -------
    array
        (min(N, most),) int64 rows in ascending order.
    """
    if len(labels) <= most:
        return np.arange(len(labels))
    _, numbers = np.unique(np.array(labels, dtype=object).astype(str), return_inverse=True)
    counts = np.bincount(numbers)
    shares = counts * most / len(labels)
    wanted = np.minimum(np.maximum(np.floor(shares).astype(np.int64), fewest), counts)
    while wanted.sum() > most:  # many classes of few images: the largest give way
        wanted[np.argmax(wanted)] -= 1
    remainders = np.where(wanted < counts, shares - wanted, -np.inf)
    wanted[np.argsort(-remainders, kind="stable")[: most - wanted.sum()]] += 1
    random = np.random.default_rng(seed)
    order = random.permutation(len(labels))
    chosen = [order[numbers[order] == number][:count] for number, count in enumerate(wanted)]
    return np.sort(np.concatenate(chosen)).astype(np.int64)
