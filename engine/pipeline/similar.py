"""What is similar to one picture, of the dataset or from elsewhere."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.neighbors import NeighborIndex
from engine.pipeline.embed_files import embed_files
from engine.progress import Progress
from engine.projection.options import METRICS
from engine.values import Embeddings, Recipe, Vectors
from engine.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A picture of the dataset, and how far away another one is.

    path:     relative to the dataset folder.
    label:    its class, "" for none.
    distance: 0 for the same; at most 2 for cosine.
    """

    path: str
    label: str
    distance: float


class Similar:
    """Finds neighbours among the embeddings of one run, which it holds in memory."""

    def __init__(self, folder: Path, recipe: Recipe, embeddings: Embeddings, metric: str) -> None:
        """Use `open` instead."""
        self._folder = folder
        self._recipe = recipe
        self._embeddings = embeddings
        self._rows = {path: row for row, path in enumerate(embeddings.paths)}
        self._index = NeighborIndex(embeddings.vectors, metric)

    @classmethod
    def open(
        cls,
        root: Path,
        run: str | None = None,
        metric: str = "cosine",
        progress: Progress | None = None,
    ) -> "Similar":
        """Read the embeddings of a run, the latest by default.

        Raises
        ------
        EngineError
            When there is no workspace, no such run, nothing embedded, or no such metric.
        Cancelled
            From ``progress``.
        """
        if metric not in METRICS:
            raise EngineError(f"There is no metric “{metric}”; choose {', '.join(METRICS)}.")
        (progress or Progress()).report("Reading the embeddings")
        with Workspace.open(root) as workspace:
            recipe = workspace.run(run)
            return cls(workspace.folder, recipe, workspace.embeddings(recipe), metric)

    def relabelled(self, labels: Mapping[str, str]) -> "Similar":
        """Return one that knows the classes of now, by path, and shares the embeddings."""
        now = tuple(labels.get(path, "") for path in self._embeddings.paths)
        other = copy(self)
        other._embeddings = replace(self._embeddings, labels=now)
        return other

    @property
    def paths(self) -> tuple[str, ...]:
        """The N images that are searched, relative to the dataset folder."""
        return self._embeddings.paths

    @property
    def labels(self) -> tuple[str, ...]:
        """Their classes, "" for none."""
        return self._embeddings.labels

    @property
    def run(self) -> str:
        """Name of the run that is searched."""
        return self._recipe.run

    @property
    def recipe(self) -> Recipe:
        """How a picture becomes a vector that can be compared with these."""
        return self._recipe

    def to_image(self, path: str, k: int) -> list[Neighbor]:
        """Return the ``k`` pictures nearest to one of the dataset, without itself.

        Raises
        ------
        EngineError
            When the run has not embedded it.
        """
        found = self.to_vector(self._vector(path), k + 1)
        return [item for item in found if item.path != path][:k]

    def distances_to(self, path: str) -> NDArray[np.float32]:
        """Return how far each of the N pictures is from one of the dataset.

        Raises
        ------
        EngineError
            When the run has not embedded it.
        """
        return self._index.distances(self._vector(path))

    def to_file(self, file: Path, k: int, progress: Progress | None = None) -> list[Neighbor]:
        """Return the ``k`` pictures nearest to a file, which is embedded as the run was.

        Raises
        ------
        EngineError
            When the file cannot be read, or the weights of the run are not here any more.
        Cancelled
            From ``progress``.
        """
        _, vectors, skipped = embed_files([file.absolute()], self._recipe, progress or Progress())
        if skipped:
            raise EngineError(f"“{file}” {skipped[0].reason}; choose another picture.")
        return self.to_vector(vectors[0], k)

    def to(self, image: str, k: int, progress: Progress | None = None) -> list[Neighbor]:
        """Return the ``k`` pictures nearest to an image of the dataset or to any other file.

        Parameters
        ----------
        image
            A path relative to the dataset folder, or the path of a file.
        """
        inside = self._inside(image)
        if inside is not None:
            return self.to_image(inside, k)
        return self.to_file(Path(image).expanduser(), k, progress)

    def _vector(self, path: str) -> NDArray[np.float32]:
        row = self._rows.get(path)
        if row is None:
            raise EngineError(
                f"“{path}” is not among the embedded images; run the extraction again."
            )
        return np.asarray(self._embeddings.vectors[row], np.float32)

    def _inside(self, image: str) -> str | None:
        """Return the name of an image of the dataset, None for a file from elsewhere."""
        if image in self._rows:
            return image
        file = Path(image).expanduser().absolute()
        if file.is_relative_to(self._folder):
            return file.relative_to(self._folder).as_posix()
        return None

    def to_vector(self, vector: Vectors, k: int) -> list[Neighbor]:
        """Return the ``k`` pictures nearest to a vector, (D,), that was made as the run was."""
        rows, distances = self._index.query(vector, k)
        paths, labels = self._embeddings.paths, self._embeddings.labels
        return [
            Neighbor(paths[row], labels[row], float(distance))
            for row, distance in zip(rows, distances, strict=True)
        ]
