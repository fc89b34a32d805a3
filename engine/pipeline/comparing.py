"""A folder under several backbones: which of them tells its classes apart best."""

import contextlib
import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path

from engine import runtime
from engine.backbones import BACKBONES, backbone_named, estimate_seconds
from engine.comparison import Separation, best, sampled, separations, shared
from engine.download import download
from engine.errors import EngineError
from engine.extract import batch_size_for, embed_batches
from engine.pipeline.embed_files import PRECISIONS, network_of
from engine.pipeline.extraction import ExtractOptions, extract
from engine.pipeline.folder import read_folder, refuse_other_folder
from engine.progress import Progress, Step
from engine.values import Dataset, Recipe
from engine.weights import find
from engine.workspace import Workspace, default_root, is_workspace

BATCHES, SECONDS = 3, 5.0  # after a first one, so many are timed, but not for longer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class BackboneRow:
    """One backbone.

    backbone:          its name, with that of the file of its weights where one was given; that of
                       the run where several runs are of one backbone.
    recipe:            of its run; None where there is none.
    separation:        how good it is; None where that could not be found out.
    images_per_second: on this machine, reading included; None where it cannot run here.
    is_best:           whether it tells the classes apart best.
    may_be_as_good:    whether the difference to the best may be chance; the best is as good.
    problem:           why there is nothing to say of it, as a sentence; "" otherwise.
    weights:           file of its weights, "" for its own.
    """

    backbone: str
    recipe: Recipe | None = None
    separation: Separation | None = None
    images_per_second: float | None = None
    is_best: bool = False
    may_be_as_good: bool = False
    problem: str = ""
    weights: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class BackboneComparison:
    """rows: in the order in which they were asked for.

    judged: images that they were judged on.    images: that have a class, in all of them.
    seconds: all of it.
    """

    workspace: Path
    rows: tuple[BackboneRow, ...]
    judged: int
    images: int
    seconds: float


def compare_backbones(
    folder: Path,
    backbones: Sequence[str] = (),
    root: Path | None = None,
    progress: Progress | None = None,
) -> BackboneComparison:
    """Compare backbones on a folder. What is not embedded yet is; the latest run stays so.

    Weights that are not here are downloaded before time is spent on embedding with any.

    Parameters
    ----------
    folder
        The dataset folder. It is only read.
    backbones
        Names of backbones, "NAME=FILE" for weights of one's own, names of runs, or what a single
        imported run is called after; by default all runs that there are. A run that is named twice
        has one row.
    root
        The workspace; by default where `engine.workspace.default_root` says.
    progress
        Hears the stages.

    Raises
    ------
    EngineError
        When there are fewer than two classes to tell apart, or nothing to compare. A backbone that
        cannot be had is a row that says so.
    Cancelled
        From ``progress``. What was embedded is kept.
    """
    progress, started = progress or Progress(), time.perf_counter()
    root = root or default_root(folder)
    dataset, before = _known(folder, root, progress)
    if len(dataset.counts) < 2:
        raise EngineError(
            f"“{dataset.folder.name}” has fewer than two classes to tell apart; put the pictures "
            "of each class into a folder of its own, or give them classes in the window."
        )
    wanted = list(dict.fromkeys(backbones)) or [recipe.run for recipe in before]
    if not wanted:
        raise EngineError("Nothing has been embedded yet; say which --backbones to compare.")
    known = {name: _run_called(name, before) or _fetched(name, progress) for name in wanted}
    try:
        rows = _once(_embedded(name, row, folder, root, progress) for name, row in known.items())
    finally:
        if before:  # whatever was embedded since, what one has been looking at stays the latest
            _stay_latest(root, before[0])
    recipes = [row.recipe for row in rows if row.recipe is not None]
    if not recipes:
        raise EngineError(rows[0].problem)
    with Workspace.open(root) as workspace:
        progress.report("Reading the embeddings")
        labels = [workspace.embedded(recipe.run) for recipe in recipes]
        images, only = len(shared(labels)), sampled(labels)
        runs = [workspace.embeddings(recipe, only) for recipe in recipes]
    found = separations(runs, progress)
    winner, as_good = best(found)
    judged = {
        recipe.run: (each, number == winner, good)
        for number, (recipe, each, good) in enumerate(zip(recipes, found, as_good, strict=True))
    }
    done = []
    for row in rows:
        if row.recipe is not None:
            each, is_best, good = judged[row.recipe.run]
            row = replace(row, separation=each, is_best=is_best, may_be_as_good=good)
            row = replace(row, images_per_second=_speed(row, dataset, progress))
        done.append(row)
    seconds = time.perf_counter() - started
    return BackboneComparison(root, tuple(done), len(only), images, seconds)


