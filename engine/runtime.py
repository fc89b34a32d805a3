"""A backbone made ready to run on this machine: converted once, run by OpenVINO from then on."""

import contextlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import platformdirs

from engine import openvino_model
from engine.backbones import Backbone
from engine.errors import EngineError
from engine.keras_process import KerasProcess
from engine.progress import Progress
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


@contextlib.contextmanager
def prepared(
    backbone: Backbone,
    weights: Weights,
    side: int,
    pooling: str,
    runtime: str = "auto",
    progress: Progress | None = None,
) -> Iterator[Model]:
    """Make a backbone ready for squares of ``side`` pixels, for as long as the ``with`` lasts.

    A backbone that was converted before is ready in a second. Otherwise Keras builds it, which
    takes several seconds; unless ``runtime`` is "tensorflow" it is then converted and kept in the
    user's cache.

    Raises
    ------
    EngineError
        When the weights do not fit, there is no such runtime, or "openvino" was asked for and the
        backbone cannot be converted.
    Cancelled
        From ``progress``.
    """
    if runtime not in RUNTIMES:
        raise EngineError(f"There is no runtime “{runtime}”; choose one of: {', '.join(RUNTIMES)}.")
    progress = progress or Progress()
    progress.report(f"Loading {backbone.name}")
    converted = None
    if runtime != "tensorflow":
        converted = _converted(backbone, weights, side, pooling, runtime, progress)
    if converted is not None:
        yield converted
        return
    with KerasProcess(progress) as keras:
        dimensions = keras.build(backbone, weights, side, pooling)
        yield Model(keras.run, dimensions, "tensorflow")


def _converted(
    backbone: Backbone, weights: Weights, side: int, pooling: str, runtime: str, progress: Progress
) -> Model | None:
    """Find or make the converted backbone; None when it cannot be converted and need not be."""
    name = converted_name(backbone, weights, side, pooling)
    bundled = Path(str(files("resources") / "weights" / name))
    kept = cache_folder() / name
    for file in (bundled, kept):
        model = _loaded(file)
        if model is not None:
            return model
    try:
        with KerasProcess(progress) as keras:
            keras.convert(backbone, weights, side, pooling, kept)
    except RuntimeError as error:
        reason = str(error).strip().splitlines()[-1]
        if runtime == "openvino":
            raise EngineError(
                f"{backbone.name} could not be converted for OpenVINO ({reason}); "
                "use --runtime tensorflow."
            ) from error
        log.warning("%s runs on TensorFlow, conversion failed: %s", backbone.name, error)
        return None
    return _loaded(kept)


def _loaded(file: Path) -> Model | None:
    """Load a converted backbone; None when it is not there or of no use."""
    if not file.is_file():
        return None
    try:
        run, dimensions = openvino_model.load(file)
    # Files in a cache get lost or damaged; what OpenVINO then raises is not documented.
    except Exception as error:
        log.warning("%s cannot be used: %s", file, error)
        return None
    return Model(run, dimensions, "openvino")


def converted_name(backbone: Backbone, weights: Weights, side: int, pooling: str) -> str:
    """Return the file name of a converted backbone: another one for all that changes it."""
    return f"{backbone.name}-{side}-{pooling}-{weights.hash[:16]}.xml"


def cache_folder() -> Path:
    """Return where converted backbones are kept; it may be deleted at any time."""
    return platformdirs.user_cache_path("image-embedding", appauthor=False) / "converted"
