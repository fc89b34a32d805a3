"""Groups that the embedding itself shows."""

import numpy as np
import pytest

from engine import pipeline
from engine.clusters import clusters, default_smallest
from engine.progress import Cancelled, Progress
from engine.workspace import Workspace


def heaps(count: int = 40) -> np.ndarray:
    """Three heaps of points, the second with its middle at row ``count``."""
    rng = np.random.default_rng(0)
    made = [rng.normal(size=(count, 4)) + place for place in (0, 20, 40)]
    made[1][0] = 20
    return np.concatenate(made).astype(np.float32)


def test_heaps_are_clusters():
    found = clusters(heaps())
    assert len(np.unique(found.numbers)) == 3
    for first in (0, 40, 80):
        assert len(np.unique(found.numbers[first : first + 40])) == 1


def test_the_middle_stands_for_its_cluster():
    found = clusters(heaps())
    assert found.representatives[found.numbers[40]] == 40


def test_far_points_are_in_no_cluster():
    points = np.concatenate([heaps(), [[500, 0, 0, 0], [0, 900, 0, 0]]]).astype(np.float32)
    assert clusters(points).numbers[-2:].tolist() == [-1, -1]


@pytest.mark.parametrize("count", [0, 1, 3, 9])
def test_a_few_images_form_no_cluster(count):
    found = clusters(heaps()[:count])
    assert found.numbers.tolist() == [-1] * count
    assert len(found.representatives) == 0


def test_more_images_make_a_cluster_the_more_there_are():
    assert [default_smallest(count) for count in (10, 2_000, 1_000_000)] == [5, 20, 100]


def test_clusters_of_a_run_are_found_once(embedded_folder):
    heard, first_heard = [], []
    root, run = embedded_folder.workspace, embedded_folder.recipe.run
    first = pipeline.clusters(root, run, Progress(first_heard.append))
    assert [step.partial for step in first_heard if step.partial] == [], "no map is to be watched"
    again = pipeline.clusters(root, run, Progress(heard.append))
    np.testing.assert_array_equal(first.numbers, again.numbers)
    assert heard == []
    with Workspace.open(root) as workspace:
        assert len(first.numbers) == len(workspace.dataset().images)


def test_the_search_can_be_cancelled():
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        clusters(heaps(), progress=progress)
