"""How good a classifier becomes with ever more pictures, and whether more of them would help."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.fitting import ClassifierOptions, fitter, predict
from engine.labelled import Labelled, labelled
from engine.progress import Progress
from engine.splits import Rows
from engine.values import Embeddings, KnnGraph
from engine.wording import mark

SHARES = (0.1, 0.2, 0.4, 0.7, 1.0)  # of what may be learnt from
SPLITS = 3
LEAST = 2  # pictures of a class that are learnt from in any case, where it has so many
SIZES_TO_TELL = 3
RESAMPLINGS = 300
HARDLY, MIGHT = 0.005, 0.025  # a gain in accuracy: less is hardly any, more would be one
STAGE = mark("Learning from ever more pictures")
TOO_FEW = mark("There are too few pictures to tell whether more would help.")

Right = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """Accuracy by the number of pictures that were learnt from, always on the same other pictures.

    sizes:             K mean numbers of pictures, rising.
    accuracy:          K means over the splits.
    error:             K standard errors of these.
    gain_when_doubled: expected accuracy with twice the largest size, less the one with it; None
                       where there are too few sizes.
    gain_error:        standard error of the gain, as far as the choice of judged pictures goes.
    """

    sizes: tuple[float, ...]
    accuracy: tuple[float, ...]
    error: tuple[float, ...]
    gain_when_doubled: float | None
    gain_error: float

    @property
    def says(self) -> str:
        """What it means, in one sentence."""
        gain, doubt = self.gain_when_doubled, 2 * self.gain_error
        if gain is None:
            return TOO_FEW
        if gain >= HARDLY and gain > doubt:
            points = f"{round(200 * gain) / 2:g}"  # it is not surer than by half points
            if points == "1":
                return mark("Twice as many pictures would bring about 1 point of accuracy more.")
            return mark(
                f"Twice as many pictures would bring about {points} points of accuracy more."
            )
        if gain + doubt < MIGHT:
            return mark("More pictures would hardly help.")
        return TOO_FEW


def learning_curve(
    embeddings: Embeddings,
    graph: KnnGraph,
    options: ClassifierOptions | None = None,
    progress: Progress | None = None,
) -> LearningCurve:
    """Judge a classifier that learns from growing shares of the pictures.

    The splits are those by which `engine.classifier.train` judges, the first three of them. Within
    each, what is judged stays the same while more is learnt from: the larger share contains the
    smaller one, each class has the same part in both, and copies of a picture are taken together.

    Parameters
    ----------
    embeddings
        N images; those without a class are left out.
    graph
        Their nearest neighbours by cosine distance, which tell what is a copy.
    options
        What to fit and how to judge.
    progress
        Hears the fits that are done.

    Raises
    ------
    EngineError
        When there are fewer than two classes that can be judged, or the options make no sense.
    Cancelled
        From ``progress``.

    Source
    ------
    The error falls as a power of the number of examples: Cortes, Jackel, Solla, Vapnik, Denker
    1994; over many tasks, Hestness et al. 2017. Standard errors: the bootstrap, Efron 1979.
    """
    options, progress = options or ClassifierOptions(), progress or Progress()
    options.check()
    data, random = labelled(embeddings, graph), np.random.default_rng(options.seed)
    plans = [
        (_growing(data, learn, random), judge)
        for learn, judge in data.parts(options.folds, options.holdout, options.seed)[:SPLITS]
    ]
    total, done = len(plans) * len(SHARES), 0
    progress.report(STAGE, done, total)
    right: list[Right] = []
    with fitter(options, progress) as fit:
        for shares, judge in plans:
            verdicts = []
            for learn in shares:
                number = done + 1
                stage = mark(f"Learning from ever more pictures {number} of {total}, epoch")
                head, _ = fit(data.vectors[learn], data.truth[learn], data.groups[learn], stage)
                likely = predict(head, data.vectors[judge], len(data.classes))
                verdicts.append(likely.argmax(axis=1) == data.truth[judge])
                done += 1
                progress.report(STAGE, done, total)
            right.append(np.array(verdicts))
    sizes = np.mean([[len(learn) for learn in shares] for shares, _ in plans], axis=0)
    groups = np.concatenate([data.groups[judge] for _, judge in plans])
    return _curve(sizes, np.concatenate(right, axis=1), groups, random)


def _growing(data: Labelled, learn: Rows, random: np.random.Generator) -> list[Rows]:
    """Return what is learnt from at each of `SHARES`: at random, but evenly of each class."""
    pairs = np.column_stack([data.truth[learn], data.groups[learn]])
    pictures, picture_of = np.unique(pairs, axis=0, return_inverse=True)
    counts = np.bincount(pictures[:, 0], minlength=len(data.classes))
    place = np.empty(len(pictures), np.int64)  # of each picture in the queue of its class
    for number in np.flatnonzero(counts):
        place[pictures[:, 0] == number] = random.permutation(counts[number])
    taken = [np.maximum(np.round(share * counts), LEAST) for share in SHARES]
    return [learn[(place < many[pictures[:, 0]])[picture_of.ravel()]] for many in taken]


def _curve(
    sizes: NDArray[np.floating], right: Right, groups: Rows, random: np.random.Generator
) -> LearningCurve:
    """Sum up (K, M) verdicts on M judged pictures; where a size comes twice, it counts once."""
    grown = np.diff(sizes, prepend=0) > 0
    sizes, right = sizes[grown], right[grown]
    _, number = np.unique(groups, return_inverse=True)
    per_group = np.zeros((number.max() + 1, len(sizes) + 1), np.int64)
    np.add.at(per_group, number.ravel(), np.column_stack([right.T, np.ones(len(number), bool)]))
    resampled = np.array([
        per_group[random.integers(0, len(per_group), len(per_group))].sum(axis=0)
        for _ in range(RESAMPLINGS)
    ])  # fmt: skip
    has_slope = len(sizes) >= SIZES_TO_TELL
    gains = _gain(sizes, resampled) if has_slope else np.zeros(1)
    return LearningCurve(
        sizes=tuple(map(float, sizes)),
        accuracy=tuple(map(float, right.mean(axis=1))),
        error=tuple(map(float, (resampled[:, :-1] / resampled[:, -1:]).std(axis=0))),
        gain_when_doubled=float(_gain(sizes, per_group.sum(axis=0))) if has_slope else None,
        gain_error=float(gains.std()),
    )


def _gain(sizes: NDArray[np.floating], counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Extrapolate to twice the largest size by a line through the logarithms of size and error.

    Larger sizes weigh more, since the line is straighter there. From half of what two sets of
    photographs let three classifiers learn from, the accuracy with all of it was told to within 1.0
    points on average and 2.5 at most; that it would not rise would have been wrong by 2.2.

    Parameters
    ----------
    sizes
        (K,).
    counts
        (..., K + 1): how many were right at each size, and how many were judged.
    """
    judged = counts[..., -1:]
    error = np.log((judged - counts[..., :-1] + 0.5) / (judged + 1))  # none wrong has a logarithm
    size, weights = np.log(sizes), sizes / sizes.sum()
    aside, middle = size - weights @ size, error @ weights
    slope = (error - middle[..., None]) @ (weights * aside) / (weights @ aside**2)
    return np.asarray(np.exp(middle + slope * aside[-1]) * (1 - 2.0**slope))
