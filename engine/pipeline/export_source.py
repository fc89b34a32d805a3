"""What exports are made of: a run with its maps, its latest classifier and what was found in it."""

from dataclasses import dataclass
from pathlib import Path

from engine.errors import EngineError
from engine.exports.table import Table, table_of
from engine.pipeline.models import open_trained, saved_models
from engine.pipeline.training import Trained
from engine.progress import Progress
from engine.projection.options import METHODS
from engine.quality.findings import Quality
from engine.values import Projection, Recipe
from engine.wording import mark
from engine.workspace import Workspace, read_view


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """What all exports are made of but one, which reads for itself.

    root:    the workspace.
    folder:  the dataset folder.
    map:     the one that was looked at last, else one that is kept; None where none is.
    trained: the latest classifier that was trained on the run, None where there is none.
    quality: what may be wrong with the images, None where nobody looked.
    note:    what could not be read, "" where all was; see `engine.pipeline.exports.Written`.
    """

    root: Path
    folder: Path
    table: Table
    map: Projection | None
    trained: Trained | None
    quality: Quality | None = None
    note: str = ""


def read_source(root: Path, recipe: Recipe, progress: Progress) -> Source:
    """Read all that is known of a run.

    Parameters
    ----------
    root
        The workspace.
    recipe
        The run.
    progress
        Hears the steps.

    Raises
    ------
    EngineError
        When there is no workspace, or its vectors are damaged.
    Cancelled
        From ``progress``.
    """
    with Workspace.open(root) as workspace:
        progress.report("Reading the embeddings")
        embeddings = workspace.embeddings(recipe)
        derived, folder = workspace.derived(recipe.run), workspace.folder
        quality = derived.quality()
        excluded = {each.path: each.label for each in workspace.decisions() if each.excluded}
        kept = [derived.projection(method, dims) for method in METHODS for dims in (2, 3)]
    view = read_view(root)
    maps = tuple(each for each in kept if each is not None)
    seen = [each for each in maps if (each.method, each.dims) == (view.method, view.dims)]
    trained, note = _latest_training(root, recipe.run, progress)
    table = table_of(recipe, embeddings, maps, *_judged(trained), quality, excluded)
    return Source(root, folder, table, next(iter(seen or maps), None), trained, quality, note)


def _latest_training(root: Path, run: str, progress: Progress) -> tuple[Trained | None, str]:
    """Return the latest classifier of a run; one that is damaged is said rather than all lost."""
    usable = (model for model in saved_models(root) if model.run == run and not model.problem)
    latest = next(usable, None)
    if latest is None:
        return None, ""
    try:
        trained = open_trained(latest.folder, progress)
    except EngineError as error:
        return None, mark(f"Predictions are left out: {error}")
    if not trained.training.paths:
        return trained, mark(
            f"“{latest.name}” kept no predictions; train it again to export them, too."
        )
    return trained, ""


def _judged(trained: Trained | None) -> tuple[str, dict[str, tuple[str, float]]]:
    if trained is None:
        return "", {}
    training = trained.training
    likely = training.probabilities.max(axis=1, initial=0)
    return trained.model.name, {
        path: (training.classes[number], float(share))
        for path, number, share in zip(training.paths, training.predicted, likely, strict=True)
    }
