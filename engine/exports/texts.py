"""Numbers and names as lines of text, from which they are read again as they were."""

from collections.abc import Iterator, Sequence

import numpy as np

from engine.exports.table import Column
from engine.values import Vectors

EXACT = "%.9g"  # so many digits give every float32 back


def cells(column: Column) -> Iterator[str]:
    """Give each value of a column as text; "" for no number."""
    if isinstance(column, np.ndarray):
        return ("" if number != number else EXACT % number for number in column.tolist())
    return iter(column)


def lines(vectors: Vectors, separator: str = "\t") -> Sequence[str]:
    """Return a line for each vector."""
    pattern = separator.join([EXACT] * vectors.shape[1])
    return [pattern % tuple(row) for row in vectors.tolist()]


def encoded(text: str) -> bytes:
    """Return text as UTF-8; names of files that are no Unicode keep the bytes they have."""
    return text.encode("utf-8", "surrogateescape")
