"""What the window says of findings."""

from desktop.language import tr
from engine.quality.findings import DUPLICATE, LABEL, ODD, OUTLIER, Finding
from engine.quality.queue import ALL, OPEN, SETTLED, SKIPPED, Wanted
from engine.wording import mark

KIND_NAMES = {
    LABEL: mark("Labels"),
    DUPLICATE: mark("Duplicates"),
    OUTLIER: mark("Outliers"),
    ODD: mark("Odd pictures"),
}
WHICH_NAMES = {
    OPEN: mark("To look at"),
    SKIPPED: mark("Skipped"),
    SETTLED: mark("Settled"),
    ALL: mark("All"),
}
HOW_SURE = (
    (0.9, mark("Very probably wrong")),
    (0.7, mark("Probably wrong")),
    (0.4, mark("Perhaps wrong")),
    (0.0, mark("Slightly doubtful")),
)
ISSUES = {
    "dark": mark("Very dark"),
    "bright": mark("Very bright"),
    "blurred": mark("Blurred"),
    "empty": mark("Shows next to nothing"),
    "aspect": mark("Unusually long or narrow"),
    "small": mark("Very small"),
    "unreadable": mark("Cannot be read"),
    "exact": mark("Exact copy"),
    "near": mark("Near copy"),
}
DUPLICATE_OF, ODD_PICTURE = mark("Duplicate"), mark("Odd picture")
NO_CLASS = mark("no class")
UNITS = (
    mark("{size:.0f} bytes"), mark("{size:.1f} kB"), mark("{size:.1f} MB"), mark("{size:.1f} GB"),
)  # fmt: skip


def headline(finding: Finding) -> str:
    """Say in a few words what may be wrong."""
    if finding.kind == LABEL:
        return next(tr(text) for least, text in HOW_SURE if finding.score >= least)
    if finding.kind == DUPLICATE:
        copy = tr(ISSUES.get(finding.issue, DUPLICATE_OF))
        return tr("{copy}, other class", copy=copy) if finding.conflict else copy
    if finding.kind == OUTLIER:
        return tr("Unlike all others")
    return tr(ISSUES.get(finding.issue, ODD_PICTURE))


def in_short(finding: Finding) -> str:
    """Say in the list what may be wrong."""
    if finding.kind == LABEL:
        no_class = tr(NO_CLASS)
        return f"{finding.given or no_class} → {finding.suggested or no_class}"
    return headline(finding)


def why_none(wanted: Wanted, total: int) -> str:
    """Say why there is nothing to look at, where so many were found of the kind in all."""
    if not total:
        return tr("Nothing of this kind was found.")
    if wanted.which == OPEN and not wanted.name:
        return tr("Everything of this kind is looked at.")
    return tr("Nothing of this kind here; choose another list or class.")


def size_in_words(size: int) -> str:
    """Say how many bytes a file has."""
    value = float(size)
    for text in UNITS[:-1]:
        if value < 1000:
            return tr(text, size=value)
        value /= 1000
    return tr(UNITS[-1], size=value)


def differences(
    size: int, other_size: int, pixels: tuple[int, int], other_pixels: tuple[int, int]
) -> str:
    """Say what tells a file from the other one of a pair."""
    said = []
    if pixels != other_pixels and all((*pixels, *other_pixels)):
        area, other = pixels[0] * pixels[1], other_pixels[0] * other_pixels[1]
        said.append(tr("fewer pixels") if area < other else tr("more pixels") if area > other else
                    tr("another shape"))  # fmt: skip
    if size != other_size:
        less = size_in_words(abs(size - other_size))
        said.append(
            tr("{size} smaller", size=less) if size < other_size else tr("{size} larger", size=less)
        )
    return ", ".join(said) if said else tr("of the same size")
