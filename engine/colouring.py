"""What the colours of the points say: a group each, or a value on a scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from engine.classifier import Training
from engine.palette import WITHOUT_CLASS, Colour, first_colours
from engine.quality.findings import Quality
from engine.suggestions import Suggestions
from engine.values import Clusters
from engine.wording import mark

Colours = NDArray[np.uint8]

# The titles, in the order in which they are offered.
CLASSES, CLUSTERS, AGREEMENT = mark("Classes"), mark("Clusters"), mark("Map agreement")
PREDICTED, CONFIDENCE = mark("Predicted classes"), mark("Confidence")
VERDICT = mark("Right or wrong")
OF_TRAINING = (PREDICTED, CONFIDENCE, VERDICT)
SUGGESTED, SUSPICION = mark("Suggested classes"), mark("Suspicion")
RIGHT, WRONG = mark("right"), mark("wrong")
DOUBTFUL, UNSURE, SURE = mark("doubtful"), mark("unsure"), mark("sure")

PALEST = 0.25  # how much of its colour a class keeps that is not sure at all

# Orange to blue through grey: told apart with every common colour weakness, and seen on white and
# on near-black, which scales that end in yellow or violet are not.
SCALE: tuple[Colour, ...] = (
    (213, 94, 0),
    (238, 160, 88),
    (168, 168, 172),
    (96, 164, 220),
    (0, 104, 190),
)
VERDICTS = {RIGHT: SCALE[-1], WRONG: SCALE[0]}
NOTHING: Colour = (140, 144, 152)  # of points that have no group or no value


@dataclass(frozen=True, slots=True)
class Scale:
    """What the ends of the scale stand for.

    low, high: the values at the two ends; the first may be the larger one.
    low_text, high_text: what they mean to a person.
    """

    low: float
    high: float
    low_text: str
    high_text: str


@dataclass(frozen=True, slots=True, eq=False)
class Colouring:
    """One way to colour N points.

    title:           what the legend is headed with.
    colours:         (N, 3) uint8.
    groups:          the group of each point, "" for none; empty for a scale.
    palette:         the groups in the order of the legend, with their colours.
    scale:           None for groups.
    of_map:          whether it holds for one map alone, not for every map of the same images.
    representatives: the row that stands for a group, of those groups that have one.
    """

    title: str
    colours: Colours
    groups: tuple[str, ...] = ()
    palette: dict[str, Colour] = field(default_factory=dict)
    scale: Scale | None = None
    of_map: bool = False
    representatives: dict[str, int] = field(default_factory=dict)


def by_class(labels: Sequence[str], colours: Mapping[str, Colour]) -> Colouring:
    """Give N points the colours of their classes; those without a class share one."""
    without = NOTHING if colours else WITHOUT_CLASS
    return _by_group(CLASSES, tuple(labels), dict(colours), without)


def by_cluster(clusters: Clusters) -> Colouring:
    """Give each cluster a colour, the largest first; points in none are grey."""
    inside = clusters.numbers[clusters.numbers >= 0]
    numbers, counts = np.unique(inside, return_counts=True)
    ranked = numbers[np.argsort(-counts, kind="stable")]
    names = {int(number): mark(f"Cluster {rank}") for rank, number in enumerate(ranked, start=1)}
    palette = dict(zip(names.values(), first_colours(len(names)), strict=True))
    groups = tuple(names.get(int(number), "") for number in clusters.numbers)
    rows = {name: int(clusters.representatives[number]) for number, name in names.items()}
    return replace(_by_group(CLUSTERS, groups, palette, NOTHING), representatives=rows)


def by_suggestion(
    suggestions: Suggestions,
    paths: Sequence[str],
    labels: Sequence[str],
    colours: Mapping[str, Colour],
) -> Colouring:
    """Give N images their class, or the suggested one, which is paler the less sure it is."""
    places = {path: place for place, path in enumerate(suggestions.paths)}
    said = [
        -1 if label else places.get(path, -1) for path, label in zip(paths, labels, strict=True)
    ]
    guesses = (*suggestions.labels, "")
    groups = [label or guesses[place] for label, place in zip(labels, said, strict=True)]
    # A class that was given up since is not suggested any more.
    coloured = by_class([name if name in colours else "" for name in groups], colours)
    sure = np.append(suggestions.probability, 1.0)[said][:, None]
    faded = PALEST + (1 - PALEST) * sure
    mixed = coloured.colours * faded + np.array(NOTHING) * (1 - faded)
    return replace(coloured, title=SUGGESTED, colours=mixed.round().astype(np.uint8))


def by_training(
    title: str,
    training: Training,
    paths: Sequence[str],
    labels: Sequence[str],
    colours: Mapping[str, Colour],
) -> Colouring:
    """Colour N images by what a classifier said of those that it was judged on.

    Parameters
    ----------
    title
        One of `OF_TRAINING`.
    training
        Its predictions are by classifiers that had not seen the image.
    paths
        Of the N images; those that were not judged are grey.
    labels
        Their classes as they are now, which may have changed since.
    colours
        Of all classes that it knows.
    """
    rows = {path: row for row, path in enumerate(training.paths)}
    judged = [rows.get(path, -1) for path in paths]
    predicted = training.predicted
    if title == CONFIDENCE:
        sure = np.append(training.probabilities.max(axis=1), np.nan)
        return by_value(title, sure[judged], Scale(0.0, 1.0, UNSURE, SURE))
    if title == VERDICT:
        names = (*(training.classes[number] for number in predicted), "")
        said = [
            (RIGHT if names[row] == label else WRONG) if row >= 0 and label else ""
            for row, label in zip(judged, labels, strict=True)
        ]
        return _by_group(title, tuple(said), dict(VERDICTS), NOTHING)
    taken = tuple(training.classes[predicted[row]] if row >= 0 else "" for row in judged)
    return replace(by_class(taken, {name: colours[name] for name in training.classes}), title=title)


def by_suspicion(quality: Quality, paths: Sequence[str]) -> Colouring:
    """Colour N images by how doubtful their class was; those that were not judged are grey."""
    values = np.array([quality.suspicion.get(path, np.nan) for path in paths], np.float64)
    return by_value(SUSPICION, values, Scale(1.0, 0.0, DOUBTFUL, SURE))


def by_value(
    title: str, values: NDArray[np.floating], scale: Scale, of_map: bool = False
) -> Colouring:
    """Place each value on the scale; values that are not finite are grey.

    Parameters
    ----------
    title
        What the legend is headed with.
    values
        (N,) numbers; those beyond the ends get the colour of the end.
    scale
        The ends.
    of_map
        Whether the values are of one map alone.
    """
    finite = np.isfinite(values)
    share = (np.where(finite, values, scale.low) - scale.low) / ((scale.high - scale.low) or 1e-12)
    colours = scale_colours(share)
    colours[~finite] = NOTHING
    return Colouring(title, colours, scale=scale, of_map=of_map)


def scale_colours(share: NDArray[np.floating]) -> Colours:
    """Return (N, 3) uint8 for (N,) shares of the way from the low end (0) to the high one (1)."""
    stops = np.linspace(0, 1, len(SCALE))
    anchors = np.array(SCALE, np.float64)
    mixed = [np.interp(np.clip(share, 0, 1), stops, anchors[:, channel]) for channel in range(3)]
    return np.column_stack(mixed).round().astype(np.uint8)


def _by_group(
    title: str, groups: tuple[str, ...], palette: dict[str, Colour], without: Colour
) -> Colouring:
    colours = np.array([palette.get(name, without) for name in groups], np.uint8).reshape(-1, 3)
    if "" in set(groups):
        palette = {**palette, "": without}
    return Colouring(title, colours, groups, palette)
