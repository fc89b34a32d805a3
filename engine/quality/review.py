"""What the user said of findings about an image, and which findings are still to be looked at.

It is kept as words of kind and verdict, such as "image:skip label:keep".
"""

from engine.quality.findings import LABEL, Finding
from engine.values import ImageFile

KEEP, SKIP = "keep", "skip"  # the image is fine; the user decides later


def verdict_on(reviewed: str, kind: str) -> str:
    """Return what was said of a kind of finding: `KEEP`, `SKIP` or "" for nothing."""
    if not reviewed:  # most are not: asked for thousands at each key
        return ""
    return dict(word.split(":") for word in reviewed.split()).get(kind, "")


def with_verdict(reviewed: str, kind: str, verdict: str) -> str:
    """Return what is said once this is said, too; the verdict "" takes back what was said."""
    said = dict(word.split(":") for word in reviewed.split())
    said[kind] = verdict
    return " ".join(f"{kind}:{said[kind]}" for kind in sorted(said) if said[kind])


def is_open(finding: Finding, image: ImageFile) -> bool:
    """Whether a finding about an image still waits for the user.

    It does not once the image is excluded or found to be fine, or, when its class is doubted, has
    another class. What was skipped still waits. Of a copy see `engine.quality.copies`, too: it is
    none any more when the others are excluded.
    """
    if image.excluded or verdict_on(image.reviewed, finding.kind) == KEEP:
        return False
    return finding.kind != LABEL or image.label == finding.given
