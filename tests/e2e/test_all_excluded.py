"""A folder whose images were all excluded and moved away comes back by one click."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from review_fixtures import dialog_of
from window_fixtures import JOB_MS, open_and_wait, wait_for_job

from desktop.main_window import MainWindow
from desktop.views.apply_dialog import ApplyDialog
from engine.pipeline import apply_edits
from engine.workspace import Workspace

pytestmark = pytest.mark.gl


def exclude_all(folder: Path) -> Path:
    """Exclude all images of a folder, and return its workspace."""
    root = folder.with_name("pictures.embedding")
    with Workspace.open(root) as workspace:
        workspace.exclude(image.path for image in workspace.dataset().images)
    return root


def files_of(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in folder.rglob("*.*"))


def answer(qtbot, window: MainWindow, words: str) -> None:
    """Press a button of the question, which is the only one."""
    asked = dialog_of(qtbot, window, QMessageBox)
    assert "All images of" in asked.text()
    assert len(window.findChildren(QMessageBox)) == 1
    button = next(each for each in asked.buttons() if words in each.text())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.findChildren(QMessageBox), timeout=JOB_MS)


def assert_all_are_back(window: MainWindow, folder: Path, before: list[Path]) -> None:
    assert files_of(folder) == before
    images = window.project.state.opened.dataset.images
    assert len(images) == len(before)
    assert all(image.excluded for image in images)
    assert window.pages.on_map
    assert window.statusBar().currentMessage() == "24 files are moved."


def test_a_folder_of_which_all_images_lie_with_the_excluded_can_be_opened(qtbot, window, pictures):
    before = files_of(pictures)
    apply_edits(exclude_all(pictures))
    open_and_wait(qtbot, window, pictures)
    answer(qtbot, window, "Cancel")
    assert window.project.state.opened is None
    open_and_wait(qtbot, window, pictures)
    answer(qtbot, window, "Move all back")
    wait_for_job(qtbot, window)
    assert_all_are_back(window, pictures, before)
    assert window.preferences.settings.recent[0] == str(pictures.resolve())


def test_who_moves_all_images_away_is_asked_once_whether_they_are_to_come_back(
    qtbot, window, pictures
):
    before = files_of(pictures)
    exclude_all(pictures)
    open_and_wait(qtbot, window, pictures)
    window._actions["apply_edits"].trigger()
    dialog = dialog_of(qtbot, window, ApplyDialog)
    qtbot.mouseClick(dialog.apply_button, Qt.MouseButton.LeftButton)
    answer(qtbot, window, "Move all back")
    wait_for_job(qtbot, window)
    assert_all_are_back(window, pictures, before)
