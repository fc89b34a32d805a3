"""A real application and a real window; pytest-xvfb starts a display where there is none."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop import settings_store, theme
from desktop.app import create_application
from desktop.main_window import MainWindow

# Only a hang should end a wait: the machine may be slow and busy.
JOB_MS = 900_000
SOON_MS = 120_000


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as the program creates it, with what must be settled before it exists."""
    # The tests of desktop and of e2e share a process, and there can be one application in it.
    app = QApplication.instance() or create_application(["image-embedding"])
    assert isinstance(app, QApplication)
    theme.choose(app, "light")
    return app


@pytest.fixture
def window(qtbot: QtBot, home: Path) -> Iterator[MainWindow]:
    """The window as a new user sees it who has read the first hints.

    It is not given to ``qtbot.addWidget``: that would delete it before a job it runs has ended,
    and Qt aborts the program when a running thread is deleted.
    """
    settings_store.settings_file().unlink(missing_ok=True)
    window = MainWindow(replace(settings_store.load(), hinted=True))
    window.show()
    qtbot.waitExposed(window, timeout=SOON_MS)
    yield window
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=JOB_MS)
    window.deleteLater()


def wait_for_job(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until the window has nothing more to do."""
    qtbot.waitUntil(lambda: not window.runner.busy, timeout=JOB_MS)


def open_and_wait(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    """Open a folder and wait until it is read."""
    window.open_path(folder)
    wait_for_job(qtbot, window)


def at_the_start(window: MainWindow, act: Callable[[], object]) -> None:
    """Do something, such as a click, when the next job is announced, before it runs.

    A job on a few pictures may be over before a test that waits has looked again.
    """
    once = Qt.ConnectionType.SingleShotConnection
    window.runner.started.connect(lambda *_: act(), once)


def when_it_grows(window: MainWindow, act: Callable[[], object]) -> None:
    """Do something when the first points of the next job are shown."""

    def look() -> None:
        if window.project.state.growing is not None:
            window.project.changed.disconnect(look)
            act()

    window.project.changed.connect(look)


def message_of(window: MainWindow, qtbot: QtBot) -> str:
    """Return the text of the message that is shown, and close it."""
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is not None, timeout=SOON_MS)
    box = window.findChild(QMessageBox)
    assert box is not None
    text = box.text()
    box.close()
    return text


def save_as(parent: QWidget, file: Path) -> None:
    """Type a name into the dialog for a file to write, and press *Save*."""
    dialog = parent.findChild(QFileDialog)
    assert dialog is not None
    field = dialog.findChild(QLineEdit)
    assert field is not None
    field.setText(str(file))
    buttons = dialog.findChild(QDialogButtonBox)
    assert buttons is not None
    buttons.button(QDialogButtonBox.StandardButton.Save).click()


def move(view: QWidget, to: QPoint, held: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
    """Move the cursor, perhaps with a button held.

    The event goes to the view itself: ``qtbot.mouseMove`` moves the display's own cursor, whose
    events come when the display server likes, or never.
    """
    place, screen = to.toPointF(), view.mapToGlobal(to).toPointF()
    kind, none = QEvent.Type.MouseMove, Qt.MouseButton.NoButton
    event = QMouseEvent(kind, place, screen, none, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view, event)
