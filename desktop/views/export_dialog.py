"""Asks for the file and the format of a model that other programs are to use."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.language import tr
from desktop.views.widgets import shown
from engine.pipeline import FORMATS

NAMES = {
    "keras": "Keras",
    "onnx": "ONNX",
    "tflite": "TensorFlow Lite",
    "openvino": "OpenVINO",
}


def ask_for_export(parent: QWidget, start: Path) -> tuple[Path, str] | None:
    """Return the file and its format, one of `FORMATS`; None when the user decides otherwise.

    The engine writes over nothing, so the dialog does not ask about that.
    """
    kinds = {f"{NAMES[kind]} (*{FORMATS[kind][0]})": kind for kind in FORMATS}
    name, chosen = QFileDialog.getSaveFileName(
        parent,
        tr("Export the model"),
        shown(start),
        ";;".join(kinds),
        options=QFileDialog.Option.DontConfirmOverwrite,
    )
    if not name:
        return None
    file = Path(name)
    by_suffix = {FORMATS[kind][0]: kind for kind in FORMATS}
    kind = kinds.get(chosen, "keras")
    if file.suffix.lower() in by_suffix and chosen not in kinds:
        kind = by_suffix[file.suffix.lower()]
    return file.with_suffix(FORMATS[kind][0]), kind
