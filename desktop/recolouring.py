"""The classes of a map and its colours, made anew when what they say has changed."""

from dataclasses import replace

import numpy as np

from desktop.selection import Rows
from desktop.state import State
from engine.colouring import (
    CLASSES,
    SUGGESTED,
    SUSPICION,
    VERDICT,
    by_class,
    by_suggestion,
    by_suspicion,
    by_training,
)
from engine.palette import class_colours
from engine.values import Projection


def coloured_by_class(state: State) -> State:
    """Colour by class: made once for each map, since a map may have very many points."""
    labels = state.projection.labels if state.projection else ()
    return replace(state, colouring=by_class(labels, state.colours))


def coloured_by_suggestion(state: State) -> State:
    """Colour by what is suggested, if anything is; else by class."""
    projection, suggested = state.projection, state.suggested
    if projection is None or suggested is None:
        return coloured_by_class(state)
    names = projection.paths, projection.labels
    return replace(state, colouring=by_suggestion(suggested, *names, state.colours))


def coloured_by_training(state: State, title: str) -> State:
    """Colour by what the open classifier says, see `by_training`; as before where there is none."""
    projection, trained = state.projection, state.trained
    if projection is None or trained is None:
        return state
    training, names = trained.training, (projection.paths, projection.labels)
    # It may know classes that are gone.
    colours = class_colours((*state.classes, *training.classes), state.dealt)
    return replace(state, colouring=by_training(title, training, *names, colours))


def recoloured(state: State) -> State:
    """Renew the colours that say something of classes; others stay true."""
    title, projection = state.colouring.title, state.projection
    if title == SUGGESTED:
        return coloured_by_suggestion(state)
    if title == VERDICT:
        return coloured_by_training(state, title)
    if title == SUSPICION and projection is not None:
        quality = state.quality
        return (
            coloured_by_class(state)
            if quality is None
            else replace(state, colouring=by_suspicion(quality, projection.paths))
        )
    return coloured_by_class(state) if title == CLASSES else state


def excluded_rows(state: State) -> Rows:
    """Return the rows of the map that the user wants left out."""
    excluded = state.excluded
    if state.projection is None or not excluded:
        return np.zeros(0, np.int64)
    paths = state.projection.paths
    return np.array([row for row, path in enumerate(paths) if path in excluded], np.int64)


def relabelled(projection: Projection, classes: dict[str, str]) -> Projection:
    """Return the map with these classes; itself where they are the ones it has."""
    each = zip(projection.paths, projection.labels, strict=True)
    labels = tuple(classes.get(path, label) for path, label in each)
    return projection if labels == projection.labels else replace(projection, labels=labels)
