"""What becomes of files and folders that are dropped on the window."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from desktop import messages
from desktop.language import tr
from desktop.map_binding import MapBinding
from desktop.views.dropping import dropped_folder, dropped_paths
from desktop.views.widgets import shown
from engine.wording import mark

QUESTION = mark(
    "Open “{name}” in place of the dataset that is open, or see where its pictures belong on this "
    "map?"
)


class Drops(QObject):
    """Takes drops anywhere in the window: opens a folder, or places pictures on the map."""

    def __init__(
        self, window: QWidget, binding: MapBinding, open_path: Callable[[Path], None]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._binding = binding
        self._open_path = open_path
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle the drops on the window, nothing else."""
        if isinstance(event, QDragEnterEvent):  # also a drop event, for Python
            if dropped_folder(event) is not None and not self._binding.exploration.is_held_up:
                event.acceptProposedAction()
            return True
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            self._take(event)
            return True
        return super().eventFilter(watched, event)

    def _take(self, event: QDropEvent) -> None:
        folder, paths = dropped_folder(event), dropped_paths(event)
        if folder is None:
            return
        event.acceptProposedAction()
        if not self._binding.pages.on_map or not paths:
            self._open_path(folder)
        elif any(path.is_dir() for path in paths):
            self._ask(paths)
        else:
            self._binding.exploration.find_similar(paths)

    def _ask(self, paths: list[Path]) -> None:
        """Open a dropped folder, or see how its pictures fit into the dataset that is open."""
        folder = next(path for path in paths if path.is_dir())
        can_name = self._binding.project.state.trained is not None
        find_similar = self._binding.exploration.find_similar
        choices: dict[str, Callable[[], object]] = {
            tr("Open it"): lambda: self._open_path(folder),
            tr("Classify" if can_name else "Show on this map"): lambda: find_similar(paths),
        }
        if can_name:
            choices[tr("Sort…")] = lambda: self._binding.ask_to_sort(folder)
        text = tr(QUESTION, name=shown(folder.name))
        messages.ask(self._window, tr("A folder was dropped"), text, choices)
