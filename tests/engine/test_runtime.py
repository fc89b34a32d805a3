"""A backbone is made ready: converted once, run by OpenVINO from then on."""

import json

import numpy as np
import pytest
from helpers import run_python, sentence

from engine.errors import EngineError
from engine.images import read_square
from engine.runtime import cache_folder, prepare
from engine.weights import find

RUN_BUNDLED = """
import json, sys
import numpy as np
from engine.backbones import BACKBONES
from engine.runtime import prepare
from engine.weights import find
backbone = BACKBONES["MobileNetV2"]
model = prepare(backbone, find(backbone), 224, "avg")
vectors = model.run(np.full((2, 224, 224, 3), 128, np.uint8))
loaded = [name for name, module in sys.modules.items() if module is not None]
print(json.dumps([model.runtime, vectors.shape, str(vectors.dtype), loaded]))
"""
RUN_KEPT = """
import sys
import numpy as np
from engine.backbones import BACKBONES
from engine.runtime import prepare
from engine.weights import find
backbone = BACKBONES["VGG16"]
model = prepare(backbone, find(backbone, sys.argv[1]), 32, "avg")
print(model.runtime, model.run(np.zeros((5, 32, 32, 3), np.uint8)).shape, "keras" in sys.modules)
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
    model = prepare(mobilenet, find(mobilenet), 224, "avg")
    together = model.run(sample_pixels[:3])
    alone = np.concatenate([model.run(sample_pixels[i : i + 1]) for i in range(3)])
    np.testing.assert_allclose(together, alone, rtol=1e-3, atol=1e-3)


@pytest.mark.keras
def test_bundled_backbone_agrees_with_keras(mobilenet, sample_pixels):
    by_openvino = prepare(mobilenet, find(mobilenet), 224, "avg", "openvino")
    by_keras = prepare(mobilenet, find(mobilenet), 224, "avg", "tensorflow")
    assert (by_openvino.runtime, by_keras.runtime) == ("openvino", "tensorflow")
    distances = cosine_distances(by_openvino.run(sample_pixels), by_keras.run(sample_pixels))
    assert distances.max() <= 1e-4


@pytest.mark.keras
@pytest.mark.parametrize("pooling", ["avg", "max", "flatten"])
def test_converted_backbone_agrees_with_keras(vgg16, vgg16_file, sample_pixels, pooling):
    weights = find(vgg16, str(vgg16_file))
    small = np.ascontiguousarray(sample_pixels[:, ::7, ::7])
    by_openvino = prepare(vgg16, weights, 32, pooling, "openvino")
    by_keras = prepare(vgg16, weights, 32, pooling, "tensorflow")
    assert by_openvino.dimensions == by_keras.dimensions == 512
    assert cosine_distances(by_openvino.run(small), by_keras.run(small)).max() <= 1e-4


@pytest.mark.keras
def test_converted_backbone_is_kept_and_found_again_without_keras(
    vgg16, vgg16_file, tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    prepare(vgg16, find(vgg16, str(vgg16_file)), 32, "avg")
    kept = sorted(file.suffix for file in cache_folder().iterdir())
    assert kept == [".bin", ".xml"]
    assert run_python(RUN_KEPT, vgg16_file).stdout.split() == ["openvino", "(5,", "512)", "False"]


@pytest.mark.keras
@pytest.mark.parametrize("suffix", [".xml", ".bin"])
def test_kept_backbone_is_converted_again_when_it_is_damaged(
    vgg16, vgg16_file, tmp_path, monkeypatch, suffix
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    weights = find(vgg16, str(vgg16_file))
    black = np.zeros((1, 32, 32, 3), np.uint8)
    before = prepare(vgg16, weights, 32, "avg").run(black)
    (damaged,) = cache_folder().glob(f"*{suffix}")
    damaged.write_bytes(damaged.read_bytes()[:1000])
    model = prepare(vgg16, weights, 32, "avg")
    np.testing.assert_allclose(model.run(black), before, rtol=1e-4, atol=1e-6)


def test_converted_backbone_of_other_weights_has_another_name(mobilenet, vgg16, tmp_path):
    from engine.runtime import converted_name

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
    with pytest.raises(EngineError) as error:
        prepare(mobilenet, find(mobilenet), 224, "avg", "abacus")
    assert "no runtime “abacus”; choose one of: auto, openvino, tensorflow" in sentence(error)
