"""Convert the bundled backbone, so that the first map needs no TensorFlow.

Usage: ``python packaging/convert_bundled.py``. Writes into ``resources/weights``.
"""

from engine import converted, keras_model
from engine.backbones import BACKBONES, DEFAULT
from engine.network import Network
from engine.weights import find


def main() -> None:
    """Convert `DEFAULT` at its native size with average pooling."""
    backbone = BACKBONES[DEFAULT]
    weights = find(backbone, "bundled")
    assert weights is not None
    network = Network(backbone, weights, backbone.native_size, "avg")
    built = keras_model.build(network)
    file = converted.bundled_folder() / converted.converted_name(network)
    print(converted.make(built.forward, built.run, network.side, file))


if __name__ == "__main__":
    main()
