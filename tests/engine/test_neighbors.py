"""The nearest neighbours among embeddings."""

import numpy as np
import pytest

from engine import limits, neighbors, parted_index
from engine.neighbors import NeighborIndex, graph_among, knn_graph
from engine.progress import Cancelled, Progress

METRICS = ["cosine", "euclidean"]


def mixture(count: int, width: int = 64, groups: int = 40, seed: int = 0) -> np.ndarray:
    """Vectors in groups that spread along a few directions each, as embeddings do."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(groups, width)) * 2
    directions = rng.normal(size=(groups, 6, width))
    group = rng.integers(0, groups, count)
    along = rng.normal(size=(count, 1, 6)) @ directions[group]
    noise = rng.normal(size=(count, width)) * 0.1
    return (centres[group] + along[:, 0] + noise).astype(np.float32)


def distances(vectors: np.ndarray, metric: str) -> np.ndarray:
    """All with all, in double precision."""
    wide = vectors.astype(np.float64)
    if metric == "cosine":
        wide /= np.linalg.norm(wide, axis=1, keepdims=True)
        return 1 - wide @ wide.T
    return np.linalg.norm(wide[:, None] - wide[None], axis=2)


def recall(found: np.ndarray, truth: np.ndarray) -> float:
    shared = [len(set(f) & set(t)) for f, t in zip(found, truth, strict=True)]
    return sum(shared) / truth.size


@pytest.mark.parametrize("metric", METRICS)
def test_all_neighbours_of_all_are_found(metric):
    vectors = mixture(400)
    graph = knn_graph(vectors, 9, metric)
    apart = distances(vectors, metric)
    np.fill_diagonal(apart, np.inf)
    np.testing.assert_allclose(graph.distances, np.sort(apart, axis=1)[:, :9], atol=2e-3)
    assert recall(graph.indices, np.argsort(apart, axis=1)[:, :9]) > 0.999
    assert (graph.k, graph.metric, graph.indices.dtype) == (9, metric, np.int64)


@pytest.mark.parametrize("metric", METRICS)
def test_of_very_many_nearly_all_are_found(metric, monkeypatch):
    vectors = mixture(3_000)
    truth = knn_graph(vectors, 15, metric)
    monkeypatch.setattr(neighbors, "EXACT_UP_TO", 1_000)
    monkeypatch.setattr(neighbors, "REDUCED", 24)
    found = knn_graph(vectors, 15, metric)
    assert recall(found.indices, truth.indices) > 0.95
    assert not (found.indices == np.arange(3_000)[:, None]).any()
    assert np.all(np.diff(found.distances, axis=1) >= 0)


def test_of_very_many_the_answer_does_not_depend_on_how_many_cores_there_are(monkeypatch):
    vectors = mixture(3_000)
    truth = knn_graph(vectors, 15)
    monkeypatch.setattr(neighbors, "EXACT_UP_TO", 1_000)
    graphs = []
    for cores in (1, 16, 16):
        monkeypatch.setattr(limits, "available_cores", lambda cores=cores: cores)
        monkeypatch.setenv(limits.CORES, str(cores))
        graphs.append(knn_graph(vectors, 15))
    for graph in graphs:
        np.testing.assert_array_equal(graph.indices, graphs[0].indices)
        assert recall(graph.indices, truth.indices) > 0.999


def test_one_vector_more_than_is_searched_for_at_a_time_is_found_too(monkeypatch):
    vectors = mixture(parted_index.PIECE + 1)
    truth = knn_graph(vectors, 5)
    monkeypatch.setattr(neighbors, "EXACT_UP_TO", 1_000)
    assert recall(knn_graph(vectors, 5).indices[-1:], truth.indices[-1:]) == 1


@pytest.mark.parametrize("metric", METRICS)
def test_index_answers_as_the_graph_does(metric):
    vectors = mixture(500)
    graph, index = knn_graph(vectors, 5, metric), NeighborIndex(vectors, metric)
    for row in (0, 17, 499):
        rows, apart = index.query(vectors[row], 6)
        assert rows[0] == row
        assert apart[0] == pytest.approx(0, abs=2e-3)
        np.testing.assert_array_equal(rows[1:], graph.indices[row])


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("exact_up_to", [8_000, 50])
def test_neighbours_among_some_are_those_without_the_others(metric, exact_up_to, monkeypatch):
    vectors = mixture(400)
    graph = knn_graph(vectors, 8, metric)
    rows = np.sort(np.random.default_rng(0).choice(400, 380, replace=False))
    alone = knn_graph(vectors[rows], 8, metric)
    monkeypatch.setattr(neighbors, "EXACT_UP_TO", exact_up_to)
    among = graph_among(vectors[rows], rows, graph)
    assert recall(among.indices, alone.indices) > 0.99
    np.testing.assert_allclose(among.distances, alone.distances, atol=2e-3)


def test_neighbours_among_fewer_than_were_asked_for_are_all_others():
    vectors = mixture(30)
    among = graph_among(vectors[:4], np.arange(4), knn_graph(vectors, 8))
    assert [sorted(row) for row in among.indices] == [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]]
    assert graph_among(vectors[:1], np.arange(1), knn_graph(vectors, 8)).k == 0


def test_index_over_very_many_finds_nearly_all(monkeypatch):
    vectors = mixture(4_000)
    whole = NeighborIndex(vectors)
    monkeypatch.setattr(neighbors, "SCAN_UP_TO", 1_000)
    monkeypatch.setattr(neighbors, "REDUCED", 24)
    reduced = NeighborIndex(vectors)
    pairs = [(reduced.query(v, 10)[0], whole.query(v, 10)[0]) for v in vectors[:100]]
    assert recall(np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs])) > 0.99


def test_of_a_few_vectors_all_are_neighbours():
    vectors = mixture(3)
    rows, apart = NeighborIndex(vectors).query(vectors[1], 10)
    assert sorted(rows) == [0, 1, 2]
    assert rows[0] == 1
    assert len(apart) == 3


def test_single_vector_has_no_neighbours():
    assert knn_graph(mixture(1), 0).indices.shape == (1, 0)


def test_more_neighbours_than_vectors_are_a_fault_of_the_caller():
    with pytest.raises(ValueError, match="3 neighbours of 3"):
        knn_graph(mixture(3), 3)


def test_vector_of_zeros_is_no_error():
    vectors = mixture(10)
    vectors[4] = 0
    graph = knn_graph(vectors, 3)
    assert np.isfinite(graph.distances).all()


def test_equal_vectors_are_neighbours_of_each_other():
    vectors = mixture(20)
    vectors[7] = vectors[3]
    graph = knn_graph(vectors, 1)
    assert (graph.indices[3, 0], graph.indices[7, 0]) == (7, 3)


@pytest.mark.parametrize("exact_up_to", [10, 8_000])
def test_search_is_cancelled_between_its_parts(exact_up_to, monkeypatch):
    monkeypatch.setattr(neighbors, "EXACT_UP_TO", exact_up_to)
    progress = Progress(lambda step: progress.cancel() if step.done else None)
    with pytest.raises(Cancelled):
        knn_graph(mixture(6_000, width=16), 5, progress=progress)
