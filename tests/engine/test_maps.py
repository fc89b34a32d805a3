"""Embeddings in a workspace become maps that are kept."""

from dataclasses import replace

import numpy as np
import pytest
from helpers import paint, recipe

from engine import pipeline
from engine.dataset import read_dataset
from engine.errors import EngineError
from engine.progress import Cancelled, Progress
from engine.projection import ProjectionOptions
from engine.workspace import Workspace

WIDTH = 24
RECIPE = recipe(WIDTH)
UMAP = ProjectionOptions("umap", neighbors=8)


@pytest.fixture
def root(tmp_path):
    """A workspace of 60 pictures in three classes, whose vectors lie apart by class."""
    rng = np.random.default_rng(0)
    for number in range(60):
        paint(tmp_path / "pets" / "abc"[number // 20] / f"{number}.png", (number, 0, 0))
    dataset = read_dataset(tmp_path / "pets")
    vectors = np.repeat(rng.normal(size=(3, WIDTH)) * 5, 20, axis=0) + rng.normal(size=(60, WIDTH))
    with Workspace.create(tmp_path / "pets.embedding") as workspace:
        workspace.set_dataset(dataset)
        workspace.use_run(RECIPE)
        workspace.add(RECIPE, dataset.images, vectors.astype(np.float32))
        return workspace.root


def stages(root, options: ProjectionOptions) -> list[str]:
    heard = []
    pipeline.project(root, options, progress=Progress(lambda step: heard.append(step.stage)))
    return heard


@pytest.mark.parametrize("method", ["pca", "umap", "tsne"])
@pytest.mark.parametrize("dims", [2, 3])
def test_a_map_is_made_once(root, method, dims):
    options = ProjectionOptions(method, dims, perplexity=5)
    made, file = pipeline.project(root, options)
    assert file.name == f"{method}-{dims}d.npy"
    np.testing.assert_array_equal(np.load(file), made.points)
    assert stages(root, options) == []


def test_other_parameters_make_another_map(root):
    made, _ = pipeline.project(root, UMAP)
    other, _ = pipeline.project(root, ProjectionOptions("umap", neighbors=8, min_dist=0.9))
    assert np.abs(made.points - other.points).max() > 0


def test_neighbours_are_searched_once_for_all_maps(root):
    assert any("neighbours" in stage for stage in stages(root, UMAP))
    assert not any(
        "neighbours" in stage for stage in stages(root, ProjectionOptions("umap", 2, neighbors=5))
    )


def test_neighbours_are_searched_again_when_more_are_needed(root):
    pipeline.project(root, UMAP)
    wider = ProjectionOptions("umap", neighbors=20)
    assert any("neighbours" in stage for stage in stages(root, wider))


def test_map_that_was_ended_early_is_kept_until_it_is_asked_for_again(root):
    progress = Progress(lambda step: progress.finish() if step.done and step.partial else None)
    early, file = pipeline.project(root, UMAP, progress=progress)
    np.testing.assert_array_equal(np.load(file), early.points)
    whole, _ = pipeline.project(root, UMAP)
    assert whole.parameters["epochs"] > early.parameters["epochs"]


def test_cancelled_map_leaves_the_one_before(root):
    made, file = pipeline.project(root, UMAP)
    progress = Progress(lambda step: progress.cancel() if step.partial else None)
    with pytest.raises(Cancelled):
        pipeline.project(root, ProjectionOptions("umap", neighbors=9), progress=progress)
    np.testing.assert_array_equal(np.load(file), made.points)


def test_axis_between_classes_is_a_map_too(root):
    made, _ = pipeline.project(root, ProjectionOptions("axes", axis=("a", "c")))
    along = made.points[:, 0]
    assert along[:20].max() < along[40:].min()


def test_choice_that_makes_no_sense_is_refused_before_anything_is_read(tmp_path):
    with pytest.raises(EngineError, match="perplexity"):
        pipeline.project(tmp_path / "absent", ProjectionOptions("tsne", perplexity=0))


def test_a_map_in_disorder_is_not_to_be_believed(root):
    made, _ = pipeline.project(root, UMAP)
    mixed = replace(made, points=np.random.default_rng(0).permutation(made.points))
    assert pipeline.agreement(root, made).mean() > 0.7
    assert pipeline.agreement(root, mixed).mean() < 0.4
