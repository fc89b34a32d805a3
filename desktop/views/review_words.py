"""What the window says of findings."""

from engine.quality.findings import DUPLICATE, LABEL, ODD, OUTLIER, Finding
from engine.quality.queue import ALL, OPEN, SETTLED, SKIPPED

KIND_NAMES = {
    LABEL: "Labels",
    DUPLICATE: "Duplicates",
    OUTLIER: "Outliers",
    ODD: "Odd pictures",
}
WHICH_NAMES = {OPEN: "To look at", SKIPPED: "Skipped", SETTLED: "Settled", ALL: "All"}
HOW_SURE = (
    (0.9, "Very probably wrong"),
    (0.7, "Probably wrong"),
    (0.4, "Perhaps wrong"),
    (0.0, "Slightly doubtful"),
)
ISSUES = {
    "dark": "Very dark",
    "bright": "Very bright",
    "blurred": "Blurred",
    "empty": "Shows next to nothing",
    "aspect": "Unusually long or narrow",
    "small": "Very small",
    "unreadable": "Cannot be read",
    "exact": "Exact copy",
    "near": "Near copy",
}
NO_CLASS = "no class"


def headline(finding: Finding) -> str:
    """Say in a few words what may be wrong."""
    if finding.kind == LABEL:
        return next(text for least, text in HOW_SURE if finding.score >= least)
    if finding.kind == DUPLICATE:
        conflict = ", other class" if finding.conflict else ""
        return ISSUES.get(finding.issue, "Copy") + conflict
    if finding.kind == OUTLIER:
        return "Unlike all others"
    return ISSUES.get(finding.issue, "Odd picture")


def in_short(finding: Finding) -> str:
    """Say in the list what may be wrong."""
    if finding.kind == LABEL:
        return f"{finding.given or NO_CLASS} → {finding.suggested or NO_CLASS}"
    return headline(finding)


def size_in_words(size: int) -> str:
    """Say how many bytes a file has."""
    value = float(size)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def differences(
    size: int, other_size: int, pixels: tuple[int, int], other_pixels: tuple[int, int]
) -> str:
    """Say what tells a file from the other one of a pair."""
    said = []
    if pixels != other_pixels and all((*pixels, *other_pixels)):
        area, other = pixels[0] * pixels[1], other_pixels[0] * other_pixels[1]
        said.append("fewer pixels" if area < other else "more pixels" if area > other else
                    "another shape")  # fmt: skip
    if size != other_size:
        less = size_in_words(abs(size - other_size))
        said.append(f"{less} {'smaller' if size < other_size else 'larger'}")
    return ", ".join(said) if said else "of the same size"
