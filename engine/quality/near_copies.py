"""Which pictures are nearly the same, by their perceptual hashes and their embeddings.

Pictures whose hashes or embeddings put them beside one another are compared in full; no picture is
ever compared with all others. The cut-offs are from `tests/benchmarks/bench_duplicates.py`.
"""

import numpy as np
from numpy.typing import NDArray

from engine.progress import Progress
from engine.quality.perceptual_hash import BANDS, Hashes, bands, bits_apart, mirrored
from engine.values import KnnGraph, Vectors
from engine.wording import mark

# Of 256 bits. The two most alike of 2,062 photographs of ten signs are 35 apart.
ALIKE_BITS = 32  # of neighbours by their embeddings
# Of any two: a hundred thousand pictures are five thousand million pairs, of which some are nearer
# by chance. A small or poor copy, which its embedding takes for another picture, keeps its hash.
SAME_BITS = 20
# A neighbour up to this cosine distance may be this many bits apart, as one that was cut is.
NEAR_DISTANCE, NEAR_BITS = 0.04, 64

_NEIGHBORHOOD = 12  # places of a sorted list within which hashes are compared
_BLOCK = 1 << 18  # pairs compared at a time
_STAGE = mark("Comparing pictures")

Rows = NDArray[np.int64]


def copy_pairs(
    hashes: Hashes,
    has_contrast: NDArray[np.bool_],
    graph: KnnGraph,
    rows: Rows,
    progress: Progress | None = None,
) -> Rows:
    """Find the pairs of pictures that are nearly the same.

    Parameters
    ----------
    hashes
        (M, 2, WORDS) of whole pictures and their inner parts.
    has_contrast
        (M,) whether a picture shows enough for its hash to mean anything; others have no copies.
    graph
        The nearest neighbours of N embeddings by cosine distance.
    rows
        (N,) which of the M pictures each embedding is of, -1 for none.
    progress
        Hears the steps.

    Returns
    -------
    array
        (P, 2) int64 rows of the M pictures, the smaller first, each pair once.

    Raises
    ------
    Cancelled
        From ``progress``.
    """
    progress = progress or Progress()
    near, apart = _neighbors(graph, rows)
    bits = hash_bits(hashes, near)
    near = near[(bits <= ALIKE_BITS) | ((bits <= NEAR_BITS) & (apart <= NEAR_DISTANCE))]
    numbers = np.union1d(near[:, 0] * len(hashes) + near[:, 1], _by_hash(hashes, progress))
    pairs = np.column_stack(np.divmod(numbers, max(len(hashes), 1)))
    return np.asarray(pairs[has_contrast[pairs].all(axis=1)], np.int64)


def hash_bits(hashes: Hashes, pairs: Rows) -> Rows:
    """Return (P,) the bits by which pictures differ: whole, mirrored or without a border of one.

    Parameters
    ----------
    hashes
        (M, 2, WORDS) of whole pictures and their inner parts.
    pairs
        (P, 2) rows of them.
    """
    result = np.empty(len(pairs), np.int64)
    for start in range(0, len(pairs), _BLOCK):
        one, other = np.moveaxis(hashes[pairs[start : start + _BLOCK]], 1, 0)
        ways = (
            bits_apart(one[:, 0], other[:, 0]),
            bits_apart(one[:, 0], mirrored(other[:, 0])),
            bits_apart(one[:, 0], other[:, 1]),
            bits_apart(one[:, 1], other[:, 0]),
        )
        result[start : start + _BLOCK] = np.minimum.reduce(ways)
    return result


def _neighbors(graph: KnnGraph, rows: Rows) -> tuple[Rows, Vectors]:
    """Return (P, 2) neighbours that may be copies, as rows of the hashes; their distances."""
    pairs = np.column_stack([np.repeat(rows, graph.k), rows[graph.indices].ravel()])
    is_known = (pairs >= 0).all(axis=1)
    return np.sort(pairs[is_known], axis=1), graph.distances.ravel()[is_known]


def _by_hash(hashes: Hashes, progress: Progress) -> Rows:
    """Return the pairs that are alike and have a band of their hashes in common.

    Returns
    -------
    array
        (P,) int64, each pair once: its smaller row times M, plus the other row.

    Source
    ------
    The buckets of Norouzi, Punjani and Fleet, "Fast search in Hamming space with multi-index
    hashing", 2012, sorted as Hernández and Stolfo, "The merge/purge problem", 1995, do: however
    many pictures share a band, each is compared with a few.
    """
    # Of many equal pictures the first stands for all.
    _, first, number = np.unique(hashes[:, 0], axis=0, return_index=True, return_inverse=True)
    others = np.setdiff1d(np.arange(len(hashes)), first)
    found = [first[number[others]] * len(hashes) + others]
    whole = hashes[first, 0]
    views = np.concatenate([whole, mirrored(whole), hashes[first, 1]])
    owner = np.tile(first, 3)
    parts = bands(views)
    for band in range(BANDS):
        # The bands that follow decide who stands beside whom where many share the first one.
        order = np.lexsort(np.roll(parts, -band, axis=1)[:, 3::-1].T)
        bucket, rows, is_whole = parts[order, band], owner[order], order < len(whole)
        for step in range(1, _NEIGHBORHOOD + 1):
            progress.report(_STAGE, band, BANDS)
            is_shared = (bucket[step:] == bucket[:-step]) & (rows[step:] != rows[:-step])
            places = np.flatnonzero(is_shared & (is_whole[step:] | is_whole[:-step]))
            pairs = np.column_stack([order[places], order[places + step]])
            for start in range(0, len(pairs), _BLOCK):
                some = pairs[start : start + _BLOCK]
                is_alike = bits_apart(views[some[:, 0]], views[some[:, 1]]) <= SAME_BITS
                one, other = np.sort(owner[some[is_alike]], axis=1).T
                found.append(one * len(hashes) + other)
        found = [np.unique(np.concatenate(found))]
    progress.report(_STAGE, BANDS, BANDS)
    return found[0]
