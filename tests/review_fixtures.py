"""A folder with wrong labels, a window that shows its map, and what a user does in the review."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from window_fixtures import JOB_MS, SOON_MS, open_and_wait

from desktop.main_window import MainWindow
from desktop.views.apply_dialog import ApplyDialog
from desktop.views.review_panel import ReviewPanel
from engine.pipeline import extract
from engine.quality.findings import LABEL, Finding, Quality
from engine.workspace import Workspace

NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CLASSES = ("balloons", "bricks", "fish", "trees")
FLIPPED = {"balloons": "fish", "bricks": "trees", "fish": "balloons", "trees": "bricks"}
EACH = 3  # pictures of each class that lie in the folder of another one


@pytest.fixture(scope="session")
def planted(sample_folder, tmp_path_factory) -> Path:
    """160 pictures of four classes, three of each in a wrong folder, embedded. Copy it."""
    folder = tmp_path_factory.mktemp("planted") / "pictures"
    for name in CLASSES:
        for number, file in enumerate(sorted((sample_folder / name).iterdir())):
            to = folder / (FLIPPED[name] if number < EACH else name)
            to.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, to)
    extract(folder)
    return folder


@pytest.fixture
def flipped(planted, tmp_path) -> Path:
    """A copy of the folder with wrong labels."""
    shutil.copytree(planted.with_name("pictures.embedding"), tmp_path / "pictures.embedding")
    return Path(shutil.copytree(planted, tmp_path / "pictures"))


@pytest.fixture
def reviewed(qtbot, window, flipped) -> MainWindow:
    """A window that shows its map."""
    open_and_wait(qtbot, window, flipped)
    return window


def press(window: MainWindow, key, held=NONE) -> None:
    """Press a key as a shortcut: on whatever has the focus."""
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window, SOON_MS)
    QTest.keyClick(window.focusWidget() or window, key, held)


def wait_until_written(qtbot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.parts.labelling.busy, timeout=JOB_MS)


def show(window: MainWindow, *findings: Finding) -> ReviewPanel:
    """Show findings as if they had been found, and open the panel with its key."""
    window.project.keep_quality(Quality("run", findings))
    press(window, Qt.Key.Key_F6)
    return window.pages.map.review


def doubts(window: MainWindow, count: int = 160) -> list[Finding]:
    """A doubt about the label of each image."""
    images = window.project.state.opened.dataset.images[:count]
    return [
        Finding(LABEL, image.path, 1 - place / 1000, image.label, FLIPPED[image.label])
        for place, image in enumerate(images)
    ]


def images_of(window: MainWindow) -> dict:
    """What the workspace has kept of each image."""
    with Workspace.open(window.project.state.opened.workspace) as workspace:
        return {image.path: image for image in workspace.dataset().images}


def choose(combo, value: str) -> None:
    combo.setCurrentIndex(combo.findData(value))
    combo.activated.emit(combo.currentIndex())


def dialog_of(qtbot, window: MainWindow, kind: type = ApplyDialog):
    def visible() -> list:
        return [each for each in window.findChildren(kind) if each.isVisible()]

    qtbot.waitUntil(lambda: bool(visible()), timeout=JOB_MS)
    return visible()[0]
