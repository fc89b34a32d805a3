"""The names of the groups of a colouring, for the map."""

import numpy as np
from numpy.typing import NDArray

from desktop.views.widgets import shown
from engine.colouring import Colouring
from engine.excluded import EXCLUDED

MOST = 60  # more names would only cover one another


def group_labels(colouring: Colouring) -> list[tuple[str, NDArray[np.bool_]]]:
    """Return the name of each group with the (N,) mask of its points, the largest groups first."""
    names = [name for name in colouring.palette if name not in ("", EXCLUDED)]
    numbers = {name: number for number, name in enumerate(names)}
    group = np.array([numbers.get(name, -1) for name in colouring.groups], np.int64)
    sizes = np.bincount(group[group >= 0], minlength=len(names))
    largest = np.argsort(-sizes, kind="stable")[:MOST]
    return [(shown(names[number]), group == number) for number in largest if sizes[number]]
