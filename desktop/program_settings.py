"""The dialog of the settings, joined to what it changes."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop import messages
from desktop.language import told, tr
from desktop.preferences import Preferences
from desktop.worker import JobRunner
from engine import caches
from engine.caches import Cache
from engine.errors import EngineError

if TYPE_CHECKING:
    from desktop.views.settings_dialog import SettingsDialog

MB = 1e6


class ProgramSettings(QObject):
    """Shows the dialog and carries out what is chosen in it."""

    said = Signal(str)  # for the status bar
    theme_chosen = Signal(str)

    def __init__(self, preferences: Preferences, runner: JobRunner, window: QWidget) -> None:
        super().__init__(window)
        self._preferences, self._runner, self._window = preferences, runner, window
        self._dialog: SettingsDialog | None = None  # while it is open
        for change in (runner.started, runner.ended):
            change.connect(self._tell_busy)

    def show(self) -> None:
        """Show the dialog."""
        from desktop.views.settings_dialog import SettingsDialog

        dialog = SettingsDialog(self._preferences.settings, caches.caches(), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.theme_chosen.connect(self.theme_chosen)
        dialog.language_chosen.connect(lambda name: self._preferences.change(language=name))
        dialog.backbone_chosen.connect(lambda name: self._preferences.change(backbone=name))
        dialog.cores_chosen.connect(lambda cores: self._preferences.change(cores=cores))
        dialog.memory_chosen.connect(lambda mb: self._preferences.change(memory_mb=mb))
        dialog.log_wanted.connect(messages.show_log)
        dialog.clear_wanted.connect(self._ask_to_clear)
        dialog.finished.connect(self._forget)
        self._dialog = dialog
        self._tell_busy()
        dialog.open()

    @Slot()
    def _tell_busy(self) -> None:
        if self._dialog is not None:
            self._dialog.set_busy(self._runner.busy)

    @Slot()
    def _forget(self) -> None:
        self._dialog = None

    def _ask_to_clear(self, cache: Cache) -> None:
        def clear() -> None:
            try:
                freed = caches.clear(cache)
            except EngineError as error:
                messages.show_error(self._window, error)
            else:
                text = tr("{what}: {size:,.0f} MB are free again.", what=what, size=freed / MB)
                self.said.emit(text)
            self._tell_busy()

        what = told(cache.title)
        text = tr("{what}: delete {size:,.0f} MB?", what=what, size=cache.size / MB)
        messages.ask(self._window, what, f"{text} {told(cache.costs)}", {tr("Clear"): clear})
