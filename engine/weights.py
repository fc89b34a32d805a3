"""Where the weights of a backbone come from: bundled, Keras's download, or a file of the user's."""

import hashlib
import os
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

from engine.backbones import Backbone
from engine.errors import EngineError
from engine.wording import mark

BUNDLED = {"MobileNetV2"}
FILE_SUFFIXES = (".h5", ".keras")


class Availability(StrEnum):
    """What it takes to use a backbone with its ImageNet weights."""

    BUNDLED = mark("bundled")
    DOWNLOADED = mark("downloaded")
    TO_DOWNLOAD = mark("to be downloaded")


@dataclass(frozen=True, slots=True)
class Weights:
    """A weights file that is on this machine.

    path:         the file.
    hash:         SHA-256 of its bytes, hexadecimal.
    is_imagenet:  whether it is Keras's own ImageNet file.
    """

    path: Path
    hash: str
    is_imagenet: bool


def availability(backbone: Backbone) -> Availability:
    """Tell whether the ImageNet weights are here, without opening them."""
    if backbone.name in BUNDLED:
        return Availability.BUNDLED
    if keras_file(backbone).is_file():
        return Availability.DOWNLOADED
    return Availability.TO_DOWNLOAD


def find(backbone: Backbone, choice: str = "") -> Weights | None:
    """Find the weights on this machine.

    Parameters
    ----------
    backbone
        What the weights are for.
    choice
        "bundled", "imagenet", the path of a ``.h5`` or ``.keras`` file, or "" for the bundled
        ones where there are any and ImageNet's elsewhere.

    Returns
    -------
    Weights or None
        None when they are ImageNet's and have to be downloaded first.

    Raises
    ------
    EngineError
        When there are no bundled weights for the backbone, or no such file.
    """
    if choice in ("", "bundled") and backbone.name in BUNDLED:
        return _weights(Path(str(files("resources") / "weights" / backbone.weights_file)), True)
    if choice == "bundled":
        raise EngineError(
            f"No weights of {backbone.name} are bundled, only those of {', '.join(BUNDLED)}; "
            "use --weights imagenet or a weights file."
        )
    if choice in ("", "imagenet"):
        file = keras_file(backbone)
        return _weights(file, True) if file.is_file() else None
    return _weights(_checked(Path(choice).expanduser()), False)


def keras_file(backbone: Backbone) -> Path:
    """Return where Keras keeps its download of the ImageNet weights."""
    home = os.environ.get("KERAS_HOME")
    root = Path(home) if home else Path.home() / ".keras"
    return root / "models" / backbone.weights_file


def _checked(path: Path) -> Path:
    if not path.is_file():
        raise EngineError(f"There is no weights file “{path}”; check its name.")
    if path.suffix.lower() not in FILE_SUFFIXES:
        raise EngineError(
            f"“{path.name}” is not a weights file; choose one that Keras saved as .h5 or .keras."
        )
    return path


def _weights(path: Path, is_imagenet: bool) -> Weights:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EngineError(
            f"The weights file “{path}” cannot be read ({error.strerror}); allow reading it."
        ) from error
    return Weights(path, digest, is_imagenet)
