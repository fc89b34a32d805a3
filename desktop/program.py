"""The window for as long as the program runs: another one takes its place in another language."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from desktop import language
from desktop.main_window import MainWindow
from desktop.scene import scene_of
from desktop.settings_store import Settings

LOOK_MS = 300  # how often it is looked whether a dialog or menu is closed


class Program(QObject):
    """Owns the window.

    Texts are given to views when these are made. For another language all are made anew, which no
    view has to think of; what is shown stays so, see `desktop.scene`.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self.window = self._make(settings or Settings())
        # For names of languages and of classes; not before the window is seen.
        QTimer.singleShot(0, language.add_fonts)

    def _make(self, settings: Settings) -> MainWindow:
        language.use(settings.language)
        window = MainWindow(settings)
        window.preferences.changed.connect(self._follow)
        window.parts.idle.connect(self._follow)
        window.runner.ended.connect(self._follow)
        return window

    def _follow(self) -> None:
        """Change the language when nothing is being done, if another one was chosen."""
        QTimer.singleShot(0, self, self._change)  # when the dialog has said all that it has to

    def _change(self) -> None:
        from desktop.views.settings_dialog import SettingsDialog

        before, dialog = self.window, QApplication.activeModalWidget()
        choice = before.preferences.settings.language
        if language.meant(choice) == language.current() or before.parts.busy:
            return
        is_in_settings = isinstance(dialog, SettingsDialog)
        # Whatever else is open asks for an answer, or says what came of a job.
        if (dialog and not is_in_settings) or QApplication.activePopupWidget():
            QTimer.singleShot(LOOK_MS, self, self._change)
            return
        scene = scene_of(before.parts)
        QApplication.setQuitOnLastWindowClosed(False)  # there is none for a moment
        before.close()
        self.window = self._make(before.preferences.settings)
        self.window.show()
        QApplication.setQuitOnLastWindowClosed(True)
        before.deleteLater()
        self.window.show_scene(scene)
        if is_in_settings:
            self.window.parts.program_settings.show()
