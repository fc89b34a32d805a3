"""A backbone is made ready: converted once, run by OpenVINO from then on."""

import json
import shutil

import numpy as np
import pytest
from helpers import run_python, sentence

from engine.errors import EngineError
from engine.images import read_square
from engine.runtime import cache_folder, converted_name, prepared
from engine.weights import find

RUN_BUNDLED = """
import json, sys
import numpy as np
from engine.backbones import BACKBONES
from engine.runtime import prepared
from engine.weights import find
backbone = BACKBONES["MobileNetV2"]
with prepared(backbone, find(backbone), 224, "avg") as model:
    vectors = model.run(np.full((2, 224, 224, 3), 128, np.uint8))
loaded = [name for name, module in sys.modules.items() if module is not None]
print(json.dumps([model.runtime, vectors.shape, str(vectors.dtype), loaded]))
"""
RUN_KEPT = """
import sys
from multiprocessing import active_children
import numpy as np
from engine.backbones import BACKBONES
from engine.runtime import prepared
from engine.weights import find
backbone = BACKBONES["VGG16"]
with prepared(backbone, find(backbone, sys.argv[1]), 32, "avg") as model:
    shape = model.run(np.zeros((5, 32, 32, 3), np.uint8)).shape
print(model.runtime, shape, active_children(), "keras" in sys.modules)
"""


@pytest.fixture(scope="session")
def sample_pixels(sample_folder):
    """Two bundled pictures of each of the eight classes."""
    files = [file for label in sorted(sample_folder.glob("*/")) for file in label.glob("*-0[12]*")]
    assert len(files) == 16
    return np.stack([read_square(file, 224) for file in files])


def cosine_distances(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    return 1 - (first * second).sum(axis=1) / lengths


def test_bundled_backbone_runs_without_keras_and_reports_nothing():
    done = run_python(RUN_BUNDLED)
    runtime, shape, dtype, loaded = json.loads(done.stdout)
    assert (runtime, shape, dtype) == ("openvino", [2, 1280], "float32")
    assert not {"tensorflow", "keras", "openvino_telemetry"} & set(loaded)
    assert "openvino" in loaded


def test_bundled_backbone_takes_batches_of_any_size(mobilenet, sample_pixels):
    with prepared(mobilenet, find(mobilenet), 224, "avg") as model:
        together = model.run(sample_pixels[:3])
        alone = np.concatenate([model.run(sample_pixels[i : i + 1]) for i in range(3)])
    np.testing.assert_allclose(together, alone, rtol=1e-3, atol=1e-3)


@pytest.mark.keras
def test_bundled_backbone_agrees_with_keras(mobilenet, sample_pixels):
    import keras

    weights = find(mobilenet)
    network = keras.applications.MobileNetV2(
        include_top=False, weights=str(weights.path), pooling="avg", input_shape=(224, 224, 3)
    )
    pixels = keras.applications.mobilenet_v2.preprocess_input(sample_pixels.astype(np.float32))
    with prepared(mobilenet, weights, 224, "avg", "openvino") as model:
        vectors = model.run(sample_pixels)
    assert cosine_distances(vectors, network.predict(pixels, verbose=0)).max() <= 1e-4


@pytest.mark.keras
def test_converted_backbone_agrees_with_tensorflow(
    vgg16, vgg16_file, converted_vgg16, sample_pixels, monkeypatch
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(converted_vgg16))
    small = np.ascontiguousarray(sample_pixels[:, ::7, ::7])
    results = []
    for runtime in ("openvino", "tensorflow"):
        with prepared(vgg16, find(vgg16, str(vgg16_file)), 32, "avg", runtime) as model:
            assert (model.runtime, model.dimensions) == (runtime, 512)
            results.append(model.run(small))
    assert cosine_distances(*results).max() <= 1e-4


@pytest.mark.keras
def test_converted_backbone_is_kept_and_found_again_without_keras(vgg16_file, converted_vgg16):
    kept = [file.suffix for file in converted_vgg16.rglob("VGG16-32-avg-*")]
    assert sorted(kept) == [".bin", ".xml"]
    done = run_python(RUN_KEPT, vgg16_file, XDG_CACHE_HOME=converted_vgg16)
    assert done.stdout.split() == ["openvino", "(5,", "512)", "[]", "False"]


@pytest.mark.keras
def test_kept_backbone_is_converted_again_when_it_is_damaged(
    vgg16, vgg16_file, converted_vgg16, tmp_path, monkeypatch
):
    shutil.copytree(converted_vgg16, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (damaged,) = cache_folder().glob("*.bin")
    size = damaged.stat().st_size
    damaged.write_bytes(damaged.read_bytes()[:1000])
    with prepared(vgg16, find(vgg16, str(vgg16_file)), 32, "avg") as model:
        assert model.runtime == "openvino"
    assert damaged.stat().st_size == size


def test_converted_backbone_of_other_weights_has_another_name(mobilenet, vgg16, tmp_path):
    names = set()
    for content in (b"one", b"two"):
        file = tmp_path / f"{content.decode()}.h5"
        file.write_bytes(content)
        names |= {
            converted_name(backbone, find(backbone, str(file)), side, pooling)
            for backbone in (mobilenet, vgg16)
            for side in (32, 64)
            for pooling in ("avg", "max")
        }
    assert len(names) == 16


def test_unknown_runtime_is_refused(mobilenet):
    with (
        pytest.raises(EngineError) as error,
        prepared(mobilenet, find(mobilenet), 224, "avg", "abacus"),
    ):
        pass
    assert "no runtime “abacus”; choose one of: auto, openvino, tensorflow" in sentence(error)
