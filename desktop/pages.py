"""The pages of the window, one at a time: welcome, set-up, map, TensorBoard."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.state import State
from desktop.theme import Theme
from desktop.views.setup import SetupPage
from desktop.views.welcome import WelcomePage
from engine.pipeline import Opened


class Pages(QStackedWidget):
    """Shows one page; makes that of the map when it is first needed."""

    map_made = Signal()  # the page of the map is there now

    def __init__(self, sample: Path, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.welcome = WelcomePage(sample)
        self.setup = SetupPage()
        self.map: Any = None  # not before the window is seen: see `desktop.jobs`
        self.board: Any = None  # that of TensorBoard, not before it is wanted
        self.addWidget(self.welcome)
        self.addWidget(self.setup)

    @property
    def on_map(self) -> bool:
        """Whether the map is the page that is seen."""
        return self.map is not None and self.currentWidget() is self.map

    @property
    def on_board(self) -> bool:
        """Whether TensorBoard is the page that is seen."""
        return self.board is not None and self.currentWidget() is self.board

    def show_welcome(self) -> None:
        """Show the first page."""
        self.setCurrentWidget(self.welcome)

    def show_setup(self, opened: Opened) -> None:
        """Show the page on which the backbone is chosen."""
        self.setup.show_opened(opened)
        self.setCurrentWidget(self.setup)

    def show_map(self, state: State) -> None:
        """Show the page of the map."""
        if self.map is None:
            from desktop.views.map_page import MapPage

            self.map = MapPage()
            self.map.set_theme(self.theme)
            self.addWidget(self.map)
            self.setCurrentWidget(self.map)  # it has its size before it is arranged
            self.map_made.emit()
        self.map.show_state(state)
        self.setCurrentWidget(self.map)
        self.map.map.setFocus()  # not a field: letters are keys of the map

    def add_board(self, page: QWidget) -> None:
        """Take the page of TensorBoard."""
        self.board = page
        self.addWidget(page)

    def show_board(self) -> None:
        """Show the page of TensorBoard."""
        self.setCurrentWidget(self.board)

    def update_map(self, state: State) -> None:
        """Redraw the map, seen or not, if there is one."""
        if self.map is not None:
            self.map.show_state(state)

    def set_theme(self, theme: Theme) -> None:
        """Draw the map and TensorBoard in other colours; the rest follows the application's."""
        self.theme = theme
        if self.map is not None:
            self.map.set_theme(theme)
        if self.board is not None:
            self.board.set_dark(theme.is_dark)
