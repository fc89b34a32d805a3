"""The models of a workspace: listed with their scores, opened with their reports, put away."""

import json
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from math import nan
from pathlib import Path
from typing import Any

import numpy as np

from engine.classifier import Training
from engine.dense_head import HeadOptions
from engine.errors import EngineError
from engine.evaluation import ClassScore, Report, evaluate
from engine.files import disk_errors
from engine.finetune import FinetuneOptions
from engine.fitting import ClassifierOptions
from engine.judged_file import Judged, read_judged
from engine.model_file import DESCRIPTION, FORMAT, SavedModel, free_name, load_model
from engine.pipeline.training import MODELS, Trained
from engine.progress import Progress
from engine.values import Recipe
from engine.wording import mark
from engine.workspace import Workspace, is_workspace

PUT_AWAY = ".deleted"  # beside the models; its name is none that a model can have


@dataclass(frozen=True, slots=True)
class ModelSummary:
    """A model of a workspace as a list shows it.

    folder:     of the model; its name is that of the model.
    classifier: as `engine.fitting.CLASSIFIERS` calls it.
    run:        the embeddings it learnt from.
    accuracy, interval, macro_f1, log_loss: see `engine.evaluation.Report`; nan where unknown.
    images:     on which it was judged.
    classes:    how many it tells apart.
    trained:    when, ISO 8601 in UTC.
    problem:    why it cannot be used, as a sentence; "" for a sound one.
    """

    folder: Path
    classifier: str = ""
    run: str = ""
    backbone: str = ""
    accuracy: float = nan
    interval: tuple[float, float] = (nan, nan)
    macro_f1: float = nan
    log_loss: float = nan
    images: int = 0
    classes: int = 0
    trained: str = ""
    problem: str = ""

    @property
    def name(self) -> str:
        """Name of the model."""
        return self.folder.name


def saved_models(root: Path) -> tuple[ModelSummary, ...]:
    """List the models of a workspace, the latest first. Classifiers themselves are not loaded.

    Raises
    ------
    EngineError
        When the folder of the models cannot be read.
    """
    folder = root / MODELS
    try:
        places = [
            place for place in folder.iterdir() if place.is_dir() and not place.name.startswith(".")
        ]
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise EngineError(
            f"The models in “{folder}” cannot be read ({error.strerror or error}); allow reading "
            "that folder."
        ) from error
    listed = [_summary(place) for place in places]
    return tuple(sorted(listed, key=lambda model: (model.trained, model.name), reverse=True))


def open_trained(place: Path, progress: Progress | None = None) -> Trained:
    """Open a model with the report and the predictions of its training.

    The paths of its images are those of today, wherever they were moved to since. Of a model that
    an earlier version made there are scores alone: its training then holds no images, and its
    report no calibration.

    Raises
    ------
    EngineError
        When there is no model, or it is damaged, hostile, or of a newer version of the program.
    Cancelled
        From ``progress``.
    """
    progress = progress or Progress()
    progress.report("Opening the model")
    model = load_model(place)
    judged = judged_today(place, len(model.classes))
    progress.report("Opening the model")
    training = _training(model, judged)
    if judged is not None:
        report = evaluate(training.truth, training.probabilities, training.classes)
    else:
        report = _report_of_scores(place, model)
    return Trained(training, report, place, 0.0)


def judged_today(place: Path, classes: int) -> Judged | None:
    """Read the predictions that a model with so many classes was judged by.

    The paths of its images are those of today, if it is one of a workspace.

    Returns
    -------
    Judged or None
        None for a model that has none: those of earlier versions.

    Raises
    ------
    EngineError
        When they cannot be read or do not fit the model.
    """
    judged = read_judged(place, classes)
    root = place.parent.parent
    if judged is None or place.parent.name != MODELS or not is_workspace(root):
        return judged
    # Earlier versions noted when they had saved the model alone.
    since = judged.read or _summary(place).trained
    if not since:
        return judged
    with Workspace.open(root) as workspace:
        return replace(judged, paths=workspace.moves.current_paths(judged.paths, since))


