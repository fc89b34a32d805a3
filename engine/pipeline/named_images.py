"""Which images a file means that names them by where they lie, or lay before they were moved."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from engine.errors import EngineError
from engine.foreign.matching import matched
from engine.values import Dataset
from engine.workspace import Workspace, is_workspace


def images_named(
    names: Sequence[str], source: Path, dataset: Dataset, root: Path
) -> list[str | None]:
    """Return for each name the path of its image today, None for one that is none of them.

    A path at which one image lies now and another one lay before means the one that lay there when
    the names were written.

    Parameters
    ----------
    names
        As `engine.foreign.matching.matched` takes them.
    source
        The file that holds them.
    dataset
        The images as they lie now.
    root
        Their workspace, if there is one.

    Raises
    ------
    EngineError
        When a path means two images and the names were not written when their file was.
    """
    paths = [image.path for image in dataset.images]
    if not is_workspace(root):
        return [_at(paths, number) for number in matched(names, dataset.folder, paths)]
    written = datetime.fromtimestamp(source.stat().st_mtime, UTC)
    with Workspace.open(root) as workspace:
        left = workspace.moves.left()
        places = list(dict.fromkeys([*paths, *left]))
        then = workspace.moves.current_paths(places, written.isoformat(timespec="microseconds"))
        known = set(workspace.moves.known_paths())
    found = [_at(places, number) for number in matched(names, dataset.folder, places)]
    here, image_then = set(paths), dict(zip(places, then, strict=True))
    meant = [image_then.get(place, "") for place in found if place is not None]
    if not known.issuperset(meant):
        # Some of them lay there at another time alone: the time of the file says nothing.
        ever = {
            place: ({place} & here) | left.get(place, set()) for place in found if place is not None
        }
        for place, images in ever.items():
            if len(images) > 1:
                raise EngineError(
                    f"“{source}” speaks of “{place}”, where one image lies now and another one lay "
                    "before they were moved; save it with the paths of today."
                )
        image_then = {place: next(iter(images), "") for place, images in ever.items()}
    now = (image_then[place] if place is not None else "" for place in found)
    return [path if path in here else None for path in now]


def _at(paths: Sequence[str], number: int | None) -> str | None:
    return paths[number] if number is not None else None
