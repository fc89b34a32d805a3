"""The user gives classes; what they teach of the other images is suggested."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from engine.pipeline.graph import read_run
from engine.progress import Progress
from engine.suggestions import Suggestions
from engine.suggestions import suggest as suggest_classes
from engine.values import ImageFile
from engine.workspace import Edit, History, Workspace


@dataclass(frozen=True, slots=True)
class Relabelled:
    """What became of the classes.

    text:    of the edit, such as "fish → trees, 12 images"; "" when nothing changed.
    images:  the images that it is about as they are now, by path.
    history: what can be undone and redone now.
    """

    text: str
    images: dict[str, ImageFile]
    history: History


def assign(root: Path, paths: Iterable[str], label: str) -> Relabelled:
    """Give images a class, "" to take it away: see `Workspace.assign`."""
    return _edited(root, lambda workspace: workspace.assign(paths, label))


def rename_class(root: Path, old: str, new: str) -> Relabelled:
    """Call a class otherwise: see `Workspace.rename_class`."""
    return _edited(root, lambda workspace: workspace.rename_class(old, new))


def exclude(root: Path, paths: Iterable[str], excluded: bool = True) -> Relabelled:
    """Leave images out, or take them in again: see `Workspace.exclude`."""
    return _edited(root, lambda workspace: workspace.exclude(paths, excluded))


def review(root: Path, paths: Iterable[str], kind: str, verdict: str) -> Relabelled:
    """Note what the user says of a finding about images: see `Workspace.review`."""
    return _edited(root, lambda workspace: workspace.review(paths, kind, verdict))


def undo(root: Path) -> Relabelled:
    """Take the latest edit back: see `Workspace.undo`."""
    return _edited(root, Workspace.undo)


def redo(root: Path) -> Relabelled:
    """Do again what was undone last: see `Workspace.redo`."""
    return _edited(root, Workspace.redo)


def as_they_are(root: Path) -> Relabelled:
    """Tell what can be undone and what lies elsewhere on the disk; nothing is changed."""
    return _edited(root, lambda _: None)


def suggest(root: Path, run: str | None = None, progress: Progress | None = None) -> Suggestions:
    """Suggest classes for the images of a run that have none, and an order to look at them.

    Parameters
    ----------
    root
        The workspace.
    run
        Which embeddings; by default the latest.
    progress
        Hears the steps.

    Raises
    ------
    EngineError
        When there is no workspace, no such run, or nothing embedded.
    Cancelled
        From ``progress``. Neighbours that were found are kept.
    """
    progress = progress or Progress()
    known = read_run(root, run, progress)
    return suggest_classes(known.embeddings, known.graph, progress)


def _edited(root: Path, change: Callable[[Workspace], Edit | None]) -> Relabelled:
    with Workspace.open(root) as workspace:
        edit = change(workspace)
        changed = workspace.changed(edit) if edit is not None else []
        history = workspace.history()
    return Relabelled(
        text=edit.text if edit is not None else "",
        images={image.path: image for image in changed},
        history=history,
    )
