"""Vectors from NumPy's files. Objects in them, which would run code, are refused."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.foreign.named_vectors import (
    NAMES,
    NO_PATHS,
    VECTORS,
    NamedVectors,
    UnusableError,
    as_vectors,
    chosen,
    named,
)

Names = tuple[str, ...]


def read_npy(file: Path, names: Names | None) -> NamedVectors:
    """Read one array; ``names`` say which images its rows belong to."""
    if names is None:
        raise UnusableError(NO_PATHS)
    array = np.load(file, mmap_mode="r", allow_pickle=False)
    return named(as_vectors(array), names)


def read_npz(file: Path, names: Names | None) -> NamedVectors:
    """Read an archive: its array of vectors, and that of names unless ``names`` are given."""
    with np.load(file, allow_pickle=False) as arrays:
        inside = tuple(arrays.files)
        key = chosen(inside, VECTORS) or _only(arrays, inside)
        if names is None:
            listed = chosen(inside, NAMES)
            if listed is None:
                raise UnusableError(NO_PATHS)
            names = as_names(arrays[listed])
        return named(as_vectors(arrays[key]), names)


def as_names(array: NDArray[Any]) -> Names:
    """Return an array of texts or bytes as names."""
    if array.ndim != 1 or array.dtype.kind not in "US":
        raise UnusableError(f"holds {array.dtype} as paths; save them as texts")
    return tuple(
        name if isinstance(name, str) else name.decode("utf-8", "surrogateescape")
        for name in array.tolist()
    )


def _only(arrays: Any, inside: Names) -> str:
    if len(inside) == 1:
        return inside[0]
    tables = [name for name in inside if arrays[name].ndim == 2 and arrays[name].dtype.kind in "fu"]
    if len(tables) != 1:
        raise UnusableError(
            f"holds the arrays {', '.join(inside) or '(none)'}; call the one with the vectors "
            "“vectors”"
        )
    return tables[0]
