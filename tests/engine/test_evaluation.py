"""How good a classifier is."""

import numpy as np
import pytest

from engine.evaluation import evaluate

CLASSES = ("cat", "dog", "owl")


def said(*numbers: int, sure: float = 1.0) -> np.ndarray:
    """Predictions of these classes."""
    likely = np.full((len(numbers), 3), (1 - sure) / 2, np.float32)
    likely[np.arange(len(numbers)), numbers] = sure
    return likely


def test_scores_of_a_small_example_by_hand():
    report = evaluate(np.array([0, 0, 0, 1, 1, 2]), said(0, 0, 1, 1, 1, 0, sure=0.8), CLASSES)
    assert report.accuracy == pytest.approx(4 / 6)
    assert report.confusion.tolist() == [[2, 1, 0], [0, 2, 0], [1, 0, 0]]
    cat, dog, owl = report.per_class
    assert (cat.precision, cat.recall, cat.support) == (pytest.approx(2 / 3),) * 2 + (3,)
    assert (dog.precision, dog.recall, dog.f1) == (pytest.approx(2 / 3), 1, pytest.approx(0.8))
    assert (owl.label, owl.f1, owl.support) == ("owl", 0, 1)
    assert report.macro_f1 == pytest.approx((2 / 3 + 0.8 + 0) / 3)
    assert report.log_loss == pytest.approx(-(4 * np.log(0.8) + 2 * np.log(0.1)) / 6, abs=1e-5)


def test_the_interval_holds_the_accuracy_and_shrinks_with_more_images():
    few = evaluate(np.tile([0, 1], 5), np.tile(said(0, 0), (5, 1)), CLASSES).interval
    many = evaluate(np.tile([0, 1], 500), np.tile(said(0, 0), (500, 1)), CLASSES).interval
    assert few == pytest.approx((0.2366, 0.7634), abs=1e-4)  # Wilson's, for 5 of 10
    assert few[0] < many[0] < 0.5 < many[1] < few[1]


def test_all_right_is_not_certainty():
    low, high = evaluate(np.zeros(20, int), said(*[0] * 20), CLASSES).interval
    assert low < 0.9
    assert high == 1


def test_a_class_of_which_nothing_was_judged_does_not_lower_the_mean():
    report = evaluate(np.array([0, 1]), said(0, 1), CLASSES)
    assert report.macro_f1 == 1
    assert report.per_class[2].support == 0


def test_calibration_compares_confidence_with_what_was_right():
    truth = np.array([0] * 8 + [1] * 2)
    report = evaluate(truth, said(*[0] * 10, sure=0.95), CLASSES)
    (only,) = report.calibration
    assert (only.confidence, only.accuracy, only.count) == (pytest.approx(0.95), 0.8, 10)
    assert report.calibration_error == pytest.approx(0.15)
