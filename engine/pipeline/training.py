"""The embeddings of a run become a classifier, and a classifier names pictures."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.classifier import Training, train
from engine.dataset import read_dataset
from engine.evaluation import Report, evaluate
from engine.fitting import ClassifierOptions, predict
from engine.judged_file import judged_of
from engine.model_file import (
    SavedModel,
    check_name,
    free_name,
    load_model,
    refuse_taken,
    save_model,
)
from engine.neighbors import NeighborIndex, of_length_1
from engine.pipeline.embed_files import embed_files
from engine.pipeline.graph import METRIC, read_run
from engine.pipeline.watched import Epochs, outcome_of
from engine.progress import Progress
from engine.training_log import TrainingLog
from engine.values import Embeddings, KnnGraph, Recipe, Skipped, Vectors

MODELS, LOGS = "models", "logs"  # folders of a workspace
# Of the pictures learnt from, so many are nearer to another one than what counts as unlike.
FAMILIAR_PERCENT = 99


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """A classifier that was trained, judged and saved.

    model: its folder.    seconds: all of it.
    note:  for the user, what did not work beside it; "" where all did.
    """

    training: Training
    report: Report
    model: Path
    seconds: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a classifier says of one picture.

    path:        of the file.
    label:       the likeliest class.
    probability: of that class.
    top:         the likeliest classes with their probabilities, the likeliest first.
    unlike:      whether it is unlike anything that the classifier learnt from.
    """

    path: Path
    label: str
    probability: float
    top: tuple[tuple[str, float], ...]
    unlike: bool


def train_classifier(
    root: Path,
    options: ClassifierOptions | None = None,
    name: str = "",
    run: str | None = None,
    progress: Progress | None = None,
) -> Trained:
    """Train a classifier on a run, the latest by default, and save it in the workspace.

    What TensorBoard shows of it is written into ``logs``, into a folder of the model's name.

    Parameters
    ----------
    root
        The workspace.
    options
        What to fit and how to judge.
    name
        Of the model; by default that of the classifier, numbered when it is taken.
    run
        Of which embeddings; by default the latest.
    progress
        Hears the steps.

    Raises
    ------
    EngineError
        When there is no such run, a model of that name, or too little to learn from.
    Cancelled
        From ``progress``. No model is saved.
    """
    started = time.perf_counter()
    options, progress = options or ClassifierOptions(), progress or Progress()
    options.check()
    if name:
        check_name(name)
    models = root.expanduser() / MODELS
    if name:
        refuse_taken(models, name)
    known = read_run(root, run, progress)
    named = name or free_name(models, options.name)
    with TrainingLog(known.root / LOGS, named) as log:
        training = train(known.embeddings, known.graph, options, progress, Epochs(log).hear)
        report = evaluate(training.truth, training.probabilities, training.classes)
        progress.report("Saving the model")
        model = as_model(training, report, known.embeddings, known.graph, known.recipe, named)
        place = save_model(model, known.root / MODELS, judged_of(training, known.read))
        log.outcome(outcome_of(training, report, known.recipe))
    return Trained(training, report, place, time.perf_counter() - started, log.problem)


def predict_files(
    model: Path, paths: Sequence[Path], top: int = 3, progress: Progress | None = None
) -> tuple[list[Prediction], list[Skipped]]:
    """Name pictures that the classifier has not seen.

    Parameters
    ----------
    model
        The folder of a model.
    paths
        Picture files, and folders with pictures.
    top
        How many classes to tell of each.
    progress
        Hears the pictures that are done.

    Returns
    -------
    predictions, skipped
        One for each picture that could be read; the others with the reasons.

    Raises
    ------
    EngineError
        When the model cannot be used, a folder has no pictures, or the backbone's weights are not
        here.
    Cancelled
        From ``progress``.
    """
    progress = progress or Progress()
    loaded = load_model(model)
    return name_files(loaded, picture_files(paths, progress), top, progress)


def name_files(
    model: SavedModel, files: Sequence[Path], top: int, progress: Progress
) -> tuple[list[Prediction], list[Skipped]]:
    """Do what `predict_files` does with a model that is loaded and files that are listed."""
    done, vectors, skipped = embed_files(files, model.recipe, progress, model.weights)
    return name_vectors(model, done, vectors, top), skipped


def name_vectors(
    model: SavedModel, files: Sequence[Path], vectors: Vectors, top: int
) -> list[Prediction]:
    """Say of each file what its vector, (B, D) in all, is taken for."""
    if not len(vectors):
        return []
    likely = predict(model.head, vectors, len(model.classes))
    unlike = _distances(model, vectors) > model.unlike_beyond
    ranked = np.argsort(-likely, axis=1, kind="stable")[:, :top]
    predictions = []
    for place, file in enumerate(files):
        best = [(model.classes[number], float(likely[place, number])) for number in ranked[place]]
        predictions.append(Prediction(file, *best[0], tuple(best), bool(unlike[place])))
    return predictions


def picture_files(paths: Sequence[Path], progress: Progress) -> list[Path]:
    """Return files themselves, and of folders the pictures in them.

    Raises
    ------
    EngineError
        When a folder has no pictures.
    """
    return [file for path in paths for file in _files(path.expanduser(), progress)]


def scores(report: Report, training: Training) -> dict[str, Any]:
    """Return the scores of a training, ready for JSON."""
    return {
        "accuracy": report.accuracy,
        "accuracy_interval": list(report.interval),
        "accuracy_with_copies": training.flattered,
        "accuracy_untuned": training.untuned,
        "macro_f1": report.macro_f1,
        "log_loss": report.log_loss,
        "calibration_error": report.calibration_error,
        "per_class": [asdict(each) for each in report.per_class],
        "confusion_matrix": report.confusion.tolist(),
        "images": len(training.rows),
        "left_out": list(training.left_out),
    }


def as_model(
    training: Training,
    report: Report,
    embeddings: Embeddings,
    graph: KnnGraph,
    recipe: Recipe,
    name: str,
) -> SavedModel:
    """Put together what is saved; ``graph`` tells how far apart known pictures are."""
    labelled = np.flatnonzero([label != "" for label in embeddings.labels])
    return SavedModel(
        name=name,
        classifier=asdict(training.options),
        classes=training.classes,
        recipe=recipe,
        scores=scores(report, training),
        head=training.head,
        references=of_length_1(embeddings.vectors[labelled]),
        unlike_beyond=float(np.percentile(graph.distances[labelled, 0], FAMILIAR_PERCENT)),
    )


def _distances(model: SavedModel, vectors: Vectors) -> NDArray[np.float32]:
    """Return (B,) the cosine distance of each vector to the nearest that was learnt from."""
    index = NeighborIndex(model.references, METRIC)
    return np.array([index.query(vector, 1)[1][0] for vector in vectors], np.float32)


def _files(path: Path, progress: Progress) -> list[Path]:
    """Return the pictures in a folder, or a file itself."""
    if not path.is_dir():
        return [path]
    return [path / image.path for image in read_dataset(path, progress).images]
