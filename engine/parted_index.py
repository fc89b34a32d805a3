"""Candidates for the nearest neighbours of very many vectors, the same on every machine."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from engine import limits
from engine.progress import Progress
from engine.values import Vectors
from engine.wording import mark

PARTS = 4
PIECE = 4_096  # vectors added, or searched for, at a time
STAGE = mark("Building the index of neighbours")

Rows = NDArray[np.int64]


class PartedIndex:
    """An index that is the same however many threads build it.

    An index that several threads add to depends on which of them is first, and loses vectors that
    are added at the same moment. Here each part of the vectors has one, built by one thread.

    Source
    ------
    Malkov and Yashunin 2018, arXiv:1603.09320; the indexes are those of ``usearch``.
    """

    def __init__(self, vectors: Vectors, progress: Progress) -> None:
        """Take (N, D) float32; ``progress`` hears the vectors that are in and may cancel."""
        from usearch.index import Index

        width = vectors.shape[1]
        self._parts = [
            Index(ndim=width, metric="l2sq", dtype="f32", connectivity=16) for _ in range(PARTS)
        ]

        def add(part: int, rows: Rows) -> None:
            self._parts[part].add(rows, vectors[rows], threads=1)

        with ThreadPoolExecutor(min(PARTS, limits.cores())) as pool:
            for piece in pieces(len(vectors)):
                progress.report(STAGE, int(piece[0]), len(vectors))
                for _ in pool.map(add, range(PARTS), [piece[part::PARTS] for part in range(PARTS)]):
                    pass

    def search(self, vectors: Vectors, count: int) -> tuple[Rows, NDArray[np.bool_]]:
        """Return the rows nearest to each of (B, D) vectors, B > 1.

        Returns
        -------
        rows
            (B, count), nearest first.
        missing
            (B, count), where no row was found; the row there means nothing.
        """
        shape = (len(vectors), PARTS * count)
        rows, squares = np.zeros(shape, np.int64), np.full(shape, np.inf, np.float32)
        for part, index in enumerate(self._parts):
            found = index.search(vectors, count, threads=limits.chosen_cores())
            there = np.arange(count) < found.counts[:, None]
            its = slice(part * count, (part + 1) * count)
            rows[:, its][there] = found.keys[there]
            squares[:, its][there] = found.distances[there]
        nearest = smallest(squares, count)
        missing = np.isinf(np.take_along_axis(squares, nearest, axis=1))
        return np.take_along_axis(rows, nearest, axis=1), missing


def pieces(count: int) -> list[Rows]:
    """Return the rows 0 to ``count`` - 1 in runs of about `PIECE`, none much shorter."""
    return np.array_split(np.arange(count), -(-count // PIECE))


def smallest(values: Vectors, k: int) -> Rows:
    """Return (B, k) columns of the smallest of (B, N) values, in rising order."""
    part = np.argpartition(values, k - 1, axis=1)[:, :k]
    order = np.argsort(np.take_along_axis(values, part, axis=1), axis=1, kind="stable")
    return np.asarray(np.take_along_axis(part, order, axis=1), np.int64)
