"""Classifiers over embeddings, judged on images that they did not learn from."""

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.finetune import FinetuneOptions
from engine.fitting import ClassifierOptions, Fit, fitter, predict
from engine.history import History
from engine.keras_process import Hear
from engine.labelled import Labelled, labelled
from engine.progress import Progress
from engine.splits import Split
from engine.values import Embeddings, KnnGraph, Vectors
from engine.wording import mark

STAGE = mark("Training")


@dataclass(frozen=True, slots=True, eq=False)
class Training:
    """A fitted classifier, with predictions for images by others that had not seen them.

    head:          fitted on all labelled images; has ``predict_proba`` for (B, D) vectors. It does
                   not travel to another process, which would have to import what it is made of.
    classes:       the C classes in natural order.
    rows:          (M,) int64 rows of the embeddings that were judged.
    paths:         the M paths of these images, relative to the dataset folder.
    truth:         (M,) int64 their classes, numbered.
    probabilities: (M, C) float32, of each class for each of them.
    flattered:     accuracy when copies of an image may lie on both sides of a split, None where
                   there are no copies.
    left_out:      classes that could not be judged: they have a single picture.
    history:       how the head got better, None where it was not trained in epochs.
    untuned:       accuracy before the backbone was tuned, None where it was not.
    """

    options: ClassifierOptions | FinetuneOptions
    run: str
    head: Any
    classes: tuple[str, ...]
    rows: NDArray[np.int64]
    paths: tuple[str, ...]
    truth: NDArray[np.int64]
    probabilities: Vectors
    flattered: float | None = None
    left_out: tuple[str, ...] = field(default=())
    history: History | None = None
    untuned: float | None = None

    def __getstate__(self) -> list[Any]:
        """Leave the head out of a pickle: it is read from the saved model where it is needed."""
        return [None if name.name == "head" else getattr(self, name.name) for name in fields(self)]

    @property
    def predicted(self) -> NDArray[np.int64]:
        """(M,) int64 the likeliest class of each judged image, numbered."""
        return np.asarray(self.probabilities.argmax(axis=1), np.int64)

    @property
    def mistakes(self) -> tuple[str, ...]:
        """Paths of the judged images whose class was not recognised."""
        return self._paths(self.predicted != self.truth)

    def taken_for(self, true: int, predicted: int) -> tuple[str, ...]:
        """Return the paths of a cell of the confusion matrix, given by two numbers of classes."""
        return self._paths((self.truth == true) & (self.predicted == predicted))

    def _paths(self, wanted: NDArray[np.bool_]) -> tuple[str, ...]:
        return tuple(self.paths[row] for row in np.flatnonzero(wanted))


def train(
    embeddings: Embeddings,
    graph: KnnGraph,
    options: ClassifierOptions | None = None,
    progress: Progress | None = None,
    hear: Hear | None = None,
) -> Training:
    """Fit a classifier to all images that have a class, and find out how good it is.

    Each judged prediction comes from a classifier that saw neither the image nor a copy of it.

    Parameters
    ----------
    embeddings
        N images; those without a class are left out.
    graph
        Their nearest neighbours by cosine distance, which tell what is a copy.
    options
        What to fit and how to judge.
    progress
        Hears the fits that are done; of a dense head also the epochs, with its `History`.
    hear
        Gets the history of the head that is kept, after each of its epochs.

    Raises
    ------
    EngineError
        When there are fewer than two classes that can be judged, or the options make no sense.
    Cancelled
        From ``progress``.
    """
    options, progress = options or ClassifierOptions(), progress or Progress()
    options.check()
    data = labelled(embeddings, graph)
    parts = data.parts(options.folds, options.holdout, options.seed)
    flattered = None
    with fitter(options, progress) as fit:
        fits = len(parts) * (2 if data.has_copies else 1) + 1
        done = _Steps(progress, fits, has_epochs=options.name == "mlp")
        rows, probabilities = _judge(data, parts, fit, done)
        if data.has_copies:
            apart = data.parts(options.folds, options.holdout, options.seed, copies_apart=True)
            seen, likely = _judge(data, apart, fit, done)
            flattered = float(np.mean(likely.argmax(axis=1) == data.truth[seen]))
        head, history = fit(data.vectors, data.truth, data.groups, done.stage, hear)
        done.one()
    return Training(
        options=options,
        run=embeddings.run,
        head=head,
        classes=data.classes,
        rows=data.rows[rows],
        paths=tuple(embeddings.paths[row] for row in data.rows[rows]),
        truth=data.truth[rows],
        probabilities=probabilities,
        flattered=flattered,
        left_out=data.left_out,
        history=history,
    )


def _judge(
    data: Labelled, parts: list[Split], fit: Fit, done: "_Steps"
) -> tuple[NDArray[np.int64], Vectors]:
    """Return the images that were judged, in rising order, and the predictions for them."""
    judged, likely = [], []
    for learn, judge in parts:
        head, _ = fit(data.vectors[learn], data.truth[learn], data.groups[learn], done.stage)
        judged.append(judge)
        likely.append(predict(head, data.vectors[judge], len(data.classes)))
        done.one()
    order = np.argsort(np.concatenate(judged))
    return np.concatenate(judged)[order], np.concatenate(likely)[order]


class _Steps:
    """Counts the fits that are done; those of a dense head tell their epochs themselves."""

    def __init__(self, progress: Progress, total: int, has_epochs: bool) -> None:
        self._progress, self._total, self._has_epochs, self._done = progress, total, has_epochs, 0
        progress.report(STAGE, 0, 0 if has_epochs else total)

    @property
    def stage(self) -> str:
        """What the fit that comes next reports under."""
        if not self._has_epochs:
            return STAGE
        number, total = self._done + 1, self._total
        return mark(f"Training {number} of {total}, epoch")

    def one(self) -> None:
        self._done += 1
        if not self._has_epochs:
            self._progress.report(STAGE, self._done, self._total)