def delete_model(place: Path) -> Path:
    """Take a model out of the list; return where it was moved to, in case it is wanted back.

    Raises
    ------
    EngineError
        When it is no model, or cannot be moved.
    """
    if not (place / DESCRIPTION).is_file() and place.parent.name != MODELS:
        raise EngineError(f"“{place}” is not a model; it is left as it is.")
    with disk_errors(place.parent):
        aside = place.parent / PUT_AWAY
        aside.mkdir(exist_ok=True)
        return place.rename(aside / free_name(aside, place.name))


def _training(model: SavedModel, judged: Judged | None) -> Training:
    nothing = np.zeros(0, np.int64)
    unjudged = np.zeros((0, len(model.classes)), np.float32)
    flattered = model.scores.get("accuracy_with_copies")
    left_out = tuple(str(name) for name in model.scores.get("left_out", ()))
    judged = judged or Judged(model.recipe.run, nothing, (), nothing, unjudged, flattered, left_out)
    return Training(
        options=_options(model.classifier),
        run=judged.run,
        head=model.head,
        classes=model.classes,
        rows=judged.rows,
        paths=judged.paths,
        truth=judged.truth,
        probabilities=judged.probabilities,
        flattered=judged.flattered,
        left_out=judged.left_out,
        history=judged.history,
        untuned=judged.untuned,
    )


def _options(described: dict[str, Any]) -> ClassifierOptions | FinetuneOptions:
    """Return what a model was trained with; options of other versions are left out."""
    if described.get("name") == FinetuneOptions().name:
        return FinetuneOptions(**_known(described, FinetuneOptions))
    head = _known(described.get("head", {}), HeadOptions)
    head |= {"layers": tuple(head["layers"])} if "layers" in head else {}
    return ClassifierOptions(**_known(described, ClassifierOptions) | {"head": HeadOptions(**head)})


def _known(values: dict[str, Any], kind: Any) -> dict[str, Any]:
    names = {each.name for each in fields(kind)}
    return {name: value for name, value in values.items() if name in names}


def _report_of_scores(place: Path, model: SavedModel) -> Report:
    scores = model.scores
    try:
        confusion = np.array(scores["confusion_matrix"], np.int64)
        if confusion.shape != (len(model.classes),) * 2:
            raise ValueError(f"a confusion matrix of the shape {confusion.shape}")
        return Report(
            accuracy=float(scores["accuracy"]),
            interval=_pair(scores["accuracy_interval"]),
            macro_f1=float(scores["macro_f1"]),
            log_loss=float(scores["log_loss"]),
            calibration_error=float(scores["calibration_error"]),
            per_class=tuple(ClassScore(**score) for score in scores["per_class"]),
            confusion=confusion,
            calibration=(),
        )
    except (ValueError, TypeError, KeyError) as error:
        raise EngineError(
            f"The scores of the model “{place}” are damaged; it can still predict, train it again "
            "to see how good it is."
        ) from error


def _summary(place: Path) -> ModelSummary:
    """Read what a list shows; a model that is damaged is listed with the reason."""
    file = place / DESCRIPTION
    try:
        described: dict[str, Any] = json.loads(file.read_bytes())
        written = datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat(timespec="seconds")
        if described["format"] > FORMAT:
            problem = mark(f"The model “{place.name}” is of a newer version; update the program.")
            return ModelSummary(place, trained=written, problem=problem)
        recipe, scores = Recipe(**described["recipe"]), described["scores"]
        return ModelSummary(
            folder=place,
            classifier=str(described["classifier"]["name"]),
            run=recipe.run,
            backbone=recipe.backbone,
            accuracy=float(scores["accuracy"]),
            interval=_pair(scores["accuracy_interval"]),
            macro_f1=float(scores["macro_f1"]),
            log_loss=float(scores["log_loss"]),
            images=int(scores["images"]),
            classes=len(described["classes"]),
            trained=str(described.get("trained", written)),
        )
    except OSError as error:
        reason = error.strerror or error
        problem = mark(f"The model “{place.name}” cannot be read ({reason}); train it again.")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        problem = mark(f"The model “{place.name}” is damaged; train it again.")
    return ModelSummary(place, problem=problem)


def _pair(values: Any) -> tuple[float, float]:
    low, high = values
    return float(low), float(high)
