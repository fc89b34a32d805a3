"""Classifiers over embeddings, judged on images that they did not learn from."""

import pickle

import numpy as np
import pytest
from helpers import sentence

from engine.classifier import train
from engine.errors import EngineError
from engine.fitting import CLASSIFIERS, ClassifierOptions, predict
from engine.neighbors import knn_graph
from engine.progress import Cancelled, Progress
from engine.values import Embeddings

OF_SCIKIT_LEARN = [name for name in CLASSIFIERS if name != "mlp"]  # that: see test_keras_head
DIMS = 32
MIDDLES = dict(zip(("cat", "dog", "owl"), 4 * np.eye(3, DIMS, dtype=np.float32), strict=True))


def pictures(counts: dict[str, int], spread: float = 0.5) -> Embeddings:
    """Heaps of vectors, one for each class; "" is spread over all of them."""
    rng = np.random.default_rng(1)
    rows, labels = [], []
    for label, count in counts.items():
        rows.append(MIDDLES.get(label, 0) + rng.normal(size=(count, DIMS)) * spread)
        labels += [label] * count
    vectors = np.concatenate(rows).astype(np.float32)
    names = tuple(f"{number}.png" for number in range(len(labels)))
    return Embeddings(vectors, names, tuple(labels), "a-run")


def trained(embeddings: Embeddings, progress: Progress | None = None, **options):
    graph = knn_graph(embeddings.vectors, min(15, len(embeddings.paths) - 1))
    return train(embeddings, graph, ClassifierOptions(**options), progress)


def accuracy(training) -> float:
    return float(np.mean(training.probabilities.argmax(axis=1) == training.truth))


@pytest.mark.parametrize("name", OF_SCIKIT_LEARN)
def test_each_classifier_tells_heaps_apart(name):
    training = trained(pictures({"cat": 20, "dog": 20, "owl": 20}), name=name)
    assert training.classes == ("cat", "dog", "owl")
    assert training.rows.tolist() == list(range(60))
    assert accuracy(training) > 0.9
    np.testing.assert_allclose(training.probabilities.sum(axis=1), 1, rtol=1e-4)
    likely = predict(training.head, np.array(list(MIDDLES.values())), 3)
    assert likely.argmax(axis=1).tolist() == [0, 1, 2]


@pytest.mark.parametrize("name", OF_SCIKIT_LEARN)
def test_the_seed_makes_it_repeatable(name):
    embeddings = pictures({"cat": 12, "dog": 12}, spread=2)
    first, second = (trained(embeddings, name=name, folds=3, seed=3) for _ in range(2))
    np.testing.assert_array_equal(first.probabilities, second.probabilities)


def test_nothing_is_learnt_from_noise():
    """Predictions of what was learnt from would all be right."""
    vectors = np.random.default_rng(0).normal(size=(200, 50)).astype(np.float32)
    names = tuple(map(str, range(200)))
    training = trained(Embeddings(vectors, names, ("cat", "dog") * 100, "a-run"), name="knn")
    assert 0.3 < accuracy(training) < 0.7


def test_copies_on_both_sides_would_flatter():
    """Noise, each picture three times: whoever saw a copy knows the answer."""
    vectors = np.random.default_rng(0).normal(size=(60, 50)).astype(np.float32)
    labels = ("cat", "dog") * 30
    copied = Embeddings(np.tile(vectors, (3, 1)), tuple(map(str, range(180))), labels * 3, "a-run")
    training = trained(copied, name="knn")
    assert accuracy(training) < 0.7
    assert training.flattered > 0.9


def test_without_copies_nothing_flatters():
    assert trained(pictures({"cat": 10, "dog": 10})).flattered is None


def test_a_holdout_judges_a_share():
    training = trained(pictures({"cat": 50, "dog": 50}), holdout=0.2)
    assert len(training.rows) == 20


def test_a_holdout_smaller_than_one_picture_of_a_class_takes_one_of_each():
    training = trained(pictures({"cat": 5, "dog": 5}), name="knn", holdout=0.01)
    assert np.bincount(training.truth).tolist() == [1, 1]


def test_images_without_a_class_are_left_out():
    embeddings = pictures({"": 7, "cat": 10, "dog": 10})
    training = trained(embeddings)
    assert training.rows.min() == 7
    assert training.paths[0] == "7.png"
    assert len(training.rows) == 20


def test_a_class_of_one_picture_is_learnt_but_not_judged():
    training = trained(pictures({"cat": 10, "dog": 10, "owl": 1}))
    assert training.left_out == ("owl",)
    assert training.classes == ("cat", "dog", "owl")
    assert 20 not in training.rows
    assert training.head.classes_.tolist() == [0, 1, 2]


def test_small_classes_take_fewer_folds():
    training = trained(pictures({"cat": 3, "dog": 2}), folds=10)
    assert training.rows.tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ({"": 9}, "put the pictures of each class into a folder of its own"),
        ({"cat": 9}, "All images are of the class “cat”"),
        ({"cat": 9, "dog": 1}, "add pictures"),
    ],
)
def test_too_little_to_learn_from_is_explained(counts, says):
    with pytest.raises(EngineError) as error:
        trained(pictures(counts))
    assert says in sentence(error)


def test_a_support_vector_machine_needs_two_of_each():
    with pytest.raises(EngineError) as error:
        trained(pictures({"cat": 2, "dog": 2}), name="svm")
    assert "two pictures of each class" in sentence(error)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"name": "oracle"}, "choose one of logistic, knn, svm, forest"),
        ({"folds": 1}, "2 folds or more"),
        ({"holdout": 0.9}, "between 0 and 0.5"),
        ({"holdout": -0.1}, "between 0 and 0.5"),
    ],
)
def test_options_that_make_no_sense_are_refused(options, says):
    with pytest.raises(EngineError) as error:
        trained(pictures({"cat": 5, "dog": 5}), **options)
    assert says in sentence(error)


def test_a_training_says_how_far_it_is_and_can_be_cancelled():
    heard = []
    trained(pictures({"cat": 10, "dog": 10}), Progress(heard.append), folds=4)
    assert [(step.done, step.total) for step in heard] == [(done, 5) for done in range(6)]
    progress = Progress(lambda step: progress.cancel() if step.done == 2 else None)
    with pytest.raises(Cancelled):
        trained(pictures({"cat": 10, "dog": 10}), progress, folds=4)


def test_the_head_does_not_travel_to_another_process():
    training = trained(pictures({"cat": 8, "dog": 8}), name="knn")
    there = pickle.loads(pickle.dumps(training))
    assert there.head is None
    assert there.paths == training.paths
    np.testing.assert_array_equal(there.probabilities, training.probabilities)
