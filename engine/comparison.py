"""How well the embeddings of several backbones tell the classes apart, judged on the same images.

Each accuracy is of predictions for images that were not learnt from; copies of a picture are kept
together, by the same splits for all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.evaluation import CONFIDENCE_LEVEL, accuracy_interval
from engine.fitting import ClassifierOptions, fitted, predict
from engine.labelled import Labelled, grouped
from engine.neighbors import knn_graph
from engine.progress import Progress
from engine.sampling import stratified
from engine.splits import Split, agreed_groups
from engine.values import Embeddings

FOLDS = 5
SAMPLE = 3000  # images that are judged at most: more cost minutes and narrow the intervals little
FEWEST = 2  # of each class, so that one can be judged by the other
NEIGHBORS = 15
METRIC = "cosine"
Z = NormalDist().inv_cdf((1 + CONFIDENCE_LEVEL) / 2)  # standard errors to either side of a mean

Interval = tuple[float, float]
Right = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Separation:
    """How well one backbone tells the classes apart.

    knn_accuracy:      of the nearest neighbours' vote.
    logistic_accuracy: of a logistic regression.
    silhouette:        how much nearer images are to their own class than to the next one, from -1
                       to 1, by cosine distance.
    *_interval:        each with its 95 % confidence interval: Wilson's for shares.
    right:             (M,) whether the regression was right, for each image that was judged.
    """

    knn_accuracy: float
    knn_interval: Interval
    logistic_accuracy: float
    logistic_interval: Interval
    silhouette: float
    silhouette_interval: Interval
    right: Right


def separations(runs: Sequence[Embeddings], progress: Progress | None = None) -> list[Separation]:
    """Judge several embeddings of the same N images.

    Parameters
    ----------
    runs
        One or more, all with the same paths and labels in the same order.
    progress
        Hears how many are judged.

    Raises
    ------
    EngineError
        When there are fewer than two classes that can be judged.
    Cancelled
        From ``progress``.
    """
    progress = progress or Progress()
    graphs = []
    for number, run in enumerate(runs):
        progress.report("Finding copies", number, len(runs))
        k = min(NEIGHBORS, len(run.paths) - 1)
        graphs.append(knn_graph(run.vectors, k, METRIC))
    groups = agreed_groups(graphs)
    steps = _Steps(progress, len(runs) * (2 * FOLDS + 1))
    return [_separation(grouped(run, groups), steps) for run in runs]


def sampled(labels: Sequence[dict[str, str]], most: int = SAMPLE, seed: int = 0) -> set[str]:
    """Choose the images to judge by: of those with a class that are in all runs, so many at most.

    Each class keeps its share, but at least two images.

    Parameters
    ----------
    labels
        Of each run the class of each of its images, by path.
    most, seed
        How many, and which of them.
    """
    paths = shared(labels)
    names = [labels[0][path] for path in paths]
    rows = stratified(names, max(most, FEWEST * len(set(names))), seed, FEWEST)
    return {paths[row] for row in rows}


def shared(labels: Sequence[dict[str, str]]) -> list[str]:
    """Return the images with a class that are in all runs, in the order of the first.

    Raises
    ------
    EngineError
        When there is none.
    """
    first, *others = labels
    paths = [path for path, label in first.items() if label and all(path in o for o in others)]
    if not paths:
        raise EngineError(
            "No image that has a class is in all of the embeddings; embed the folder again, or "
            "give images a class."
        )
    return paths


def best(found: Sequence[Separation]) -> tuple[int, list[bool]]:
    """Return the number of the best one, and of each whether it may be as good.

    The best has the highest accuracy of the regression. Another may be as good when the difference,
    image by image, is within its own 95 % interval.
    """
    order = [(each.logistic_accuracy, each.silhouette) for each in found]
    winner = max(range(len(found)), key=order.__getitem__)
    differences = [found[winner].right.astype(float) - each.right for each in found]
    return winner, [
        bool(each.mean() <= Z * each.std() / np.sqrt(len(each))) for each in differences
    ]


def _separation(data: Labelled, steps: "_Steps") -> Separation:
    parts = data.parts(FOLDS, 0.0, 0)
    knn = _verdicts(data, parts, "knn", steps)
    logistic = _verdicts(data, parts, "logistic", steps)
    widths = _silhouettes(data)
    steps.one()
    middle, error = float(widths.mean()), Z * float(widths.std()) / np.sqrt(len(widths))
    return Separation(
        knn_accuracy=float(knn.mean()),
        knn_interval=accuracy_interval(knn),
        logistic_accuracy=float(logistic.mean()),
        logistic_interval=accuracy_interval(logistic),
        silhouette=middle,
        silhouette_interval=(middle - error, middle + error),
        right=logistic,
    )


def _verdicts(data: Labelled, parts: list[Split], name: str, steps: "_Steps") -> Right:
    """Return whether each judged image was recognised by a classifier that had not seen it."""
    right = np.zeros(len(data.truth), bool)
    for learn, judge in parts:
        head = fitted(data.vectors[learn], data.truth[learn], ClassifierOptions(name))
        likely = predict(head, data.vectors[judge], len(data.classes))
        right[judge] = likely.argmax(axis=1) == data.truth[judge]
        steps.one()
    verdicts: Right = right[np.sort(np.concatenate([judge for _, judge in parts]))]
    return verdicts


def _silhouettes(data: Labelled) -> NDArray[np.float64]:
    """Return (N,) the silhouette of each image among the classes. Source: Rousseeuw 1987."""
    from sklearn.metrics import silhouette_samples

    return np.asarray(silhouette_samples(data.vectors, data.truth, metric=METRIC), np.float64)


class _Steps:
    """Counts what is done."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0
        progress.report("Judging the backbones", 0, total)

    def one(self) -> None:
        self._done += 1
        self._progress.report("Judging the backbones", self._done, self._total)
