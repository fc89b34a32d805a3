"""An exported model says what the program says, of pictures as they are."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers import run_example, sentence
from PIL import Image, ImageCms

from engine import keras_export, keras_model, pipeline
from engine.cli import main
from engine.dense_head import DenseHead
from engine.errors import EngineError
from engine.export_script import example_script
from engine.exportable_head import exportable
from engine.fitting import ClassifierOptions, fitted, predict
from engine.images import read, read_square
from engine.keras_process import KerasProcess
from engine.model_file import SavedModel, save_model
from engine.neighbors import of_length_1
from engine.network import Network
from engine.pipeline.exporting import FORMATS
from engine.progress import Cancelled, Progress
from engine.weights import find
from engine.workspace import Workspace

pytestmark = pytest.mark.usefixtures("shared_keras")
CLASSES = ("bricks", "fish", "trees")
HEADS = ("logistic", "knn", "dense")
# What takes part in an example is the same for all; each format and each head are tried once, and
# every pair when asked for.
QUICK = {("keras", "logistic"), ("onnx", "knn"), ("tflite", "dense"), ("openvino", "logistic")}
PAIRS = [
    pytest.param(kind, head, marks=() if (kind, head) in QUICK else pytest.mark.slow)
    for kind in FORMATS
    for head in HEADS
]
# The pixels are equal; four runtimes add the same float32 numbers up in different orders.
TOLERANCE = 2e-5
SIZES = [
    (1, 1), (7, 300), (300, 7), (32, 32), (224, 224), (640, 480), (480, 640), (33, 31),
    (1920, 1080), (3000, 4), (96, 160),
]  # fmt: skip


@pytest.fixture(scope="module")
def learnt(embedded_folder):
    """What classifiers are fitted to: (24, D) vectors and (24,) numbered classes."""
    with Workspace.open(embedded_folder.workspace) as workspace:
        embeddings = workspace.embeddings(embedded_folder.recipe)
    return embeddings.vectors, np.array([CLASSES.index(label) for label in embeddings.labels])


@pytest.fixture(scope="module")
def model_with(embedded_folder, learnt, tmp_path_factory) -> Callable[[str], Path]:
    """Saves a model with a head of a kind. "dense" knows two of the three classes."""
    folder = tmp_path_factory.mktemp("models")
    vectors, truth = learnt

    def make(kind: str) -> Path:
        if not (folder / kind).exists():
            head = dense_head(vectors) if kind == "dense" else fit(kind, vectors, truth)
            recipe = replace(embedded_folder.recipe, precision="f32")
            reference = of_length_1(vectors)
            save_model(SavedModel(kind, {}, CLASSES, recipe, {}, head, reference, 1.0), folder)
        return folder / kind

    return make


def fit(kind: str, vectors, truth):
    return fitted(vectors, truth, ClassifierOptions(kind))


def dense_head(vectors) -> DenseHead:
    rng = np.random.default_rng(0)

    def numbers(*shape: int):
        return rng.normal(size=shape, scale=0.1).astype(np.float32)

    layers = ((numbers(vectors.shape[1], 8), numbers(8)), (numbers(8, 2), numbers(2)))
    mean, scale = vectors.mean(axis=0), vectors.std(axis=0) + np.float32(0.1)
    return DenseHead(mean, scale, layers, np.array([2, 0]))


@pytest.fixture(scope="module")
def pictures(sample_folder, tmp_path_factory) -> list[Path]:
    """One of each kind of picture that is easily read otherwise than the program does."""
    folder = tmp_path_factory.mktemp("pictures")
    picture = Image.open(sorted((sample_folder / "fish").iterdir())[20]).convert("RGB")
    other = Image.open(sorted((sample_folder / "trees").iterdir())[21]).convert("RGB")
    layer = other.copy()
    layer.putalpha(Image.linear_gradient("L").resize(layer.size))
    wide = np.asarray(other.convert("L")).astype(np.uint16) * 200
    exif = Image.Exif()
    exif[0x0112] = 6
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = srgb.replace(b"rXYZ", b"tXYZ").replace(b"bXYZ", b"rXYZ").replace(b"tXYZ", b"bXYZ")
    saved = {
        "large.jpg": (picture.resize((1500, 1000)), {}),
        "turned.jpg": (picture.resize((320, 240)), {"exif": exif}),
        "small.png": (picture.resize((31, 20)), {}),
        "odd.png": (other.resize((500, 40)), {}),
        "tall.webp": (other.resize((90, 700)), {"lossless": True}),
        "grey.png": (picture.convert("L"), {}),
        "wide.png": (Image.fromarray(wide), {}),
        "glass.png": (layer, {}),
        "swapped.png": (picture, {"icc_profile": profile}),
        "palette.gif": (other.quantize(64), {}),
    }
    for name, (image, options) in saved.items():
        image.save(folder / name, **options)
    return [folder / name for name in saved]


@pytest.mark.keras
@pytest.mark.parametrize(("kind", "head"), PAIRS)
def test_an_exported_model_says_what_the_program_says(
    kind, head, model_with, pictures, tmp_path, capsys
):
    file = tmp_path / "there" / f"its name{FORMATS[kind][0]}"
    arguments = ["export-model", model_with(head), "--format", kind, "--out", file, "--json"]
    assert main([str(each) for each in arguments]) == 0
    assert json.loads(capsys.readouterr().out) == {"format": kind, "file": str(file)}
    endings = {*FORMATS[kind], "-example.py", "-classes.json"}
    assert {each.name for each in file.parent.iterdir()} == {f"its name{end}" for end in endings}
    about = json.loads(file.with_name("its name-classes.json").read_text())
    assert about["classes"] == list(CLASSES)

    expected, skipped = pipeline.predict_files(model_with(head), pictures)
    said = run_example(file.with_name("its name-example.py"), pictures)
    assert skipped == []
    assert list(said) == [str(each.path) for each in expected]
    for each in expected:
        probabilities = said[str(each.path)]
        assert next(iter(probabilities)) == each.label
        assert probabilities == pytest.approx(dict(each.top), abs=TOLERANCE), each.path.name
    if head == "dense":
        assert {each["fish"] for each in said.values()} == {0.0}


@pytest.fixture(scope="module")
def squeeze():
    """Resizes (H, W, 3) uint8 as an exported model does."""
    keras = keras_model.import_keras()
    made = {}

    def run(pixels, side: int):
        if side not in made:
            inside = keras.Input((None, None, 3), dtype="uint8")
            made[side] = keras.Model(inside, keras_export.squeezed(inside, side))
        return np.asarray(made[side](pixels[None])[0])

    return run


@pytest.mark.keras
@pytest.mark.parametrize("side", [32, 224])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_resizing_inside_a_model_gives_the_pixels_of_the_program(squeeze, tmp_path, size, side):
    noise = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    expected = read_square(tmp_path / "noise.png", side)
    np.testing.assert_array_equal(squeeze(noise, side), expected)


@pytest.mark.keras
@pytest.mark.filterwarnings("ignore")
def test_a_keras_model_enlarges_for_its_backbone_and_takes_several_pictures(
    vgg16, vgg16_file, pictures, tmp_path
):
    network = Network(vgg16, find(vgg16, str(vgg16_file)), 32, "flatten")
    built = keras_model.build(network)
    vectors = built.run(np.stack([read_square(file, 20, 32) for file in pictures[2:4]]))
    head = dense_head(np.random.default_rng(0).normal(size=(9, 512)).astype(np.float32))
    file = tmp_path / "model.keras"
    keras_export.export(network, 20, head, 3, "keras", file)
    model = keras_model.import_keras().saving.load_model(file)
    for file, vector in zip(pictures[2:4], vectors, strict=True):
        twice = np.stack([read(file)] * 2)
        expected = predict(head, np.stack([vector] * 2), 3)
        np.testing.assert_allclose(model.predict(twice, verbose=0), expected, atol=TOLERANCE)


@pytest.mark.keras
@pytest.mark.filterwarnings("ignore")
def test_an_onnx_file_with_operations_that_onnx_does_not_have_is_no_success(tmp_path):
    keras = keras_model.import_keras()
    pixels = keras.Input((None, None, 3), dtype="uint8", name="pixels")
    scaled = keras.layers.Rescaling(1 / 255)(pixels)
    model = keras.Model(pixels, keras.layers.Activation("gelu")(scaled))
    with pytest.raises(ValueError, match="No Op registered for Erfc"):
        keras_export.WRITERS["onnx"](model, tmp_path / "gelu.onnx")


def test_of_two_classes_both_are_exported(learnt):
    vectors, truth = learnt
    two = truth < 2
    head = fit("logistic", vectors[two], truth[two])
    likely = exportable(head).predict_proba(vectors)
    np.testing.assert_allclose(likely, head.predict_proba(vectors), atol=1e-5)


@pytest.mark.parametrize("kind", ["svm", "forest"])
def test_what_cannot_be_exported_is_refused(learnt, kind):
    with pytest.raises(EngineError) as error:
        exportable(fit(kind, *learnt))
    assert "train one of these: logistic regression, nearest neighbours" in sentence(error)


@pytest.mark.parametrize("taken", ["m.xml", "m.bin", "m-example.py", "m-classes.json"])
def test_nothing_is_written_over(model_with, tmp_path, taken):
    (tmp_path / taken).write_text("mine")
    with pytest.raises(EngineError) as error:
        pipeline.export_model(model_with("logistic"), "openvino", tmp_path / "m.xml")
    assert f"“{tmp_path / taken}” already" in sentence(error)
    assert [file.name for file in tmp_path.iterdir()] == [taken]
    assert (tmp_path / taken).read_text() == "mine"


def test_a_name_of_another_format_is_refused(model_with, tmp_path):
    with pytest.raises(EngineError) as error:
        pipeline.export_model(model_with("logistic"), "onnx", tmp_path / "m.keras")
    assert "“m.keras” does not end with .onnx" in sentence(error)


def test_a_format_that_there_is_not_is_refused(model_with):
    with pytest.raises(EngineError) as error:
        pipeline.export_model(model_with("logistic"), "coreml")
    assert "choose one of keras, onnx, tflite, openvino" in sentence(error)


def test_an_export_that_is_stopped_leaves_nothing(model_with, tmp_path):
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        pipeline.export_model(model_with("knn"), "onnx", tmp_path / "m.onnx", progress)
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_fails_leaves_nothing_and_says_why(model_with, tmp_path, monkeypatch):
    def fail(*_):
        raise RuntimeError("Traceback:\nValueError: no such operation")

    monkeypatch.setattr(KerasProcess, "export", fail)
    with pytest.raises(EngineError) as error:
        pipeline.export_model(model_with("knn"), "onnx", tmp_path / "m.onnx")
    assert "(ValueError: no such operation); choose another format" in sentence(error)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", FORMATS)
def test_an_example_is_python_whatever_the_files_are_called(kind):
    name = 'it\'s "odd" \\ MODEL_FILE'
    text = example_script(kind, f"{name}.onnx", f"{name}-classes.json")
    compile(text, "example.py", "exec")
    assert f"with_name({f'{name}.onnx'!r})" in text
    assert "load_" not in text.replace("load_model", "")


def test_by_default_an_export_lies_in_a_folder_beside_its_model(model_with):
    folder = model_with("logistic").with_name("logistic-tflite")
    folder.mkdir()
    (folder / "logistic.tflite").touch()
    with pytest.raises(EngineError) as error:
        pipeline.export_model(model_with("logistic"), "tflite")
    assert f"“{folder / 'logistic.tflite'}” already" in sentence(error)
