"""A backbone made ready to run on this machine."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.backbones import Backbone
from engine.errors import EngineError
from engine.values import Pixels, Vectors
from engine.weights import Weights

RUNTIMES = ("auto", "tensorflow")


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A backbone that can be called.

    run:        (B, S, S, 3) uint8 to (B, D) float32.
    dimensions: D.
    runtime:    what runs it.
    """

    run: Callable[[Pixels], Vectors]
    dimensions: int
    runtime: str


def prepare(
    backbone: Backbone, weights: Weights, side: int, pooling: str, runtime: str = "auto"
) -> Model:
    """Build the backbone and load its weights. Takes seconds: TensorFlow is imported.

    Raises
    ------
    EngineError
        When the weights do not fit, or there is no such runtime.
    """
    if runtime not in RUNTIMES:
        raise EngineError(f"There is no runtime “{runtime}”; choose one of: {', '.join(RUNTIMES)}.")
    from engine.keras_model import build

    run, dimensions = build(backbone, weights, side, pooling)
    return Model(run, dimensions, "tensorflow")
