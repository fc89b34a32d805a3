"""Convert the bundled backbone, so that the first map needs no TensorFlow.

Usage: ``python packaging/convert_bundled.py``. Writes into ``resources/weights``.
"""

from importlib.resources import files
from pathlib import Path

from engine import keras_model, openvino_model
from engine.backbones import BACKBONES, DEFAULT
from engine.runtime import converted_name
from engine.weights import find


def main() -> None:
    """Convert `DEFAULT` at its native size with average pooling."""
    backbone = BACKBONES[DEFAULT]
    weights = find(backbone, "bundled")
    assert weights is not None
    side, pooling = backbone.native_size, "avg"
    network = keras_model.build(backbone, weights, side, pooling)
    folder = Path(str(files("resources"))) / "weights"
    openvino_model.convert(
        network.forward, folder / converted_name(backbone, weights, side, pooling)
    )


if __name__ == "__main__":
    main()
