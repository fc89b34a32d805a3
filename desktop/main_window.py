"""The window: puts the views together and carries out the commands. It decides nothing else."""

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from desktop import jobs, messages, settings_store, theme
from desktop.actions import Has, add_theme_menu, build_actions, enable_actions
from desktop.comparing import Comparing
from desktop.drops import Drops
from desktop.exchange import Exchange
from desktop.exploration import Exploration
from desktop.key_guard import belongs_to_field
from desktop.label_binding import LabelBinding
from desktop.labelling import Labelling
from desktop.map_binding import MapBinding
from desktop.pages import Pages
from desktop.project import Project
from desktop.repair import Repair
from desktop.review_binding import ReviewBinding
from desktop.tensorboard import TensorBoard
from desktop.tensorboard_binding import TensorBoardBinding
from desktop.views.job_bar import JobBar
from desktop.views.status import Status
from desktop.views.widgets import shown
from desktop.worker import JobRunner
from engine.engine_process import EngineProcess
from engine.history import History
from engine.pipeline import ExtractOptions, Opened
from engine.progress import Step
from engine.values import Projection

SIZE = (1280, 840)
WALK = "Drag to turn, right-drag to move, wheel to zoom; point to see a picture."


class MainWindow(QMainWindow):
    """One window on one dataset folder."""

    def __init__(self, settings: settings_store.Settings | None = None) -> None:
        super().__init__()
        self.settings = settings or settings_store.Settings()
        self.project = Project(self)
        self.runner = JobRunner(self)
        self.engine = EngineProcess()
        self.exploration = Exploration(self.project, self.runner, self.engine, self)
        self.labelling = Labelling(self.project, self.engine, self)
        self.pages = Pages(jobs.sample_folder(), theme.current(_application()))
        self.binding = MapBinding(self.project, self.exploration, self.pages, self)
        self.repair = Repair(self.project, self.runner, self.engine, self)
        self.review_binding = ReviewBinding(
            self.project, self.exploration, self.labelling, self.repair, self.pages, self
        )
        self.exchange = Exchange(self.project, self.runner, self.engine, self)
        self.comparing = Comparing(self.project, self.runner, self.engine, self)
        self.board = TensorBoard(self.project, self)
        self.board_binding = TensorBoardBinding(self.board, self.pages, self._show_map, self)
        self.job_bar, self.status = JobBar(), Status()
        self._folder: Path | None = None
        self._closing = False
        self._build()
        self._connect()
        self.project.changed.connect(self._show_state)
        self._show_recent()
        self._update_actions()
        self.status.say("Open a folder of images to begin.")

    def open_path(self, folder: Path) -> None:
        """Open a dataset folder or a workspace."""
        if self.runner.busy:
            self.status.say("Wait for the running job, or stop it, before you open another folder.")
            return
        self._folder = folder
        self._leave_map()
        self.status.say(f"Opening {shown(folder.name)}…")
        self.runner.start("Opening the folder", jobs.open_folder(folder), self._opened)

    # Commands: see desktop.actions.

    def browse(self) -> None:
        """Let the user choose a folder."""
        start = str(Path(self.settings.recent[0]).parent) if self.settings.recent else ""
        folder = QFileDialog.getExistingDirectory(self, "Open a folder of images", shown(start))
        if folder:
            self.open_path(Path(folder))

    def open_sample(self) -> None:
        """Open the sample; embed it at once the first time."""
        self.open_path(jobs.sample_folder())

    def close_folder(self) -> None:
        """Return to the first page."""
        self._leave_map()
        self.project.close()
        self.pages.show_welcome()
        self._update_actions()
        self.status.say("Open a folder of images to begin.")

    def set_up(self) -> None:
        """Show the page on which the backbone is chosen."""
        opened = self.project.state.opened
        if opened is not None:
            self.pages.show_setup(opened)
            self._update_actions()
            self.status.say("Choose a backbone; the first one in the list works at once.")

    def embed(self, options: ExtractOptions) -> None:
        """Embed the open folder; the map grows meanwhile."""
        opened = self.project.state.opened
        if opened is None or self.runner.busy:
            return
        self._show_map()
        job = jobs.embed(opened.dataset.folder, options)
        self.runner.start("Embedding images", job, self._opened)

    def import_vectors(self) -> None:
        """Ask for vectors of another program."""
        self.exchange.ask_to_import()

    def export_data(self) -> None:
        """Ask in which format to write what is known."""
        self.exchange.ask_to_export()

    def compare_backbones(self) -> None:
        """Show the panel in which backbones are compared."""
        self.comparing.show_panel()

    def pause_job(self) -> None:
        """Hold the running job, or let it go on."""
        self.job_bar.pause_button.toggle()

    def cancel_job(self) -> None:
        """Stop the running job."""
        self.job_bar.cancel_button.click()

    def finish_job(self) -> None:
        """End the running job with what it has, if it can."""
        if self.job_bar.finish_button.isVisible():
            self.job_bar.finish_button.click()

    def select_back(self) -> None:
        """Return to the selection before."""
        self.project.select_back()

    def select_forward(self) -> None:
        """Undo `select_back`."""
        self.project.select_forward()

    def show_tensorboard(self) -> None:
        """Show TensorBoard, or the map where it is shown."""
        self.board_binding.toggle(theme.current(_application()))
        self._update_actions()

    def show_shortcuts(self) -> None:
        """List the shortcuts."""
        messages.show_shortcuts(self)

    def show_about(self) -> None:
        """Show version and licence."""
        messages.show_about(self)

    def choose_theme(self, name: str) -> None:
        """Use "light", "dark" or the system's colours."""
        self.settings = replace(self.settings, theme=name)
        settings_store.save(self.settings)
        theme.choose(_application(), name)
        self._apply_theme()

    # What happened.

    def _opened(self, opened: Opened) -> None:
        self._folder = None
        self.project.open(opened)
        self.settings = settings_store.with_recent(self.settings, opened.dataset.folder)
        settings_store.save(self.settings)
        self._show_recent()
        if opened.projection is not None:
            self._show_map()
            self.pages.map.show_view(opened.view)
            self.status.say(
                "Drag to turn, right-drag to move, wheel to zoom; point to see a picture."
            )
        elif opened.dataset.folder == jobs.sample_folder().resolve():
            self.embed(ExtractOptions(live_map=True))
        else:
            self.set_up()

    def _job_started(self, title: str, can_finish: bool) -> None:
        self.job_bar.start(title, can_finish)
        self._update_actions()

    def _job_stepped(self, step: Step) -> None:
        self.job_bar.show_step(step)
        self.status.say(f"{step.stage}  {self.job_bar.detail(step)}".strip())
        if isinstance(step.partial, Projection):
            self.project.grow(step.partial)
        elif isinstance(step.partial, History):
            self.pages.map.training.show_history(step.partial)

    def _job_ended(self) -> None:
        self.job_bar.hide()
        self._update_actions()
        self._close_if_asked()

    def _close_if_asked(self) -> None:
        if self._closing:
            self.close()

    def _job_failed(self, error: Exception) -> None:
        if self._folder is not None:
            self.settings = settings_store.without_recent(self.settings, self._folder)
            self._show_recent()
        self._return_from_job("Stopped by an error; what was finished is kept.")
        messages.show_error(self, error)

    def _job_cancelled(self) -> None:
        self._return_from_job("Stopped; what was finished is kept and not computed again.")

    def _return_from_job(self, text: str) -> None:
        """Show what there is: the map so far, else the page from which the job was started."""
        self._folder = None
        self.project.stop_growing()
        state = self.project.state
        if state.projection is None and state.opened is not None:
            self.set_up()
        self.status.say(text)

    # How it is put together.

    def _build(self) -> None:
        self.setWindowTitle(self.project.state.title)
        self.setStatusBar(self.status)
        Drops(self, self.binding, self.open_path)
        self.resize(*SIZE)
        if self.settings.geometry:
            self.restoreGeometry(QByteArray(base64.b64decode(self.settings.geometry)))
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.pages, 1)
        column.addWidget(self.job_bar)
        self.setCentralWidget(whole)
        self._actions = build_actions(self, self._on_map)
        self.label_binding = LabelBinding(
            self.project, self.labelling, self.pages, self._actions, self
        )
        add_theme_menu(self, self.settings.theme, self.choose_theme)

    def _on_map(self, name: str) -> Callable[..., None]:
        return lambda *values: getattr(self.pages.map.commands, name)(*values)

    def _connect(self) -> None:
        self.pages.welcome.browse_requested.connect(self.browse)
        self.pages.welcome.folder_chosen.connect(self.open_path)
        self.pages.welcome.sample_requested.connect(self.open_sample)
        self.pages.setup.start_requested.connect(self.embed)
        self.pages.setup.back_requested.connect(self._leave_setup)
        self.pages.map_made.connect(self.binding.bind)
        self.binding.said.connect(self.status.say)
        self.binding.failed.connect(self._reading_failed)
        self.runner.started.connect(self._job_started)
        self.runner.progressed.connect(self._job_stepped)
        self.runner.ended.connect(self._job_ended)
        self.runner.failed.connect(self._job_failed)
        self.runner.cancelled.connect(self._job_cancelled)
        self.exploration.said.connect(self.status.say)
        self.exploration.failed.connect(self._reading_failed)
        self.exploration.models.wrote.connect(self.status.offer_folder)
        self.exchange.opened.connect(self._opened)
        self.exchange.said.connect(self.status.say)
        self.exchange.wrote.connect(self.status.offer_folder)
        self.comparing.opened.connect(self._opened)
        self.comparing.said.connect(self.status.say)
        self.exploration.idle.connect(self._close_if_asked)
        self.exploration.suggestions_wanted.connect(self.labelling.colour)
        self.repair.said.connect(self.status.say)
        self.repair.wrote.connect(self.status.offer_folder)
        self.repair.reopened.connect(self._opened)
        self.repair.model_wanted.connect(self.exploration.models.reopen)
        self.review_binding.said.connect(self.status.say)
        self.labelling.said.connect(self.status.say)
        self.labelling.failed.connect(self._reading_failed)
        self.labelling.idle.connect(self._close_if_asked)
        self.board.said.connect(self.status.say)
        self.board.failed.connect(self._reading_failed)
        self.board.idle.connect(self._close_if_asked)
        self.job_bar.finish_requested.connect(self.runner.finish)
        self.job_bar.cancel_requested.connect(self.runner.cancel)
        self.job_bar.pause_requested.connect(self.runner.set_paused)
        _application().styleHints().colorSchemeChanged.connect(self._apply_theme)

    def _reading_failed(self, error: Exception) -> None:
        messages.show_error(self, error)

    def _leave_map(self) -> None:
        """Keep how it was looked at; what is still being read is of no use to the next one."""
        self.binding.keep_view()
        self.exploration.stop()
        self.labelling.stop()

    def _leave_setup(self) -> None:
        if self.project.state.projection is not None:
            self._show_map()
        else:
            self.close_folder()

    def _show_map(self) -> None:
        self.pages.show_map(self.project.state)
        self._update_actions()

    def _show_state(self) -> None:
        self.setWindowTitle(shown(self.project.state.title))
        self.status.facts.setText(shown(self.project.state.facts))
        self.pages.update_map(self.project.state)
        self._update_actions()

    def _show_recent(self) -> None:
        here = tuple(path for path in self.settings.recent if Path(path).is_dir())
        sample = str(jobs.sample_folder().resolve())
        self.pages.welcome.show_recent(tuple(path for path in here if path != sample)[:5])

    def _update_actions(self) -> None:
        busy = self.runner.busy
        has = Has.JOB if busy else Has.IDLE
        if self.pages.map is not None:
            self.pages.map.set_busy(busy)
        opened = self.project.state.opened
        if opened is not None:
            has |= Has.DATASET
            has |= Has.RUN if opened.recipe is not None else Has.NOTHING
        if self.pages.on_map:
            has |= Has.MAP
        if self.project.state.trained is not None:
            has |= Has.CLASSIFIER
        enable_actions(self._actions, has)
        self.label_binding.show_state()

    def _apply_theme(self) -> None:
        chosen = theme.apply(_application())
        self.pages.set_theme(chosen)
        self.board_binding.set_theme(chosen)

    # Qt calls the following methods.

    def event(self, event: QEvent) -> bool:
        """Leave keys to a field that has the focus."""
        if belongs_to_field(event):
            event.accept()
            return True
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what runs first; when it has ended the window is closed again."""
        if any(each.busy for each in (self.runner, self.exploration, self.labelling, self.board)):
            self._closing = True
            self.status.say("Stopping…")
            self.exploration.stop()
            self.labelling.stop()
            self.board.stop()
            self.runner.cancel()
            event.ignore()
            return
        self.binding.keep_view()
        self.board_binding.close()
        self.engine.close()
        geometry = base64.b64encode(self.saveGeometry().data()).decode("ascii")
        self.settings = replace(self.settings, geometry=geometry)
        settings_store.save(self.settings)
        event.accept()


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