def _stay_latest(root: Path, recipe: Recipe) -> None:
    """Make a run the latest again; a disk that refuses costs neither the answer nor a cancel."""
    try:
        with Workspace.open(root) as workspace:
            if workspace.run().run != recipe.run:
                workspace.use_run(recipe)
    except EngineError as error:
        log.warning("%s is not the latest run any more: %s", recipe.run, error)


def use_run(root: Path, run: str) -> Recipe:
    """Make a run the latest: the one that is shown, and that commands take.

    Raises
    ------
    EngineError
        When there is no such run.
    """
    with Workspace.open(root) as workspace:
        recipe = workspace.run(run)
        workspace.use_run(recipe)
        return recipe


def embedded_runs(root: Path) -> list[Recipe]:
    """Return the runs that have embedded something, the latest first; none without a workspace.

    Raises
    ------
    EngineError
        When the workspace is damaged.
    """
    if not is_workspace(root):
        return []
    with Workspace.open(root) as workspace:
        return [each for each in workspace.runs() if workspace.has_embeddings(each.run)]


def _known(folder: Path, root: Path, progress: Progress) -> tuple[Dataset, list[Recipe]]:
    """Return the images with their classes of now, and the runs that have embedded some of them."""
    if is_workspace(root):
        with Workspace.open(root) as workspace:
            refuse_other_folder(workspace, Dataset(folder.expanduser().resolve(), ()))
            if not workspace.is_empty:
                return workspace.dataset(), embedded_runs(root)
    return read_folder(folder, root, progress), []


def _run_called(name: str, before: Sequence[Recipe]) -> BackboneRow | None:
    """Find the run that is meant, if one is."""
    for recipe in before:
        is_alone = [other.backbone for other in before].count(recipe.backbone) == 1
        # Only a backbone that there is can be asked to embed what it has not embedded.
        is_called_so = is_alone and recipe.backbone == name and name not in BACKBONES
        if recipe.run == name or is_called_so:
            return BackboneRow(recipe.backbone if is_alone else name, recipe)
    return None


def _fetched(name: str, progress: Progress) -> BackboneRow:
    """Download the weights of a backbone where they are not here; say why that cannot be."""
    backbone, _, weights = name.partition("=")
    called = f"{backbone} ({Path(weights).name})" if weights else backbone
    try:
        network = backbone_named(backbone)
        find(network, weights) or download(network, progress)
    except EngineError as error:
        progress.report(f"{called} cannot be had")  # while the user may still stop and mend it
        return BackboneRow(called, problem=str(error))
    return BackboneRow(called, weights=weights)


def _embedded(
    name: str, row: BackboneRow, folder: Path, root: Path, progress: Progress
) -> BackboneRow:
    """Embed with what a row is of, where that can be and was not done; say why it cannot."""
    if row.recipe is not None or row.problem:
        return row
    backbone = name.partition("=")[0]

    def tell(step: Step) -> None:
        progress.report(f"{backbone}: {step.stage}", step.done, step.total)

    try:
        done = extract(folder, root, ExtractOptions(backbone, row.weights), Progress(tell))
    except EngineError as error:
        return replace(row, problem=str(error))
    return replace(row, recipe=done.recipe)


def _once(rows: Iterable[BackboneRow]) -> list[BackboneRow]:
    """Leave out a run that was asked for before, by another of its names."""
    runs: set[str] = set()
    kept = []
    for row in rows:
        if row.recipe is None or row.recipe.run not in runs:
            kept.append(row)
        if row.recipe is not None:
            runs.add(row.recipe.run)
    return kept


def _speed(row: BackboneRow, dataset: Dataset, progress: Progress) -> float | None:
    """Embed some of the images once more and take the time; None where that cannot be done."""
    assert row.recipe is not None
    progress.report(f"{row.backbone}: measuring the speed")
    try:
        network = network_of(row.recipe, row.weights)
        plan = runtime.plan(network, "auto", PRECISIONS[row.recipe.precision], progress)
    except EngineError:  # imported, or its weights have gone: how good it is can be told yet
        return None
    side = network.side
    size = batch_size_for(side, estimate_seconds(network.backbone, 1, side))
    images = list(islice(cycle(dataset.images), size * (BATCHES + 1)))
    with runtime.started(plan, progress) as model:
        batches = embed_batches(
            dataset.folder, images, model.run, side=row.recipe.image_size, enlarge_to=side,
            batch_size=size,
        )  # fmt: skip
        with contextlib.closing(batches):
            next(batches)  # which makes everything ready
            count, begun = 0, time.perf_counter()
            for batch in batches:
                count += len(batch.images) + len(batch.skipped)
                progress.raise_if_cancelled()
                if time.perf_counter() - begun > SECONDS:
                    break
            return count / (time.perf_counter() - begun)
