"""What the program is made of, told without importing any of it."""

import platform
from importlib import metadata

from PySide6.QtCore import qVersion

from engine import __version__
from engine.wording import mark

# What is shown, and the distributions it may come from.
LIBRARIES = {
    "TensorFlow": ("tensorflow", "tensorflow-cpu"),
    "Keras": ("keras",),
    "OpenVINO": ("openvino",),
    "scikit-learn": ("scikit-learn",),
    "TensorBoard": ("tensorboard",),
    "NumPy": ("numpy",),
}


def versions() -> dict[str, str]:
    """Return the version of the program and of what it is made of, by name."""
    known = {
        "Image Embedding": __version__,
        "Python": platform.python_version(),
        "Qt": qVersion(),
        "PySide": _version("PySide6", "PySide6-Essentials"),
    }
    return known | {name: _version(*names) for name, names in LIBRARIES.items()}


def _version(*names: str) -> str:
    for name in names:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return mark("not part of this build")
