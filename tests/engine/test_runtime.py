"""A backbone is made ready: converted once, run by OpenVINO from then on."""

import json
from dataclasses import replace

import numpy as np
import pytest
from helpers import note_distances, run_python, sentence

from engine import converted, runtime
from engine.converted import cosine_distances
from engine.errors import EngineError
from engine.images import read_square
from engine.network import Network
from engine.openvino_model import precisions
from engine.runtime import plan, started
from engine.weights import find

RUN_BUNDLED = """
import json, sys
import numpy as np
from engine.backbones import BACKBONES
from engine.network import Network
from engine.runtime import plan, started
from engine.weights import find
backbone = BACKBONES["MobileNetV2"]
made = plan(Network(backbone, find(backbone), 224, "avg"))
with started(made) as model:
    vectors = model.run(np.full((2, 224, 224, 3), 128, np.uint8))
loaded = [name for name, module in sys.modules.items() if module is not None]
print(json.dumps([made.runtime, made.precision, vectors.shape, str(vectors.dtype), loaded]))
"""
RUN_KEPT = """
import sys
from multiprocessing import active_children
import numpy as np
from engine.backbones import BACKBONES
from engine.network import Network
from engine.runtime import plan, started
from engine.weights import find
backbone = BACKBONES["VGG16"]
made = plan(Network(backbone, find(backbone, sys.argv[1]), 32, "avg"))
with started(made) as model:
    shape = model.run(np.zeros((5, 32, 32, 3), np.uint8)).shape
print(made.runtime, shape, active_children(), "keras" in sys.modules)
"""


@pytest.fixture(scope="session")
def sample_pixels(sample_folder):
    """Two bundled pictures of each of the eight classes."""
    files = [file for label in sorted(sample_folder.glob("*/")) for file in label.glob("*-0[12]*")]
    assert len(files) == 16
    return np.stack([read_square(file, 224) for file in files])


@pytest.fixture
def bundled(mobilenet) -> Network:
    return Network(mobilenet, find(mobilenet), 224, "avg")


@pytest.fixture
def small_vgg16(vgg16, vgg16_file) -> Network:
    return Network(vgg16, find(vgg16, str(vgg16_file)), 32, "avg")


def embed(network: Network, pixels: np.ndarray, *choices: str) -> np.ndarray:
    with started(plan(network, *choices)) as model:
        vectors = model.run(pixels)
        assert vectors.shape == (len(pixels), model.dimensions)
    return vectors


def refuse_to_convert(*_: object) -> None:
    raise RuntimeError("Traceback\nOpConversionFailure: no such operation")


def test_bundled_backbone_runs_without_keras_and_reports_nothing():
    done = run_python(RUN_BUNDLED)
    *facts, loaded = json.loads(done.stdout)
    assert facts == ["openvino", "f32", [2, 1280], "float32"]
    assert not {"tensorflow", "keras", "openvino_telemetry"} & set(loaded)
    assert "openvino" in loaded


def test_bundled_backbone_takes_batches_of_any_size(bundled, sample_pixels):
    together = embed(bundled, sample_pixels[:3])
    alone = np.concatenate([embed(bundled, sample_pixels[i : i + 1]) for i in range(3)])
    np.testing.assert_allclose(together, alone, rtol=1e-3, atol=1e-3)


@pytest.mark.keras
def test_bundled_backbone_agrees_with_keras(bundled, sample_pixels):
    import keras

    network = keras.applications.MobileNetV2(
        include_top=False,
        weights=str(bundled.weights.path),
        pooling="avg",
        input_shape=(224, 224, 3),
    )
    pixels = keras.applications.mobilenet_v2.preprocess_input(sample_pixels.astype(np.float32))
    expected = network.predict(pixels, verbose=0)
    assert cosine_distances(embed(bundled, sample_pixels, "openvino"), expected).max() <= 1e-4


@pytest.mark.keras
def test_converted_backbone_agrees_with_tensorflow(
    small_vgg16, converted_vgg16, sample_pixels, shared_keras, monkeypatch
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(converted_vgg16))
    small = np.ascontiguousarray(sample_pixels[:, ::7, ::7])
    results = [embed(small_vgg16, small, name) for name in ("openvino", "tensorflow")]
    assert cosine_distances(*results).max() <= 1e-4


@pytest.mark.keras
def test_converted_backbone_is_kept_and_found_again_without_keras(vgg16_file, converted_vgg16):
    kept = [file.suffix for file in converted_vgg16.rglob("VGG16-32-avg-*")]
    assert sorted(kept) == [".bin", ".json", ".xml"]
    done = run_python(RUN_KEPT, vgg16_file, XDG_CACHE_HOME=converted_vgg16)
    assert done.stdout.split() == ["openvino", "(5,", "512)", "[]", "False"]


@pytest.mark.keras
def test_kept_backbone_is_converted_again_when_it_is_damaged(small_vgg16, own_cache, shared_keras):
    damaged = own_cache.with_suffix(".bin")
    size = damaged.stat().st_size
    damaged.write_bytes(damaged.read_bytes()[:1000])
    embed(small_vgg16, np.zeros((1, 32, 32, 3), np.uint8))
    assert damaged.stat().st_size == size


def test_backbone_that_cannot_be_converted_runs_on_tensorflow(bundled, monkeypatch):
    monkeypatch.setattr("engine.keras_process.KerasProcess.convert", refuse_to_convert)
    made = plan(replace(bundled, side=96))
    assert (made.runtime, made.precision, made.converted) == ("tensorflow", "f32", None)


