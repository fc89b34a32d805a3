"""Pairs of pictures that are nearly the same become groups of copies of one picture."""

import numpy as np
from numpy.typing import NDArray

from engine.quality.near_copies import ALIKE_BITS, hash_bits
from engine.quality.perceptual_hash import Hashes

Rows = NDArray[np.int64]


def gather_copies(hashes: Hashes, rank: Rows, content: Rows, pairs: Rows) -> list[list[int]]:
    """Gather around each picture that stays the pictures that are copies of it.

    Pictures that are near one another in a row, as those of a film are, do not end in one group:
    whoever is in it was compared with the one that stays.

    Parameters
    ----------
    hashes
        (M, 2, WORDS) of all pictures.
    rank
        (M,) the order in which they would stay, each number once, 0 for the first.
    content
        (M,) numbers, equal for files that are equal byte for byte.
    pairs
        (P, 2) rows that are nearly the same.

    Returns
    -------
    list of lists
        Rows, the one that stays first and the others by rank.
    """
    count = len(rank)
    by_rank = np.argsort(rank)
    _, firsts, number = np.unique(content[by_rank], return_index=True, return_inverse=True)
    stands_for = np.empty_like(rank)  # the best of all that are equal
    stands_for[by_rank] = by_rank[firsts[number]]
    is_equal = stands_for != np.arange(count)
    equals = _Links(np.column_stack([stands_for, np.arange(count)])[is_equal], count)
    links = stands_for[pairs]
    near = _Links(np.concatenate([links, links[:, ::-1]]), count)
    taken = np.zeros(count, bool)
    groups: list[list[int]] = []
    for row in by_rank[(near.counts + equals.counts)[by_rank] > 0].tolist():
        if taken[row]:
            continue
        members = np.append(_copies(row, near, hashes, taken), row)
        taken[members] = True
        others = np.setdiff1d(np.concatenate([members, equals.of(members)]), row)
        if len(others):
            groups.append([row, *others[np.argsort(rank[others])].tolist()])
    return groups


class _Links:
    """Which rows each row is linked to."""

    def __init__(self, links: Rows, count: int) -> None:
        links = links[np.argsort(links[:, 0], kind="stable")]
        self._ends = links[:, 1]
        self.counts = np.bincount(links[:, 0], minlength=count)
        self._stops = np.cumsum(self.counts)

    def of(self, rows: Rows) -> Rows:
        parts = [self._ends[self._stops[row] - self.counts[row] : self._stops[row]] for row in rows]
        return np.concatenate([np.zeros(0, np.int64), *parts])


def _copies(row: int, near: _Links, hashes: Hashes, taken: NDArray[np.bool_]) -> Rows:
    """Return the rows that are linked to ``row``, and those linked to them that are like it."""
    linked = near.of(np.array([row]))
    linked = np.unique(linked[~taken[linked] & (linked != row)])
    further = near.of(linked)
    further = np.setdiff1d(further[~taken[further] & (further != row)], linked)
    bits = hash_bits(hashes, np.column_stack([np.full(len(further), row), further]))
    return np.concatenate([linked, further[bits <= ALIKE_BITS]])
