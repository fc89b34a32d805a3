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


def dropped_paths(event: QDropEvent) -> list[Path]:
    """Return the pictures and folders that are dragged; empty when there are neither."""
    return [
        path
        for path in _paths(event)
        if path.is_dir() or (path.is_file() and path.suffix.lower() in SUFFIXES)
    ]


def _paths(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
