"""Images that are left out: grey, and a group of their own, whatever the colours say."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.colouring import NOTHING, Colouring

EXCLUDED = "/excluded"  # name of their group, which no class can have


def with_excluded(colouring: Colouring, rows: NDArray[np.int64]) -> Colouring:
    """Return the colouring with some of its N points left out.

    Parameters
    ----------
    colouring
        Of all points.
    rows
        Those that are left out.
    """
    if not len(rows):
        return colouring
    colours = colouring.colours.copy()
    colours[rows] = NOTHING
    if colouring.scale is not None:
        return replace(colouring, colours=colours)
    groups = np.array(colouring.groups, object)
    of_these = set(groups[rows].tolist())
    groups[rows] = EXCLUDED
    emptied = of_these.difference(groups.tolist())
    palette = {name: colour for name, colour in colouring.palette.items() if name not in emptied}
    return replace(
        colouring,
        colours=colours,
        groups=tuple(groups.tolist()),
        palette={**palette, EXCLUDED: NOTHING},
    )
