"""Which images are learnt from and which are judged: copies never lie on both sides."""

import numpy as np
import pytest

from engine.splits import COPY_DISTANCE, copy_groups, groups_of_each, splits
from engine.values import KnnGraph


def graph(indices, distances) -> KnnGraph:
    return KnnGraph(np.array(indices, np.int64), np.array(distances, np.float32), "cosine")


def test_copies_and_the_copies_of_copies_share_a_number():
    near, far = COPY_DISTANCE / 2, COPY_DISTANCE * 5
    found = copy_groups(graph([[1], [2], [1], [4], [0]], [[near], [near], [near], [far], [far]]))
    assert found[0] == found[1] == found[2]
    assert len({found[0], found[3], found[4]}) == 3


def test_copies_of_a_picture_count_once():
    truth, groups = np.array([0, 0, 0, 1, 1]), np.array([5, 5, 6, 7, 8])
    assert groups_of_each(truth, groups, 3).tolist() == [2, 2, 0]


@pytest.fixture
def copied() -> tuple[np.ndarray, np.ndarray]:
    """40 pictures of 2 classes, each twice."""
    return np.repeat([0, 1], 40), np.repeat(np.arange(40), 2)


def test_each_image_is_judged_once_and_copies_stay_together(copied):
    truth, groups = copied
    parts = splits(truth, groups, 5, 0.0, 0)
    assert len(parts) == 5
    assert sorted(np.concatenate([judge for _, judge in parts])) == list(range(80))
    for learn, judge in parts:
        assert set(groups[learn]) & set(groups[judge]) == set()
        assert set(truth[judge]) == {0, 1}


def test_a_holdout_is_one_split_of_its_size(copied):
    truth, groups = copied
    ((learn, judge),) = splits(truth, groups, 5, 0.2, 0)
    assert (len(learn), len(judge)) == (64, 16)


def test_the_seed_decides(copied):
    judged = [splits(*copied, 5, 0.2, seed)[0][1].tolist() for seed in (1, 1, 2)]
    assert judged[0] == judged[1] != judged[2]
