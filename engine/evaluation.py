"""How good a classifier is, from predictions on images that it did not learn from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CONFIDENCE_LEVEL = 0.95
CALIBRATION_BINS = 10


@dataclass(frozen=True, slots=True)
class ClassScore:
    """precision: share of those called so that are so; recall: share of those that are found.

    f1:      their harmonic mean.
    support: images of the class that were judged.
    """

    label: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Of ``count`` predictions with this mean ``confidence``, the share that was right."""

    confidence: float
    accuracy: float
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """accuracy:         share that was right.

    interval:          its 95 % confidence interval (Wilson).
    macro_f1:          mean of the classes' f1, each class counting the same.
    log_loss:          mean of -log of the probability given to the true class.
    calibration_error: mean distance between confidence and accuracy, by bins.
    per_class:         in the order of the classes.
    confusion:         (C, C) int64, a row for each true class.
    calibration:       bins of rising confidence; empty ones are left out.
    """

    accuracy: float
    interval: tuple[float, float]
    macro_f1: float
    log_loss: float
    calibration_error: float
    per_class: tuple[ClassScore, ...]
    confusion: NDArray[np.int64]
    calibration: tuple[CalibrationBin, ...]


def evaluate(
    truth: NDArray[np.int64], probabilities: NDArray[np.floating], classes: tuple[str, ...]
) -> Report:
    """Compare predictions with the truth.

    Parameters
    ----------
    truth
        (N,) the true class of each image, numbered; N is at least 1.
    probabilities
        (N, C): of each class, for each image.
    classes
        The names of the C classes.

    Source
    ------
    Scores: scikit-learn. Interval: Wilson 1927, scipy. Calibration error: Naeini, Cooper,
    Hauskrecht 2015, with bins of equal width.
    """
    from sklearn.metrics import confusion_matrix, log_loss, precision_recall_fscore_support

    numbers = np.arange(len(classes))
    said = probabilities.argmax(axis=1)
    right = said == truth
    scores = precision_recall_fscore_support(truth, said, labels=numbers, zero_division=0.0)
    judged = scores[3] > 0  # a class of which nothing was judged has no score
    bins = _calibration(probabilities.max(axis=1), right)
    return Report(
        accuracy=float(right.mean()),
        interval=accuracy_interval(right),
        macro_f1=float(scores[2][judged].mean()),
        log_loss=float(log_loss(truth, probabilities, labels=numbers)),
        calibration_error=sum(
            each.count / len(right) * abs(each.confidence - each.accuracy) for each in bins
        ),
        per_class=tuple(
            ClassScore(name, float(precision), float(recall), float(f1), int(support))
            for name, precision, recall, f1, support in zip(classes, *scores, strict=True)
        ),
        confusion=np.asarray(confusion_matrix(truth, said, labels=numbers), np.int64),
        calibration=bins,
    )


def accuracy_interval(right: NDArray[np.bool_]) -> tuple[float, float]:
    """Return the confidence interval (Wilson) of the share of (N,) verdicts that are right."""
    from scipy.stats import binomtest

    interval = binomtest(int(right.sum()), len(right)).proportion_ci(CONFIDENCE_LEVEL, "wilson")
    return float(interval.low), float(interval.high)


def _calibration(
    confidence: NDArray[np.floating], right: NDArray[np.bool_]
) -> tuple[CalibrationBin, ...]:
    place = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    return tuple(
        CalibrationBin(
            float(confidence[place == number].mean()),
            float(right[place == number].mean()),
            int(np.count_nonzero(place == number)),
        )
        for number in np.unique(place)
    )
