"""The table that every export writes: a row for each image of a run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.quality.findings import Quality
from engine.values import Embeddings, Projection, Recipe, Vectors

Column = tuple[str, ...] | NDArray[Any]  # texts, or numbers of which nan stands for none
AXES = "xyz"


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """N images of a run.

    recipe:      how their vectors were made.
    vectors:     (N, D) float32.
    paths:       N paths relative to the dataset folder.
    labels:      N classes of now, "" where there is none and for excluded images.
    model:       name of the classifier that ``predictions`` are of, "" for none.
    predictions: N classes by a classifier that had not seen the image, "" where it was not judged;
                 empty without a classifier.
    confidence:  (N,) float32 probability of that class, nan where it was not judged.
    maps:        of the same images, in the same order.
    excluded:    paths of the images that are left out, with the class that each had.
    suspicion:   (N,) float32 0 to 1, how doubtful the class is, nan where it was not judged; None
                 where nobody looked.
    """

    recipe: Recipe
    vectors: Vectors
    paths: tuple[str, ...]
    labels: tuple[str, ...]
    model: str = ""
    predictions: tuple[str, ...] = ()
    confidence: Vectors | None = None
    maps: tuple[Projection, ...] = ()
    excluded: Mapping[str, str] = field(default_factory=dict)
    suspicion: Vectors | None = None

    @property
    def description(self) -> dict[str, Column]:
        """What is said of each image, by name; what is said of none is left out.

        Excluded images have the class that they had: a column of its own says that they are.
        """
        each = zip(self.paths, self.labels, strict=True)
        said: dict[str, Column] = {
            "path": self.paths,
            "class": tuple(self.excluded.get(path, label) for path, label in each),
            "folder_class": tuple(path.rpartition("/")[0] for path in self.paths),
            "excluded": tuple("excluded" if path in self.excluded else "" for path in self.paths),
        }
        if self.predictions and self.confidence is not None:
            said |= {"prediction": self.predictions, "confidence": self.confidence}
        if self.suspicion is not None:
            said["suspicion"] = self.suspicion
        return {
            name: column
            for name, column in said.items()
            if name == "path" or isinstance(column, np.ndarray) or any(column)
        }

    @property
    def coordinates(self) -> dict[str, Column]:
        """Where each image lies on each map: "pca_3d_x" and so on."""
        return {
            f"{each.method}_{each.dims}d_{AXES[axis]}": each.points[:, axis]
            for each in self.maps
            for axis in range(each.dims)
        }


def table_of(
    recipe: Recipe,
    embeddings: Embeddings,
    maps: tuple[Projection, ...] = (),
    model: str = "",
    judged: dict[str, tuple[str, float]] | None = None,
    quality: Quality | None = None,
    excluded: Mapping[str, str] | None = None,
) -> Table:
    """Put a table together.

    Parameters
    ----------
    recipe, embeddings
        A run.
    maps
        Of the run.
    model
        Name of a classifier.
    judged
        Its class and the probability of that, by the path of each image that it was judged on.
    quality
        What may be wrong with the images; None where nobody looked.
    excluded
        Paths of the images that are left out, with the class that each had.
    """
    judged = judged or {}
    nothing = ("", np.nan)
    said = [judged.get(path, nothing) for path in embeddings.paths] if judged else []
    return Table(
        recipe,
        embeddings.vectors,
        embeddings.paths,
        embeddings.labels,
        model if judged else "",
        tuple(label for label, _ in said),
        np.array([likely for _, likely in said], np.float32) if judged else None,
        maps,
        excluded or {},
        _suspicion(quality, embeddings.paths),
    )


def _suspicion(quality: Quality | None, paths: tuple[str, ...]) -> Vectors | None:
    if quality is None or not quality.suspicion:
        return None
    return np.array([quality.suspicion.get(path, np.nan) for path in paths], np.float32)
