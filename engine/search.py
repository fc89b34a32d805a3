"""Images found by their name or class."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def search(paths: Sequence[str], labels: Sequence[str], text: str) -> NDArray[np.int64]:
    """Return the rows whose path or class contains every word of the text, in any case.

    A text that is the name of a class finds that class alone. An empty text finds nothing.
    """
    wanted = text.strip().casefold()
    if not wanted:
        return np.zeros(0, np.int64)
    whole = [row for row, label in enumerate(labels) if label.casefold() == wanted]
    if whole:
        return np.array(whole, np.int64)
    words = wanted.split()
    found = (
        row
        for row, (path, label) in enumerate(zip(paths, labels, strict=True))
        if all(word in f"{path} {label}".casefold() for word in words)
    )
    return np.fromiter(found, np.int64)
