"""What a report tells, before it is written as a page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.classifier import Training
from engine.evaluation import Report
from engine.exports.table import Table
from engine.palette import Colour
from engine.quality.findings import LABEL, Quality
from engine.values import Pixels, Projection

# Reads small pictures by their paths; gives why there is none where there is none.
ReadPictures = Callable[[Sequence[str]], list[Pixels | str]]


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """title:    what the dataset is called.

    table:    all of its images.
    map:      the map to show.
    colours:  of the classes.
    training: of the latest classifier, None where there is none.
    report:   how good it is; None where there is none.
    quality:  what may be wrong with the images; None where nobody looked.
    made:     when, and by what.
    """

    title: str
    table: Table
    map: Projection
    colours: Mapping[str, Colour]
    training: Training | None = None
    report: Report | None = None
    quality: Quality | None = None
    made: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """An image whose class may be wrong.

    path:      of the image.
    given:     its class.
    suggested: the class that it more likely has, "" where that is not known.
    score:     0 to 1, the larger the more doubtful.
    """

    path: str
    given: str
    suggested: str
    score: float


def doubts(content: Content) -> list[Doubt]:
    """Return the doubtful labels, the worst first: those found, else the classifier's mistakes.

    Only those of images that count and still have the class that was judged.
    """
    table = content.table
    now = dict(zip(table.paths, table.labels, strict=True))
    return [
        each
        for each in _judged(content)
        if each.path not in table.excluded and now.get(each.path) == each.given
    ]


def _judged(content: Content) -> list[Doubt]:
    if content.quality is not None:
        found = [each for each in content.quality.findings if each.kind == LABEL]
        return [Doubt(each.path, each.given, each.suggested, each.score) for each in found]
    training = content.training
    if training is None:
        return []
    rows = np.flatnonzero(training.predicted != training.truth)
    of_given = training.probabilities[rows, training.truth[rows]]
    return [
        Doubt(
            training.paths[row],
            training.classes[training.truth[row]],
            training.classes[training.predicted[row]],
            1 - float(share),
        )
        for row, share in sorted(zip(rows, of_given, strict=True), key=lambda each: each[1])
    ]
