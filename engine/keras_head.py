"""A dense head trained by Keras on embeddings. Runs in `engine.keras_process`."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.dense_head import DenseHead, HeadOptions
from engine.history import Epoch, History
from engine.keras_model import import_keras
from engine.progress import Progress
from engine.splits import held_back
from engine.values import Vectors

HELD_BACK = 0.15  # share of the images that finds the best epoch


def fit_head(
    progress: Progress,
    stage: str,
    vectors: Vectors,
    truth: NDArray[np.int64],
    groups: NDArray[np.int64],
    options: HeadOptions,
    seed: int,
) -> tuple[DenseHead, History]:
    """Train a head.

    Classes count the same however many images they have. Some images are held back to find the
    best epoch, none of which is a copy of one that is learnt from.

    Parameters
    ----------
    progress
        Hears the epochs under ``stage``; each step carries the `History` so far. *Finish* ends
        with the best epoch so far.
    vectors, truth, groups
        (N, D) embeddings, their (N,) numbered classes, and their (N,) groups of copies.
    options
        Of the layers and of the training.
    seed
        The same one gives the same head.
    """
    keras = import_keras()
    keras.utils.set_random_seed(seed)
    classes, numbers = np.unique(truth, return_inverse=True)
    learn, other = held_back(truth, groups, HELD_BACK, seed)
    mean, scale = vectors[learn].mean(axis=0), vectors[learn].std(axis=0)
    scale[scale == 0] = 1
    inputs = ((vectors - mean) / scale).astype(np.float32)

    layers: list[Any] = [keras.Input((vectors.shape[1],))]
    for units in options.layers:
        layers += [keras.layers.Dropout(options.dropout), keras.layers.Dense(units, "relu")]
    layers += [keras.layers.Dropout(options.dropout), keras.layers.Dense(len(classes), "softmax")]
    network = keras.Sequential(layers)
    network.compile(
        keras.optimizers.Adam(options.learning_rate),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,
    )
    history = fit_network(
        network,
        (inputs[learn], numbers[learn]),
        (inputs[other], numbers[other]) if len(other) else None,
        class_weights(numbers[learn]),
        options.epochs,
        options.patience,
        options.batch_size,
        lambda so_far: progress.report(stage, len(so_far.epochs), options.epochs, so_far),
        lambda: progress.finishing,
    )
    dense = [layer.get_weights() for layer in network.layers if layer.get_weights()]
    arrays = tuple((weights, bias) for weights, bias in dense)
    head = DenseHead(mean.astype(np.float32), scale.astype(np.float32), arrays, classes)
    return head, history


def fit_network(
    network: Any,
    learn: Any,
    other: Any,
    weights: dict[int, float],
    epochs: int,
    patience: int,
    batch_size: int | None,
    report: Callable[[History], None],
    is_finishing: Callable[[], bool],
    start: Epoch | None = None,
    after_batch: Callable[[int], None] = lambda _: None,
) -> History:
    """Train a compiled network until its loss on ``other`` has not fallen for ``patience`` epochs.

    It ends with the weights of its best epoch. Without ``other`` the loss of ``learn`` decides.
    ``start`` is how good it is before; then that may be its best epoch, too. ``after_batch`` hears
    the batches of each epoch.
    """
    keras = import_keras()
    epochs_so_far = [start] if start else []
    best: list[Any] = network.get_weights() if start else []

    def after_epoch(_: int, logs: dict[str, float]) -> None:
        seen = "val_" if "val_loss" in logs else ""
        numbers = (logs["loss"], logs["accuracy"], logs[f"{seen}loss"], logs[f"{seen}accuracy"])
        epochs_so_far.append(Epoch(*map(float, numbers)))
        history = History(tuple(epochs_so_far))
        if history.best == len(epochs_so_far) - 1:
            best[:] = network.get_weights()
        if len(epochs_so_far) - 1 - history.best >= patience or is_finishing():
            network.stop_training = True
        report(history)

    def batch_ended(batch: int, logs: dict[str, float]) -> None:
        after_batch(batch + 1)
        if is_finishing():
            network.stop_training = True

    images, truth = learn if isinstance(learn, tuple) else (learn, None)
    network.fit(
        images,
        truth,
        validation_data=other,
        epochs=epochs,
        batch_size=batch_size,
        class_weight=weights,
        callbacks=[
            keras.callbacks.LambdaCallback(on_epoch_end=after_epoch, on_train_batch_end=batch_ended)
        ],
        verbose=0,
    )
    if best:
        network.set_weights(best)
    return History(tuple(epochs_so_far))


def class_weights(truth: NDArray[np.int64]) -> dict[int, float]:
    """Return the weight of each class with which all count the same."""
    counts = np.bincount(truth)
    present = np.count_nonzero(counts)
    return {
        number: len(truth) / (present * count) if count else 0.0
        for number, count in enumerate(counts.tolist())
    }
