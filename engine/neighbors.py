"""The nearest neighbours among embeddings: of all of them at once, or of one vector."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.parted_index import PartedIndex, pieces, smallest
from engine.progress import Progress
from engine.values import KnnGraph, Vectors
from engine.wording import mark

EXACT_UP_TO = 8_000  # vectors; comparing all with all takes the square of them
SCAN_UP_TO = 20_000  # vectors; a query of more looks at a reduced copy first
BLOCK = 256  # rows compared with all others at a time
REDUCED = 96  # dimensions of that copy
SAMPLE = 8_192  # vectors that decide its axes
SHORTLIST = 400  # vectors that a query compares in full
SPARE = 2  # times as many candidates as neighbours
STAGE = mark("Searching for neighbours")

Rows = NDArray[np.int64]


def knn_graph(
    vectors: Vectors,
    k: int,
    metric: str = "cosine",
    progress: Progress | None = None,
    seed: int = 0,
) -> KnnGraph:
    """Find the nearest neighbours of every vector among the others.

    Up to `EXACT_UP_TO` vectors the answer is exact. Of more, candidates are found by indexes over
    the leading principal components and then compared in full.

    Parameters
    ----------
    vectors
        (N, D) float32.
    k
        How many; less than N.
    metric
        "cosine" or "euclidean". A vector of zeros, which has no direction, is equally far from all
        that have one.
    progress
        Hears the vectors that are done.
    seed
        Decides which vectors the axes of a large set are taken from.

    Raises
    ------
    Cancelled
        From ``progress``.
    """
    progress = progress or Progress()
    points = _prepared(vectors, metric)
    if not 0 <= k < max(len(points), 1):
        raise ValueError(f"{k} neighbours of {len(points)} vectors")
    if k == 0:
        empty = np.zeros((len(points), 0))
        return KnnGraph(empty.astype(np.int64), empty.astype(np.float32), metric)
    if len(points) <= EXACT_UP_TO:
        indices, squares = _exact(points, k, progress, np.arange(len(points)))
    else:
        indices, squares = _approximate(points, k, progress, seed)
    return KnnGraph(indices, _as_distances(squares, metric), metric)


def graph_among(
    vectors: Vectors, rows: Rows, graph: KnnGraph, progress: Progress | None = None
) -> KnnGraph:
    """Find the nearest neighbours of some vectors among one another.

    Only those are searched for again that had a neighbour which is left out.

    Parameters
    ----------
    vectors
        (M, D) float32, M > 0.
    rows
        (M,) which of the N vectors of the graph they are.
    graph
        The nearest neighbours of all.
    progress
        Hears the vectors that are done.

    Returns
    -------
    KnnGraph
        Of the M, numbered from 0 on, with as many neighbours each as in the graph of all.

    Raises
    ------
    Cancelled
        From ``progress``.
    """
    progress = progress or Progress()
    k = min(graph.k, len(rows) - 1)
    number = np.full(len(graph.indices), -1)
    number[rows] = np.arange(len(rows))
    indices, distances = number[graph.indices[rows, :k]], graph.distances[rows, :k]
    lost = np.flatnonzero((indices < 0).any(axis=1))
    if len(lost) * len(rows) > EXACT_UP_TO**2:
        return knn_graph(vectors, k, graph.metric, progress)
    if len(lost):
        points = _prepared(vectors, graph.metric)
        indices[lost], squares = _exact(points, k, progress, lost)
        distances[lost] = _as_distances(squares, graph.metric)
    return KnnGraph(indices, distances, graph.metric)


class NeighborIndex:
    """Answers what lies nearest to one vector, at once and as often as it is asked."""

    def __init__(self, vectors: Vectors, metric: str = "cosine", seed: int = 0) -> None:
        """Take (N, D) float32 and a metric as for `knn_graph`; keeps a copy of the vectors."""
        self._metric = metric
        self._points = _prepared(vectors, metric)
        self._squares = _squares(self._points)
        self._reduced = _reduce(self._points, seed) if len(self._points) > SCAN_UP_TO else None

    def query(self, vector: NDArray[np.float32], k: int) -> tuple[Rows, NDArray[np.float32]]:
        """Return the rows of the ``k`` nearest and their distances, nearest first.

        Of more than `SCAN_UP_TO` vectors those that lie near along the leading principal
        components are compared in full.
        """
        point = _prepared(vector[None], self._metric)[0]
        rows = self._candidates(point, max(SHORTLIST, 10 * k))
        others = self._points if rows is None else self._points[rows]
        squares = self._squares if rows is None else self._squares[rows]
        apart = squares - 2 * (others @ point) + point @ point
        nearest = smallest(apart[None], min(k, len(apart)))[0]
        found = nearest if rows is None else rows[nearest]
        return found, _as_distances(apart[nearest], self._metric)

    def distances(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how far each of the N vectors is from one."""
        point = _prepared(vector[None], self._metric)[0]
        apart = self._squares - 2 * (self._points @ point) + point @ point
        return _as_distances(apart, self._metric)

    def _candidates(self, point: NDArray[np.float32], count: int) -> Rows | None:
        if self._reduced is None:
            return None
        reduced = self._reduced
        place = (point - reduced.centre) @ reduced.axes
        apart = reduced.squares - 2 * (reduced.points @ place)
        return np.asarray(np.argpartition(apart, count)[:count], np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class _Reduced:
    """Points along the principal axes of a sample.

    centre: (D,).    axes: (D, R), orthonormal.    points: (N, R).
    squares: (N,) squared lengths of the whole points from the centre, not of the reduced ones.
    """

    centre: NDArray[np.float32]
    axes: NDArray[np.float32]
    points: Vectors
    squares: NDArray[np.float32]


def _reduce(points: Vectors, seed: int) -> _Reduced:
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.choice(len(points), min(SAMPLE, len(points)), replace=False))
    sample = points[rows]
    centre = sample.mean(axis=0)
    sample -= centre
    _, vectors = np.linalg.eigh(sample.T @ sample)
    axes = np.ascontiguousarray(vectors[:, ::-1][:, :REDUCED])
    reduced = points @ axes - centre @ axes
    squares = _squares(points) - 2 * (points @ centre) + centre @ centre
    return _Reduced(centre, axes, reduced, squares)


