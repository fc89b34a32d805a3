"""The place of a picture from elsewhere on a map."""

import numpy as np
import pytest

from engine.placing import neighbor_weights, place_among

MAP = np.array([[0, 0, 0], [2, 0, 0], [0, 4, 0], [9, 9, 9]], np.float32)
ROWS = np.array([0, 1])


def test_the_weights_are_shares_and_the_nearer_weighs_more():
    weights = neighbor_weights(np.array([0.1, 0.2, 0.4]))
    assert weights.sum() == pytest.approx(1)
    assert weights[0] > weights[1] > weights[2] > 0


def test_a_picture_lies_in_the_middle_of_neighbours_that_are_equally_near():
    place = place_among(MAP, ROWS, neighbor_weights(np.array([0.3, 0.3])))
    np.testing.assert_allclose(place, [1, 0, 0], atol=1e-5)


def test_a_copy_lies_beside_its_original():
    place = place_among(MAP, ROWS, neighbor_weights(np.array([0.0, 0.3])))
    np.testing.assert_allclose(place, MAP[0], atol=0.01)


def test_copies_of_several_pictures_lie_between_them():
    np.testing.assert_allclose(neighbor_weights(np.zeros(2)), [0.5, 0.5])


def test_a_single_neighbour_is_the_place_itself_on_flat_maps_too():
    weights = neighbor_weights(np.array([0.2]))
    place = place_among(MAP[:, :2], np.array([2]), weights)
    np.testing.assert_allclose(place, [0, 4], atol=1e-5)


def test_the_place_never_leaves_the_room_that_the_neighbours_span():
    random = np.random.default_rng(0)
    points = random.normal(size=(50, 3)).astype(np.float32)
    for _ in range(20):
        rows = random.choice(50, 10, replace=False)
        place = place_among(points, rows, neighbor_weights(random.random(10)))
        assert (points[rows].min(axis=0) - 1e-5 <= place).all()
        assert (place <= points[rows].max(axis=0) + 1e-5).all()
