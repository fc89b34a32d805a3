"""UMAP and t-SNE: maps that arrange the images step by step, watched and stopped."""

import numpy as np
import pytest

from engine.agreement import neighbor_agreement
from engine.progress import Cancelled, Progress
from engine.projection import ProjectionOptions, pca, project
from engine.projection.start import pca_start
from engine.values import Embeddings, KnnGraph

DIGITS_IN_GROUP = 40
METHODS = ["umap", "tsne"]


def groups(count: int = 5, width: int = 30, seed: int = 0) -> Embeddings:
    """Groups of vectors that lie apart from each other, one class each."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(count, width)) * 6
    vectors = np.concatenate([c + rng.normal(size=(DIGITS_IN_GROUP, width)) for c in centres])
    labels = tuple(str(number) for number in np.repeat(np.arange(count), DIGITS_IN_GROUP))
    paths = tuple(f"{number}.png" for number in range(len(labels)))
    return Embeddings(vectors.astype(np.float32), paths, labels, "run")


def embeddings_of(vectors: np.ndarray) -> Embeddings:
    names = tuple(f"{number}.png" for number in range(len(vectors)))
    return Embeddings(vectors.astype(np.float32), names, ("",) * len(names), "run")


def true_graph(embeddings: Embeddings, k: int) -> KnnGraph:
    """The neighbours by comparing everything with everything."""
    vectors = embeddings.vectors.astype(np.float64)
    apart = np.linalg.norm(vectors[:, None] - vectors[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    k = min(k, len(vectors) - 1)
    order = np.argsort(apart, axis=1)[:, :k]
    return KnnGraph(order, np.take_along_axis(apart, order, 1).astype(np.float32), "euclidean")


def arrange(embeddings: Embeddings, method: str, progress: Progress | None = None, **more):
    options = ProjectionOptions(method, metric="euclidean", **more)
    return project(embeddings, options, true_graph(embeddings, options.neighbors_needed), progress)


@pytest.mark.parametrize("dims", [2, 3])
@pytest.mark.parametrize("method", METHODS)
def test_groups_lie_apart_on_the_map(method, dims):
    embeddings = groups()
    made = arrange(embeddings, method, dims=dims, perplexity=10)
    assert made.points.shape == (len(embeddings.paths), dims)
    assert made.points.dtype == np.float32
    nearest = true_graph(embeddings_of(made.points), 1).indices[:, 0]
    labels = np.array(made.labels)
    assert np.all(labels == labels[nearest])


@pytest.mark.parametrize("method", METHODS)
def test_more_true_neighbours_lie_side_by_side_than_with_pca(method):
    embeddings = groups(width=60)
    graph = true_graph(embeddings, 15)
    made = arrange(embeddings, method, perplexity=10)
    flat = pca(embeddings)
    assert neighbor_agreement(made.points, graph).mean() > (
        neighbor_agreement(flat.points, graph).mean() + 0.05
    )


def test_umap_in_slices_is_as_good_as_in_one_piece():
    from fastumap import umap_project

    embeddings = groups(width=60)
    graph = true_graph(embeddings, 15)
    whole = umap_project(embeddings.vectors.astype(np.float64), 3, n_epochs=200)
    sliced = arrange(embeddings, "umap")
    found = neighbor_agreement(sliced.points, graph).mean()
    assert found > neighbor_agreement(whole.astype(np.float32), graph).mean() - 0.03


@pytest.mark.parametrize("method", METHODS)
def test_same_seed_gives_the_same_map(method):
    embeddings = groups(2)
    first, second = (arrange(embeddings, method, seed=3, perplexity=5) for _ in range(2))
    np.testing.assert_array_equal(first.points, second.points)


@pytest.mark.parametrize("method", METHODS)
def test_every_step_carries_the_map_so_far(method):
    steps = []
    made = arrange(groups(2), method, Progress(steps.append), perplexity=5)
    maps = [step.partial for step in steps]
    assert len(maps) > 10
    assert all(m.method == method and m.points.shape == made.points.shape for m in maps)
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert steps[-1].done == steps[-1].total
    np.testing.assert_array_equal(maps[-1].points, made.points)


@pytest.mark.parametrize("method", METHODS)
def test_finish_ends_with_the_map_so_far(method):
    progress = Progress(lambda step: progress.finish() if step.done else None)
    made = arrange(groups(2), method, progress, perplexity=5)
    assert np.isfinite(made.points).all()
    ran = made.parameters.get("epochs", made.parameters.get("iterations"))
    assert 0 < ran <= 10


@pytest.mark.parametrize("method", METHODS)
def test_cancel_ends_without_a_map(method):
    progress = Progress(lambda step: progress.cancel() if step.done else None)
    with pytest.raises(Cancelled):
        arrange(groups(2), method, progress, perplexity=5)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6, 8])
@pytest.mark.parametrize("method", METHODS)
def test_a_handful_of_images_is_a_map_too(method, count):
    embeddings = embeddings_of(np.random.default_rng(0).normal(size=(count, 12)))
    made = arrange(embeddings, method)
    assert made.points.shape == (count, 3)
    assert np.isfinite(made.points).all()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("different", [1, 2, 4])
def test_equal_images_do_not_break_the_map(method, different):
    vectors = np.repeat(np.random.default_rng(0).normal(size=(different, 12)), 10, axis=0)
    made = arrange(embeddings_of(vectors), method, perplexity=5)
    assert np.isfinite(made.points).all()


@pytest.mark.parametrize("method", METHODS)
def test_the_parameters_tell_how_the_map_was_made(method):
    made = arrange(groups(1), method, seed=5, perplexity=7, neighbors=9, min_dist=0.3)
    told = {"seed": 5, "metric": "euclidean"}
    told |= {"neighbors": 9, "min_dist": 0.3} if method == "umap" else {"perplexity": 7}
    assert made.parameters.items() >= told.items()


def test_arrangements_start_as_the_pca_lies():
    embeddings = groups(width=60)
    start, shown = pca_start(embeddings.vectors, 3, 0), pca(embeddings).points
    for axis in range(3):
        assert np.corrcoef(start[:, axis], shown[:, axis])[0, 1] > 0.999
