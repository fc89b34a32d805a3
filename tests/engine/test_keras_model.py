"""Backbones built by Keras give what Keras gives."""

import gc
import json
import shutil
import sys

import numpy as np
import pytest
from helpers import sentence

from engine import keras_model, pipeline
from engine.backbones import BACKBONES
from engine.errors import EngineError
from engine.event_file import EventFile
from engine.model_file import DENSE_HEAD, DESCRIPTION, HEAD, WEIGHTS
from engine.network import Network
from engine.weights import find

pytestmark = pytest.mark.keras

CASES = [
    ("Xception", ".weights.h5", "avg"),
    ("VGG16", ".weights.h5", "flatten"),
    ("VGG16", ".h5", "max"),
    ("VGG16", ".keras", "avg"),
]


def pictures(side: int, count: int = 3) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, side, side, 3), dtype=np.uint8)


def from_keras(name: str, network, pixels: np.ndarray, pooling: str) -> np.ndarray:
    """Embed pixels as Keras's documentation says."""
    import keras

    preprocess = getattr(keras.applications, BACKBONES[name].module).preprocess_input
    features = network.predict(preprocess(pixels.astype(np.float32)), verbose=0)
    pool = {
        "avg": lambda x: x.mean(axis=(1, 2)),
        "max": lambda x: x.max(axis=(1, 2)),
        "flatten": lambda x: x.reshape(len(x), -1),
    }
    return pool[pooling](features)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "suffix", "pooling"), CASES)
def test_result_is_that_of_keras(random_backbones, name, suffix, pooling):
    made = random_backbones[name]
    pixels = pictures(made.side)
    weights = find(BACKBONES[name], str(made.files[suffix]))
    built = keras_model.build(Network(BACKBONES[name], weights, made.side, pooling))
    expected = from_keras(name, made.network, pixels, pooling)
    vectors = built.run(pixels)
    assert vectors.dtype == np.float32
    assert vectors.shape == (3, built.dimensions)
    np.testing.assert_allclose(vectors, expected, rtol=1e-4, atol=1e-5 * np.abs(expected).max())


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("other", ["Xception", "MobileNetV2"])
def test_weights_of_another_backbone_are_refused(random_backbones, vgg16, mobilenet, other):
    files = {
        "Xception": random_backbones["Xception"].files[".weights.h5"],
        "MobileNetV2": find(mobilenet).path,  # in Keras's older format
    }
    with pytest.raises(EngineError) as error:
        keras_model.build(Network(vgg16, find(vgg16, str(files[other])), 32, "avg"))
    assert f"“{files[other].name}” do not fit VGG16" in sentence(error)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("suffix", [".weights.h5", ".h5", ".keras"])
def test_truncated_file_is_refused(random_backbones, tmp_path, vgg16, suffix):
    file = tmp_path / f"half{suffix}"
    with random_backbones["VGG16"].files[suffix].open("rb") as whole:
        file.write_bytes(whole.read(100_000))
    with pytest.raises(EngineError) as error:
        keras_model.build(Network(vgg16, find(vgg16, str(file)), 32, "avg"))
    assert f"“half{suffix}”" in sentence(error)
    assert "the file is damaged" in str(error.value)


@pytest.mark.parametrize("suffix", [".weights.h5", ".h5", ".keras"])
@pytest.mark.parametrize("content", [b"", b"This is no weights file." * 100])
def test_file_that_holds_no_weights_is_refused(tmp_path, vgg16, suffix, content):
    file = tmp_path / f"garbage{suffix}"
    file.write_bytes(content)
    with pytest.raises(EngineError) as error:
        keras_model.build(Network(vgg16, find(vgg16, str(file)), 32, "avg"))
    assert f"“garbage{suffix}”" in sentence(error)


def test_a_network_can_still_be_converted_when_python_has_cleared_away(mobilenet):
    """Its graph alone would not keep its variables, which the conversion asks for."""
    built = keras_model.build(Network(mobilenet, find(mobilenet), 32, "avg"))
    gc.collect()
    assert len(built.forward.graph.variables) > 100


def test_tensorboard_draws_the_graph_of_what_keras_says_of_a_network(tmp_path):
    import keras
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    layers = [keras.Input((8,)), keras.layers.Dense(4, "relu"), keras.layers.Dense(2, "softmax")]
    network = keras.Sequential(layers, name="head")
    file = EventFile(tmp_path)
    file.network(json.loads(network.to_json()))
    file.close()
    nodes = EventAccumulator(str(tmp_path)).Reload().Graph().node
    inputs = [f"head/{layer.name}" for layer in network.layers]
    assert [node.name for node in nodes][1:] == inputs
    assert [list(node.input) for node in nodes[1:]] == [[nodes[0].name], [inputs[0]]]
    assert [node.attr["activation"].s for node in nodes[1:]] == [b"relu", b"softmax"]


@pytest.fixture
def hostile_file(tmp_path):
    """A file that Keras saved, with a layer that makes a folder, and that folder, not made yet."""
    import keras

    place = tmp_path / "run"

    def make_folder(x, place=str(place)):
        from pathlib import Path

        Path(place).mkdir(exist_ok=True)
        return x

    inputs = keras.Input((32, 32, 3))
    keras.Model(inputs, keras.layers.Lambda(make_folder)(inputs)).save(tmp_path / "hostile.keras")
    place.rmdir()  # it ran while it was made
    return tmp_path / "hostile.keras", place


@pytest.mark.filterwarnings("ignore")
def test_a_lambda_layer_in_a_weights_file_is_refused_and_not_run(vgg16, hostile_file):
    file, place = hostile_file
    with pytest.raises(EngineError, match="do not fit"):
        keras_model.build(Network(vgg16, find(vgg16, str(file)), 32, "avg"))
    assert not place.exists()


@pytest.mark.filterwarnings("ignore")
def test_a_lambda_layer_in_a_model_is_refused_and_not_run(embedded_folder, hostile_file, tmp_path):
    file, place = hostile_file
    model = pipeline.train_classifier(embedded_folder.workspace, name="to be spoilt").model
    described = json.loads((model / DESCRIPTION).read_text())
    (model / DESCRIPTION).write_text(json.dumps(described | {"is_dense": True, "is_tuned": True}))
    for name in (HEAD, DENSE_HEAD, WEIGHTS):
        shutil.copy2(file, model / name)
    with pytest.raises(EngineError, match="is damaged"):
        pipeline.predict_files(model, [min(embedded_folder.workspace.parent.rglob("*.jpg"))])
    assert not place.exists()


def test_without_tensorflow_it_is_said_what_has_it_and_what_does_without(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(EngineError) as error:
        keras_model.import_keras()
    assert "the lite edition" in sentence(error)
