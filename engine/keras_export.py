"""A model that takes pictures as they are, in the format of other programs.

Runs in `engine.keras_process`. Resizing, preprocessing, backbone, pooling and head become one graph
of Keras's own layers and operations: it needs nothing of this program, and nobody who uses it has
to repeat what this program does with a picture.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from engine import keras_model, openvino_model
from engine.dense_head import DenseHead
from engine.exportable_head import NeighborHead
from engine.files import disk_errors
from engine.network import Network
from engine.values import Vectors

INPUT, OUTPUT = "pixels", "probabilities"
HALF = 2.0**11  # of the 22 bits of a weight of Pillow
NEVER = -1e9  # the score of a class that was not learnt: its probability is exactly 0
NEAREST = 1e-7  # a distance below is but rounding


def export(
    network: Network,
    image_size: int,
    head: DenseHead | NeighborHead,
    classes: int,
    kind: str,
    file: Path,
) -> None:
    """Write a whole model.

    Parameters
    ----------
    network
        The backbone.
    image_size
        Side of the square to which pictures are reduced before the backbone gets them.
    head
        What names their vectors.
    classes
        C, of which ``head`` gives some or all.
    kind
        One of `WRITERS`.
    file
        Where to; for OpenVINO the .xml, with a .bin beside it.

    Raises
    ------
    EngineError
        When the weights do not fit or the disk cannot be written to.
    """
    model = whole_model(network, image_size, head, classes)
    with disk_errors(file.parent):
        WRITERS[kind](model, file)


def whole_model(
    network: Network, image_size: int, head: DenseHead | NeighborHead, classes: int
) -> Any:
    """Return a Keras model from (B, H, W, 3) uint8 sRGB to (B, C) float32 probabilities."""
    keras = keras_model.import_keras()
    pixels = keras.Input((None, None, 3), dtype="uint8", name=INPUT)
    square = squeezed(pixels, image_size)
    if network.side != image_size:
        square = squeezed(square, network.side)
    vectors = keras_model.backbone_model(network)(keras_model.preprocessing(network)(square))
    if isinstance(head, DenseHead):
        return keras.Model(pixels, _dense(vectors, head, classes))
    return keras.Model(pixels, _neighbors(vectors, head, classes))


def squeezed(pixels: Any, side: int) -> Any:
    """Resize (B, H, W, 3) to (B, S, S, 3) grey levels as Pillow's BILINEAR does, across first.

    Keras's own resizing is no substitute: with antialiasing it cannot be converted, without it is
    another one, and it does not round to grey levels between its two passes.
    """
    ops = keras_model.import_keras().ops
    pixels = ops.cast(pixels, "float32")
    across = _resized(pixels, 2, _weights(pixels[0, 0, :, 0], side))
    down = _resized(across, 1, _weights(pixels[0, :, 0, 0], side))
    return ops.transpose(down, (0, 3, 2, 1))


def _resized(pixels: Any, axis: int, weights: Any) -> Any:
    """Replace an axis by the last one of S weighted sums, rounded as Pillow does it."""
    ops = keras_model.import_keras().ops
    high, low = ops.split(ops.tensordot(pixels, weights, [[axis], [0]]), 2, axis=-1)
    whole = ops.floor(high / HALF)
    rest = (high - whole * HALF) / HALF + low / HALF**2
    return ops.clip(whole + ops.floor(rest + 0.5), 0, 255)


def _weights(line: Any, side: int) -> Any:
    """Return (L, 2 S): how much each of the L pixels of a line counts for each of S.

    The weights form triangles as wide as two of the larger pixels. Pillow makes whole numbers of
    22 bits of them. Here they come as two columns, the high and the low 11 bits, and everything is
    counted in units that keep it whole: so no step exceeds the 24 bits that float32 holds exactly,
    and the sums are Pillow's own whatever calculates them. How long the line is, only its pixels
    tell while it is part of a graph.
    """
    ops = keras_model.import_keras().ops
    ones = ops.ones_like(line)
    length = ops.sum(ones)
    sources = ops.expand_dims(2 * ops.cumsum(ones) - 1, 1) * side
    targets = length * (2 * np.arange(side, dtype=np.float32) + 1)
    reach = 2 * ops.maximum(length, float(side))
    triangles = ops.relu(reach - ops.absolute(sources - targets))
    total = ops.sum(triangles, axis=0, keepdims=True)
    high = ops.floor(triangles * HALF / total)
    # What that division leaves over. The total is taken in two parts, lest products be rounded.
    upper = ops.floor(total / HALF)
    left = triangles * HALF - high * upper * HALF - high * (total - upper * HALF)
    return ops.concatenate([high, ops.floor(left * HALF / total + 0.5)], axis=1)


def _dense(vectors: Any, head: DenseHead, classes: int) -> Any:
    layers = keras_model.import_keras().layers
    arrays = _without_standardising(head)
    for weights, bias in arrays[:-1]:
        vectors = _filled(layers.Dense(len(bias), "relu"), vectors, weights, bias)
    weights, bias = arrays[-1]
    all_weights = np.zeros((len(weights), classes), np.float32)
    all_bias = np.full(classes, NEVER, np.float32)
    all_weights[:, head.classes_], all_bias[head.classes_] = weights, bias
    last = layers.Dense(classes, "softmax", name=OUTPUT)
    return _filled(last, vectors, all_weights, all_bias)


def _without_standardising(head: DenseHead) -> list[tuple[Vectors, Vectors]]:
    """Return layers of which the first one takes vectors as they are."""
    (weights, bias), *others = head.layers
    scaled = weights.astype(np.float64) / head.scale[:, None]
    first = scaled.astype(np.float32), (bias - head.mean @ scaled).astype(np.float32)
    return [first, *others]


def _neighbors(vectors: Any, head: NeighborHead, classes: int) -> Any:
    keras = keras_model.import_keras()
    ops, layers = keras.ops, keras.layers
    count = len(head.vectors)
    learnt = layers.Dense(count, use_bias=False, name="similarities")
    similarities = _filled(learnt, ops.normalize(vectors), head.vectors.T)
    nearest, places = ops.top_k(similarities, head.k)
    votes = 1 / ops.maximum(1 - nearest, NEAREST)
    shares = ops.expand_dims(votes / ops.sum(votes, axis=-1, keepdims=True), -1)
    truth = np.eye(classes, dtype=np.float32)[head.classes_[head.truth]]
    of_each = _filled(layers.Embedding(count, classes, name="classes"), places, truth)
    return layers.Identity(name=OUTPUT)(ops.sum(shares * of_each, axis=1))


def _filled(layer: Any, tensor: Any, *arrays: Any) -> Any:
    """Call a layer and give it its weights."""
    answer = layer(tensor)
    layer.set_weights(arrays)
    return answer


def _write_keras(model: Any, file: Path) -> None:
    model.save(file)


def _write_onnx(model: Any, file: Path) -> None:
    import onnx

    model.export(file, format="onnx", verbose=False, input_signature=[_any_size()])
    # Operations that cannot be converted are left in the file as they are.
    try:
        onnx.checker.check_model(file)
    except onnx.checker.ValidationError as error:
        raise ValueError(str(error).splitlines()[0]) from error


def _write_tflite(model: Any, file: Path) -> None:
    import tensorflow as tf

    with tempfile.TemporaryDirectory() as folder:
        model.export(folder, verbose=False, input_signature=[_any_size(batch=1)])
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        file.write_bytes(converter.convert())


def _write_openvino(model: Any, file: Path) -> None:
    import tensorflow as tf

    def forward(pixels: Any) -> Any:
        return model(pixels, training=False)

    pixels = tf.TensorSpec((None, None, None, 3), tf.uint8, name=INPUT)
    openvino_model.convert(tf.function(forward, [pixels]).get_concrete_function(), file)


def _any_size(batch: int | None = None) -> Any:
    keras = keras_model.import_keras()
    return keras.InputSpec(shape=(batch, None, None, 3), dtype="uint8", name=INPUT)


WRITERS: dict[str, Callable[[Any, Path], None]] = {
    "keras": _write_keras,
    "onnx": _write_onnx,
    "tflite": _write_tflite,
    "openvino": _write_openvino,
}
