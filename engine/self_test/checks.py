"""What is tried of the engine, through the pipeline, as a user goes: imports first, Keras last.

Each function is a `engine.self_test.check.Check.try_`. `assert` would vanish from an optimised
program: `_expect` stays.
"""

import functools
import importlib
import importlib.util
import pkgutil
import tempfile
import urllib.request
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

import engine
from engine import images, pipeline
from engine.dense_head import HeadOptions
from engine.errors import EngineError
from engine.fitting import CLASSIFIERS
from engine.progress import Progress
from engine.projection.options import ProjectionOptions
from engine.quality.findings import LABEL
from engine.self_test import pictures
from engine.self_test.check import SKIPPED, Check

# Everything that is imported when it is first needed.
LIBRARIES = ("PIL", "fastumap", "natsort", "numpy", "openTSNE", "openvino", "platformdirs", "scipy")
MORE_LIBRARIES = ("sklearn", "skops.io", "tensorboard.program", "usearch.index")
KERAS_LIBRARIES = ("tensorflow", "keras", "tf2onnx", "onnx")
SMALL = 32  # pixels: a size for which no converted backbone is bundled
ENOUGH = 0.7  # of few and small pictures of eight classes, one of which is wrong on purpose
CLOSE = 1e-4  # cosine distance of two runtimes
PAGES = ("", "data/plugins_listing", "data/plugin_entry.html?name=projector")
PROJECTOR = "data/plugin/projector/"
PROJECTOR_FILES = ("index.js", "projector_binary.html", "projector_binary.js", "runs")
LOSSY = 12.0  # grey levels that a kind of file may change a picture by, on average
MODEL = "logistic"
WITHOUT_KERAS = f"{SKIPPED}this edition comes without TensorFlow"
DENSE = "mlp"  # the classifier that Keras trains
EXPORTS = ("tsv", "csv", "npz", "html", "png")


def _expect(truth: bool, said: str) -> None:
    if not truth:
        raise EngineError(said)


def _has_keras() -> bool:
    return importlib.util.find_spec("tensorflow") is not None


def _needs_keras(try_: Callable[..., str]) -> Callable[..., str]:
    """Where there is no TensorFlow it is expected that the user is told so."""

    @functools.wraps(try_)
    def tried(*values: object, progress: Progress) -> str:
        try:
            return try_(*values, progress=progress)
        except EngineError as error:
            if _has_keras() or "TensorFlow" not in str(error):
                raise
            return WITHOUT_KERAS

    return tried


def _try_imports(folder: Path, *, progress: Progress) -> str:
    names = [*LIBRARIES, *MORE_LIBRARIES]
    names += [each.name for each in pkgutil.walk_packages(engine.__path__, "engine.")]
    names.remove("engine.__main__")
    for name in names:
        progress.report(name)
        importlib.import_module(name)
    return f"{len(names)} modules"


def _try_keras(folder: Path, *, progress: Progress) -> str:
    if not _has_keras():
        return WITHOUT_KERAS
    made = [importlib.import_module(name) for name in KERAS_LIBRARIES]
    return ", ".join(
        f"{name} {module.__version__}" for name, module in zip(KERAS_LIBRARIES, made, strict=True)
    )


def _try_decoding(folder: Path, *, progress: Progress) -> str:
    expected = images.read(next(pictures.dataset(folder).rglob("*01 ü.jpg"))).astype(float)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        for kind, suffix in pictures.KINDS.items():
            file = Path(place) / f"ছবি{suffix}"
            Image.fromarray(expected.astype(np.uint8)).save(file, kind)
            change = np.abs(images.read(file).astype(float) - expected).mean()
            _expect(change < LOSSY, f"{kind} is read as another picture.")
    return ", ".join(pictures.KINDS)


def _try_extraction(folder: Path, *, progress: Progress) -> str:
    """By OpenVINO, from the bundled conversion; the run that all later checks use."""
    root = pictures.workspace(folder)
    options = pipeline.ExtractOptions(runtime="openvino", precision="exact")
    done = pipeline.extract(pictures.dataset(folder), root, options, progress)
    _expect(not done.skipped, f"{len(done.skipped)} pictures could not be read.")
    _expect(done.runtime == "openvino", f"{done.runtime} ran instead of OpenVINO.")
    return f"{done.embedded} pictures, {done.recipe.backbone}"


@_needs_keras
def _try_tensorflow(folder: Path, *, progress: Progress) -> str:
    """By Keras itself; its vectors are those of OpenVINO."""
    place = folder / "mit TensorFlow.embedding"
    options = pipeline.ExtractOptions(runtime="tensorflow")
    done = pipeline.extract(pictures.dataset(folder), place, options, progress)
    first, second = (
        np.load(root / "embeddings" / done.recipe.run / "vectors.npy")
        for root in (place, pictures.workspace(folder))
    )
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    distance = float((1 - np.einsum("nd,nd->n", first, second) / lengths).max())
    _expect(distance < CLOSE, f"Vectors of Keras and of OpenVINO are {distance:.1g} apart.")
    return f"{done.embedded} pictures, at most {distance:.1g} from OpenVINO"


