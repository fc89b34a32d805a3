"""The parts of the window, made and joined to one another here alone."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from desktop import jobs
from desktop.actions import enable_actions
from desktop.commands import COMMANDS, Has
from desktop.comparing import Comparing
from desktop.computing import Computing
from desktop.exchange import Exchange
from desktop.exploration import Exploration
from desktop.hint_binding import HintBinding
from desktop.job_binding import JobBinding
from desktop.label_binding import LabelBinding
from desktop.labelling import Labelling
from desktop.layout import Layout
from desktop.map_binding import MapBinding
from desktop.pages import Pages
from desktop.preferences import Preferences
from desktop.program_settings import ProgramSettings
from desktop.project import Project
from desktop.repair import Repair
from desktop.review_binding import ReviewBinding
from desktop.tensorboard import TensorBoard
from desktop.tensorboard_binding import TensorBoardBinding
from desktop.theme import Theme
from desktop.views.job_bar import JobBar
from desktop.views.status import Status
from desktop.worker import JobRunner
from engine.engine_process import EngineProcess

OF_MAP = tuple(command.name for command in COMMANDS if Has.MAP in command.needs)


class Parts(QObject):
    """Makes each part, and passes on what any of them tells.

    A part that has a signal of the name of one here needs no connection of its own.
    """

    said = Signal(str)  # for the status bar
    wrote = Signal(object)  # Path of a folder that the user may want to see
    failed = Signal(object)  # Exception
    opened = Signal(object)  # Opened: another run is to be shown, or the same one anew
    idle = Signal()  # a part has nothing more to do

    def __init__(self, window: QWidget, preferences: Preferences, theme: Theme) -> None:
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        self.project, self.runner, self.engine = Project(self), JobRunner(self), EngineProcess()
        worked_on = self.project, self.runner, self.engine
        self.computing = Computing(preferences, self.runner, self.engine, self)
        self.pages = Pages(jobs.sample_folder(), theme)
        self.job_bar, self.status = JobBar(), Status()
        self.exploration = Exploration(*worked_on, self)
        self.labelling = Labelling(*worked_on, self)
        self.repair = Repair(*worked_on, self)
        self.exchange = Exchange(*worked_on, window)
        self.comparing = Comparing(*worked_on, window)
        self.board = TensorBoard(self.project, self)
        self.binding = MapBinding(self.project, self.exploration, self.pages, self)
        self.job_binding = JobBinding(
            self.project, self.runner, self.pages, self.job_bar, self.status, self
        )
        self.label_binding = LabelBinding(self.project, self.labelling, self.pages, self)
        self.review_binding = ReviewBinding(
            self.project, self.exploration, self.labelling, self.repair, self.pages, self
        )
        self.board_binding = TensorBoardBinding(self.board, self.pages, self.show_map, self)
        self.layout = Layout(preferences, self.pages, self)
        self.program_settings = ProgramSettings(preferences, self.runner, window)
        self.hints = HintBinding(preferences, self.project, self.runner, self.pages, self)
        self._pass_on(
            self.exploration, self.exploration.models, self.labelling, self.repair, self.exchange,
            self.comparing, self.board, self.binding, self.review_binding, self.program_settings,
        )  # fmt: skip
        self.exploration.suggestions_wanted.connect(self.labelling.colour)
        self.exchange.exporting.connect(self.binding.keep_view)
        self.repair.model_wanted.connect(self.exploration.models.reopen)
        self.said.connect(self.status.say)
        self.wrote.connect(self.status.offer_folder)
        self.pages.currentChanged.connect(self.update_actions)
        for change in (self.project.changed, self.runner.started, self.runner.ended):
            change.connect(self.update_actions)

    # What carries out the commands.

    def commands(self) -> dict[str, Callable[..., object]]:
        """Return what carries out the commands that the parts know, by the commands' names."""
        return {
            **{name: self._on_map(name) for name in OF_MAP},
            "import_vectors": self.exchange.ask_to_import,
            "export_data": self.exchange.ask_to_export,
            "compare_backbones": self.comparing.show_panel,
            "pause_job": self.job_bar.pause_button.toggle,
            "cancel_job": self.job_bar.cancel_button.click,
            "finish_job": self.job_bar.finish_if_possible,
            "select_back": self.project.select_back,
            "select_forward": self.project.select_forward,
            "show_settings": self.program_settings.show,
            "show_tensorboard": self.board_binding.toggle,
        }

    def take_actions(self, actions: Mapping[str, QAction]) -> None:
        """Take what the commands look like in the menus, to enable what makes sense."""
        self._actions = dict(actions)
        self.label_binding.take_actions(actions)
        self.layout.take_actions(actions)
        self.update_actions()

    @property
    def switches(self) -> dict[str, QAction]:
        """The commands that are on or off."""
        return {name: each for name, each in self._actions.items() if each.isCheckable()}

    def update_actions(self) -> None:
        """Enable the commands that make sense now."""
        if self.pages.map is not None:
            self.pages.map.set_busy(self.runner.busy)
        if self._actions:
            enable_actions(self._actions, self._available())
            self.label_binding.show_state()

    # What the window does with all of them.

    @property
    def busy(self) -> bool:
        """Whether one of them has something to finish before the window is closed."""
        workers = self.runner, self.exploration, self.labelling, self.board
        return any(worker.busy for worker in workers)

    def stop(self) -> None:
        """Drop what is being done; it ends soon."""
        self.leave_map()
        self.board.stop()
        self.repair.stop()
        self.runner.cancel()

    def close(self) -> None:
        """Keep the layout, and end what has a process of its own."""
        self.layout.keep()
        self.board_binding.close()
        self.engine.close()

    def show_map(self) -> None:
        """Show the page of the map."""
        self.pages.show_map(self.project.state)

    def leave_map(self) -> None:
        """Keep how it was looked at; what is still being read is of no use to the next one."""
        self.binding.keep_view()
        self.exploration.stop()
        self.labelling.stop()

    def set_theme(self, theme: Theme) -> None:
        """Draw in other colours what does not follow the application's."""
        self.pages.set_theme(theme)

    def _on_map(self, name: str) -> Callable[..., object]:
        return lambda *values: getattr(self.pages.map.commands, name)(*values)

    def _pass_on(self, *parts: QObject) -> None:
        for part in parts:
            for name in ("said", "wrote", "failed", "opened", "idle"):
                signal = getattr(part, name, None)
                if isinstance(signal, SignalInstance):
                    signal.connect(getattr(self, name))

    def _available(self) -> Has:
        state = self.project.state
        has = Has.JOB if self.runner.busy else Has.IDLE
        if state.opened is not None:
            has |= Has.DATASET
            has |= Has.RUN if state.opened.recipe is not None else Has.NOTHING
        if self.pages.on_map:
            has |= Has.MAP
        if state.trained is not None:
            has |= Has.CLASSIFIER
        return has
