"""UMAP in slices of epochs, so that it can be watched, stopped and ended early."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engine.progress import Progress
from engine.projection.start import pca_start
from engine.values import Embeddings, KnnGraph, Projection
from engine.wording import mark

EPOCHS = 200
EDGES_PER_SLICE = 200_000  # tens of milliseconds
SLICES_AT_LEAST = 40  # the step size is constant within a slice
SMALLEST = 4  # of fewer images PCA shows everything there is
START_RADIUS = 10.0  # as far as the reference implementation spreads its start

Coordinates = NDArray[np.float64]
STAGE = mark("Arranging with UMAP")


def umap(
    embeddings: Embeddings,
    graph: KnnGraph,
    dims: int = 3,
    min_dist: float = 0.1,
    seed: int = 0,
    progress: Progress | None = None,
) -> Projection:
    """Lay out the graph of neighbours so that neighbours lie together.

    Parameters
    ----------
    embeddings
        N vectors. The map starts from their PCA, which keeps the large view stable.
    graph
        Their nearest neighbours; UMAP's ``n_neighbors`` is one more, since it counts the image
        itself.
    dims
        2 or 3.
    min_dist
        How near to each other points may lie, 0 to 1.
    seed
        The same one gives the same points.
    progress
        Hears the epochs; each step carries the `Projection` so far. *Finish* ends with it.

    Returns
    -------
    Projection
        N points. The parameters hold the epochs that ran.

    Raises
    ------
    Cancelled
        From ``progress``.

    Source
    ------
    McInnes, Healy, Melville 2018, arXiv:1802.03426; the layout kernel is that of ``fastumap``.
    Start from PCA: Kobak and Linderman 2021, doi:10.1038/s41587-020-00809-z.
    """
    progress = progress or Progress()
    start = START_RADIUS * pca_start(embeddings.vectors, dims, seed)
    if len(start) < SMALLEST:
        return _projection(start, embeddings, 0)
    done, points = 0, start
    progress.report(STAGE, 0, EPOCHS, _projection(points, embeddings, 0))
    for done, points in _layout(start, graph, min_dist, seed):
        progress.report(STAGE, done, EPOCHS, _projection(points, embeddings, done))
        if progress.finishing:
            break
    return _projection(points, embeddings, done)


def _layout(
    points: Coordinates, graph: KnnGraph, min_dist: float, seed: int
) -> Iterator[tuple[int, Coordinates]]:
    """Yield (epochs so far, points) after each slice.

    ``fastumap`` has no call for a part of its epochs, but its kernel walks a list of edges: each
    slice gives it, as one epoch, the edges that fall due in a few of UMAP's.
    """
    from fastumap.graph import FuzzyGraph, find_ab_params, make_epochs_per_sample
    from fastumap.layout import optimize_layout

    fuzzy = _fuzzy(graph)
    a, b = find_ab_params(1.0, min_dist)
    rng = np.random.default_rng(seed)
    every = make_epochs_per_sample(fuzzy.weight, EPOCHS)  # epochs between two turns of an edge
    every[every <= 0] = np.inf
    turn = every.copy()
    per_epoch = max(1.0, float(np.sum(1 / every)))
    slice_epochs = int(np.clip(EDGES_PER_SLICE / per_epoch, 1, EPOCHS // SLICES_AT_LEAST))
    for first in range(0, EPOCHS, slice_epochs):
        last = min(first + slice_epochs, EPOCHS)
        due = np.concatenate([_due(turn, every, epoch) for epoch in range(first, last)])
        if len(due):
            edges = FuzzyGraph(fuzzy.n, fuzzy.head[due], fuzzy.tail[due], np.ones(len(due)))
            rate = 1 - (first + last) / 2 / EPOCHS
            # The second of two epochs walks every edge of weight 1 once, at half the first rate.
            points = optimize_layout(points, edges, 2, a=a, b=b, rng=rng, initial_alpha=2 * rate)
        yield last, points


def _due(turn: Coordinates, every: Coordinates, epoch: int) -> NDArray[np.int64]:
    """Return the edges whose turn has come, and set their next one."""
    due = np.flatnonzero(turn <= epoch)
    turn[due] += every[due]
    return due


def _fuzzy(graph: KnnGraph) -> "FuzzyGraph":  # type: ignore[name-defined]  # noqa: F821
    from fastumap.graph import fuzzy_simplicial_set

    rows = np.arange(len(graph.indices))[:, None]
    indices = np.hstack([rows, graph.indices])  # UMAP counts the image itself
    distances = np.hstack([np.zeros_like(rows, np.float64), graph.distances])
    return fuzzy_simplicial_set(indices, distances)


def _projection(points: Coordinates, embeddings: Embeddings, epochs: int) -> Projection:
    return Projection(
        points.astype(np.float32),
        embeddings.paths,
        embeddings.labels,
        "umap",
        embeddings.run,
        {"epochs": epochs},
    )
