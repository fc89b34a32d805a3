"""Jobs about what is wrong with a dataset, and about putting it right on the disk."""

from dataclasses import dataclass
from pathlib import Path

from desktop.worker import Job
from engine import pipeline
from engine.engine_process import EngineProcess
from engine.errors import AllExcludedError
from engine.pipeline import labels, open_folder
from engine.progress import Progress
from engine.quality.findings import Quality


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """What was moved on the disk, and the dataset as it was opened afterwards."""

    applied: pipeline.Applied
    opened: pipeline.Opened


@dataclass(frozen=True, slots=True, eq=False)
class AllAside:
    """What was moved on the disk, after which there is no image left to show.

    folder: whose images all lie in that of the excluded ones.
    root:   its workspace, which can move them back.
    now:    how the classes stand.
    """

    applied: pipeline.Applied
    folder: Path
    root: Path
    now: pipeline.Relabelled


def find_quality(engine: EngineProcess, root: Path, run: str) -> Job:
    """Look for what is wrong; gives `Quality`."""

    def job(progress: Progress) -> Quality:
        found: Quality = engine.call(pipeline.find_quality, root, run, progress=progress)
        return found

    return job


def train_and_find(
    engine: EngineProcess, root: Path, run: str, options: pipeline.ClassifierOptions
) -> Job:
    """Train a classifier, and look for what is wrong; gives `Trained` with `Quality`."""

    def job(progress: Progress) -> tuple[pipeline.Trained, Quality]:
        train = pipeline.train_classifier
        trained: pipeline.Trained = engine.call(train, root, options, run=run, progress=progress)
        return trained, engine.call(pipeline.find_quality, root, run, progress=progress)

    return job


def kept_quality(root: Path, run: str) -> Job:
    """Read what was found before; gives workspace and run with `Quality`, or None."""

    def job(progress: Progress) -> tuple[tuple[Path, str], Quality | None]:
        progress.report("Reading what was found")
        return (root, run), pipeline.kept_quality(root, run)

    return job


def plan(engine: EngineProcess, root: Path, back: bool) -> Job:
    """Find out what would be moved on the disk, or moved back; gives `Plan` with ``back``."""
    function = pipeline.plan_revert if back else pipeline.plan_edits

    def job(progress: Progress) -> tuple[pipeline.Plan, bool]:
        return engine.call(function, root, progress=progress), back

    return job


def move(engine: EngineProcess, root: Path, folder: Path, back: bool) -> Job:
    """Move files on the disk, or all of them back, and open the folder again.

    Gives `Moved`, or `AllAside`.
    """
    function = pipeline.revert_edits if back else pipeline.apply_edits

    def job(progress: Progress) -> Moved | AllAside:
        applied = engine.call(function, root, progress=progress)
        try:
            return Moved(applied, open_folder(folder, root, progress))
        except AllExcludedError as error:
            if error.root is None:
                raise
            return AllAside(applied, error.folder, error.root, labels.as_they_are(error.root))

    return job


def open_again(folder: Path, root: Path) -> Job:
    """Open a folder after moving its files was stopped; gives `Opened`."""

    def job(progress: Progress) -> pipeline.Opened:
        progress.report("Loading the map")
        return open_folder(folder, root, progress)

    return job


def export_edits(root: Path, file: Path) -> Job:
    """Write every change into CSV files; gives `ExportedEdits`."""

    def job(progress: Progress) -> pipeline.ExportedEdits:
        progress.report("Writing the changes")
        return pipeline.export_edits(root, file)

    return job
