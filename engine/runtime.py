"""A backbone made ready to run on this machine: converted once, run by OpenVINO from then on."""

import importlib.util
import logging
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import platformdirs

from engine.backbones import Backbone
from engine.errors import EngineError
from engine.values import Pixels, Vectors
from engine.weights import Weights

RUNTIMES = ("auto", "openvino", "tensorflow")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A backbone that can be called.

    run:        (B, S, S, 3) uint8 to (B, D) float32.
    dimensions: D.
    runtime:    "openvino" or "tensorflow".
    """

    run: Callable[[Pixels], Vectors]
    dimensions: int
    runtime: str


def prepare(
    backbone: Backbone, weights: Weights, side: int, pooling: str, runtime: str = "auto"
) -> Model:
    """Make a backbone ready for squares of ``side`` pixels.

    A backbone that was converted before is ready in a second. Otherwise Keras builds it, which
    imports TensorFlow and takes several seconds; unless ``runtime`` is "tensorflow" it is then
    converted and kept in the user's cache.

    Raises
    ------
    EngineError
        When the weights do not fit, there is no such runtime, or "openvino" was asked for and the
        backbone cannot be converted.
    """
    if runtime not in RUNTIMES:
        raise EngineError(f"There is no runtime “{runtime}”; choose one of: {', '.join(RUNTIMES)}.")
    if runtime == "auto" and importlib.util.find_spec("openvino") is None:
        runtime = "tensorflow"
    name = converted_name(backbone, weights, side, pooling)
    kept = None if runtime == "tensorflow" else _find_converted(name)
    if kept is not None:
        return _openvino(kept)
    from engine import keras_model

    network = keras_model.build(backbone, weights, side, pooling)
    if runtime != "tensorflow":
        from engine import openvino_model

        file = cache_folder() / name
        try:
            openvino_model.convert(network.forward, file)
            return _openvino(file)
        # The converter meets arbitrary graphs; what it raises is not documented.
        except Exception as error:
            if runtime == "openvino":
                raise EngineError(
                    f"{backbone.name} could not be converted for OpenVINO ({error}); "
                    "use --runtime tensorflow."
                ) from error
            log.warning("%s runs on TensorFlow, conversion failed: %s", backbone.name, error)
    return Model(network.run, network.dimensions, "tensorflow")


def converted_name(backbone: Backbone, weights: Weights, side: int, pooling: str) -> str:
    """Return the file name of a converted backbone: another one for all that changes it."""
    return f"{backbone.name}-{side}-{pooling}-{weights.hash[:16]}.xml"


def cache_folder() -> Path:
    """Return where converted backbones are kept; it may be deleted at any time."""
    return platformdirs.user_cache_path("image-embedding", appauthor=False) / "converted"


def _find_converted(name: str) -> Path | None:
    bundled = Path(str(files("resources") / "weights" / name))
    return next((file for file in (bundled, cache_folder() / name) if file.is_file()), None)


def _openvino(file: Path) -> Model:
    from engine import openvino_model

    run, dimensions = openvino_model.load(file)
    return Model(run, dimensions, "openvino")
