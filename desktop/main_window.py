"""The window: what a user opens, what came of it, and how it ends. Its parts: `desktop.parts`."""

import base64
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

from desktop import jobs, messages, theme
from desktop.actions import add_theme_menu, build_actions, insert_menu
from desktop.drops import Drops
from desktop.key_guard import belongs_to_field
from desktop.language import tr
from desktop.one_window import OneWindow, show_other
from desktop.parts import Parts
from desktop.preferences import Preferences
from desktop.qt_types import QtTypes
from desktop.recent_menu import RecentMenu
from desktop.scene import Scene, bring_back
from desktop.settings_store import Settings
from desktop.state import State
from desktop.views.widgets import shown
from engine.errors import AllExcludedError
from engine.pipeline import ExtractOptions, Opened
from engine.wording import mark

SIZE = (1280, 840)
OWN = (
    "browse", "open_sample", "close_folder", "close", "set_up", "show_shortcuts", "show_about",
)  # fmt: skip
BEGIN = mark("Open a folder of images to begin.")
WALK = mark("Drag to turn, right-drag to move, wheel to zoom; point to see a picture.")
WAIT = mark("Wait for the running job, or stop it, before you open another folder.")
ALL_EXCLUDED = mark("All images of “{name}” are excluded: there is nothing to show.")
CHOOSE = mark("Choose a backbone; the first one in the list works at once.")


