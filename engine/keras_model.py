"""A backbone built by Keras. Runs in `engine.keras_process`."""

import contextlib
import importlib.util
import os
import socket
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.backbones import Backbone
from engine.errors import EngineError
from engine.network import Network
from engine.values import Pixels, Vectors
from engine.weights import keras_file
from engine.wording import mark

PUBLISHED_AT = "https://storage.googleapis.com/"  # where Keras finds the weights of all backbones
ANSWER_S, STALLED_S = 10.0, 30.0  # after so long without an answer, or a byte, nothing comes


def download(backbone: Backbone, folder: Path) -> Path:
    """Let Keras download the ImageNet weights into ``folder`` and check them.

    Keras reads where to put them when it is imported, so call this in a process that has not done
    that yet. Without network that takes no seconds: whether anybody answers is found out first.

    Returns
    -------
    Path
        The file, in a folder ``models`` in ``folder``.

    Raises
    ------
    EngineError
        Without network, or when the download fails: it names the file and where to put it.
    """
    kept = keras_file(backbone)
    os.environ["KERAS_HOME"] = str(folder)
    file = folder / "models" / backbone.weights_file
    _require_tensorflow()
    try:
        _require_answer()
        socket.setdefaulttimeout(STALLED_S)  # Keras gives none
        _constructor(import_keras(), backbone)(include_top=False, weights="imagenet")
    # Keras raises a bare Exception when the address cannot be reached, and a ValueError when the
    # checksum is wrong.
    except Exception as error:
        is_damaged = "corrupted" in str(error)
        why = mark("arrived damaged" if is_damaged else "could not be downloaded")
        raise EngineError(
            f"The weights of {backbone.name} {why}; connect to the internet and try again, "
            f"or put the file {backbone.weights_file} into “{kept.parent}”, or "
            "give a weights file of your own."
        ) from error
    if not file.is_file():
        raise EngineError(
            f"Keras did not keep {backbone.weights_file} where it was expected; "
            "give that file with --weights."
        )
    return file


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """A network that takes pixels as they come from a file.

    run:        (B, S, S, 3) uint8 to (B, D) float32.
    forward:    the same as a concrete TensorFlow function, for conversion.
    dimensions: D.
    model:      by Keras; ``forward`` needs its variables, but would not keep them alive.
    """

    run: Callable[[Pixels], Vectors]
    forward: Any
    dimensions: int
    model: Any


def build(network: Network) -> Built:
    """Build a network with its preprocessing and load its weights.

    Raises
    ------
    EngineError
        When the weights are of another backbone or the file is damaged.
    """
    import_keras()
    import tensorflow as tf

    model = backbone_model(network)
    preprocess = preprocessing(network)

    def embed(pixels: Any) -> Any:
        return model(preprocess(tf.cast(pixels, tf.float32)), training=False)

    pixels = tf.TensorSpec((None, network.side, network.side, 3), tf.uint8)
    forward = tf.function(embed, input_signature=[pixels]).get_concrete_function()

    def run(batch: Pixels) -> Vectors:
        return np.asarray(forward(tf.constant(batch)), dtype=np.float32)

    return Built(run, forward, int(model.output_shape[-1]), model)


def count_gpus() -> int:
    """Count the GPUs that TensorFlow can use."""
    import_keras()
    import tensorflow as tf

    return len(tf.config.list_physical_devices("GPU"))


def backbone_model(network: Network) -> Any:
    """Return a network that takes preprocessed pictures and does not learn, see `build`.

    Raises
    ------
    EngineError
        When the weights are of another backbone or the file is damaged.
    """
    keras = import_keras()
    model = applications_model(network)
    model.trainable = False
    if network.pooling == "flatten":
        model = keras.Model(model.input, keras.layers.Flatten()(model.output))
    return model


def applications_model(network: Network) -> Any:
    """Build a backbone as Keras Applications has it, with its weights.

    Raises
    ------
    EngineError
        When the weights are of another backbone or the file is damaged.
    """
    keras, backbone = import_keras(), network.backbone

    def construct(source: str | None) -> Any:
        return _constructor(keras, backbone)(
            include_top=False,
            weights=source,
            input_shape=(network.side, network.side, 3),
            pooling=None if network.pooling == "flatten" else network.pooling,
        )

    # Keras puts one more scaling layer into an EfficientNet whose weights are ImageNet's, and only
    # if it loads them itself. Everywhere else it would insist on files for certain input sizes.
    if network.weights.is_imagenet and backbone.module == "efficientnet":
        return construct("imagenet")
    model = construct(None)
    _load(model, network)
    return model


def preprocessing(network: Network) -> Callable[[Any], Any]:
    """Return what the backbone wants done to float32 pixels from 0 to 255 first."""
    module = getattr(import_keras().applications, network.backbone.module)
    function: Callable[[Any], Any] = module.preprocess_input
    return function


def _require_answer() -> None:
    """Raise OSError where nobody can be asked for weights, with a proxy or without."""
    import urllib.request
    from urllib.error import HTTPError

    request = urllib.request.Request(PUBLISHED_AT, method="HEAD")
    with contextlib.suppress(HTTPError):  # an answer, too: there is nothing at the address itself
        urllib.request.urlopen(request, timeout=ANSWER_S).close()


def _load(model: Any, network: Network) -> None:
    try:
        model.load_weights(network.weights.path)
    # What Keras raises for a file of another architecture or a damaged one depends on its format.
    except (ValueError, OSError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise EngineError(
            f"The weights in “{network.weights.path.name}” do not fit {network.backbone.name} "
            "without its classification layer, or the file is damaged; choose the file that "
            "belongs to this backbone (Keras names them “notop”)."
        ) from error


def _constructor(keras: Any, backbone: Backbone) -> Any:
    return getattr(keras.applications, backbone.name)


def import_keras() -> Any:
    """Import Keras, to run on TensorFlow.

    Raises
    ------
    EngineError
        Where it is not there: one edition of the program comes without.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # its notes on CPU features help nobody
    _require_tensorflow()
    import keras

    return keras


def _require_tensorflow() -> None:
    if importlib.util.find_spec("tensorflow") is None:
        raise EngineError(
            "This needs TensorFlow, which the lite edition of the program does not have; install "
            "the full one, which goes on with the same workspaces, or choose what needs no "
            "conversion, such as MobileNetV2 at its own size or a logistic regression."
        )
