"""The dataset folder is read, once the workspace knows where a move that was cut short has led."""

from pathlib import Path

from engine.dataset import read_dataset
from engine.errors import AllExcludedError, EngineError
from engine.pipeline.applying import settle_moves
from engine.progress import Progress
from engine.values import Dataset
from engine.workspace import Workspace, default_root, is_workspace


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
        When the folder has no images, or a move cannot be settled. An `AllExcludedError` says
        whether its workspace can move the images back.
    Cancelled
        From ``progress``.
    """
    root = root or default_root(folder)
    settle_moves(root)
    try:
        return read_dataset(folder, progress)
    except AllExcludedError as error:
        if is_workspace(root):
            with Workspace.open(root) as workspace:
                error.root = root if workspace.moves.applied() else None
        raise


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
