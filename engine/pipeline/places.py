"""Where what is written for others may lie."""

from pathlib import Path

from engine.errors import EngineError


def refuse_dataset_folder(place: Path, folder: Path) -> None:
    """Make sure that a file or folder does not come to lie among the images.

    Raises
    ------
    EngineError
        When it would.
    """
    if place.resolve().is_relative_to(folder.resolve()):
        raise EngineError(
            f"“{place}” lies in the folder of the images, which is only read; choose another place."
        )
