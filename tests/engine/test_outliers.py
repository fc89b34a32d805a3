import numpy as np
import pytest

from engine.neighbors import knn_graph
from engine.quality.findings import OUTLIER
from engine.quality.outliers import find_outliers, outlier_scores
from engine.values import Embeddings

WIDTH = 32


def around(rng, count, spread, centre=None):
    """``count`` vectors around one direction."""
    centre = rng.normal(size=WIDTH) if centre is None else centre
    return centre + spread * rng.normal(size=(count, WIDTH))


def embedded(*groups):
    """Embeddings of (class, vectors) groups."""
    vectors = np.concatenate([vectors for _, vectors in groups]).astype(np.float32)
    labels = tuple(label for label, vectors in groups for _ in vectors)
    paths = tuple(f"{label}/{number}.png" for number, label in enumerate(labels))
    return Embeddings(vectors, paths, labels, "run")


def found(embeddings, k=15):
    graph = knn_graph(embeddings.vectors, k)
    return [finding.path for finding in find_outliers(embeddings, graph)]


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_a_picture_unlike_all_others_is_an_outlier_of_its_class(rng):
    stranger = -10 * np.ones((1, WIDTH))
    embeddings = embedded(
        ("a", around(rng, 100, 0.3)), ("b", np.r_[around(rng, 99, 0.3), stranger])
    )
    (finding,) = find_outliers(embeddings, knn_graph(embeddings.vectors, 15))
    assert (finding.kind, finding.path, finding.given) == (OUTLIER, "b/199.png", "b")
    assert 0.5 < finding.score <= 1
    assert finding.says


def test_a_class_that_varies_much_is_not_strange(rng):
    tight, diffuse = around(rng, 300, 0.1), around(rng, 60, 1.0)
    embeddings = embedded(("tight", tight), ("diffuse", diffuse))
    assert found(embeddings) == []
    unlabelled = outlier_scores(knn_graph(embeddings.vectors, 15), ("",) * 360)
    assert (unlabelled[300:] > 0.5).mean() > 0.9  # so it is the class that excuses them


def test_a_handful_of_strange_pictures_does_not_hide_itself(rng):
    strangers = around(rng, 6, 0.01, -10 * np.ones(WIDTH))
    embeddings = embedded(("a", np.r_[around(rng, 200, 0.3), strangers]))
    assert sorted(found(embeddings)) == [f"a/{number}.png" for number in range(200, 206)]


def test_images_without_a_class_are_judged_by_all_others(rng):
    embeddings = embedded(("", np.r_[around(rng, 100, 0.3), -10 * np.ones((1, WIDTH))]))
    assert found(embeddings) == ["/100.png"]


def test_the_strangest_comes_first_and_copies_are_no_strangers(rng):
    usual = around(rng, 100, 0.3)
    away = np.array([1.0, -1.0] * (WIDTH // 2))
    strangers = np.array([away * 40 + usual[0], -usual.mean(axis=0) * 40])
    embeddings = embedded(("a", np.r_[usual, usual[:1], strangers]))
    paths = found(embeddings)
    scores = outlier_scores(knn_graph(embeddings.vectors, 15), embeddings.labels)
    assert paths == [embeddings.paths[row] for row in np.argsort(-scores)[: len(paths)]]
    assert set(paths) == {"a/101.png", "a/102.png"}


def test_a_few_images_say_nothing_of_what_is_usual(rng):
    few = embedded(("a", np.r_[around(rng, 5, 0.1), -10 * np.ones((1, WIDTH))]))
    assert found(few, k=5) == []
    assert found(embedded(("a", around(rng, 1, 1))), k=0) == []
