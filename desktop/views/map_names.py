"""The names that are written on the map, each in the middle of its visible points."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SAMPLE = 2_000  # points that are looked at to find the middle of a class

Where = NDArray[np.bool_] | NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Label:
    """A name in the map: where, (3,) float32, and for how many points."""

    text: str
    centre: NDArray[np.float32]
    weight: float


@dataclass(frozen=True, slots=True)
class Name:
    """A name and the rows it is for, or its place when it is for none."""

    text: str
    rows: NDArray[np.int64]
    place: NDArray[np.float32] | None = None


def as_names(labels: Sequence[tuple[str, Where]]) -> list[Name]:
    """Read texts, each with a mask of its rows or with a place."""
    names = []
    for text, where in labels:
        if where.dtype == bool:
            names.append(Name(text, np.flatnonzero(where)))
        else:
            names.append(Name(text, np.zeros(0, np.int64), np.asarray(where, np.float32)))
    return names


def place_names(
    names: Sequence[Name], points: NDArray[np.float32], visible: NDArray[np.bool_]
) -> list[Label]:
    """Return the labels of the names that have a place or a visible point."""
    labels = []
    for name in names:
        if name.place is not None:
            labels.append(Label(name.text, name.place, 0.0))
            continue
        rows = name.rows[visible[name.rows]]
        if len(rows):
            some = rows[:: len(rows) // SAMPLE + 1]
            labels.append(Label(name.text, np.median(points[some], axis=0), float(len(rows))))
    return labels