class MainWindow(QMainWindow):
    """One window on one dataset folder."""

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self.preferences = Preferences(settings, self)
        self.parts = Parts(self, self.preferences, theme.current(_application()))
        self.project, self.runner = self.parts.project, self.parts.runner
        self.pages, self.status = self.parts.pages, self.parts.status
        self.one_window = OneWindow(self)
        self.types = QtTypes(self)
        self._folder: Path | None = None
        self._closing = False
        self._build()
        self._connect()
        self._show_settings()
        self.status.say(tr(BEGIN))

    def open_path(self, folder: Path) -> None:
        """Open a dataset folder or a workspace."""
        if self.runner.busy:
            self.status.say(tr(WAIT))
            return
        if not self.one_window.has(folder) and show_other(folder):
            self.status.say(tr("{name} is open in another window.", name=shown(folder.name)))
            return
        self._folder = folder
        self.parts.leave_map()
        self.status.say(tr("Opening {name}…", name=shown(folder.name)))
        job = jobs.open_folder(folder, self.types.made)
        self.runner.start(tr("Opening the folder"), job, self._opened)

    def show_scene(self, scene: Scene) -> None:
        """Show what the window before this one showed."""
        opened = scene.state.opened
        if opened is None:
            return
        self.one_window.claim(opened.dataset.folder, opened.workspace)
        bring_back(scene, self.parts)
        if scene.sets_up:
            self.set_up()
        else:
            self.status.say(tr(WALK))
        self.pages.setup.choose(scene.embeds)

    # Commands: see desktop.commands and Parts.commands.

    def browse(self) -> None:
        """Let the user choose a folder."""
        recent = self.preferences.settings.recent
        start = str(Path(recent[0]).parent) if recent else ""
        caption = tr("Open a folder of images")
        folder = QFileDialog.getExistingDirectory(self, caption, shown(start))
        if folder:
            self.open_path(Path(folder))

    def open_sample(self) -> None:
        """Open the sample; embed it at once the first time."""
        self.open_path(jobs.sample_folder())

    def close_folder(self) -> None:
        """Return to the first page."""
        self.parts.leave_map()
        self.project.close()
        self.one_window.release()
        self.pages.show_welcome()
        self.status.say(tr(BEGIN))

    def set_up(self) -> None:
        """Show the page on which the backbone is chosen."""
        opened = self.project.state.opened
        if opened is not None:
            self.pages.show_setup(opened)
            self.status.say(tr(CHOOSE))

    def embed(self, options: ExtractOptions) -> None:
        """Embed the open folder; the map grows meanwhile."""
        opened = self.project.state.opened
        if opened is None or self.runner.busy:
            return
        self.parts.show_map()
        job = jobs.embed(opened.dataset.folder, options)
        self.runner.start(tr("Embedding images"), job, self._opened)

    def show_shortcuts(self) -> None:
        """List the shortcuts."""
        messages.show_shortcuts(self)

    def show_about(self) -> None:
        """Show version and licence."""
        messages.show_about(self)

    def choose_theme(self, name: str) -> None:
        """Use "light", "dark" or the system's colours."""
        self.preferences.change(theme=name)
        theme.choose(_application(), name)
        self._apply_theme()

    # What happened.

    def _opened(self, opened: Opened) -> None:
        self._folder = None
        before = self.project.state
        self.project.open(opened)
        self.one_window.claim(opened.dataset.folder, opened.workspace)
        self.preferences.remember(opened.dataset.folder)
        if opened.projection is not None:
            self.parts.show_map()
            if _is_other_run(before, opened):  # what is kept of the view is of the one before
                self.pages.map.map.reset_camera()
            elif before.growing is None:  # else it was looked at while it grew
                self.pages.map.show_view(opened.view)
            self.status.say(tr(WALK))
        elif opened.dataset.folder == jobs.sample_folder().resolve():
            self.embed(ExtractOptions(live_map=True))
        else:
            self.set_up()

    def _close_if_asked(self) -> None:
        if self._closing:
            self.close()

    def _job_failed(self, error: Exception) -> None:
        if isinstance(error, AllExcludedError) and error.root is not None:
            self.preferences.remember(error.folder.resolve())
            self._return_from_job(tr(ALL_EXCLUDED, name=shown(error.folder.name)))
            self.parts.review_binding.offer_to_move_back(error.folder, error.root)
            return
        if self._folder is not None:
            self.preferences.forget(self._folder)
        self._return_from_job(tr("Stopped by an error; what was finished is kept."))
        messages.show_error(self, error)

    def _job_cancelled(self) -> None:
        self._return_from_job(tr("Stopped; what was finished is kept and not computed again."))

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
        Drops(self, self.parts.binding, self.open_path)
        self.resize(*SIZE)
        if self.preferences.settings.geometry:
            geometry = base64.b64decode(self.preferences.settings.geometry)
            self.restoreGeometry(QByteArray(geometry))
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.pages, 1)
        column.addWidget(self.parts.job_bar)
        self.setCentralWidget(whole)
        carry_out = self.parts.commands() | {name: getattr(self, name) for name in OWN}
        self._actions = build_actions(self, carry_out)
        self.parts.take_actions(self._actions)
        self._themes = add_theme_menu(self, self.preferences.settings.theme, self.choose_theme)
        clear = self.preferences.clear_recent
        self.recent_menu = RecentMenu(self._recent, self.open_path, clear, self)
        insert_menu(self._actions["open_sample"], self.recent_menu)

    def _connect(self) -> None:
        self.pages.welcome.browse_requested.connect(self.browse)
        self.pages.welcome.folder_chosen.connect(self.open_path)
        self.pages.welcome.sample_requested.connect(self.open_sample)
        self.pages.setup.start_requested.connect(self.embed)
        self.pages.setup.back_requested.connect(self._leave_setup)
        self.project.changed.connect(self._show_state)
        self.preferences.changed.connect(self._show_settings)
        self.parts.program_settings.theme_chosen.connect(self.choose_theme)
        self.parts.opened.connect(self._opened)
        self.parts.failed.connect(self._show_error)
        self.parts.idle.connect(self._close_if_asked)
        self.runner.ended.connect(self._close_if_asked)
        self.runner.failed.connect(self._job_failed)
        self.runner.cancelled.connect(self._job_cancelled)
        _application().styleHints().colorSchemeChanged.connect(self._apply_theme)

    def _show_error(self, error: Exception) -> None:
        messages.show_error(self, error)

    def _leave_setup(self) -> None:
        if self.project.state.projection is not None:
            self.parts.show_map()
        else:
            self.close_folder()

    def _show_state(self) -> None:
        self.setWindowTitle(shown(self.project.state.title))
        self.status.facts.setText(shown(self.project.state.facts))
        self.pages.update_map(self.project.state)

    def _recent(self) -> tuple[str, ...]:
        """Return the folders opened lately that are still there, without the sample."""
        sample = str(jobs.sample_folder().resolve())
        recent = self.preferences.settings.recent
        return tuple(path for path in recent if path != sample and Path(path).is_dir())

    def _show_settings(self) -> None:
        self.pages.welcome.show_recent(self._recent()[:5])
        self.pages.setup.offered = self.preferences.settings.backbone
        self._themes[self.preferences.settings.theme].setChecked(True)

    def _apply_theme(self) -> None:
        self.parts.set_theme(theme.apply(_application()))

    # Qt calls the following methods.

    def event(self, event: QEvent) -> bool:
        """Leave keys to a field that has the focus."""
        if belongs_to_field(event):
            event.accept()
            return True
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what runs first; when it has ended the window is closed again."""
        if self.parts.busy:
            self._closing = True
            self.status.say(tr("Stopping…"))
            self.parts.stop()
            event.ignore()
            return
        self.parts.leave_map()
        self.parts.close()
        self.one_window.release()
        geometry = base64.b64encode(self.saveGeometry().data()).decode("ascii")
        self.preferences.change(geometry=geometry)
        event.accept()


def _is_other_run(before: State, now: Opened) -> bool:
    """Tell whether the map is of another run of the same dataset than the one that was shown."""
    if before.opened is None or before.opened.workspace != now.workspace:
        return False
    shown_before, shown_now = before.projection, now.projection
    return bool(shown_before and shown_now and shown_before.run != shown_now.run)


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
