"""What the colours of the points say."""

import numpy as np
import pytest

from engine.classifier import Training
from engine.colouring import (
    CONFIDENCE,
    NOTHING,
    PREDICTED,
    SCALE,
    SUSPICION,
    VERDICT,
    Scale,
    by_class,
    by_cluster,
    by_suggestion,
    by_suspicion,
    by_training,
    by_value,
)
from engine.fitting import ClassifierOptions
from engine.palette import FIRST, class_colours
from engine.quality.findings import Quality
from engine.suggestions import Suggestions
from engine.values import Clusters

SHARE = Scale(0.0, 1.0, "none", "all")
COLOURS = class_colours(("cat", "dog"), {})


def test_every_class_has_its_colour_whatever_points_there_are():
    colouring = by_class(["dog", "dog", "cat"], COLOURS)
    assert [tuple(c) for c in colouring.colours] == [FIRST[1], FIRST[1], FIRST[0]]
    assert colouring.palette == {"cat": FIRST[0], "dog": FIRST[1]}
    assert colouring.groups == ("dog", "dog", "cat")


def test_points_without_a_class_are_grey_beside_classes_and_blue_alone():
    assert tuple(by_class(["", "cat"], COLOURS).colours[0]) == NOTHING
    assert tuple(by_class([""], {}).colours[0]) == FIRST[0]


def test_clusters_are_listed_by_size_and_the_rest_is_grey():
    numbers = np.array([-1, 0, 1, 1, 1, 0, -1])
    colouring = by_cluster(Clusters(numbers, representatives=np.array([5, 3])))
    assert list(colouring.palette) == ["Cluster 1", "Cluster 2", ""]
    assert tuple(colouring.colours[0]) == NOTHING
    assert colouring.groups[2] == "Cluster 1"
    assert colouring.representatives == {"Cluster 1": 3, "Cluster 2": 5}


def test_values_lie_on_the_scale_and_never_beyond_it():
    colours = by_value("Share", np.array([-5.0, 0.0, 0.5, 1.0, 7.0]), SHARE).colours
    assert [tuple(c) for c in colours] == [SCALE[0], SCALE[0], SCALE[2], SCALE[4], SCALE[4]]


def test_what_is_no_number_is_grey():
    assert tuple(by_value("Share", np.array([np.nan]), SHARE).colours[0]) == NOTHING


@pytest.mark.parametrize("values", [np.zeros(3), np.zeros(0)])
def test_a_scale_of_one_value_or_none_is_no_error(values):
    same = Scale(0.0, 0.0, "", "")
    assert by_value("Same", values, same).colours.shape == (len(values), 3)


def test_the_ends_of_the_scale_stand_out_from_white_and_from_near_black():
    for end in (SCALE[0], SCALE[-1]):
        luminance = np.dot(end, (0.2126, 0.7152, 0.0722))
        assert 40 < luminance < 200


PATHS, LABELS = ["a.png", "b.png", "new.png"], ["cat", "dog", "cat"]


@pytest.fixture
def training() -> Training:
    """Two pictures that were judged: a cat that was taken for a dog, and a dog."""
    return Training(
        options=ClassifierOptions(),
        run="a-run",
        head=None,
        classes=("cat", "dog"),
        rows=np.array([0, 1]),
        paths=("a.png", "b.png"),
        truth=np.array([0, 1]),
        probabilities=np.array([[0.5, 0.5 + 1e-3], [0.0, 1.0]], np.float32),
    )


def test_predictions_have_the_colours_of_their_classes(training):
    colouring = by_training(PREDICTED, training, PATHS, LABELS, COLOURS)
    assert colouring.groups == ("dog", "dog", "")
    assert [tuple(c) for c in colouring.colours] == [FIRST[1], FIRST[1], NOTHING]


def test_mistakes_stand_out(training):
    colouring = by_training(VERDICT, training, PATHS, LABELS, COLOURS)
    assert colouring.groups == ("wrong", "right", "")
    assert list(colouring.palette) == ["right", "wrong", ""]


def test_what_was_labelled_since_is_compared_with_its_class_of_now(training):
    colouring = by_training(VERDICT, training, PATHS, ["dog", "", "dog"], COLOURS)
    assert colouring.groups == ("right", "", "")


def test_suggestions_are_paler_the_less_sure_they_are_and_labels_are_not():
    suggested = Suggestions(
        run="a-run",
        classes=("cat", "dog"),
        labelled=1,
        paths=("b.png", "c.png", "d.png"),
        labels=("cat", "dog", "emu"),
        probability=np.array([1.0, 0.0, 1.0], np.float32),
        uncertainty=np.array([0.0, 1.0, 0.0], np.float32),
        order=np.array([1, 0, 2]),
    )
    paths, labels = ("a.png", "b.png", "c.png", "d.png", "new.png"), ("dog", "", "", "", "")
    colouring = by_suggestion(suggested, paths, labels, COLOURS)
    # No image is of the class emu any more, and nothing is known of the last one.
    assert colouring.groups == ("dog", "cat", "dog", "", "")
    colours = [tuple(colour) for colour in colouring.colours]
    assert colours[:2] == [FIRST[1], FIRST[0]]
    assert colours[2] not in (FIRST[1], NOTHING)
    assert colours[3:] == [NOTHING, NOTHING]


def test_confidence_is_a_scale_and_what_was_not_judged_is_grey(training):
    colouring = by_training(CONFIDENCE, training, PATHS, LABELS, COLOURS)
    assert [tuple(c) for c in colouring.colours] == [SCALE[2], SCALE[4], NOTHING]


def test_suspicion_is_a_scale_on_which_what_was_not_judged_is_grey():
    quality = Quality("run", suspicion={"a": 1.0, "b": 0.0, "c": 0.5})
    colouring = by_suspicion(quality, ["b", "new", "a", "c"])
    colours = [tuple(colour) for colour in colouring.colours]
    assert colours == [SCALE[-1], NOTHING, SCALE[0], SCALE[2]]  # as right and wrong are
    assert (colouring.title, colouring.groups) == (SUSPICION, ())
    assert colouring.scale == Scale(1.0, 0.0, "doubtful", "sure")
