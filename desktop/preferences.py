"""What the user has chosen and opened, kept on the disk as soon as it changes."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop import settings_store
from desktop.settings_store import Settings


class Preferences(QObject):
    """Holds the settings of the window."""

    changed = Signal()

    def __init__(self, settings: Settings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings or Settings()

    def change(self, **values: Any) -> None:
        """Give fields of the settings other values."""
        self._become(replace(self.settings, **values))

    def remember(self, folder: Path) -> None:
        """Put a folder first among the recent ones."""
        self._become(settings_store.with_recent(self.settings, folder))

    def forget(self, folder: Path) -> None:
        """Take a folder from the recent ones."""
        self._become(settings_store.without_recent(self.settings, folder))

    def clear_recent(self) -> None:
        """Forget all folders."""
        self.change(recent=())

    def _become(self, settings: Settings) -> None:
        if settings != self.settings:
            self.settings = settings
            settings_store.save(settings)
            self.changed.emit()
