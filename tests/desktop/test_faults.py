"""Faults are shown and the window stays; a crash is told of at the next start."""

import faulthandler
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from window_fixtures import SOON_MS

from desktop import messages
from desktop.faults import Faults
from desktop.log_file import log_file
from engine.errors import EngineError
from engine.progress import Progress

ROOT = Path(__file__).resolve().parents[2]
RUN = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox
from desktop import app, main_window

class Window(main_window.MainWindow):
    def showEvent(self, event):
        QTimer.singleShot(200, {act})

    def tell(self):
        for box in self.findChildren(QMessageBox):
            print(box.text())
            copy = next(b for b in box.buttons() if b.text() == "Copy details")
            copy.click()
            print(app.QApplication.clipboard().text())
            box.close()
        self.close()

main_window.MainWindow = Window
sys.exit(app.run(None))
"""
CRASHING = RUN.format(act="__import__('faulthandler')._sigsegv")
TELLING = RUN.format(act="self.tell")


@pytest.fixture
def faults(window):
    faults = Faults(lambda: window)
    yield faults
    faults.end()


def shown_box(qtbot, window) -> QMessageBox:
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is not None, timeout=SOON_MS)
    return window.findChild(QMessageBox)


def press(box: QMessageBox, text: str) -> None:
    next(button for button in box.buttons() if button.text() == text).click()


def fail() -> None:
    raise ZeroDivisionError("by design")


def test_a_fault_in_a_slot_is_shown_and_the_window_stays(qtbot, window, faults):
    # pytest-qt catches what escapes from slots, so the hook is called as Qt would.
    try:
        fail()
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    box = shown_box(qtbot, window)
    assert "Nothing that was finished is lost" in box.text()
    press(box, "Copy details")
    assert "ZeroDivisionError: by design" in QApplication.clipboard().text()
    assert box.isVisible(), "to be read on"
    box.close()
    assert window.isVisible()


def test_a_fault_in_a_thread_is_shown(qtbot, window, faults):
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    box = shown_box(qtbot, window)
    press(box, "Copy details")
    assert "ZeroDivisionError: by design" in QApplication.clipboard().text()
    box.close()


def test_many_faults_are_shown_as_one_and_all_logged(qtbot, window, caplog):
    for number in range(5):
        messages.show_error(window, ZeroDivisionError(f"number {number}"))
    assert len(window.findChildren(QMessageBox)) == 1
    assert sum("number" in text for text in caplog.messages) == 5
    shown_box(qtbot, window).close()


def test_the_buttons_of_a_message_have_no_icons(qtbot, window):
    messages.show_error(window, EngineError("The disk is full; free some space."))
    messages.ask(window, "Delete", "Delete it?", {"Delete": lambda: None})
    boxes = window.findChildren(QMessageBox)
    buttons = [button for box in boxes for button in box.buttons()]
    assert len(buttons) == 5
    assert all(button.icon().isNull() for button in buttons)
    for box in boxes:
        box.close()


def test_an_error_of_the_users_has_details_and_the_log_too(qtbot, window, monkeypatch):
    opened = []
    monkeypatch.setattr("desktop.messages.QDesktopServices.openUrl", opened.append)
    messages.show_error(window, EngineError("The disk is full; free some space."))
    box = shown_box(qtbot, window)
    assert box.text() == "The disk is full; free some space."
    press(box, "Show log")
    assert Path(opened[0].toLocalFile()) == log_file()
    press(box, "Copy details")
    assert "The disk is full; free some space." in QApplication.clipboard().text()
    box.close()


def fail_there(progress: Progress) -> None:
    """Runs in the engine's process."""
    fail()


def crash_there(progress: Progress) -> None:
    """Runs in the engine's process."""
    faulthandler._sigsegv()


def start_there(window, function) -> None:
    call = window.parts.engine.call
    window.runner.start("A job", lambda progress: call(function, progress=progress), print)


def test_a_fault_in_the_process_of_the_engine_is_shown_with_its_place(qtbot, window):
    start_there(window, fail_there)
    box = shown_box(qtbot, window)
    press(box, "Copy details")
    details = QApplication.clipboard().text()
    assert "ZeroDivisionError: by design" in details
    assert "fail_there" in details
    box.close()


def test_a_crash_of_the_engine_leaves_the_window_and_is_in_the_log(qtbot, window, caplog):
    start_there(window, crash_there)
    box = shown_box(qtbot, window)
    assert "what was finished is kept" in box.text()
    box.close()
    assert any("Segmentation fault" in text and "crash_there" in text for text in caplog.messages)
    assert window.isVisible()
    assert not window.runner.busy


def run(code: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "XDG_STATE_HOME": str(home / "state")}
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, timeout=600, cwd=ROOT, env=environment, check=False,
    )  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="Windows asks the user about the crash")
def test_a_crash_is_told_of_at_the_next_start_and_only_then(qapp, tmp_path):
    assert run(CRASHING, tmp_path).returncode < 0
    told = run(TELLING, tmp_path)
    assert "ended unexpectedly last time" in told.stdout
    assert "Segmentation fault" in told.stdout
    assert run(TELLING, tmp_path).stdout == ""


def test_an_end_as_it_should_be_leaves_no_notes(qapp, tmp_path):
    assert run(TELLING, tmp_path).returncode == 0
    assert list(tmp_path.rglob("crash-*")) == []


def test_a_fault_that_cannot_be_shown_is_logged_once(qtbot, window, faults, monkeypatch, caplog):
    def broken(error: object) -> str:
        raise OSError("no details")

    monkeypatch.setattr("desktop.details.details_of", broken)
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: "cannot be shown" in caplog.text, timeout=SOON_MS)
    assert "by design" in caplog.text
    assert caplog.text.count("cannot be shown") == 1


def test_a_message_is_closed_with_escape(qtbot, window):
    messages.show_error(window, EngineError("“x” is no folder."))
    box = shown_box(qtbot, window)
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is None, timeout=SOON_MS)