@_needs_keras
def _try_conversion(folder: Path, *, progress: Progress) -> str:
    """Keras builds a backbone that is not bundled like that, and OpenVINO runs it."""
    options = pipeline.ExtractOptions(image_size=SMALL, runtime="openvino")
    place = folder / "klein.embedding"
    done = pipeline.extract(pictures.dataset(folder), place, options, progress)
    return f"{done.recipe.backbone} at {SMALL} x {SMALL}"


def _try_map(method: str, folder: Path, *, progress: Progress) -> str:
    options = ProjectionOptions(method, perplexity=10.0)
    made, _ = pipeline.project(pictures.workspace(folder), options, progress=progress)
    _expect(bool(np.isfinite(made.points).all()), "Some points of the map have no place.")
    return f"{len(made.points)} points in {made.points.shape[1]} dimensions"


def _try_classifier(name: str, folder: Path, *, progress: Progress) -> str:
    options = pipeline.ClassifierOptions(name, folds=2, head=HeadOptions(epochs=10))
    root = pictures.workspace(folder)
    done = pipeline.train_classifier(root, options, name, progress=progress)
    _expect(done.report.accuracy >= ENOUGH, f"It is right in {done.report.accuracy:.0%} only.")
    _expect(not done.note, done.note)
    return f"accuracy {done.report.accuracy:.0%}"


@_needs_keras
def _try_dense_layers(folder: Path, *, progress: Progress) -> str:
    return _try_classifier(DENSE, folder, progress=progress)


def _try_prediction(folder: Path, *, progress: Progress) -> str:
    model = pictures.workspace(folder) / "models" / MODEL
    picture = pictures.dataset(folder) / pictures.wrong_picture()
    named, skipped = pipeline.predict_files(model, [picture], progress=progress)
    _expect(not skipped, "A picture that was read before could not be read.")
    return f"{named[0].label}, {named[0].probability:.0%}"


def _try_labels(folder: Path, *, progress: Progress) -> str:
    found = pipeline.find_quality(pictures.workspace(folder), progress=progress)
    paths = [finding.path for finding in found.findings if finding.kind == LABEL]
    _expect(pictures.wrong_picture() in paths, "The picture in the wrong folder was not found.")
    return f"{len(found.findings)} findings, {len(paths)} of them labels"


def _try_exports(folder: Path, *, progress: Progress) -> str:
    kinds = [kind for kind in EXPORTS if kind in pipeline.EXPORTS]
    for kind in kinds:
        written = pipeline.export_run(pictures.workspace(folder), kind, progress=progress)
        _expect(all(file.stat().st_size for file in written.files), f"{kind} is empty.")
    return ", ".join(kinds)


def _try_tensorboard(folder: Path, *, progress: Progress) -> str:
    board = pipeline.open_tensorboard(pictures.workspace(folder), progress=progress)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    total = 0
    for page in (*PAGES, *(f"{PROJECTOR}{name}" for name in PROJECTOR_FILES)):
        with opener.open(f"{board.address}{page}", timeout=60) as answer:
            total += len(answer.read())
    return f"{board.export.points} points, {total:,} bytes of pages"


@_needs_keras
def _try_tuning(folder: Path, *, progress: Progress) -> str:
    options = pipeline.FinetuneOptions(unfreeze=3, epochs=1, augment=True)
    root = pictures.workspace(folder)
    done = pipeline.finetune_backbone(root, options, "tuned", progress=progress)
    return f"accuracy {done.report.accuracy:.0%}"


@_needs_keras
def _try_model_export(kind: str, folder: Path, *, progress: Progress) -> str:
    model = pictures.workspace(folder) / "models" / MODEL
    done = pipeline.export_model(model, kind, progress=progress)
    return f"{done.file.stat().st_size / 1e6:.1f} MB"


CHECKS = (
    Check("imports", _try_imports, beside=True),
    Check("imports of Keras", _try_keras, beside=True),
    Check("decoding", _try_decoding),
    Check("extraction by OpenVINO", _try_extraction),
    *(Check(f"map: {name}", functools.partial(_try_map, name)) for name in ("pca", "umap", "tsne")),
    *(
        Check(f"classifier: {name}", functools.partial(_try_classifier, name))
        for name in CLASSIFIERS
        if name != DENSE
    ),
    Check("prediction", _try_prediction),
    Check("ranking of labels", _try_labels),
    Check("exports", _try_exports),
    Check("TensorBoard", _try_tensorboard),
    # Each waits for TensorFlow to start in a process of its own: most of the time of the whole.
    Check("fine-tuning", _try_tuning, beside=True),
    Check("extraction by TensorFlow", _try_tensorflow, beside=True),
    Check("conversion of a backbone", _try_conversion, beside=True),
    Check(f"classifier: {DENSE}", _try_dense_layers, beside=True),
    *(
        Check(f"model as {name}", functools.partial(_try_model_export, name), beside=True)
        for name in pipeline.FORMATS
    ),
)
