"""Principal component analysis: the map that is there at once."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.values import Embeddings, Projection, Vectors

if TYPE_CHECKING:
    from sklearn.decomposition import PCA


def pca(embeddings: Embeddings, dims: int = 3, seed: int = 0) -> Projection:
    """Project onto the directions in which the embeddings differ most.

    Parameters
    ----------
    embeddings
        N vectors.
    dims
        2 or 3.
    seed
        For the randomised solver that very large sets use.

    Returns
    -------
    Projection
        N points centred on the origin. The same input gives the same signs of the axes. The
        parameters hold the share of variance on each axis.

    Source
    ------
    Pearson 1901; scikit-learn's ``PCA``.
    """
    vectors = embeddings.vectors
    points, shares = np.zeros((len(vectors), dims), np.float32), []
    if len(vectors) > 1:  # a single image is its own centre
        model = fit(vectors, dims, seed)
        points = widen(model.transform(vectors), dims)
        shares = [round(float(share), 4) for share in model.explained_variance_ratio_]
    return Projection(
        points,
        embeddings.paths,
        embeddings.labels,
        "pca",
        embeddings.run,
        {"seed": seed, "explained_variance": shares},
    )


def fit(vectors: Vectors, dims: int, seed: int) -> "PCA":
    """Fit scikit-learn's PCA with as many axes as the vectors allow, at most ``dims``."""
    from sklearn.decomposition import PCA  # takes over a second to import

    axes = min(dims, *vectors.shape)
    model = PCA(axes, svd_solver="auto", random_state=seed)
    # Identical vectors have no variance to share out; the shares are then undefined, the points
    # all zero, and both are right.
    with np.errstate(invalid="ignore", divide="ignore"):
        model.fit(vectors)
    return model


def widen(points: NDArray[np.floating[Any]], dims: int) -> Vectors:
    """Return (N, dims) float32: missing axes are zero (two images span only one)."""
    wide = np.zeros((len(points), dims), np.float32)
    wide[:, : points.shape[1]] = points
    return wide
