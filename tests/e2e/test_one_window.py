"""A dataset has one window: opening it again brings that to the front."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from window_fixtures import SOON_MS, open_and_wait

from desktop.main_window import MainWindow
from desktop.one_window import show_other

pytestmark = pytest.mark.gl
ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication, QWidget
from desktop.one_window import OneWindow
app = QApplication([])
window = QWidget()
holder = OneWindow(window)
holder.claim(Path(sys.argv[1]))
window.show()
print("open", flush=True)
app.exec()
"""


@pytest.fixture
def holder(small_folder):
    """Another program that has the folder open."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(small_folder)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "open\n"
    yield process
    process.kill()
    process.wait()


def test_a_folder_that_another_window_has_is_not_opened_twice(qtbot, window, small_folder, holder):
    window.open_path(small_folder)
    assert "open in another window" in window.status.currentMessage()
    assert not window.runner.busy
    assert window.pages.currentWidget() is window.pages.welcome


def test_after_a_kill_the_folder_can_be_opened(qtbot, window, small_folder, holder):
    os.kill(holder.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    holder.wait()
    open_and_wait(qtbot, window, small_folder)
    assert window.project.state.opened is not None
    assert window.one_window.has(small_folder)


def test_a_program_started_on_an_open_folder_shows_its_window_and_ends(qtbot, embedded, pictures):
    embedded.showMinimized()
    process = subprocess.Popen([sys.executable, "-m", "desktop", str(pictures)], cwd=ROOT)
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=SOON_MS)
    assert process.returncode == 0
    qtbot.waitUntil(
        lambda: not embedded.windowState() & Qt.WindowState.WindowMinimized, timeout=SOON_MS
    )


def test_a_window_answers_for_its_folder_and_its_workspace_until_it_is_left(
    qtbot, embedded: MainWindow, pictures
):
    workspace = pictures.with_name("pictures.embedding")
    assert embedded.one_window.has(pictures)
    assert embedded.one_window.has(workspace)
    embedded.open_path(pictures)
    assert embedded.runner.busy, "its own folder can be read again"
    qtbot.waitUntil(lambda: not embedded.runner.busy, timeout=SOON_MS)
    embedded._actions["close_folder"].trigger()
    assert not show_other(pictures)
    assert not show_other(workspace)


def test_another_user_of_the_computer_has_a_window_of_their_own(
    qtbot, embedded, pictures, tmp_path, monkeypatch
):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "another"))
    assert not show_other(pictures)
