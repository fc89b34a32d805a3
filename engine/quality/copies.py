"""Which copy of a picture stays, once others are left out, gone or called otherwise."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from engine.quality.findings import DUPLICATE, EXACT, NEAR, Finding, Quality
from engine.values import ImageFile, printable
from engine.wording import mark

NEAR_AT_MOST = 0.99  # nothing but the same file is certain


class Copies:
    """The groups of copies that were found in a run."""

    def __init__(self, quality: Quality) -> None:
        self._group_of = {path: group for group in quality.duplicates for path in group}
        self._is_exact = {
            each.path: each.issue == EXACT for each in quality.findings if each.kind == DUPLICATE
        }

    def left(self, finding: Finding, counts: Callable[[str], bool]) -> Finding | None:
        """Return a finding as it is when images of its group no longer count.

        Parameters
        ----------
        finding
            Of any kind; one that is about no copy stays as it is.
        counts
            Tells of a path whether its image is in the dataset and not left out.

        Returns
        -------
        Finding or None
            It names the first image of its group that counts as the one that would stay; None where
            that is its own, or where no image of the group counts.
        """
        if finding.kind != DUPLICATE:
            return finding
        group = self._group_of.get(finding.path, (finding.twin, finding.path))
        twin = next(filter(counts, group), finding.path)
        if twin == finding.path:
            return None
        if twin == finding.twin:
            return finding
        if finding.issue == EXACT and self._is_exact.get(twin):  # both are the file that stayed
            return replace(finding, twin=twin)
        return replace(finding, twin=twin, issue=NEAR, score=min(finding.score, NEAR_AT_MOST))


def sentence_of(finding: Finding, images: Mapping[str, ImageFile]) -> str:
    """Return one short sentence that says to the user what may be wrong.

    Parameters
    ----------
    finding
        What was found.
    images
        As they are now, by path.
    """
    if finding.kind != DUPLICATE:
        return finding.says
    is_exact, name = finding.issue == EXACT, printable(finding.twin)
    image, twin = images.get(finding.path), images.get(finding.twin)
    if image is None or twin is None or twin.label in ("", image.label):
        return mark(
            f"The same file as “{name}”." if is_exact else f"Shows the same picture as “{name}”."
        )
    label = printable(twin.label)
    return mark(
        f"The same file as “{name}”, which is in class “{label}”."
        if is_exact
        else f"Shows the same picture as “{name}”, which is in class “{label}”."
    )
