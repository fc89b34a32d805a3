"""The order of the stages, from a folder to a map. The command line and the window call this."""

import contextlib
import random
import time
from dataclasses import dataclass, replace
from pathlib import Path

from engine import projection as projections
from engine.backbones import DEFAULT, Backbone, backbone_named
from engine.dataset import read_dataset
from engine.errors import EngineError
from engine.extract import batch_size_for, embed_batches
from engine.keras_process import KerasProcess
from engine.live_map import LiveMap
from engine.progress import Progress
from engine.runtime import Model, prepared
from engine.values import Dataset, ImageFile, Projection, Recipe, Skipped
from engine.weights import Weights, find
from engine.workspace import Workspace, default_root, is_workspace

POOLINGS = ("avg", "max", "flatten")
METHODS = ("pca",)
SHUFFLE_SEED = 0


@dataclass(frozen=True, slots=True)
class ExtractOptions:
    """How to embed a folder.

    backbone:   name in `engine.backbones.BACKBONES`.
    weights:    "bundled", "imagenet", a file, or "" for the bundled ones or else ImageNet's.
    image_size: pixels; 0 for the backbone's own.
    pooling:    "avg", "max" or "flatten".
    batch_size: images; 0 to choose by the image size.
    runtime:    name in `engine.runtime.RUNTIMES`.
    live_map:   whether to report a growing map as the partial result of each step.
    """

    backbone: str = DEFAULT
    weights: str = ""
    image_size: int = 0
    pooling: str = "avg"
    batch_size: int = 0
    runtime: str = "auto"
    live_map: bool = False


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an extraction did.

    workspace: where the embeddings are.       recipe:   how they were made.
    images:    images found in the folder.     embedded: how many were computed now.
    reused:    how many were there already.    skipped:  what could not be read.
    counts:    images found per class.         runtime:  what ran the backbone; "none" if nothing.
    seconds:   all of it.                      embedding_seconds: the embedding alone.
    """

    workspace: Path
    recipe: Recipe
    images: int
    embedded: int
    reused: int
    skipped: tuple[Skipped, ...]
    counts: dict[str, int]
    runtime: str
    seconds: float
    embedding_seconds: float


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


def extract(
    folder: Path,
    root: Path | None = None,
    options: ExtractOptions | None = None,
    progress: Progress | None = None,
) -> Extraction:
    """Embed every image of a folder that has not been embedded as it is now.

    Parameters
    ----------
    folder
        The dataset folder. It is only read.
    root
        The workspace; by default where `engine.workspace.default_root` says.
    options
        How to embed.
    progress
        Hears the stages; with ``live_map`` each step carries a `Projection` of the images
        embedded so far.

    Raises
    ------
    EngineError
        With what the user can do about it. Finished batches are kept.
    Cancelled
        From ``progress``. Finished batches are kept.
    """
    options, progress = options or ExtractOptions(), progress or Progress()
    started = time.perf_counter()
    backbone = backbone_named(options.backbone)
    size = _image_size(options, backbone)
    dataset = read_dataset(folder, progress)
    weights = _weights(backbone, options.weights, progress)
    recipe = Recipe(backbone.name, weights.hash, size, options.pooling, dimensions=0)
    skipped: list[Skipped] = []
    with Workspace.create(root or default_root(dataset.folder)) as workspace, workspace.writing():
        _refuse_other_folder(workspace, dataset)
        workspace.set_dataset(dataset)
        pending = workspace.pending(recipe.run)
        runtime, begun = "none", time.perf_counter()
        if pending:
            side = max(size, backbone.smallest_size)
            arguments = (backbone, weights, side, options.pooling, options.runtime, progress)
            with prepared(*arguments) as model:
                runtime, begun = model.runtime, time.perf_counter()
                recipe = replace(recipe, dimensions=model.dimensions)
                workspace.use_run(recipe)
                skipped = _embed(workspace, recipe, pending, model, options, progress)
        recipe = workspace.run(recipe.run)
        workspace.use_run(recipe)
    ended = time.perf_counter()
    return Extraction(
        workspace=workspace.root,
        recipe=recipe,
        images=len(dataset.images),
        embedded=len(pending) - len(skipped),
        reused=len(dataset.images) - len(pending),
        skipped=(*dataset.skipped, *sorted(skipped, key=lambda item: item.path)),
        counts=dataset.counts,
        runtime=runtime,
        seconds=ended - started,
        embedding_seconds=ended - begun,
    )


def _embed(
    workspace: Workspace,
    recipe: Recipe,
    pending: list[ImageFile],
    model: Model,
    options: ExtractOptions,
    progress: Progress,
) -> list[Skipped]:
    """Embed what is pending into the workspace and return what could not be read."""
    dataset = workspace.dataset()
    total = len(dataset.images)
    done = reused = total - len(pending)
    side = max(recipe.image_size, backbone_named(recipe.backbone).smallest_size)
    # In random order, so that the growing map shows all classes from the start.
    shuffled = random.Random(SHUFFLE_SEED).sample(pending, len(pending))
    batches = embed_batches(
        dataset.folder,
        shuffled,
        model.run,
        side=recipe.image_size,
        enlarge_to=side,
        batch_size=options.batch_size or batch_size_for(side),
    )
    live = LiveMap(workspace, recipe, reused) if options.live_map else None
    skipped: list[Skipped] = []
    with contextlib.closing(batches):
        progress.report("Embedding images", done, total)
        for batch in batches:
            workspace.add(recipe, batch.images, batch.vectors, batch.skipped)
            skipped += batch.skipped
            done += len(batch.images) + len(batch.skipped)
            progress.report("Embedding images", done, total, live.add(batch) if live else None)
    if reused == 0 and len(skipped) == len(pending):
        raise EngineError(_none_readable(skipped))
    return skipped


def size_note(options: ExtractOptions) -> str:
    """Say in one sentence that small pictures are enlarged for the backbone; "" when they are not.

    Raises
    ------
    EngineError
        When the backbone or the size does not exist.
    """
    backbone = backbone_named(options.backbone)
    size = _image_size(options, backbone)
    if size >= backbone.smallest_size:
        return ""
    return (
        f"Pictures are reduced to {size} x {size} pixels first, then enlarged to "
        f"{backbone.smallest_size} x {backbone.smallest_size}, the smallest that {backbone.name} "
        "takes."
    )


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


def _image_size(options: ExtractOptions, backbone: Backbone) -> int:
    size = options.image_size or backbone.native_size
    if not 1 <= size <= 4096:
        raise EngineError(f"An image size of {size} is out of range; choose 1 to 4096 pixels.")
    return size


def _weights(backbone: Backbone, choice: str, progress: Progress) -> Weights:
    weights = find(backbone, choice)
    if weights is None:
        with KerasProcess(progress) as keras:
            weights = keras.download(backbone)
    return weights


def _none_readable(skipped: list[Skipped]) -> str:
    return (
        f"None of the {len(skipped)} images could be read (“{skipped[0].path}” "
        f"{skipped[0].reason}); choose another folder or save the images again."
    )


def _refuse_other_folder(workspace: Workspace, dataset: Dataset) -> None:
    """Refuse a workspace of another dataset; one whose dataset is gone may have moved with it."""
    if workspace.is_empty:
        return
    other = workspace.folder
    if other.exists() and not other.samefile(dataset.folder):
        raise EngineError(
            f"The workspace “{workspace.root}” belongs to “{other}”; "
            f"choose another place for the workspace of “{dataset.folder.name}”."
        )
