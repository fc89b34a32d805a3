"""t-SNE in slices of iterations, so that it can be watched, stopped and ended early."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine import limits
from engine.progress import Progress
from engine.projection.start import pca_start
from engine.values import Embeddings, KnnGraph, Projection
from engine.wording import mark

if TYPE_CHECKING:
    from openTSNE import TSNEEmbedding

EXAGGERATED, PLAIN = 250, 500  # iterations of the two phases
EXAGGERATION = 12
SLICE = 10  # iterations
SMALLEST = 5  # of fewer images PCA shows everything there is
START_SPREAD = 2e-4  # narrow, as t-SNE wants to begin
FFT_FROM = 5_000  # points in 2D from which interpolation is faster than the tree
STAGE = mark("Arranging with t-SNE")


def tsne(
    embeddings: Embeddings,
    graph: KnnGraph,
    dims: int = 3,
    perplexity: float = 30.0,
    seed: int = 0,
    progress: Progress | None = None,
) -> Projection:
    """Lay out the images so that near ones are likely to lie together.

    Parameters
    ----------
    embeddings
        N vectors. The map starts from their PCA.
    graph
        Their nearest neighbours, three times as many as the perplexity where there are so many.
    dims
        2 or 3.
    perplexity
        About how many neighbours count; lowered when there are too few images.
    seed
        The same one gives the same points.
    progress
        Hears the iterations; each step carries the `Projection` so far. *Finish* ends with it.

    Returns
    -------
    Projection
        N points. The parameters hold the iterations that ran.

    Raises
    ------
    Cancelled
        From ``progress``.

    Source
    ------
    van der Maaten and Hinton 2008; openTSNE (Poličar, Stražar, Zupan 2024,
    doi:10.18637/jss.v109.i03). Learning rate and start: Kobak and Berens 2019,
    doi:10.1038/s41467-019-13056-x.
    """
    progress = progress or Progress()
    start = START_SPREAD * pca_start(embeddings.vectors, dims, seed)
    if len(start) < SMALLEST:
        return _projection(start, embeddings, 0)
    total = EXAGGERATED + PLAIN
    progress.report(STAGE, 0, total, _projection(start, embeddings, 0))
    layout = _layout(start, graph, perplexity, seed)
    done = 0
    while done < total and not progress.finishing:
        if done < EXAGGERATED:
            layout.optimize(SLICE, exaggeration=EXAGGERATION, momentum=0.5, inplace=True)
        else:
            layout.optimize(SLICE, momentum=0.8, inplace=True)
        done += SLICE
        progress.report(STAGE, done, total, _projection(np.asarray(layout), embeddings, done))
    return _projection(np.asarray(layout), embeddings, done)


def _layout(
    start: NDArray[np.float64], graph: KnnGraph, perplexity: float, seed: int
) -> "TSNEEmbedding":
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import PerplexityBasedNN
    from openTSNE.nearest_neighbors import PrecomputedNeighbors

    # One core stays free: its threads wait for each other busily, and a window would stutter.
    threads = min(limits.cores(), max(1, limits.available_cores() - 1))
    count, dims = start.shape
    affinities = PerplexityBasedNN(
        knn_index=PrecomputedNeighbors(graph.indices, graph.distances),
        perplexity=min(perplexity, graph.k / 3),
        n_jobs=threads,
    )
    return TSNEEmbedding(
        start,
        affinities,
        # Interpolation exists in 2D alone.
        negative_gradient_method="fft" if dims == 2 and count >= FFT_FROM else "bh",
        n_jobs=threads,
        random_state=seed,
    )


def _projection(points: np.ndarray, embeddings: Embeddings, iterations: int) -> Projection:
    return Projection(
        points.astype(np.float32),
        embeddings.paths,
        embeddings.labels,
        "tsne",
        embeddings.run,
        {"iterations": iterations},
    )
