"""The values that travel from a folder to a map. All are frozen: a new result is a new value.

Letters used for shapes everywhere: N images, D numbers per embedding, B batch, H and W pixels.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Pixels = NDArray[np.uint8]

IMPORTED = "imported"  # the pooling of vectors that another program made


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or folder that was left out, and the reason the user reads.

    path: relative to the dataset folder, with forward slashes.
    """

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImageFile:
    """One image file as it stood on disk when the folder was read.

    path:      relative to the dataset folder, with forward slashes.
    label:     its class: what the user gave in the workspace, else that of its folder; "" for none.
    size:      bytes.
    mtime_ns:  time of the last change; with ``size`` it tells whether the file changed.
    excluded:  whether the user wants it left out; its label is "" then.
    reviewed:  what the user said of findings about it: see `engine.quality.review`.
    put_aside: the class that it has once it is taken in again; "" if it is not left out.
    """

    path: str
    label: str
    size: int
    mtime_ns: int
    excluded: bool = False
    reviewed: str = ""
    put_aside: str = ""

    @property
    def folder_label(self) -> str:
        """The class that its folder says, whatever the user gave; "" in the dataset folder."""
        return self.path.rpartition("/")[0]


@dataclass(frozen=True)  # no slots: what is counted once is kept
class Dataset:
    """The images of a folder in natural order of their paths."""

    folder: Path
    images: tuple[ImageFile, ...]
    skipped: tuple[Skipped, ...] = ()

    @cached_property
    def counts(self) -> dict[str, int]:
        """Images per class in natural order; empty for a folder without classes."""
        return count_labels(image.label for image in self.images)

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """All classes in natural order, those too of which all images are left out."""
        return tuple(count_labels(image.label or image.put_aside for image in self.images))


def natural_key(text: str) -> Any:
    """Sort key that puts class 2 before class 10 and ignores upper and lower case."""
    return _natural()(text)


@cache
def _natural() -> Callable[[str], Any]:
    from natsort import natsort_keygen, ns

    return natsort_keygen(alg=ns.IGNORECASE)


def printable(text: str) -> str:
    """Replace what cannot be shown: the raw bytes of names that are not valid Unicode."""
    return text.encode("utf-8", "replace").decode()


def count_labels(labels: Iterable[str]) -> dict[str, int]:
    """Count each label, in natural order; "" (no class) is left out."""
    counts = Counter(label for label in labels if label)
    return {label: counts[label] for label in sorted(counts, key=natural_key)}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a picture becomes a vector: equal recipes give equal vectors for equal files.

    backbone:     name in `engine.backbones.BACKBONES`; what the user calls imported vectors.
    weights_hash: SHA-256 of the weights file, hexadecimal; of imported vectors themselves.
    image_size:   side of the square, pixels, to which every picture is reduced; 0 where unknown.
    pooling:      "avg", "max" or "flatten", or `IMPORTED` for vectors of another program.
    dimensions:   D.
    precision:    "f32" as Keras calculates, or "bf16", which is faster and as close as
                  `engine.converted.TOLERANCE` says.
    """

    backbone: str
    weights_hash: str
    image_size: int
    pooling: str
    dimensions: int
    precision: str = "f32"

    @property
    def is_imported(self) -> bool:
        """Whether another program made the vectors, so that none can be made here."""
        return self.pooling == IMPORTED

    @property
    def run(self) -> str:
        """Name of the run, also of its folder in the workspace."""
        if self.is_imported:
            return f"{self.backbone}-{self.pooling}-{self.weights_hash[:8]}"
        fast = "" if self.precision == "f32" else f"-{self.precision}"
        return f"{self.backbone}-{self.image_size}-{self.pooling}-{self.weights_hash[:8]}{fast}"


@dataclass(frozen=True, slots=True, eq=False)
class Embeddings:
    """One vector per embedded image, in the order of the dataset.

    vectors:  (N, D) float32 as the backbone's pooling gives them, not normalised.
    paths:    N paths relative to the dataset folder.
    labels:   N classes, "" where there is none.
    run:      name of the run that made them.
    excluded: paths of those that the user wants left out; they have no class.
    """

    vectors: Vectors
    paths: tuple[str, ...]
    labels: tuple[str, ...]
    run: str
    excluded: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        check_rows(self.vectors, self.paths, self.labels)


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Embeddings reduced to coordinates that can be looked at.

    points:     (N, 2) or (N, 3) float32.
    paths:      N paths relative to the dataset folder.
    labels:     N classes, "" where there is none.
    method:     "pca", "umap", "tsne" or "axes".
    run:        name of the run it was computed from.
    parameters: what it was computed with, ready for JSON.
    """

    points: Vectors
    paths: tuple[str, ...]
    labels: tuple[str, ...]
    method: str
    run: str
    parameters: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_rows(self.points, self.paths, self.labels)

    @property
    def dims(self) -> int:
        """2 or 3."""
        return int(self.points.shape[1])


@dataclass(frozen=True, slots=True, eq=False)
class KnnGraph:
    """The nearest neighbours of every embedding among the others, nearest first.

    indices:   (N, k) int64 rows; a row is never its own neighbour.
    distances: (N, k) float32.
    metric:    "cosine" (1 - cosine similarity) or "euclidean".
    """

    indices: NDArray[np.int64]
    distances: Vectors
    metric: str

    @property
    def k(self) -> int:
        """How many neighbours each row has."""
        return int(self.indices.shape[1])

    def nearest(self, k: int) -> "KnnGraph":
        """Return the graph of the ``k`` nearest alone."""
        return KnnGraph(self.indices[:, :k], self.distances[:, :k], self.metric)


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """numbers: (N,) int64, the cluster of each image from 0 on, -1 for none.

    representatives: the row that stands for each cluster: the one nearest to its middle.
    """

    numbers: NDArray[np.int64]
    representatives: NDArray[np.int64]


def check_rows(rows: Vectors, paths: tuple[str, ...], labels: tuple[str, ...]) -> None:
    """Make sure that there is one row of float32 per path and label.

    Raises
    ------
    ValueError
        When not. That is a fault of the caller, never a mistake of the user.
    """
    if rows.dtype != np.float32 or rows.ndim != 2 or not len(rows) == len(paths) == len(labels):
        raise ValueError(
            f"expected one row of float32 per image, got {rows.dtype} {rows.shape} "
            f"for {len(paths)} paths and {len(labels)} labels"
        )
