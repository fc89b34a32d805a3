"""What is dragged onto the window."""

from pathlib import Path

from PySide6.QtGui import QDropEvent

from engine.images import SUFFIXES


def dropped_folder(event: QDropEvent) -> Path | None:
    """Return the folder that is dragged, or the folder of the file that is, else None."""
    for path in _paths(event):
        if path.is_dir():
            return path
        if path.is_file():
            return path.parent
    return None


def dropped_picture(event: QDropEvent) -> Path | None:
    """Return the picture that is dragged, None when it is something else."""
    for path in _paths(event):
        return path if path.is_file() and path.suffix.lower() in SUFFIXES else None
    return None


def _paths(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
