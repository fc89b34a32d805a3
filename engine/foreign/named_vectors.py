"""Vectors as a file gives them, each with the name of its image; and what may be wrong with one."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.values import Vectors
from engine.wording import mark

VECTORS = ("vectors", "vector", "embeddings", "embedding", "features", "feature")
# What the column or array with the names of the images may be called, in upper or lower case.
NAMES = (
    "path", "paths", "file", "files", "filename", "filenames", "file_name", "file_path",
    "filepath", "image", "images", "image_path", "name", "names",
)  # fmt: skip
NO_PATHS = mark(
    "does not say which images its rows belong to; choose a list of their paths (--paths), one a "
    "line"
)


class UnusableError(Exception):
    """``str(error)`` is what is wrong with a file, and what to do, after its name."""


@dataclass(frozen=True, slots=True, eq=False)
class NamedVectors:
    """vectors: (M, D) float32; a row may hold numbers that are not finite.

    names: M, as the file calls the images.
    """

    vectors: Vectors
    names: tuple[str, ...]


def chosen(names: tuple[str, ...], wanted: tuple[str, ...]) -> str | None:
    """Return the first of the wanted names that there is, in upper or lower case."""
    by_lower = {name.strip().lower(): name for name in reversed(names)}
    return next((by_lower[name] for name in wanted if name in by_lower), None)


def as_vectors(array: NDArray[Any]) -> Vectors:
    """Return numbers of any kind as (M, D) float32.

    Raises
    ------
    UnusableError
        When they are no table of numbers.
    """
    if array.dtype.kind not in "fiu" or array.ndim != 2 or 0 in array.shape:
        raise UnusableError(
            f"holds {array.dtype} of the shape {array.shape}; save one row of numbers for each "
            "image"
        )
    with np.errstate(over="ignore"):  # what is too large becomes infinite, and is told as such
        return np.asarray(array, np.float32)


def named(vectors: Vectors, names: tuple[str, ...]) -> NamedVectors:
    """Put vectors and names together.

    Raises
    ------
    UnusableError
        When there are not as many of one as of the other.
    """
    if len(vectors) != len(names):
        raise UnusableError(wrong_count(len(vectors), len(names)))
    return NamedVectors(vectors, names)


def wrong_count(rows: int, names: int) -> str:
    """Say that there are not as many rows as names."""
    return mark(f"has {rows:,} rows of numbers for {names:,} paths; save one for each")