@pytest.mark.parametrize("choices", [("openvino", "auto"), ("auto", "fast")])
def test_what_was_asked_for_expressly_is_never_replaced(bundled, monkeypatch, choices):
    monkeypatch.setattr("engine.keras_process.KerasProcess.convert", refuse_to_convert)
    with pytest.raises(EngineError) as error:
        plan(replace(bundled, side=96), *choices)
    assert "could not be converted for OpenVINO (OpConversionFailure: no such" in sentence(error)
    assert "choose the runtime “tensorflow”" in str(error.value)


@pytest.mark.parametrize("choice", ["auto", "openvino"])
def test_conversion_that_cannot_be_loaded_even_when_it_is_new_is_an_error(
    small_vgg16, own_cache, monkeypatch, choice
):
    def fail(*_):
        raise RuntimeError("Exception from src/inference\nunsupported opset")

    made = plan(small_vgg16, choice)
    monkeypatch.setattr("engine.openvino_model.load", fail)
    monkeypatch.setattr(
        "engine.keras_process.KerasProcess.convert", lambda *_: converted.Converted(own_cache, {})
    )
    with pytest.raises(EngineError) as error, started(made):
        pass
    assert "could not be loaded by OpenVINO (unsupported opset)" in sentence(error)


def test_conversion_too_far_from_keras_is_not_used(small_vgg16, own_cache):
    note_distances(own_cache, f32=2e-3)
    assert plan(small_vgg16).runtime == "tensorflow"
    with pytest.raises(EngineError) as error:
        plan(small_vgg16, "openvino")
    assert "its vectors are 0.002 away from those of Keras" in sentence(error)


@pytest.mark.skipif("bf16" not in precisions(), reason="this processor has no bfloat16")
def test_fast_is_chosen_where_it_is_as_good_as_exact(small_vgg16, own_cache):
    note_distances(own_cache, f32=1e-7, bf16=9e-5)
    assert plan(small_vgg16).precision == "bf16"
    assert plan(small_vgg16, "auto", "fast").precision == "bf16"
    assert plan(small_vgg16, "auto", "exact").precision == "f32"
    note_distances(own_cache, f32=1e-7, bf16=2e-4)
    assert plan(small_vgg16).precision == "f32"


def test_fast_is_not_offered_by_a_processor_without_bfloat16(small_vgg16, own_cache, monkeypatch):
    monkeypatch.setattr("engine.openvino_model.precisions", lambda: ("f32",))
    note_distances(own_cache, f32=1e-7, bf16=1e-6)
    assert plan(small_vgg16).precision == "f32"
    with pytest.raises(EngineError) as error:
        plan(small_vgg16, "openvino", "fast")
    assert "has no fast mode here: this processor does not" in sentence(error)


def test_bundled_backbone_drifts_too_far_to_be_fast(bundled):
    assert plan(bundled).precision == "f32"
    with pytest.raises(EngineError) as error:
        plan(bundled, "openvino", "fast")
    assert "MobileNetV2 has no fast mode here" in sentence(error)


@pytest.mark.skipif("bf16" not in precisions(), reason="this processor has no bfloat16")
@pytest.mark.keras
def test_fast_vectors_are_as_close_as_was_noted(small_vgg16, own_cache):
    noted = json.loads(own_cache.with_suffix(".json").read_text())["distances"]
    pixels = converted.check_pictures(32)
    exact = embed(small_vgg16, pixels, "openvino", "exact")
    note_distances(own_cache, f32=0, bf16=0)
    fast = embed(small_vgg16, pixels, "openvino", "fast")
    assert 0 < cosine_distances(exact, fast).max() == pytest.approx(noted["bf16"], rel=0.2)


@pytest.mark.parametrize(("gpus", "chosen"), [(1, "tensorflow"), (0, "openvino")])
def test_tensorflow_is_chosen_where_it_sees_a_gpu(bundled, monkeypatch, gpus, chosen):
    """Stand-ins: a device file that may be one of a GPU, and what TensorFlow then says."""
    monkeypatch.setattr(runtime, "_may_have_gpu", lambda: True)
    monkeypatch.setattr("engine.keras_process.KerasProcess.count_gpus", lambda _: gpus)
    assert plan(bundled).runtime == chosen
    assert plan(bundled, "openvino").runtime == "openvino"


def test_converted_backbone_of_other_weights_has_another_name(mobilenet, vgg16, tmp_path):
    names = set()
    for content in (b"one", b"two"):
        file = tmp_path / f"{content.decode()}.h5"
        file.write_bytes(content)
        names |= {
            converted.converted_name(Network(backbone, find(backbone, str(file)), side, pooling))
            for backbone in (mobilenet, vgg16)
            for side in (32, 64)
            for pooling in ("avg", "max")
        }
    assert len(names) == 16


@pytest.mark.parametrize(
    ("choices", "sentence_part"),
    [
        (("abacus", "auto"), "no runtime “abacus”; choose one of: auto, openvino, tensorflow"),
        (("auto", "sloppy"), "no precision “sloppy”; choose one of: auto, exact, fast"),
        (("tensorflow", "fast"), "TensorFlow has no fast mode"),
    ],
)
def test_impossible_choices_are_refused(bundled, choices, sentence_part):
    with pytest.raises(EngineError) as error:
        plan(bundled, *choices)
    assert sentence_part in sentence(error)
