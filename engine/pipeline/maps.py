"""Embeddings become a map, and a folder that was embedded before opens with its map."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import projection as projections
from engine.agreement import neighbor_agreement
from engine.clusters import clusters as find_clusters
from engine.files import for_speed_alone
from engine.map_image import save_map
from engine.palette import class_colours
from engine.pipeline.applying import settle_moves
from engine.pipeline.folder import read_folder
from engine.pipeline.graph import METRIC, NEIGHBORS, neighbor_graph
from engine.progress import Progress
from engine.projection import ProjectionOptions
from engine.values import Clusters, Dataset, Projection, Recipe
from engine.workspace import (
    History,
    View,
    Workspace,
    default_root,
    is_workspace,
    read_view,
)

CLUSTER_NEIGHBORS, CLUSTER_DIMS = 14, 10


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A dataset folder with what is known about it.

    workspace:  where its workspace is, or will be.
    recipe:     of its latest run, None before the first extraction.
    projection: of that run, None before the first extraction.
    view:       how it was looked at last.
    history:    what can be undone and redone of the classes that were given.
    cut_short:  how many images the program was still to move on the disk when it was killed.
    """

    dataset: Dataset
    workspace: Path
    recipe: Recipe | None = None
    projection: Projection | None = None
    view: View = field(default_factory=View)
    history: History = field(default_factory=History)
    cut_short: int = 0


def project(
    root: Path,
    options: ProjectionOptions | None = None,
    run: str | None = None,
    progress: Progress | None = None,
) -> tuple[Projection, Path | None]:
    """Project a run, the latest by default; a projection that is kept is not computed again.

    One that was ended early with *finish* is kept as well; it is made anew when it is asked for
    again.

    Returns
    -------
    projection, file
        ``file`` is the ``.npy`` file in the workspace that holds the points, None where the
        workspace cannot be written to.

    Raises
    ------
    EngineError
        When there is no workspace, no such run, nothing embedded, or the options make no sense.
    Cancelled
        From ``progress``. Neighbours that were found are kept.
    """
    options, progress = options or ProjectionOptions(), progress or Progress()
    options.check()
    with Workspace.open(root) as workspace:
        recipe = workspace.run(run)
        derived = workspace.derived(recipe.run)
        kept = derived.projection(options.method, options.dims, options.parameters)
        if kept is not None and not kept.parameters.get("ended_early"):
            return kept, derived.projection_file(kept.method, kept.dims)
        progress.report("Reading the embeddings")
        embeddings = workspace.embeddings(recipe)
        graph = None
        if options.neighbors_needed:
            graph = neighbor_graph(
                derived, embeddings, options.neighbors_needed, options.metric, progress
            )
        projection = projections.project(embeddings, options, graph, progress)
        file = None
        with for_speed_alone("the map"):
            file = derived.save_projection(projection)
        return projection, file


def agreement(
    root: Path, projection: Projection, progress: Progress | None = None
) -> NDArray[np.float32]:
    """Tell for each point of a map how many of its true neighbours lie beside it.

    Returns
    -------
    array
        (N,) float32 from 0 to 1, see `engine.agreement`.

    Raises
    ------
    EngineError
        When there is no workspace, no such run, or nothing embedded.
    Cancelled
        From ``progress``. Neighbours that were found are kept.
    """
    progress = progress or Progress()
    with Workspace.open(root) as workspace:
        recipe = workspace.run(projection.run)
        derived = workspace.derived(recipe.run)
        graph = derived.graph(NEIGHBORS, METRIC)
        if graph is None:
            progress.report("Reading the embeddings")
            embeddings = workspace.embeddings(recipe)
            graph = neighbor_graph(derived, embeddings, NEIGHBORS, METRIC, progress)
    progress.report("Comparing the neighbours")
    return neighbor_agreement(projection.points, graph)


def clusters(root: Path, run: str, progress: Progress | None = None) -> Clusters:
    """Find the groups that the embeddings of a run form, see `engine.clusters`.

    Raises
    ------
    EngineError
        When there is no workspace, no such run, or nothing embedded.
    Cancelled
        From ``progress``. Neighbours that were found are kept.
    """
    progress = progress or Progress()
    with Workspace.open(root) as workspace:
        recipe = workspace.run(run)
        derived = workspace.derived(recipe.run)
        kept = derived.clusters()
        if kept is not None:
            return kept
        progress.report("Reading the embeddings")
        embeddings = workspace.embeddings(recipe)
        graph = neighbor_graph(derived, embeddings, CLUSTER_NEIGHBORS, METRIC, progress)
        # Tight points in more dimensions than can be looked at: see engine.clusters.
        numbers_alone = Progress(lambda step: progress.report(step.stage, step.done, step.total))
        points = projections.umap(
            embeddings, graph, dims=CLUSTER_DIMS, min_dist=0.0, progress=numbers_alone
        ).points
        found = find_clusters(points, progress=progress)
        with for_speed_alone("the clusters"):
            derived.save_clusters(found)
        return found


def save_picture(
    root: Path,
    projection: Projection,
    file: Path,
    size: tuple[int, int] = (1280, 960),
    dpi: int | None = None,
) -> None:
    """Draw a map into a PNG in the colours of the window; excluded images are grey.

    Parameters
    ----------
    root
        The workspace.
    projection
        Of one of its runs, with its classes: excluded images have none.
    file, size, dpi
        See `engine.map_image.save_map`.

    Raises
    ------
    EngineError
        When there is no workspace, or the file cannot be written.
    """
    with Workspace.open(root) as workspace:
        dataset = workspace.dataset()
    colours = class_colours(dataset.classes, read_view(root).colours)
    save_map(projection, file, colours, size, dpi)


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
    cut_short = settle_moves(root)
    if is_workspace(root):
        with Workspace.open(root) as workspace:
            # A run that was stopped at once holds nothing to show.
            runs = (recipe for recipe in workspace.runs() if workspace.has_embeddings(recipe.run))
            recipe = next(runs, None)
            if recipe is not None:
                view = read_view(root)
                kept = workspace.derived(recipe.run).projection(view.method, view.dims)
                projection = kept or project(root, run=recipe.run, progress=progress)[0]
                dataset, history = workspace.dataset(), workspace.history()
                return Opened(dataset, workspace.root, recipe, projection, view, history, cut_short)
            folder = workspace.folder if is_workspace(folder) else folder
    return Opened(read_folder(folder, root, progress), root)
