"""Fewer images that stand for all."""

import numpy as np
import pytest

from engine.sampling import stratified


def test_a_sample_keeps_the_share_of_each_class_and_at_least_one_image():
    labels = ["a"] * 600 + ["b"] * 390 + ["c"] * 9 + ["d"]
    rows = stratified(labels, 100)
    assert len(rows) == 100
    assert np.all(np.diff(rows) > 0)
    counts = [[labels[row] for row in rows].count(name) for name in "abcd"]
    assert counts == [60, 38, 1, 1] or counts == [59, 39, 1, 1]
    assert np.array_equal(rows, stratified(labels, 100))


@pytest.mark.parametrize("fewest", [1, 2, 3])
def test_each_class_has_at_least_so_many_images_as_are_asked_for_or_it_has(fewest):
    labels = ["a"] * 980 + ["b"] * 10 + ["c"]
    rows = stratified(labels, 50, fewest=fewest)
    counts = [[labels[row] for row in rows].count(name) for name in "abc"]
    assert sum(counts) == 50
    assert counts[1:] == [fewest, 1]


def test_many_small_classes_leave_no_more_than_there_is_room_for():
    labels = [str(number) for number in range(40)] + ["large"] * 100
    rows = stratified(labels, 50)
    assert len(rows) == 50
    assert len({labels[row] for row in rows}) == 41
