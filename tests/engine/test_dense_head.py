"""A dense head is bare arrays: it calculates what Keras does and is kept without Keras."""

import numpy as np
import pytest

from engine.dense_head import DenseHead, read_dense_head, write_dense_head

DIMENSIONS, HIDDEN, CLASSES = 6, 5, 3


@pytest.fixture
def head() -> DenseHead:
    rng = np.random.default_rng(0)

    def numbers(*shape: int):
        return rng.normal(size=shape).astype(np.float32)

    hidden = (numbers(DIMENSIONS, HIDDEN), numbers(HIDDEN))
    last = (numbers(HIDDEN, CLASSES), numbers(CLASSES))
    scale = np.abs(numbers(DIMENSIONS)) + 1
    return DenseHead(numbers(DIMENSIONS), scale, (hidden, last), np.array([0, 2, 5]))


@pytest.fixture
def vectors():
    return np.random.default_rng(1).normal(size=(7, DIMENSIONS)).astype(np.float32)


@pytest.mark.keras
def test_it_calculates_what_keras_does(head, vectors):
    import keras

    network = keras.Sequential(
        [
            keras.layers.Normalization(mean=head.mean, variance=head.scale**2),
            keras.layers.Dense(HIDDEN, "relu"),
            keras.layers.Dense(CLASSES, "softmax"),
        ]
    )
    network.build((None, DIMENSIONS))
    for layer, arrays in zip(network.layers[1:], head.layers, strict=True):
        layer.set_weights(arrays)
    expected = network.predict(vectors, verbose=0)
    np.testing.assert_allclose(head.predict_proba(vectors), expected, atol=1e-6)


def test_it_is_read_as_it_was_written(head, vectors, tmp_path):
    with (tmp_path / "head.npz").open("wb") as file:
        write_dense_head(head, file)
    again = read_dense_head(tmp_path / "head.npz")
    np.testing.assert_array_equal(again.predict_proba(vectors), head.predict_proba(vectors))
    np.testing.assert_array_equal(again.classes_, head.classes_)


def test_scores_far_apart_do_not_overflow(head):
    likely = head.predict_proba(np.full((1, DIMENSIONS), 1e6, np.float32))
    assert np.isfinite(likely).all()


def test_layers_that_do_not_fit_each_other_are_refused(head):
    with pytest.raises(ValueError, match="do not fit"):
        DenseHead(head.mean, head.scale, head.layers[:1], head.classes_)
