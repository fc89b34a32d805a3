"""The pictures of a workspace tune a backbone together with its classifier."""

import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.classifier import Training
from engine.dense_head import DenseHead, from_regression
from engine.evaluation import evaluate
from engine.finetune import JUDGE, LEARN, OTHER, FinetuneOptions, Pictures, Tuned
from engine.fitting import ClassifierOptions, fitted
from engine.judged_file import judged_of
from engine.keras_head import HELD_BACK
from engine.keras_process import KerasProcess
from engine.labelled import Labelled, labelled
from engine.model_file import check_name, free_name, refuse_taken, save_model
from engine.neighbors import knn_graph
from engine.pipeline.embed_files import embed_files, network_of
from engine.pipeline.extraction import ExtractOptions, extract
from engine.pipeline.graph import METRIC, read_run
from engine.pipeline.training import LOGS, MODELS, Trained, as_model
from engine.pipeline.watched import Epochs, outcome_of
from engine.progress import Progress
from engine.splits import held_back
from engine.training_log import TrainingLog
from engine.values import Embeddings
from engine.weights import find
from engine.workspace import Workspace


def finetune_backbone(
    root: Path,
    options: FinetuneOptions | None = None,
    name: str = "",
    run: str | None = None,
    embed_with: ExtractOptions | None = None,
    progress: Progress | None = None,
) -> Trained:
    """Tune the backbone of a run on the pictures, judge it, and save it as a model.

    A share of the pictures is judged by the very network that is saved; it never saw them, nor a
    copy of them.

    Parameters
    ----------
    root
        The workspace.
    options
        How to train and to judge.
    name
        Of the model; by default "finetune", numbered when it is taken.
    run
        Whose backbone; by default the latest's.
    embed_with
        Another backbone instead, with which the folder is embedded first.
    progress
        Hears the steps; each epoch carries the `History`. *Finish* ends with the best epoch so far.

    Raises
    ------
    EngineError
        When there is no such run, a model of that name, too little to learn from, or the backbone
        cannot be tuned.
    Cancelled
        From ``progress``. No model is saved.

    What TensorBoard shows of it is written while it goes on, as for `train_classifier`.
    """
    started = time.perf_counter()
    options, progress = options or FinetuneOptions(), progress or Progress()
    options.check()
    if name:
        check_name(name)
        refuse_taken(root.expanduser() / MODELS, name)
    weights = embed_with.weights if embed_with is not None else ""
    if embed_with is not None:
        with Workspace.open(root) as workspace:
            folder = workspace.folder
        run = extract(folder, root, embed_with, progress).recipe.run
    source = read_run(root, run, progress)
    recipe, embeddings = source.recipe, source.embeddings
    network = network_of(recipe, weights)
    known = labelled(embeddings, source.graph)
    use = _uses(known, options)
    start = _start(known, use, options.seed)
    files = [source.folder / embeddings.paths[row] for row in known.rows]
    models = source.root / MODELS
    named = name or free_name(models, options.name)
    pictures = Pictures(files, recipe.image_size, known.truth, use)
    with tempfile.TemporaryDirectory(prefix="image-embedding-") as place:
        weights_file = Path(place, "tuned.weights.h5")
        with TrainingLog(source.root / LOGS, named) as log:
            hear = Epochs(log).hear
            with KerasProcess(progress) as keras:
                tuned = keras.finetune(network, pictures, start, options, weights_file, hear)
            training = _training(tuned, start, known, embeddings, use, options)
            report = evaluate(training.truth, training.probabilities, training.classes)
            found = find(network.backbone, str(weights_file))
            assert found is not None
            after = replace(recipe, weights_hash=found.hash, precision="f32")
            done, vectors, _ = embed_files(files, after, progress, weights_file)
            near = knn_graph(vectors, 1, METRIC, progress)
            by_tuned = Embeddings(vectors, tuple(map(str, done)), ("?",) * len(done), after.run)
            progress.report("Saving the model")
            model = as_model(training, report, by_tuned, near, after, named)
            model = replace(model, weights=weights_file)
            saved = save_model(model, models, judged_of(training, source.read))
            log.outcome(outcome_of(training, report, recipe))
    return Trained(training, report, saved, time.perf_counter() - started, log.problem)


def _uses(known: Labelled, options: FinetuneOptions) -> NDArray[np.int64]:
    """Tell of each picture whether it is learnt from, finds the best epoch, or is judged."""
    ((learn, judge),) = known.parts(2, options.holdout, options.seed)
    use = np.full(len(known.truth), LEARN)
    use[judge] = JUDGE
    # A class of which nothing would be left to learn from is not judged.
    missing = np.setdiff1d(known.truth, known.truth[use == LEARN])
    use[np.isin(known.truth, missing)] = LEARN
    learn = np.flatnonzero(use == LEARN)
    _, other = held_back(known.truth[learn], known.groups[learn], HELD_BACK, options.seed)
    if len(np.unique(known.truth[np.setdiff1d(learn, learn[other])])) == len(known.classes):
        use[learn[other]] = OTHER
    return use


def _start(known: Labelled, use: NDArray[np.int64], seed: int) -> DenseHead:
    """Fit the head that training starts with to what may be learnt from."""
    learn = use == LEARN
    options = ClassifierOptions("logistic", seed=seed)
    return from_regression(fitted(known.vectors[learn], known.truth[learn], options))


def _training(
    tuned: Tuned,
    start: DenseHead,
    known: Labelled,
    embeddings: Embeddings,
    use: NDArray[np.int64],
    options: FinetuneOptions,
) -> Training:
    judged = np.flatnonzero(use == JUDGE)
    rows, truth = known.rows[judged], known.truth[judged]
    before = start.predict_proba(embeddings.vectors[rows]).argmax(axis=1)
    return Training(
        options=options,
        run=embeddings.run,
        head=tuned.head,
        classes=known.classes,
        rows=rows,
        paths=tuple(embeddings.paths[row] for row in rows),
        truth=truth,
        probabilities=tuned.probabilities,
        left_out=known.left_out,
        history=tuned.history,
        untuned=float(np.mean(before == truth)),
    )
