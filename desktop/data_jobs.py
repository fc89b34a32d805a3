"""Jobs about the data as a whole: exports, imports, backbones side by side."""

from collections.abc import Sequence
from pathlib import Path

from desktop.language import told
from desktop.side_by_side import SideBySide
from desktop.worker import Job
from engine import pipeline
from engine.engine_process import EngineProcess
from engine.pipeline import BackboneComparison, Imported, Opened, Written
from engine.pipeline import open_folder as open_in_engine
from engine.progress import Progress, Step
from engine.projection.options import ProjectionOptions
from engine.values import Recipe

UMAP_MAX = 20_000  # points of a small map: more would take minutes, and PCA is there at once


def export_run(
    engine: EngineProcess, root: Path, run: str, kind: str, place: Path, dpi: int
) -> Job:
    """Export a run; gives `Written`."""

    def job(progress: Progress) -> Written:
        done: Written = engine.call(
            pipeline.export_run, root, kind, place, run, dpi, progress=progress
        )
        return done

    return job


def import_vectors(engine: EngineProcess, opened: Opened, file: Path, paths: Path | None) -> Job:
    """Make a run of vectors from elsewhere and open it; gives `Imported` and `Opened`."""

    def job(progress: Progress) -> tuple[Imported, Opened]:
        folder, root = opened.dataset.folder, opened.workspace
        done = engine.call(pipeline.import_vectors, file, folder, root, paths, progress=progress)
        return done, open_in_engine(folder, root, progress)

    return job


def runs(root: Path) -> Job:
    """List the runs that have embedded something."""

    def job(progress: Progress) -> list[Recipe]:
        progress.report("Reading the runs")
        return pipeline.embedded_runs(root)

    return job


def compare(engine: EngineProcess, opened: Opened, backbones: Sequence[str]) -> Job:
    """Compare backbones and make a small map of each; gives `SideBySide`."""

    def job(progress: Progress) -> SideBySide:
        folder, root = opened.dataset.folder, opened.workspace
        done: BackboneComparison = engine.call(
            pipeline.compare_backbones, folder, list(backbones), root, progress=progress
        )
        method = "umap" if len(opened.dataset.images) <= UMAP_MAX else "pca"
        options = ProjectionOptions(method, dims=2)
        maps = {}
        for row in done.rows:
            if row.recipe is not None:
                part = _numbers_alone(row.backbone, progress)
                made = engine.call(pipeline.project, root, options, row.recipe.run, progress=part)
                maps[row.recipe.run] = made[0]
        return SideBySide(done, maps)

    return job


def use_run(opened: Opened, run: str) -> Job:
    """Make a run the one that is shown; gives `Opened`."""

    def job(progress: Progress) -> Opened:
        pipeline.use_run(opened.workspace, run)
        return open_in_engine(opened.dataset.folder, opened.workspace, progress)

    return job


def _numbers_alone(name: str, progress: Progress) -> Progress:
    """Return what hears the steps of a small map without drawing it as the large one."""

    def tell(step: Step) -> None:
        progress.report(f"{name}: {told(step.stage)}", step.done, step.total)

    return Progress(tell)
