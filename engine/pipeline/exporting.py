"""A trained classifier becomes one model that other programs run on pictures as they are."""

import json
import logging
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from engine.errors import EngineError
from engine.export_script import example_script
from engine.exportable_head import exportable
from engine.files import disk_errors
from engine.keras_process import KerasProcess
from engine.model_file import SavedModel, load_model
from engine.pipeline.embed_files import network_of
from engine.progress import Progress

# Of each format the suffixes of its files, first that of the one which is opened.
FORMATS = {
    "keras": (".keras",),
    "onnx": (".onnx",),
    "tflite": (".tflite",),
    "openvino": (".xml", ".bin"),
}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Exported:
    """An exported model.

    kind:    its format, one of `FORMATS`.
    file:    the model itself.
    example: a script that uses it.
    about:   a JSON with its classes, in the order of the probabilities.
    """

    kind: str
    file: Path
    example: Path
    about: Path


def export_model(
    model: Path, kind: str = "keras", out: Path | None = None, progress: Progress | None = None
) -> Exported:
    """Export a model with its resizing, preprocessing, backbone and head inside.

    What comes out takes (B, H, W, 3) uint8 pictures of any size, TFLite one at a time, and gives
    (B, C) float32 probabilities. An example and a list of the classes are written beside it.

    Parameters
    ----------
    model
        The folder of a model.
    kind
        One of `FORMATS`.
    out
        The file to write; by default one in a folder of its own beside the model.
    progress
        Hears the steps.

    Raises
    ------
    EngineError
        When the model cannot be used or is of a kind that cannot be exported, the backbone's
        weights are not here, or there is such a file already.
    Cancelled
        From ``progress``. Nothing is written.
    """
    progress = progress or Progress()
    if kind not in FORMATS:
        names = ", ".join(FORMATS)
        raise EngineError(f"There is no format “{kind}”; choose one of {names}.")
    loaded = load_model(model)
    name = loaded.name
    file = out or model.expanduser().resolve().with_name(f"{name}-{kind}") / (
        f"{name}{FORMATS[kind][0]}"
    )
    done = _places(kind, file.expanduser().absolute())
    temporary = done.file.with_name(f".{done.file.name}.{os.getpid()}.part")
    with disk_errors(done.file.parent):
        temporary.mkdir(parents=True)
        try:
            _write(loaded, kind, temporary / done.file.name, progress)
            _describe(loaded, done, temporary)
            for part in sorted(temporary.iterdir(), key=lambda part: part.name == done.file.name):
                part.rename(done.file.with_name(part.name))
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    return done


def _places(kind: str, file: Path) -> Exported:
    """Return where everything comes to lie, after making sure that nothing lies there."""
    main, *others = FORMATS[kind]
    if file.suffix.lower() != main:
        raise EngineError(
            f"“{file.name}” does not end with {main}, as the format {kind} wants; "
            "choose another name."
        )
    example = file.with_name(f"{file.stem}-example.py")
    about = file.with_name(f"{file.stem}-classes.json")
    for place in (file, *(file.with_suffix(suffix) for suffix in others), example, about):
        if place.exists():
            raise EngineError(f"There is a file “{place}” already; choose another place.")
    return Exported(kind, file, example, about)


def _write(model: SavedModel, kind: str, file: Path, progress: Progress) -> None:
    head = exportable(model.head)
    network = network_of(model.recipe, model.weights)
    try:
        with KerasProcess(progress) as keras:
            keras.export(network, model.recipe.image_size, head, len(model.classes), kind, file)
    except RuntimeError as error:
        log.warning("%s could not be exported: %s", model.name, error)
        reason = str(error).strip().splitlines()[-1]
        raise EngineError(
            f"The model “{model.name}” could not be exported for {kind} ({reason}); "
            "choose another format."
        ) from error


def _describe(model: SavedModel, done: Exported, folder: Path) -> None:
    about = {
        "model": done.file.name,
        "classes": model.classes,
        "image_size": model.recipe.image_size,
        "backbone": model.recipe.backbone,
        "accuracy": model.scores.get("accuracy"),
    }
    text = json.dumps(about, indent=1, ensure_ascii=True)
    (folder / done.about.name).write_text(text, encoding="utf-8")
    script = example_script(done.kind, done.file.name, done.about.name)
    (folder / done.example.name).write_text(script, encoding="utf-8")
