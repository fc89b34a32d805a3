"""The dataset folder is read, once the workspace knows where a move that was cut short has led."""

from pathlib import Path

from engine.dataset import read_dataset
from engine.errors import EngineError
from engine.pipeline.applying import settle_moves
from engine.progress import Progress
from engine.values import Dataset
from engine.workspace import Workspace, default_root


def read_folder(folder: Path, root: Path | None, progress: Progress) -> Dataset:
    """Read the folder of a workspace, or of one that is to be made.

    Parameters
    ----------
    folder
        The dataset folder.
    root
        The workspace; by default where `engine.workspace.default_root` says.
    progress
        Hears how many images were found.

    Raises
    ------
    EngineError
        When the folder has no images, or a move cannot be settled.
    Cancelled
        From ``progress``.
    """
    settle_moves(root or default_root(folder))
    return read_dataset(folder, progress)


def refuse_other_folder(workspace: Workspace, dataset: Dataset) -> None:
    """Refuse a workspace of another dataset; one whose dataset is gone may have moved with it.

    Raises
    ------
    EngineError
        When the workspace belongs to another folder.
    """
    if workspace.is_empty:
        return
    other = workspace.folder
    if other.exists() and not other.samefile(dataset.folder):
        raise EngineError(
            f"The workspace “{workspace.root}” belongs to “{other}”; "
            f"choose another place for the workspace of “{dataset.folder.name}”."
        )
