"""A folder becomes embeddings in a workspace."""

import contextlib
import random
import time
from dataclasses import dataclass, replace
from pathlib import Path

from engine import runtime
from engine.backbones import DEFAULT, Backbone, backbone_named, estimate_seconds
from engine.download import download
from engine.errors import EngineError
from engine.extract import batch_size_for, embed_batches
from engine.images import UnreadableImageError, read
from engine.live_map import LiveMap
from engine.network import Network
from engine.pipeline.folder import read_folder, refuse_other_folder
from engine.progress import Progress
from engine.runtime import Model
from engine.values import ImageFile, Recipe, Skipped
from engine.weights import Weights, find
from engine.wording import mark
from engine.workspace import Workspace, default_root

POOLINGS = ("avg", "max", "flatten")
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
    precision:  name in `engine.runtime.PRECISIONS`.
    live_map:   whether to report a growing map as the partial result of each step.
    """

    backbone: str = DEFAULT
    weights: str = ""
    image_size: int = 0
    pooling: str = "avg"
    batch_size: int = 0
    runtime: str = "auto"
    precision: str = "auto"
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
    runtime.check_choices(options.runtime, options.precision)
    dataset = read_folder(folder, root, progress)
    weights = find(backbone, options.weights) or download(backbone, progress)
    with Workspace.create(root or default_root(dataset.folder)) as workspace, workspace.writing():
        refuse_other_folder(workspace, dataset)
        workspace.set_dataset(dataset)
        wanted = Recipe(backbone.name, weights.hash, size, options.pooling, backbone.dimensions)
        done = _finished(workspace, wanted, options, progress) or _embed_pending(
            workspace, wanted, backbone, weights, options, progress
        )
        recipe = workspace.run(done.run)
        workspace.use_run(recipe)
        counts = workspace.dataset().counts  # by the classes that the user gave
    return Extraction(
        workspace=workspace.root,
        recipe=recipe,
        images=len(dataset.images),
        embedded=done.embedded,
        reused=len(dataset.images) - done.embedded - len(done.skipped),
        skipped=(*dataset.skipped, *sorted(done.skipped, key=lambda item: item.path)),
        counts=counts,
        runtime=done.runtime,
        seconds=time.perf_counter() - started,
        embedding_seconds=done.seconds,
    )


@dataclass(frozen=True, slots=True)
class _Done:
    """What became of the pending images of a run; the defaults say that there were none."""

    run: str
    skipped: tuple[Skipped, ...] = ()
    embedded: int = 0
    runtime: str = "none"
    seconds: float = 0.0


def _finished(
    workspace: Workspace, wanted: Recipe, options: ExtractOptions, progress: Progress
) -> _Done | None:
    """Find a run that has embedded everything that can be read, in a precision that will do."""
    known = {recipe.run for recipe in workspace.runs()}
    for precision in runtime.accepted(options.runtime, options.precision):
        run = replace(wanted, precision=precision).run
        if run not in known or not workspace.has_embeddings(run):
            continue
        pending = workspace.pending(run)
        skipped = _unreadable_still(workspace, pending, progress)
        if len(skipped) == len(pending):
            return _Done(run, skipped)
    return None


def _unreadable_still(
    workspace: Workspace, pending: list[ImageFile], progress: Progress
) -> tuple[Skipped, ...]:
    """Try again the pictures that could not be read before: a permission may have been given."""
    if not pending:
        return ()
    broken = {item.path for item in workspace.dataset().skipped}
    tried = [image for image in pending if image.path in broken]
    skipped = []
    for number, image in enumerate(tried):
        progress.report("Trying again what could not be read", number, len(tried))
        try:
            read(workspace.folder / image.path)
        except UnreadableImageError as error:
            skipped.append(Skipped(image.path, str(error)))
    return tuple(skipped)


def _embed_pending(
    workspace: Workspace,
    wanted: Recipe,
    backbone: Backbone,
    weights: Weights,
    options: ExtractOptions,
    progress: Progress,
) -> _Done:
    """Make the backbone ready and embed what is pending into the workspace."""
    side = max(wanted.image_size, backbone.smallest_size)
    network = Network(backbone, weights, side, options.pooling)
    plan = runtime.plan(network, options.runtime, options.precision, progress)
    with runtime.started(plan, progress) as model:
        begun = time.perf_counter()
        recipe = replace(wanted, dimensions=model.dimensions, precision=plan.precision)
        workspace.use_run(recipe)
        pending = workspace.pending(recipe.run)
        skipped = _embed(workspace, recipe, network, pending, model, options, progress)
        seconds = time.perf_counter() - begun
    return _Done(recipe.run, tuple(skipped), len(pending) - len(skipped), plan.runtime, seconds)


def _embed(
    workspace: Workspace,
    recipe: Recipe,
    network: Network,
    pending: list[ImageFile],
    model: Model,
    options: ExtractOptions,
    progress: Progress,
) -> list[Skipped]:
    """Embed what is pending and return what could not be read."""
    dataset = workspace.dataset()
    total = len(dataset.images)
    done = reused = total - len(pending)
    side = network.side
    batch_size = batch_size_for(side, estimate_seconds(network.backbone, 1, side))
    # In random order, so that the growing map shows all classes from the start.
    shuffled = random.Random(SHUFFLE_SEED).sample(pending, len(pending))
    batches = embed_batches(
        dataset.folder,
        shuffled,
        model.run,
        side=recipe.image_size,
        enlarge_to=side,
        batch_size=options.batch_size or batch_size,
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
    return mark(
        f"Pictures are reduced to {size} x {size} pixels first, then enlarged to "
        f"{backbone.smallest_size} x {backbone.smallest_size}, the smallest that {backbone.name} "
        "takes."
    )


def _image_size(options: ExtractOptions, backbone: Backbone) -> int:
    size = options.image_size or backbone.native_size
    if not 1 <= size <= 4096:
        raise EngineError(f"An image size of {size} is out of range; choose 1 to 4096 pixels.")
    return size


def _none_readable(skipped: list[Skipped]) -> str:
    return mark(
        f"None of the {len(skipped)} images could be read (“{skipped[0].path}” "
        f"{skipped[0].reason}); choose another folder or save the images again."
    )
