"""Fits classifiers to embeddings: those of scikit-learn here, dense layers by Keras."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine import limits
from engine.dense_head import HeadOptions
from engine.errors import EngineError
from engine.history import History
from engine.keras_process import Hear, KerasProcess
from engine.progress import Progress
from engine.values import Vectors

CLASSIFIERS = ("logistic", "knn", "svm", "forest", "mlp")
NEIGHBORS = 5
TREES = 300
# Inverse strength of regularisation. Of 0.001 to 1, that at which the likelihood of photographs of
# signs is best: at 0.01 as many are right, but it is far too unsure of them.
INVERSE_STRENGTH = 0.1
# Numbers up to which one thread fits faster: the threads of NumPy's and of scikit-learn's libraries
# wait for each other at every step of a regression (5 folds of 2,062 x 1,280: 47 s, with one 15 s).
FEW_NUMBERS = 20_000_000


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


@contextlib.contextmanager
def fitter(options: ClassifierOptions, progress: Progress) -> Iterator[Fit]:
    """Give what fits classifiers; a dense head is trained by Keras, which ends with the ``with``.

    Raises
    ------
    Cancelled
        From ``progress``, also in the middle of a dense head's epochs.
    """
    if options.name != "mlp":
        yield lambda vectors, truth, groups, stage, hear=None: (
            fitted(vectors, truth, options),
            None,
        )
        return
    with KerasProcess(progress) as keras:
        yield lambda vectors, truth, groups, stage, hear=None: keras.fit_head(
            stage, vectors, truth, groups, options.head, options.seed, hear
        )


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
            TREES,
            class_weight="balanced",
            n_jobs=limits.chosen_cores() or -1,
            random_state=options.seed,
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
