"""Converted backbones give the vectors that Keras gives, on real pictures."""

import json

import numpy as np
import pytest
from helpers import SIGN_DIGITS

from engine import converted, keras_model, openvino_model
from engine.backbones import BACKBONES
from engine.converted import TOLERANCE, cosine_distances
from engine.images import read_square
from engine.network import Network
from engine.weights import Weights, find

# One of each family, at a small size; some have so many layers that Keras needs minutes for them.
FAMILIES = [
    "MobileNetV2",
    "MobileNet",
    "Xception",
    "VGG16",
    "ResNet50",
    "EfficientNetB0",
    *(pytest.param(n, marks=pytest.mark.slow) for n in ("DenseNet121", "NASNetMobile")),
    pytest.param("ConvNeXtTiny", marks=pytest.mark.slow),
]
SIDE = 72  # Xception takes 71 and more


@pytest.fixture(scope="session")
def photographs(sample_folder) -> np.ndarray:
    """(10, 72, 72, 3) uint8: photographs where they are here, else pictures of the sample."""
    folder = SIGN_DIGITS if SIGN_DIGITS.is_dir() else sample_folder
    files = [sorted(label.iterdir())[0] for label in sorted(folder.iterdir()) if label.is_dir()]
    return np.stack([read_square(file, SIDE) for file in files])


@pytest.mark.keras
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FAMILIES)
def test_vectors_are_those_of_keras(name, photographs, tmp_path, monkeypatch):
    """Where there are no weights, as Keras initialises the backbone."""
    import keras

    backbone = BACKBONES[name]
    weights = find(backbone)
    if weights is None:
        keras.utils.set_random_seed(1)
        monkeypatch.setattr(keras_model, "_load", lambda *_: None)
        weights = Weights(tmp_path, "", is_imagenet=False)
    built = keras_model.build(Network(backbone, weights, SIDE, "avg"))
    made = converted.make(built.forward, built.run, SIDE, tmp_path / "converted.xml")
    run, dimensions = openvino_model.load(made.file)
    vectors = run(photographs)
    assert (
        vectors.shape == (len(photographs), dimensions) == (len(photographs), backbone.dimensions)
    )
    assert len(np.unique(vectors, axis=0)) == len(photographs)
    assert cosine_distances(vectors, built.run(photographs)).max() <= TOLERANCE
    assert made.is_close("f32")
    assert set(made.distances) == set(openvino_model.precisions())


def test_distances_are_between_directions():
    rows = np.array([[1, 0], [2, 0], [1, 0], [1, 0], [0, 0], [0, 0]], np.float32)
    others = np.array([[3, 0], [0, 5], [-1, 0], [1, 1], [0, 0], [1, 0]], np.float32)
    expected = [0, 1, 2, 1 - np.sqrt(0.5), 0, 1]
    np.testing.assert_allclose(cosine_distances(rows, others), expected, atol=1e-6)


def test_bundled_conversion_is_found_and_close(mobilenet):
    found = converted.find(Network(mobilenet, find(mobilenet), 224, "avg"))
    assert found.file.parent == converted.bundled_folder()
    assert found.is_close("f32")
    assert not found.is_close("bf16"), "it drifts by some thousandths"
    assert not found.is_close("fp4"), "which nobody tried"


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"distances": {"f32": "near"}}'])
def test_conversion_without_readable_distances_is_of_no_use(vgg16, tmp_path, monkeypatch, damage):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "weights.h5").write_bytes(b"weights")
    weights = find(vgg16, str(tmp_path / "weights.h5"))
    network = Network(vgg16, weights, 32, "avg")
    file = converted.cache_folder() / converted.converted_name(network)
    file.parent.mkdir(parents=True)
    for suffix in (".xml", ".bin"):
        file.with_suffix(suffix).write_bytes(b"")
    assert converted.find(network) is None
    file.with_suffix(".json").write_text(damage)
    assert converted.find(network) is None
    file.with_suffix(".json").write_text(json.dumps({"distances": {"f32": 1e-6}}))
    assert converted.find(network).is_close("f32")


def test_pictures_of_the_check_are_of_every_class(sample_folder):
    pictures = converted.check_pictures(32)
    assert pictures.shape == (16, 32, 32, 3)
    assert len({picture.tobytes() for picture in pictures}) == 16