def _exact(points: Vectors, k: int, progress: Progress, of: Rows) -> tuple[Rows, Vectors]:
    """Compare the rows ``of`` some with everything, a few at a time."""
    count = len(of)
    indices, squares = np.empty((count, k), np.int64), np.empty((count, k), np.float32)
    lengths = _squares(points)
    apart = np.empty((BLOCK, len(points)), np.float32)
    for first in range(0, count, BLOCK):
        progress.report(STAGE, first, count)
        some = slice(first, first + BLOCK)
        rows = of[some]
        block = np.matmul(points[rows], points.T, out=apart[: len(rows)])
        block *= -2
        block += lengths
        block += lengths[rows, None]
        block[np.arange(len(rows)), rows] = np.inf  # no vector is its own neighbour
        indices[some] = smallest(block, k)
        squares[some] = np.take_along_axis(block, indices[some], axis=1)
    progress.report(STAGE, count, count)
    return indices, squares


def _approximate(points: Vectors, k: int, progress: Progress, seed: int) -> tuple[Rows, Vectors]:
    """Take candidates from an index over the reduced vectors and compare those in full."""
    count, wanted, rng = len(points), SPARE * k + 1, np.random.default_rng(seed)
    progress.report(STAGE)
    reduced = _reduce(points, seed).points
    index = PartedIndex(reduced, progress)
    indices, squares = np.empty((count, k), np.int64), np.empty((count, k), np.float32)
    for rows in pieces(count):
        progress.report(STAGE, int(rows[0]), count)
        candidates, missing = index.search(reduced[rows], wanted)
        # An index that is not connected finds too few: the rest are chosen at random.
        candidates[missing] = rng.integers(0, count, int(missing.sum()))
        apart = _squared_distances(points, rows, candidates)
        order = smallest(apart, k)
        indices[rows] = np.take_along_axis(candidates, order, axis=1)
        squares[rows] = np.take_along_axis(apart, order, axis=1)
    progress.report(STAGE, count, count)
    return indices, squares


def _squared_distances(points: Vectors, rows: Rows, others: Rows) -> Vectors:
    """Return (B, C) for B rows and (B, C) others; a row itself and repeated ones are infinite."""
    apart = np.empty(others.shape, np.float32)
    for place, (row, candidates) in enumerate(zip(rows, others, strict=True)):
        # One row at a time stays in the processor's cache.
        difference = points[candidates] - points[row]
        apart[place] = np.einsum("ij,ij->i", difference, difference)
        _, first = np.unique(candidates, return_index=True)
        repeated = np.ones(len(candidates), bool)
        repeated[first] = False
        apart[place][repeated | (candidates == row)] = np.inf
    return apart


def _prepared(vectors: Vectors, metric: str) -> Vectors:
    """Return vectors whose Euclidean distances rank as the metric does."""
    if metric == "euclidean":
        return np.ascontiguousarray(vectors, np.float32)
    if metric != "cosine":
        raise ValueError(f"unknown metric {metric}")
    return of_length_1(vectors)


def of_length_1(vectors: Vectors) -> Vectors:
    """Return (N, D) vectors of the same directions; zeros stay as they are."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), np.float32)


def _squares(points: Vectors) -> NDArray[np.float32]:
    return np.asarray(np.einsum("ij,ij->i", points, points))


def _as_distances(squares: NDArray[np.float32], metric: str) -> NDArray[np.float32]:
    """Turn squared Euclidean distances of prepared vectors into those of the metric."""
    positive = np.maximum(squares, 0)  # rounding
    return np.asarray(positive / 2 if metric == "cosine" else np.sqrt(positive), np.float32)
