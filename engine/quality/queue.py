"""Which findings a user looks at, and how far the user has come with them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.quality.copies import Copies
from engine.quality.findings import KINDS, LABEL, Finding
from engine.quality.review import SKIP, is_open, verdict_on
from engine.values import ImageFile

OPEN, SKIPPED, SETTLED, ALL = "open", "skipped", "settled", "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked at.

    kind:  one of `KINDS`.
    name:  a class that was given or is suggested, "" for any.
    which: `OPEN`: what nothing was said of yet; `SKIPPED`; `SETTLED`: what needs no answer any
           more; or `ALL`.
    """

    kind: str = LABEL
    name: str = ""
    which: str = OPEN


@dataclass(frozen=True, slots=True)
class Count:
    """total: all findings of a kind.    looked_at: those that are skipped or settled."""

    total: int = 0
    looked_at: int = 0

    @property
    def left(self) -> int:
        """How many nothing was said of yet."""
        return self.total - self.looked_at


def standing(finding: Finding, images: Mapping[str, ImageFile], copies: Copies) -> str:
    """Return `OPEN`, `SKIPPED` or `SETTLED`, given all images as they are now."""
    image = images[finding.path]
    if not is_open(finding, image) or now_of(finding, images, copies) is None:
        return SETTLED
    return SKIPPED if verdict_on(image.reviewed, finding.kind) == SKIP else OPEN


def now_of(finding: Finding, images: Mapping[str, ImageFile], copies: Copies) -> Finding | None:
    """Return a finding as it is with the images of now; None for a copy that is none any more."""

    def counts(path: str) -> bool:
        return path in images and not images[path].excluded

    return copies.left(finding, counts)


def fits(finding: Finding, now: str, wanted: Wanted) -> bool:
    """Whether a finding is wanted that stands like this now."""
    return (
        finding.kind == wanted.kind
        and (not wanted.name or wanted.name in (finding.given, finding.suggested))
        and wanted.which in (ALL, now)
    )


def progress(standings: Iterable[tuple[Finding, str]]) -> dict[str, Count]:
    """Count findings of each of `KINDS`, given with how they stand, and those looked at."""
    total, looked_at = dict.fromkeys(KINDS, 0), dict.fromkeys(KINDS, 0)
    for finding, now in standings:
        total[finding.kind] += 1
        looked_at[finding.kind] += now != OPEN
    return {kind: Count(total[kind], looked_at[kind]) for kind in KINDS}
