"""Embeddings become a map, and a folder that was embedded before opens with its map."""

from dataclasses import dataclass
from pathlib import Path

from engine import projection as projections
from engine.dataset import read_dataset
from engine.progress import Progress
from engine.values import Dataset, Projection, Recipe
from engine.workspace import Workspace, default_root, is_workspace

METHODS = ("pca",)


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A dataset folder with what is known about it.

    workspace:  where its workspace is, or will be.
    recipe:     of its latest run, None before the first extraction.
    projection: of that run, None before the first extraction.
    """

    dataset: Dataset
    workspace: Path
    recipe: Recipe | None = None
    projection: Projection | None = None


def project(
    root: Path,
    method: str = "pca",
    dims: int = 3,
    seed: int = 0,
    run: str | None = None,
    progress: Progress | None = None,
) -> tuple[Projection, Path]:
    """Project a run, the latest by default; a projection that is kept is not computed again.

    Returns
    -------
    projection, file
        ``file`` is the ``.npy`` file in the workspace that holds the points.

    Raises
    ------
    EngineError
        When there is no workspace, no such run, or nothing embedded.
    Cancelled
        From ``progress``.
    """
    progress = progress or Progress()
    with Workspace.open(root) as workspace:
        recipe = workspace.run(run)
        kept = workspace.projection(recipe.run, method, dims)
        if kept is not None and kept.parameters.get("seed") == seed:
            return kept, workspace.projection_file(kept.run, method, dims)
        progress.report("Reading the embeddings")
        embeddings = workspace.embeddings(recipe)
        progress.report("Projecting with PCA")
        projection = projections.pca(embeddings, dims, seed)
        return projection, workspace.save_projection(projection)


def open_folder(folder: Path, root: Path | None = None, progress: Progress | None = None) -> Opened:
    """Open a dataset folder or a workspace; show what was computed before, if anything was.

    A folder that was embedded before is not read again: it is shown as it was then.

    Parameters
    ----------
    folder
        A dataset folder, or a workspace.
    root
        The workspace of the folder; by default where `engine.workspace.default_root` says.
    progress
        Hears the stages.

    Raises
    ------
    EngineError
        When the folder has no images, or its workspace is damaged.
    Cancelled
        From ``progress``.
    """
    progress = progress or Progress()
    folder = folder.expanduser()
    root = root or (folder if is_workspace(folder) else default_root(folder))
    if is_workspace(root):
        with Workspace.open(root) as workspace:
            # A run that was stopped at once holds nothing to show.
            runs = (recipe for recipe in workspace.runs() if workspace.has_embeddings(recipe.run))
            recipe = next(runs, None)
            if recipe is not None:
                projection, _ = project(root, run=recipe.run, progress=progress)
                return Opened(workspace.dataset(), workspace.root, recipe, projection)
            folder = workspace.folder if is_workspace(folder) else folder
    return Opened(read_dataset(folder, progress), root)
