"""Pictures that are odd by themselves: too dark, blurred, nothing on them, of another shape.

Odd is what passes a limit and is also unlike the dataset: scans are bright, drawings hold little,
thumbnails are small, and nothing is wrong with them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.quality.findings import ODD, Finding
from engine.quality.picture_facts import PERCENTILES, PictureFacts
from engine.values import ImageFile, Skipped
from engine.wording import mark

DARK, BRIGHT, BLURRED, EMPTY = "dark", "bright", "blurred", "empty"
ASPECT, SMALL, UNREADABLE = "aspect", "small", "unreadable"

MOST_STRETCHED = 2.5  # times as wide, or as high, as is usual in the dataset
SPREADS = 3.0  # times the range of the middle half of all shapes

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Check:
    """values: (M,), odd when below ``limit`` and below ``share`` of their median in the dataset."""

    issue: str
    values: Values
    limit: float
    share: float
    says: str

    def scores(self) -> Values:
        """Return (M,): 0 for what is not odd, else 0.5 at the limit to 1."""
        limit = min(self.limit, self.share * float(np.median(self.values)))
        is_odd = self.values < limit
        return np.where(is_odd, 1 - 0.5 * self.values / (limit or 1.0), 0.0)


def find_odd_pictures(
    images: Sequence[ImageFile], facts: PictureFacts, skipped: Sequence[Skipped] = ()
) -> list[Finding]:
    """Return the pictures that are odd by themselves, those that cannot be read first.

    Of what can be seen in a picture (dark, bright, empty, blurred) only the first is said.

    Parameters
    ----------
    images
        All images, with their classes.
    facts
        Of those that could be read.
    skipped
        What the workspace knows could not be read; entries that are no images are passed over.
    """
    labels = {image.path: image.label for image in images}
    reasons = {entry.path: entry.reason for entry in (*skipped, *facts.unreadable)}
    readable = set(facts.paths)
    found = [
        Finding(
            ODD, path, 1.0, given=labels[path], issue=UNREADABLE, says=mark(f"The file {reason}.")
        )
        for path, reason in reasons.items()
        if path in labels and path not in readable
    ]
    if facts.paths:
        odd = [*_seen(facts), *_outside(facts)]
        odd.sort(key=lambda entry: -entry[1])
        found += [
            Finding(
                ODD,
                facts.paths[row],
                score,
                given=labels[facts.paths[row]],
                issue=check.issue,
                says=check.says,
            )
            for row, score, check in odd
        ]
    return found


def _seen(facts: PictureFacts) -> Iterator[tuple[int, float, _Check]]:
    """Yield row, score and check of what can be seen, one for each picture."""
    level = dict(zip(PERCENTILES, facts.brightness.T.astype(np.float64), strict=True))
    is_done = np.zeros(len(facts.paths), bool)
    for check in (
        _Check(DARK, level[99], 80, 0.5, mark("Almost everything is dark.")),
        _Check(BRIGHT, 255 - level[5], 25, 0.5, mark("Almost everything is white.")),
        _Check(
            EMPTY, facts.information.astype(np.float64), 1.0, 0.4, mark("Shows almost nothing.")
        ),
        _Check(BLURRED, facts.sharpness.astype(np.float64), 0.38, 0.6, mark("Blurred.")),
    ):
        scores = np.where(is_done, 0, check.scores())
        is_done |= scores > 0
        yield from _odd(scores, check)


def _outside(facts: PictureFacts) -> Iterator[tuple[int, float, _Check]]:
    """Yield row, score and check of sizes and shapes."""
    wide, high = facts.sizes.T.astype(np.float64)
    side = np.sqrt(wide * high)
    small = _Check(SMALL, side, 64, 0.4, mark("Much smaller than the others."))
    yield from _odd(small.scores(), small)
    shape = np.log(wide / high)
    low, middle, top = np.percentile(shape, (25, 50, 75))
    usual = max(float(np.log(MOST_STRETCHED)), SPREADS * float(top - low))
    away = usual / np.maximum(np.abs(shape - middle), 1e-9)
    # The median of a share would say nothing here: the limit is the dataset's own already.
    aspect = _Check(ASPECT, away, 1.0, np.inf, mark("Much wider or higher than the others."))
    yield from _odd(aspect.scores(), aspect)


def _odd(scores: Values, check: _Check) -> Iterator[tuple[int, float, _Check]]:
    for row in np.flatnonzero(scores).tolist():
        yield row, float(scores[row]), check
