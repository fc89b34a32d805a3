"""The names of the groups of a colouring, for the map."""

import numpy as np
from numpy.typing import NDArray

from desktop.language import told
from desktop.views.widgets import shown
from engine.colouring import CLUSTERS, VERDICT, Colouring
from engine.excluded import EXCLUDED

MOST = 60  # more names would only cover one another
NAMED_HERE = (CLUSTERS, VERDICT)  # colourings whose groups the program names, not the user


def group_labels(colouring: Colouring) -> list[tuple[str, NDArray[np.bool_]]]:
    """Return the name of each group with the (N,) mask of its points, the largest groups first."""
    names = [name for name in colouring.palette if name not in ("", EXCLUDED)]
    numbers = {name: number for number, name in enumerate(names)}
    group = np.array([numbers.get(name, -1) for name in colouring.groups], np.int64)
    sizes = np.bincount(group[group >= 0], minlength=len(names))
    largest = np.argsort(-sizes, kind="stable")[:MOST]
    return [
        (group_name(names[number], colouring.title), group == number)
        for number in largest
        if sizes[number]
    ]


def group_name(name: str, title: str) -> str:
    """Return what a group is called in a colouring of that title; classes keep their names."""
    return told(name) if title in NAMED_HERE else shown(name)
