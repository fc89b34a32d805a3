"""What was found to be wrong, as text of JSON and back."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from engine.quality.copies import Copies
from engine.quality.findings import Finding, Quality

FORMAT = 1  # of the text; another one is not read


def as_json(quality: Quality) -> dict[str, Any]:
    """Return what `from_json` reads, ready for JSON."""
    return {"format": FORMAT, **asdict(quality)}


def from_json(kept: dict[str, Any]) -> Quality:
    """Return what was found.

    Raises
    ------
    ValueError, TypeError, KeyError
        When it is not what `as_json` made.
    """
    if kept["format"] != FORMAT:
        raise ValueError(f"format {kept['format']}")
    known = {name: value for name, value in kept.items() if name != "format"}
    return replace(
        Quality(**known),
        findings=tuple(Finding(**each) for each in kept["findings"]),
        duplicates=tuple(tuple(group) for group in kept["duplicates"]),
        suspicion={str(path): float(value) for path, value in kept["suspicion"].items()},
        notes=tuple(kept["notes"]),
    )


def with_paths(quality: Quality, moved: Mapping[str, str]) -> Quality:
    """Return what was found of images that have other paths now, "" for those that are gone.

    Paths that are not named stay. Where the image of a group that would stay is gone, the next one
    would.
    """
    copies = Copies(quality)

    def now(path: str) -> str:
        return moved.get(path, path)

    def is_there(path: str) -> bool:
        return now(path) != ""

    left = [copies.left(each, is_there) for each in quality.findings if is_there(each.path)]
    return replace(
        quality,
        findings=tuple(
            replace(finding, path=now(finding.path), twin=now(finding.twin))
            for finding in left
            if finding is not None
        ),
        duplicates=tuple(
            group
            for group in (tuple(filter(None, map(now, each))) for each in quality.duplicates)
            if len(group) > 1
        ),
        suspicion={now(path): value for path, value in quality.suspicion.items() if now(path)},
    )
