"""What computing may use of the machine, from the settings: it holds for the next job."""

from PySide6.QtCore import QObject, Slot

from desktop.preferences import Preferences
from desktop.worker import JobRunner
from engine import limits
from engine.engine_process import EngineProcess


class Computing(QObject):
    """Sets the limits at the start, and anew when they were changed and no job runs."""

    def __init__(
        self,
        preferences: Preferences,
        runner: JobRunner,
        engine: EngineProcess,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._preferences, self._runner, self._engine = preferences, runner, engine
        self._cores = limits.available_cores()
        self._held = self._wanted
        self._hold()
        preferences.changed.connect(self._follow)
        runner.ended.connect(self._follow)

    @property
    def _wanted(self) -> tuple[int, int]:
        settings = self._preferences.settings
        return settings.cores, settings.memory_mb

    @Slot()
    def _follow(self) -> None:
        if self._wanted != self._held and not self._runner.busy:
            self._held = self._wanted
            self._hold()
            self._engine.renew()  # its libraries have read their number of threads

    def _hold(self) -> None:
        limits.choose(*self._held)
        if limits.cores() != self._cores:
            self._cores = limits.cores()
            limits.hold_loaded_libraries()
