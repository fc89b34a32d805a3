"""What stands beside a doubtful image, and how images that are left out are coloured."""

import numpy as np
import pytest

from engine.colouring import CLUSTERS, NOTHING, Scale, by_class, by_value
from engine.errors import EngineError
from engine.excluded import EXCLUDED, with_excluded
from engine.palette import class_colours
from engine.pipeline import Similar, nearest_in_classes
from engine.values import Embeddings, Recipe


@pytest.fixture
def similar(tmp_path) -> Similar:
    angles = np.radians([0, 10, 20, 30, 80, 90])
    vectors = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    names = tuple(f"{number}.png" for number in range(6))
    labels = ("cat", "cat", "dog", "cat", "dog", "cow")
    recipe = Recipe("VGG16", "00000000", 32, "avg", 2)
    return Similar(tmp_path, recipe, Embeddings(vectors, names, labels, recipe.run), "cosine")


def test_neighbours_are_found_in_each_of_two_classes(similar):
    found = nearest_in_classes(similar, "0.png", ["cat", "dog"], 2)
    assert [each.path for each in found["cat"]] == ["1.png", "3.png"]
    assert [each.path for each in found["dog"]] == ["2.png", "4.png"]
    assert found["cat"][0].distance == pytest.approx(1 - np.cos(np.radians(10)), abs=1e-6)


def test_a_class_without_images_has_no_neighbours(similar):
    assert nearest_in_classes(similar, "5.png", ["cow", "bird"], 3) == {"cow": [], "bird": []}


def test_neighbours_follow_the_classes_of_now(similar):
    now = similar.relabelled(dict(zip(similar.paths, ["dog"] * 6, strict=True)))
    found = nearest_in_classes(now, "0.png", ["cat", "dog"], 9)
    assert (len(found["cat"]), len(found["dog"])) == (0, 5)
    assert similar.labels[0] == "cat"


def test_an_image_that_was_not_embedded_has_no_neighbours(similar):
    with pytest.raises(EngineError, match="not among the embedded images"):
        nearest_in_classes(similar, "new.png", ["cat"], 2)


def test_excluded_images_are_a_group_of_their_own():
    plain = by_class(["cat", "", "dog", ""], class_colours(("cat", "dog"), {}))
    found = with_excluded(plain, np.array([1, 3]))
    assert found.groups == ("cat", EXCLUDED, "dog", EXCLUDED)
    assert list(found.palette) == ["cat", "dog", EXCLUDED]
    assert tuple(found.colours[1]) == NOTHING
    assert np.array_equal(found.colours[[0, 2]], plain.colours[[0, 2]])
    assert list(with_excluded(plain, np.array([1])).palette) == ["cat", "dog", "", EXCLUDED]


def test_a_class_of_which_all_images_are_excluded_is_no_group():
    plain = by_class(["cat", "dog", "dog"], class_colours(("bird", "cat", "dog"), {}))
    assert list(with_excluded(plain, np.array([0, 1])).palette) == ["bird", "dog", EXCLUDED]


def test_excluded_images_are_grey_on_a_scale():
    plain = by_value(CLUSTERS, np.array([0.1, 0.9]), Scale(0, 1, "", ""))
    found = with_excluded(plain, np.array([0]))
    assert tuple(found.colours[0]) == NOTHING
    assert found.scale == plain.scale
    assert with_excluded(plain, np.zeros(0, np.int64)) is plain
