"""The pictures from elsewhere as rings on the map."""

from collections.abc import Mapping

import numpy as np

from desktop.outside import OutsidePicture
from desktop.state import State
from desktop.views.map_outside import Ring
from desktop.views.widgets import shown
from engine.colouring import NOTHING
from engine.placing import neighbor_weights


def pictures_of(state: State) -> tuple[OutsidePicture, ...]:
    """Return the pictures from elsewhere that are looked at."""
    return state.outside.pictures if state.outside is not None else ()


def rings_of(state: State, row_of: Mapping[str, int]) -> list[Ring]:
    """Return a ring for each of them that has neighbours on the map, whose rows are by path."""
    colours = state.colours
    rings = []
    for number, picture in enumerate(pictures_of(state)):
        here = [item for item in picture.neighbors if item.path in row_of]
        if here:
            rows = np.array([row_of[item.path] for item in here], np.int64)
            weights = neighbor_weights(np.array([item.distance for item in here]))
            named = picture.prediction.label if picture.prediction is not None else ""
            colour = colours.get(named, NOTHING)
            tip = shown(f"{picture.file.name}\n{picture.says}")
            rings.append(Ring(number, rows, weights, colour, tip))
    return rings
