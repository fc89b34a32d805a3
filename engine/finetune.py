"""Backbone and head trained together on the pictures. Runs in `engine.keras_process`.

The head starts as the regression on the embeddings, and only then the last layers of the backbone
learn, slowly: Kumar, Raghunathan, Jones, Ma, Liang 2022, arXiv:2202.10054.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import limits
from engine.dense_head import DenseHead, without_standardising
from engine.errors import EngineError
from engine.history import Epoch, History
from engine.images import UnreadableImageError, read_square
from engine.keras_head import class_weights, fit_network
from engine.keras_model import applications_model, import_keras, preprocessing
from engine.network import Network
from engine.progress import Progress
from engine.values import Pixels, Vectors

DROPOUT = 0.2
LEARN, OTHER, JUDGE = range(3)  # what a picture is for


@dataclass(frozen=True, slots=True)
class FinetuneOptions:
    """unfreeze:      how many of the backbone's last layers learn; their normalisation does not.

    epochs:        at most so many times every picture is seen.
    augment:       whether pictures are shifted, turned, enlarged and brightened a little at random.
    batch_size:    pictures between two changes of the weights.
    patience:      epochs without a better one after which it ends.
    learning_rate: of Adam.
    holdout:       the share that is judged, at most 0.5.
    seed:          the same one chooses the same pictures.
    """

    unfreeze: int = 60
    epochs: int = 10
    augment: bool = False
    batch_size: int = 32
    patience: int = 3
    learning_rate: float = 5e-4
    holdout: float = 0.2
    seed: int = 0
    name: str = "finetune"

    def check(self) -> None:
        """Make sure that the options make sense.

        Raises
        ------
        EngineError
            When not.
        """
        if min(self.unfreeze, self.epochs, self.batch_size, self.patience) < 1:
            raise EngineError("Layers, epochs, batch size and patience need to be 1 or more.")
        if not self.learning_rate > 0:
            raise EngineError("The learning rate needs to be above 0.")
        if not 0 < self.holdout <= 0.5:
            raise EngineError("Hold out a share above 0 and up to 0.5 of the images.")


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """files: M pictures.    side: to which they are reduced before the network enlarges them.

    truth: (M,) int64 their classes, numbered as the head does.
    use:   (M,) int64: `LEARN`, `OTHER` (finds the best epoch) or `JUDGE`.
    """

    files: Sequence[Path]
    side: int
    truth: NDArray[np.int64]
    use: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Tuned:
    """head:          for the embeddings of the tuned backbone.

    probabilities: (J, C) float32 of the pictures to judge, in their order.
    """

    head: DenseHead
    probabilities: Vectors
    history: History


def finetune(
    progress: Progress,
    network: Network,
    pictures: Pictures,
    start: DenseHead,
    options: FinetuneOptions,
    weights_file: Path,
) -> Tuned:
    """Train a backbone's last layers together with a head.

    Parameters
    ----------
    progress
        Hears the batches and, after each epoch, the `History` so far. *Finish* ends with the best
        epoch so far.
    network
        Where it starts.
    pictures
        What is learnt from and what is judged.
    start
        A head of one layer for the embeddings of ``network``.
    options
        How.
    weights_file
        Where to write the backbone's new weights, ``.weights.h5``.

    Raises
    ------
    EngineError
        When a picture cannot be read any more, or this backbone cannot be tuned.
    Cancelled
        From ``progress``.
    """
    keras = import_keras()
    import tensorflow as tf

    keras.utils.set_random_seed(options.seed)
    if network.backbone.module == "efficientnet":
        raise EngineError(
            f"{network.backbone.name} cannot be fine-tuned, since Keras gives it a layer that "
            "depends on where its weights come from; choose another one, such as EfficientNetV2B0."
        )
    progress.report(f"Loading {network.backbone.name}")
    backbone = applications_model(network)
    _unfreeze(keras, backbone, options.unfreeze)
    whole, dense = _with_head(keras, network, backbone, start, options.augment)
    whole.compile(
        keras.optimizers.Adam(options.learning_rate),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,
    )
    reader = _Reader(pictures, network.side)
    learn = reader.batches(LEARN, options.batch_size, options.seed)
    other = reader.batches(OTHER, options.batch_size) if np.any(pictures.use == OTHER) else None
    try:
        history = _fit(progress, whole, learn, other, pictures, options)
        progress.report("Judging the fine-tuned network")
        judged = whole.predict(reader.batches(JUDGE, options.batch_size), verbose=0)
    except tf.errors.OpError as error:
        if reader.unreadable is None:
            raise
        file, reason = reader.unreadable
        raise EngineError(
            f"“{file}” {reason}; put the picture back, or embed the folder again."
        ) from error
    backbone.save_weights(weights_file)
    weights, bias = dense.get_weights()
    unchanged = without_standardising(start)
    head = DenseHead(unchanged.mean, unchanged.scale, ((weights, bias),), start.classes_)
    return Tuned(head, np.asarray(judged, np.float32), history)


def _fit(
    progress: Progress,
    whole: Any,
    learn: Any,
    other: Any,
    pictures: Pictures,
    options: FinetuneOptions,
) -> History:
    batches = len(learn)
    epoch = 1

    def after_batch(batch: int) -> None:
        progress.report(f"Fine-tuning, epoch {epoch} of {options.epochs}", batch, batches)

    def after_epoch(history: History) -> None:
        nonlocal epoch
        stage = f"Fine-tuning, epoch {epoch} of {options.epochs}"
        progress.report(stage, batches, batches, history)
        epoch += 1

    start = None
    if other is not None:
        progress.report("Judging the network as it is")
        loss, accuracy = whole.evaluate(other, verbose=0)
        start = Epoch(float(loss), float(accuracy), float(loss), float(accuracy))
    return fit_network(
        whole,
        learn,
        other,
        class_weights(pictures.truth[pictures.use == LEARN]),
        options.epochs,
        options.patience,
        None,
        after_epoch,
        lambda: progress.finishing,
        start,
        after_batch,
    )


def _unfreeze(keras: Any, backbone: Any, count: int) -> None:
    """Let the last layers learn; the means of normalisation stay those of many pictures."""
    backbone.trainable = True
    for place, layer in enumerate(backbone.layers):
        is_last = place >= len(backbone.layers) - count
        layer.trainable = is_last and not isinstance(layer, keras.layers.BatchNormalization)


def _with_head(
    keras: Any, network: Network, backbone: Any, start: DenseHead, augment: bool
) -> tuple[Any, Any]:
    """Return the network from pixels to probabilities, and the layer that is its head."""
    pixels = keras.Input((network.side, network.side, 3))
    shown = pixels
    if augment:
        # Never mirrored: a mirrored sign or letter may be another one.
        for layer in (
            keras.layers.RandomTranslation(0.08, 0.08, fill_mode="nearest"),
            keras.layers.RandomRotation(0.04, fill_mode="nearest"),
            keras.layers.RandomZoom(0.1, fill_mode="nearest"),
            keras.layers.RandomBrightness(0.15),
        ):
            shown = layer(shown)
    features = backbone(preprocessing(network)(shown))
    if network.pooling == "flatten":
        features = keras.layers.Flatten()(features)
    dense = keras.layers.Dense(len(start.classes_), "softmax")
    whole = keras.Model(pixels, dense(keras.layers.Dropout(DROPOUT)(features)))
    ((weights, bias),) = without_standardising(start).layers
    dense.set_weights([weights, bias])
    return whole, dense


class _Reader:
    """Reads pictures while the network learns; remembers one that cannot be read."""

    def __init__(self, pictures: Pictures, side: int) -> None:
        self._pictures, self._side = pictures, side
        self.unreadable: tuple[Path, str] | None = None

    def batches(self, use: int, size: int, seed: int | None = None) -> Any:
        """Return a ``tf.data.Dataset`` of (pixels, truth), in another order each time by a seed."""
        import tensorflow as tf

        rows = np.flatnonzero(self._pictures.use == use)
        found = tf.data.Dataset.from_tensor_slices((rows, self._pictures.truth[rows]))
        if seed is not None:
            found = found.shuffle(len(rows), seed, reshuffle_each_iteration=True)

        def read(row: Any, truth: Any) -> tuple[Any, Any]:
            pixels = tf.numpy_function(self._read, [row], tf.uint8)
            pixels = tf.ensure_shape(pixels, (self._side, self._side, 3))
            return tf.cast(pixels, tf.float32), truth

        read_all = found.map(read, num_parallel_calls=limits.cores())
        return read_all.batch(size).prefetch(2)

    def _read(self, row: int) -> Pixels:
        file = self._pictures.files[row]
        try:
            return read_square(file, self._pictures.side, self._side)
        except UnreadableImageError as error:
            self.unreadable = file, str(error)
            raise
