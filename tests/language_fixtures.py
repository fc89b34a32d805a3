"""The program, whose window is made anew in another language."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from window_fixtures import JOB_MS, SOON_MS, wait_for_job

from desktop import language, settings_store
from desktop.main_window import MainWindow
from desktop.program import Program
from desktop.settings_store import Settings
from desktop.views.settings_dialog import SettingsDialog


@pytest.fixture
def program(qtbot, home) -> Iterator[Program]:
    """The program as it starts, in English."""
    settings_store.settings_file().unlink(missing_ok=True)
    program = Program(Settings(hinted=True, language="en"))
    program.window.show()
    qtbot.waitExposed(program.window, timeout=SOON_MS)
    yield program
    program.window.close()
    qtbot.waitUntil(lambda: not program.window.isVisible(), timeout=JOB_MS)
    program.window.deleteLater()
    with qtbot.waitSignal(program.destroyed, timeout=SOON_MS):
        program.deleteLater()  # before it hears of another language
    language.use("en")


def speak(qtbot, program: Program, wanted: str) -> None:
    """Choose a language in the settings with keys, and close them."""
    before = program.window
    before._actions["show_settings"].trigger()
    field = dialog_of(qtbot, before).language
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Home)
    for _ in range(field.count()):
        if field.currentData() != wanted:
            qtbot.keyClick(field, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: program.window is not before, timeout=SOON_MS)
    wait_for_job(qtbot, program.window)
    dialog_of(qtbot, program.window).close()


def dialog_of(qtbot, window: MainWindow) -> SettingsDialog:
    qtbot.waitUntil(lambda: window.findChild(SettingsDialog) is not None, timeout=SOON_MS)
    found = window.findChild(SettingsDialog)
    assert found is not None
    return found
