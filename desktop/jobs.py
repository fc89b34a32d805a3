"""What the user wants, as jobs for the worker: each is a call of the engine."""

import gc
import importlib
import sys
import threading
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import platformdirs

from desktop import web_engine
from desktop.worker import Job
from engine import pipeline
from engine.colouring import AGREEMENT, Colouring, Scale, by_cluster, by_value
from engine.engine_process import EngineProcess
from engine.images import UnreadableImageError, read_thumbnail
from engine.learning_curve import LearningCurve
from engine.pipeline import ExtractOptions, Opened, extract
from engine.pipeline import open_folder as open_in_engine
from engine.progress import Progress
from engine.projection.options import ProjectionOptions
from engine.suggestions import Suggestions
from engine.values import ImageFile, Pixels, Projection
from engine.wording import mark
from engine.workspace import Thumbnails

SHARE_NEAR = Scale(0.0, 1.0, mark("no true neighbour near"), mark("all near"))
MAP_PAGE = "desktop.views.map_page"
LOOK_S = 0.1  # how often one who waits looks whether it is to stop


def sample_folder() -> Path:
    """Return the folder of the sample pictures that travel with the program."""
    return Path(str(files("resources") / "sample"))


def open_folder(folder: Path, types_made: threading.Event) -> Job:
    """Read a folder, or show what its workspace holds; get ready to draw its map.

    ``types_made`` is waited for: see `desktop.qt_types`.
    """

    def run(progress: Progress) -> Opened:
        progress.report("Loading the map")
        while not types_made.wait(LOOK_S):
            progress.raise_if_cancelled()
        _import_map()
        return open_in_engine(folder, _workspace(folder), progress)

    return run


def embed(folder: Path, options: ExtractOptions) -> Job:
    """Embed a folder, with the growing map in each step, and open the result."""

    def run(progress: Progress) -> Opened:
        done = extract(folder, _workspace(folder), options, progress)
        return open_in_engine(folder, done.workspace, progress)

    return run


def arrange(engine: EngineProcess, root: Path, run: str, options: ProjectionOptions) -> Job:
    """Make a map of a run, with the map so far in each step."""

    def job(progress: Progress) -> Projection:
        made: Projection = engine.call(pipeline.project, root, options, run, progress=progress)[0]
        return made

    return job


def clusters(engine: EngineProcess, root: Path, projection: Projection) -> Job:
    """Find the groups that the embeddings form; gives the colouring."""

    def job(progress: Progress) -> Colouring:
        found = engine.call(pipeline.clusters, root, projection.run, progress=progress)
        return by_cluster(found)

    return job


def train(
    engine: EngineProcess,
    root: Path,
    run: str,
    options: pipeline.ClassifierOptions | pipeline.FinetuneOptions,
) -> Job:
    """Train, judge and save a classifier, or tune the backbone with it; gives `Trained`."""
    tunes = isinstance(options, pipeline.FinetuneOptions)
    function = pipeline.finetune_backbone if tunes else pipeline.train_classifier

    def job(progress: Progress) -> pipeline.Trained:
        done: pipeline.Trained = engine.call(function, root, options, run=run, progress=progress)
        return done

    return job


def models(root: Path) -> Job:
    """List the models of a workspace; gives it with the list."""

    def job(progress: Progress) -> tuple[Path, tuple[pipeline.ModelSummary, ...]]:
        progress.report("Reading the models")
        return root, pipeline.saved_models(root)

    return job


def open_model(engine: EngineProcess, place: Path) -> Job:
    """Open a model with its report; gives `Trained`."""

    def job(progress: Progress) -> pipeline.Trained:
        opened: pipeline.Trained = engine.call(pipeline.open_trained, place, progress=progress)
        return opened

    return job


def delete_model(place: Path) -> Job:
    """Move a model aside; gives where it was and where it is now."""

    def job(progress: Progress) -> tuple[Path, Path]:
        progress.report("Deleting the model")
        return place, pipeline.delete_model(place)

    return job


