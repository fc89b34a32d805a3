"""The map of the images that an extraction has embedded so far."""

from engine.extract import EmbeddedBatch
from engine.projection import GrowingPca
from engine.values import Projection, Recipe, Vectors
from engine.workspace import Workspace


class LiveMap:
    """Grows with each batch; begins with what earlier runs embedded."""

    def __init__(self, workspace: Workspace, recipe: Recipe, reused: int) -> None:
        """Read the ``reused`` embeddings that are there, if any."""
        self._pca = GrowingPca()
        self._run = recipe.run
        self._paths: list[str] = []
        self._labels: list[str] = []
        if reused:
            earlier = workspace.embeddings(recipe)
            self._grow(earlier.vectors, earlier.paths, earlier.labels)

    def add(self, batch: EmbeddedBatch) -> Projection | None:
        """Take a batch and return the map of all images so far, in the order they came."""
        if not batch.images:
            return None
        paths = tuple(image.path for image in batch.images)
        points = self._grow(batch.vectors, paths, tuple(image.label for image in batch.images))
        return Projection(points, tuple(self._paths), tuple(self._labels), "pca", self._run)

    def _grow(self, vectors: Vectors, paths: tuple[str, ...], labels: tuple[str, ...]) -> Vectors:
        self._paths += paths
        self._labels += labels
        return self._pca.add(vectors)
