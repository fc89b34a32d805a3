"""Convert the bundled backbone, so that the first map needs no TensorFlow.

Usage: ``python packaging/convert_bundled.py``. Writes into ``resources/weights``.
"""

from engine import converted, keras_model
from engine.backbones import BACKBONES, DEFAULT
from engine.weights import find


def main() -> None:
    """Convert `DEFAULT` at its native size with average pooling."""
    backbone = BACKBONES[DEFAULT]
    weights = find(backbone, "bundled")
    assert weights is not None
    side, pooling = backbone.native_size, "avg"
    network = keras_model.build(backbone, weights, side, pooling)
    name = converted.converted_name(backbone, weights, side, pooling)
    file = converted.bundled_folder() / name
    print(converted.make(network.forward, network.run, side, file))


if __name__ == "__main__":
    main()
