"""The map while it grows: a PCA renewed now and then that never jumps to its mirror image."""

import numpy as np

from engine.projection.pca import fit, widen
from engine.values import Vectors

REFIT_GROWTH = 1.5


class GrowingPca:
    """Projects vectors as they arrive, in memory that does not grow with their width.

    The axes are fitted again each time the number of vectors has grown by half, until
    ``sample_size`` vectors have come. From then on the axes stay, and of later vectors only the
    points are kept.
    """

    def __init__(self, dims: int = 3, seed: int = 0, sample_size: int = 4096) -> None:
        self._dims = dims
        self._seed = seed
        self._sample_size = sample_size
        self._sample = np.zeros((0, 0), np.float32)
        self._sample_points = np.zeros((0, dims), np.float32)
        self._later_points: list[Vectors] = []
        self._fitted_at = 0
        self._centre = np.zeros(0, np.float32)
        self._axes = np.zeros((0, 0), np.float32)

    def add(self, vectors: Vectors) -> Vectors:
        """Take (B, D) float32 and return the (N, dims) float32 points of all N so far.

        Vectors should arrive in random order: the first ones decide how the map begins.
        """
        if len(self._sample) < self._sample_size:
            self._grow_sample(vectors)
        else:
            self._later_points.append(self._project(vectors))
        return np.concatenate([self._sample_points, *self._later_points])

    def _grow_sample(self, vectors: Vectors) -> None:
        self._sample = np.concatenate([self._sample, vectors]) if len(self._sample) else vectors
        if len(self._sample) >= max(2, REFIT_GROWTH * self._fitted_at):
            self._refit()
            self._sample_points = self._project(self._sample)
        else:
            self._sample_points = np.concatenate([self._sample_points, self._project(vectors)])

    def _refit(self) -> None:
        model = fit(self._sample, self._dims, self._seed)
        axes = model.components_
        if axes.shape == self._axes.shape:
            agreement = np.sum(axes * self._axes, axis=1, keepdims=True)
            axes = np.where(agreement < 0, -axes, axes)
        self._axes, self._centre, self._fitted_at = axes, model.mean_, len(self._sample)

    def _project(self, vectors: Vectors) -> Vectors:
        if not len(self._axes):  # a single vector so far
            return np.zeros((len(vectors), self._dims), np.float32)
        return widen((vectors - self._centre) @ self._axes.T, self._dims)