def export_model(engine: EngineProcess, model: Path, kind: str, file: Path) -> Job:
    """Export a model for other programs; gives `Exported`."""

    def job(progress: Progress) -> pipeline.Exported:
        done: pipeline.Exported = engine.call(
            pipeline.export_model, model, kind, file, progress=progress
        )
        return done

    return job


def open_board(
    engine: EngineProcess, root: Path, run: str, served: pipeline.Board | None, in_window: bool
) -> Job:
    """Serve TensorBoard by a process that does nothing else; export the run where it has changed.

    Gives the `Board`, ``served`` where that is still right, and why it cannot be shown in the
    window, where it is to be.
    """

    def job(progress: Progress) -> tuple[pipeline.Board, str]:
        obstacle = web_engine.load() if in_window else ""
        if served is not None and engine.is_alive:
            export = engine.call(pipeline.refresh_projector, root, run, progress=progress)
            if export == served.export:
                return served, obstacle
        engine.close()  # where it runs, it has read the export before, and keeps it
        board: pipeline.Board = engine.call(pipeline.open_tensorboard, root, run, progress=progress)
        return board, obstacle

    return job


def suggest(engine: EngineProcess, root: Path, run: str) -> Job:
    """Learn from the images that have a class; gives the workspace with `Suggestions`."""

    def job(progress: Progress) -> tuple[Path, Suggestions]:
        return root, engine.call(pipeline.suggest, root, run, progress=progress)

    return job


def sort(
    engine: EngineProcess, model: Path, source: Path, target: Path, unsure_below: float
) -> Job:
    """Copy the pictures of a folder into class folders; gives `Sorting`."""

    def job(progress: Progress) -> pipeline.Sorting:
        done: pipeline.Sorting = engine.call(
            pipeline.sort_files, model, [source], target, unsure_below, progress=progress
        )
        return done

    return job


def learning_curve(
    engine: EngineProcess, root: Path, run: str, options: pipeline.ClassifierOptions
) -> Job:
    """Tell how a classifier gets better with more pictures; gives a `LearningCurve`."""

    def job(progress: Progress) -> LearningCurve:
        found: LearningCurve = engine.call(
            pipeline.learning_curve, root, options, run, progress=progress
        )
        return found

    return job


def agreement(engine: EngineProcess, root: Path, projection: Projection) -> Job:
    """Compare the neighbours on a map with the true ones; gives the colouring."""

    def job(progress: Progress) -> Colouring:
        shares = engine.call(pipeline.agreement, root, projection, progress=progress)
        return by_value(AGREEMENT, shares, SHARE_NEAR, of_map=True)

    return job


def thumbnails(root: Path, folder: Path, images: Sequence[ImageFile]) -> Job:
    """Read small pictures; gives pixels, or why there are none, for each image."""

    def job(progress: Progress) -> list[Pixels | str]:
        progress.report("Reading pictures")
        with Thumbnails(root, folder) as kept:
            return kept.read(images)

    return job


def read_picture(file: Path, side: int) -> Job:
    """Read a picture that fits into a square; gives its pixels, or why there are none."""

    def run(progress: Progress) -> Pixels | str:
        progress.report("Reading a picture")
        try:
            return read_thumbnail(file, side)
        except UnreadableImageError as error:
            return str(error)

    return run


def _import_map() -> None:
    """Import what draws the map: in the thread of the window that would hold it up for seconds."""
    if MAP_PAGE in sys.modules:
        return
    importlib.import_module(MAP_PAGE)
    # Modules are never garbage: looking through them again and again would hold up the window.
    gc.freeze()


def _workspace(folder: Path) -> Path | None:
    """Keep the sample's workspace with the user's data: its folder belongs to the program."""
    if folder != sample_folder():
        return None
    data = platformdirs.user_data_path("image-embedding", appauthor=False)
    return data / "workspaces" / "sample.embedding"
