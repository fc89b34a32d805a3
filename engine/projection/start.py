"""Where UMAP and t-SNE begin: at the PCA, which the map shows already."""

import numpy as np
from numpy.typing import NDArray

from engine.values import Vectors


def pca_start(vectors: Vectors, dims: int, seed: int) -> NDArray[np.float64]:
    """Return (N, dims) coordinates of the PCA, the widest axis from -1 to 1.

    Axes point as those of `engine.projection.pca` do. A little noise tells equal images apart.

    Parameters
    ----------
    vectors
        (N, D) float32.
    dims
        Axes; those that the vectors do not have hold nothing but noise.
    seed
        For the noise.
    """
    # scikit-learn's PCA is the same, but takes seconds to import.
    from scipy.sparse.linalg import svds

    rng = np.random.default_rng(seed)
    points = np.zeros((len(vectors), dims))
    centred = vectors - vectors.mean(axis=0)
    axes = min(dims, min(centred.shape) - 1)
    if axes > 0 and centred.any():
        left, widths, right = svds(centred, axes, v0=rng.normal(size=min(centred.shape)))
        largest = np.abs(right).argmax(axis=1)
        signs = np.sign(right[np.arange(axes), largest])
        points[:, :axes] = (left * (widths * signs))[:, np.argsort(-widths)]
        points /= np.abs(points).max()
    return points + rng.normal(scale=1e-4, size=points.shape)
