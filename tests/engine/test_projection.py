"""Embeddings reduced to a map."""

import pickle

import numpy as np
import pytest

from engine.projection import GrowingPca, pca
from engine.values import Embeddings


def embeddings_of(vectors: np.ndarray) -> Embeddings:
    paths = tuple(f"{number}.png" for number in range(len(vectors)))
    return Embeddings(vectors.astype(np.float32), paths, ("",) * len(vectors), "run")


def random_vectors(count: int, width: int = 40, seed: int = 0) -> np.ndarray:
    """Vectors that differ most in their first numbers, as embeddings differ along a few axes."""
    spread = 10.0 * 0.7 ** np.arange(width)
    noise = np.random.default_rng(seed).normal(size=(count, width))
    return (noise * spread + 5).astype(np.float32)


@pytest.mark.parametrize("dims", [2, 3])
def test_points_have_the_dims_asked_for_and_are_centred(dims):
    projection = pca(embeddings_of(random_vectors(200)), dims)
    assert projection.points.shape == (200, dims)
    assert projection.points.dtype == np.float32
    np.testing.assert_allclose(projection.points.mean(axis=0), 0, atol=1e-3)


def test_axes_come_by_their_share_of_the_variance():
    projection = pca(embeddings_of(random_vectors(200)))
    shares = projection.parameters["explained_variance"]
    assert shares == sorted(shares, reverse=True)
    assert np.all(np.diff(projection.points.std(axis=0)) < 0)


def test_projection_keeps_paths_labels_and_run():
    embeddings = Embeddings(random_vectors(2), ("a.png", "b.png"), ("x", "y"), "the run")
    projection = pca(embeddings)
    assert (projection.paths, projection.labels) == (("a.png", "b.png"), ("x", "y"))
    assert (projection.run, projection.method, projection.parameters["seed"]) == (
        "the run",
        "pca",
        0,
    )


@pytest.mark.parametrize("shape", [(300, 40), (1200, 1100)])
def test_same_seed_gives_the_same_points(shape):
    """The second shape is large enough for the randomised solver."""
    embeddings = embeddings_of(random_vectors(*shape))
    np.testing.assert_array_equal(pca(embeddings, 3, 7).points, pca(embeddings, 3, 7).points)


def test_permutation_of_the_images_permutes_the_points():
    vectors = random_vectors(200)
    order = np.random.default_rng(1).permutation(200)
    points, permuted = (pca(embeddings_of(v)).points for v in (vectors, vectors[order]))
    np.testing.assert_allclose(permuted, points[order], atol=1e-2)


def test_distances_are_kept_when_the_vectors_have_three_numbers():
    vectors = random_vectors(50, 3)
    points = pca(embeddings_of(vectors)).points
    np.testing.assert_allclose(
        np.linalg.norm(points[1:] - points[:-1], axis=1),
        np.linalg.norm(vectors[1:] - vectors[:-1], axis=1),
        rtol=1e-3,
    )


def test_separable_groups_stay_apart():
    vectors = random_vectors(90)
    vectors[30:60, 20] += 60
    vectors[60:, 30] += 60
    groups = pca(embeddings_of(vectors)).points.reshape(3, 30, 3)
    centres = groups.mean(axis=1)
    radius = np.linalg.norm(groups - centres[:, None], axis=2).mean()
    for first, second in ((0, 1), (0, 2), (1, 2)):
        assert np.linalg.norm(centres[first] - centres[second]) > 2 * radius


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("count", [2, 3, 50])
def test_identical_images_give_finite_points_at_one_place(count):
    points = pca(embeddings_of(np.full((count, 40), 3.5))).points
    np.testing.assert_allclose(points, np.zeros((count, 3)), atol=1e-4)


def test_two_images_lie_on_one_axis():
    points = pca(embeddings_of(random_vectors(2))).points
    assert np.isfinite(points).all()
    assert abs(points[0, 0] - points[1, 0]) > 1
    np.testing.assert_allclose(points[:, 1:], 0, atol=1e-3)


def test_one_image_lies_in_the_middle():
    assert np.array_equal(pca(embeddings_of(random_vectors(1))).points, np.zeros((1, 3)))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("batch", [1, 7, 32])
def test_growing_map_never_flips_its_axes(batch, seed):
    growing, vectors = GrowingPca(), random_vectors(160, seed=seed)
    before = np.zeros((0, 3), np.float32)
    for start in range(0, len(vectors), batch):
        after = growing.add(vectors[start : start + batch])
        common = len(before)
        if common >= 2:
            x = before - before.mean(axis=0)
            y = after[:common] - after[:common].mean(axis=0)
            likeness = (x * y).sum(axis=0)
            settled = 3 if common >= 30 else 1  # the first few points hardly span three axes
            assert (likeness[:settled] > 0).all(), f"flipped at {common} points"
        before = after


def test_growing_map_holds_a_point_for_every_vector_so_far():
    growing = GrowingPca(sample_size=20)
    for count in range(1, 12):
        points = growing.add(random_vectors(5))
        assert points.shape == (5 * count, 3)
        assert points.dtype == np.float32
        assert np.isfinite(points).all()


def test_growing_map_keeps_only_points_after_its_sample():
    growing = GrowingPca(sample_size=100)
    growing.add(random_vectors(100, 500))
    before = len(pickle.dumps(growing))
    for seed in range(10):
        growing.add(random_vectors(100, 500, seed))
    bytes_per_vector = (len(pickle.dumps(growing)) - before) / 1000
    assert bytes_per_vector < 3 * 4 + 10


def test_growing_map_does_not_move_earlier_points_after_its_sample():
    growing = GrowingPca(sample_size=100)
    settled = growing.add(random_vectors(100))
    later = growing.add(random_vectors(50, seed=1))
    np.testing.assert_array_equal(later[:100], settled)


@pytest.mark.parametrize("batches", [[90], [40, 50], [10, 10, 10, 60]])
def test_growing_map_agrees_with_pca_up_to_the_signs(batches):
    vectors, growing = random_vectors(90), GrowingPca()
    for batch in np.split(vectors, np.cumsum(batches)[:-1]):
        points = growing.add(batch)
    expected = pca(embeddings_of(vectors)).points
    signs = np.sign((points * expected).sum(axis=0))
    np.testing.assert_allclose(points * signs, expected, atol=1e-2)
