"""Images unlike all others: far from their neighbours, as nothing else in the dataset is."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.quality.findings import OUTLIER, Finding
from engine.values import Embeddings, KnnGraph, Vectors
from engine.wording import mark

# Measured by `tests/benchmarks/bench_outliers.py`, which puts strange pictures into datasets.
CUT = 4.0  # standard deviations above the usual distance
FEWEST = 20  # images that can say what is usual

_TINY = 1e-6  # of copies, whose distance has no logarithm
_QUARTILES = 1.349  # standard deviations between the quartiles of a normal distribution


def find_outliers(embeddings: Embeddings, graph: KnnGraph) -> list[Finding]:
    """Return the images unlike all others, the strangest first.

    Parameters
    ----------
    embeddings
        N images, of which some, all or none have a class.
    graph
        Their nearest neighbours.
    """
    scores = outlier_scores(graph, embeddings.labels)
    rows = np.flatnonzero(scores > 0.5)
    rows = rows[np.argsort(-scores[rows], kind="stable")]
    return [
        Finding(
            OUTLIER,
            embeddings.paths[row],
            float(scores[row]),
            given=embeddings.labels[row],
            says=mark("Unlike all other images of the dataset."),
        )
        for row in rows.tolist()
    ]


def outlier_scores(graph: KnnGraph, labels: Sequence[str]) -> Vectors:
    """Say how unlike all others each image is.

    It counts how far away the last of its nearest neighbours is, so that a handful of strange
    pictures of one kind does not hide itself. That is compared with all images and with those of
    its class, and the milder answer holds: the pictures of a class that varies much are not
    strange, nor is the least usual one of a class in which all are alike.

    Parameters
    ----------
    graph
        The nearest neighbours of N images.
    labels
        N classes, "" for none.

    Returns
    -------
    array
        (N,) float32 from 0 on, above 0.5 for an outlier.

    Source
    ------
    Ramaswamy, Rastogi and Shim, "Efficient algorithms for mining outliers from large data sets",
    2000, made robust and aware of classes.
    """
    if graph.k == 0 or len(labels) < FEWEST:
        return np.zeros(len(labels), np.float32)
    far = np.log(np.maximum(graph.distances[:, -1].astype(np.float64), _TINY))
    deviations = _deviations(far)
    _, classes = np.unique(np.array(labels, object).astype(str), return_inverse=True)
    for rows in np.split(np.argsort(classes, kind="stable"), np.cumsum(np.bincount(classes))[:-1]):
        if len(rows) >= FEWEST and labels[rows[0]]:
            deviations[rows] = np.minimum(deviations[rows], _deviations(far[rows]))
    above = np.maximum(deviations, 0)
    return np.asarray(above / (above + CUT), np.float32)


def _deviations(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return by how many standard deviations each value is above the median, robustly."""
    low, middle, high = np.percentile(values, (25, 50, 75))
    spread = (high - low) / _QUARTILES
    return np.asarray((values - middle) / max(spread, _TINY), np.float64)
