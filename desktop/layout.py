"""How the user has arranged the page of the map: kept when the window closes, and brought back."""

import base64
from collections.abc import Mapping

from PySide6.QtCore import QByteArray, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSplitter

from desktop.pages import Pages
from desktop.preferences import Preferences

PANELS = ("show_panel", "show_gallery", "show_training", "show_review")


class Layout(QObject):
    """Arranges the page as it was when it is made."""

    def __init__(
        self, preferences: Preferences, pages: Pages, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._preferences, self._pages = preferences, pages
        self._switches: Mapping[str, QAction] = {}
        pages.map_made.connect(self._restore)

    def take_actions(self, actions: Mapping[str, QAction]) -> None:
        """Take the switches of the panels."""
        self._switches = {name: actions[name] for name in PANELS}

    def keep(self) -> None:
        """Note how it is now, if the page was ever made."""
        if self._pages.map is None:
            return
        panels = {name: switch.isChecked() for name, switch in self._switches.items()}
        sizes = {name: _stored(splitter) for name, splitter in self._splitters.items()}
        self._preferences.change(panels=panels, splitters=sizes)

    def _restore(self) -> None:
        settings = self._preferences.settings
        for name, switch in self._switches.items():
            switch.setChecked(settings.panels.get(name, switch.isChecked()))
        for name, splitter in self._splitters.items():
            if stored := settings.splitters.get(name):
                splitter.restoreState(QByteArray(base64.b64decode(stored)))

    @property
    def _splitters(self) -> dict[str, QSplitter]:
        return {"across": self._pages.map.across, "down": self._pages.map.splitter}


def _stored(splitter: QSplitter) -> str:
    return base64.b64encode(splitter.saveState().data()).decode("ascii")
