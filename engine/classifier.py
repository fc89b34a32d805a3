"""Classifiers over embeddings: fitted, and judged on images that they did not learn from."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.dense_head import HeadOptions
from engine.errors import EngineError
from engine.finetune import FinetuneOptions
from engine.history import History
from engine.keras_process import Hear, KerasProcess
from engine.labelled import Labelled, labelled
from engine.progress import Progress
from engine.splits import Split
from engine.values import Embeddings, KnnGraph, Vectors

CLASSIFIERS = ("logistic", "knn", "svm", "forest", "mlp")
NEIGHBORS = 5
TREES = 300
# Inverse strength of regularisation. Of 0.001 to 1, that at which the likelihood of photographs of
# signs is best: at 0.01 as many are right, but it is far too unsure of them.
INVERSE_STRENGTH = 0.1
# Numbers up to which one thread fits faster: the threads of NumPy's and of scikit-learn's libraries
# wait for each other at every step of a regression (5 folds of 2,062 x 1,280: 47 s, with one 15 s).
FEW_NUMBERS = 20_000_000
STAGE = "Training"


class Fit(Protocol):
    """Fits classifiers of one kind."""

    def __call__(
        self,
        vectors: Vectors,
        truth: NDArray[np.int64],
        groups: NDArray[np.int64],
        stage: str,
        hear: Hear | None = None,
    ) -> tuple[Any, History | None]:
        """Fit one, and tell how it got better where it was trained in epochs.

        Parameters
        ----------
        vectors, truth, groups
            (N, D) embeddings, their (N,) numbered classes and their (N,) groups of copies.
        stage
            What epochs are reported under.
        hear
            Gets the history after each epoch.
        """


@dataclass(frozen=True, slots=True)
class ClassifierOptions:
    """name: one of `CLASSIFIERS`.

    folds:   parts of a cross-validation.
    holdout: when above 0, the share that is held out once instead, at most 0.5.
    seed:    the same one gives the same classifier and the same scores.
    head:    how "mlp", the dense head, is built and trained.
    """

    name: str = "logistic"
    folds: int = 5
    holdout: float = 0.0
    seed: int = 0
    head: HeadOptions = field(default_factory=HeadOptions)

    def check(self) -> None:
        """Make sure that the options make sense.

        Raises
        ------
        EngineError
            When not.
        """
        if self.name not in CLASSIFIERS:
            names = ", ".join(CLASSIFIERS)
            raise EngineError(f"There is no classifier “{self.name}”; choose one of {names}.")
        if self.folds < 2:
            raise EngineError("A cross-validation needs 2 folds or more.")
        if not 0 <= self.holdout <= 0.5:
            raise EngineError("Hold out a share between 0 and 0.5 of the images.")
        self.head.check()


@dataclass(frozen=True, slots=True, eq=False)
class Training:
    """A fitted classifier, with predictions for images by others that had not seen them.

    head:          fitted on all labelled images; has ``predict_proba`` for (B, D) vectors.
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
        if history is not None and hear is not None:
            hear(history)
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


@contextlib.contextmanager
def fitter(options: ClassifierOptions, progress: Progress) -> Iterator[Fit]:
    """Give what fits classifiers; a dense head is trained by Keras, which ends with the ``with``.

    Raises
    ------
    Cancelled
        From ``progress``, also in the middle of a dense head's epochs.
    """
    if options.name != "mlp":

        def fit(
            vectors: Vectors,
            truth: NDArray[np.int64],
            groups: NDArray[np.int64],
            stage: str,
            hear: Hear | None = None,
        ) -> tuple[Any, History | None]:
            return fitted(vectors, truth, options), None

        yield fit
        return
    with KerasProcess(progress) as keras:

        def fit_head(
            vectors: Vectors,
            truth: NDArray[np.int64],
            groups: NDArray[np.int64],
            stage: str,
            hear: Hear | None = None,
        ) -> tuple[Any, History | None]:
            return keras.fit_head(stage, vectors, truth, groups, options.head, options.seed, hear)

        yield fit_head


def fitted(vectors: Vectors, truth: NDArray[np.int64], options: ClassifierOptions) -> Any:
    """Fit a classifier of scikit-learn to (N, D) vectors and their (N,) numbered classes.

    Classes count the same however many images they have; what needs standardised numbers
    standardises them by the images it learns from.
    """
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from threadpoolctl import threadpool_limits

    if options.name == "logistic":
        regression = LogisticRegression(C=INVERSE_STRENGTH, class_weight="balanced", max_iter=300)
        head = make_pipeline(StandardScaler(), regression)
    elif options.name == "knn":
        neighbors = min(NEIGHBORS, len(vectors))
        head = KNeighborsClassifier(neighbors, weights="distance", metric="cosine")
    elif options.name == "svm":
        head = make_pipeline(StandardScaler(), _svm(options.seed, truth))
    else:
        head = RandomForestClassifier(
            TREES, class_weight="balanced", n_jobs=-1, random_state=options.seed
        )
    with threadpool_limits(1 if vectors.size <= FEW_NUMBERS else None):
        return head.fit(vectors, truth)


def predict(head: Any, vectors: Vectors, classes: int) -> Vectors:
    """Return (B, classes) float32: how likely each class is; 0 for one that was not learnt."""
    likely = np.zeros((len(vectors), classes), np.float32)
    likely[:, head.classes_] = head.predict_proba(vectors)
    return likely


def _svm(seed: int, truth: NDArray[np.int64]) -> Any:
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.svm import SVC

    machine = SVC(C=10.0, class_weight="balanced", random_state=seed)
    folds = min(3, int(np.bincount(truth)[np.unique(truth)].min()))
    if folds < 2:
        raise EngineError(
            "A support vector machine needs two pictures of each class to learn from; add pictures "
            "or choose another classifier."
        )
    return CalibratedClassifierCV(machine, cv=folds, ensemble=False)


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
        return f"{STAGE} {self._done + 1} of {self._total}, epoch" if self._has_epochs else STAGE

    def one(self) -> None:
        self._done += 1
        if not self._has_epochs:
            self._progress.report(STAGE, self._done, self._total)
