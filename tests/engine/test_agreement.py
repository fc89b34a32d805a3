"""How far a map can be believed."""

import numpy as np

from engine.agreement import neighbor_agreement
from engine.values import KnnGraph

LINE = np.arange(6, dtype=np.float32)[:, None] * np.ones(2, np.float32)
BESIDE = np.array([[1, 2], [0, 2], [1, 3], [2, 4], [3, 5], [4, 3]])


def graph(indices: np.ndarray) -> KnnGraph:
    return KnnGraph(indices.astype(np.int64), np.ones(indices.shape, np.float32), "cosine")


def test_map_that_keeps_all_neighbours_is_to_be_believed():
    np.testing.assert_array_equal(neighbor_agreement(LINE, graph(BESIDE)), np.ones(6))


def test_point_that_was_torn_from_its_neighbours_is_not():
    torn = LINE.copy()
    torn[0] = 100
    shares = neighbor_agreement(torn, graph(BESIDE))
    assert shares[0] == 0
    assert shares[3] == 1


def test_half_of_the_neighbours_are_a_half():
    far_and_near = BESIDE.copy()
    far_and_near[0] = [1, 5]
    assert neighbor_agreement(LINE, graph(far_and_near))[0] == 0.5


def test_points_on_one_spot_are_no_neighbours_of_themselves():
    spot = np.zeros((4, 2), np.float32)
    everyone = np.array([[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]])
    np.testing.assert_array_equal(neighbor_agreement(spot, graph(everyone)), np.ones(4))


def test_single_image_has_nothing_to_disagree_with():
    assert neighbor_agreement(LINE[:1], graph(np.zeros((1, 0)))).tolist() == [1]
