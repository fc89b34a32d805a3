"""A folder whose images were all excluded and moved away comes back by one click."""

import shutil
from pathlib import Path

import numpy as np
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
    assert window.statusBar().currentMessage() == (
        "All images of “pictures” are excluded: there is nothing to show."
    )
    assert window.preferences.settings.recent == (str(pictures.resolve()),)
    open_and_wait(qtbot, window, pictures)
    answer(qtbot, window, "Move all back")
    wait_for_job(qtbot, window)
    assert_all_are_back(window, pictures, before)
    assert window.preferences.settings.recent[0] == str(pictures.resolve())


def move_all_away(qtbot, window: MainWindow, folder: Path) -> None:
    """Exclude all images of a folder, open it, and apply that to the disk."""
    exclude_all(folder)
    open_and_wait(qtbot, window, folder)
    assert "24 not on the disk yet" in window.status.facts.text()
    window._actions["apply_edits"].trigger()
    dialog = dialog_of(qtbot, window, ApplyDialog)
    qtbot.mouseClick(dialog.apply_button, Qt.MouseButton.LeftButton)


def test_who_moves_all_images_away_is_asked_once_whether_they_are_to_come_back(
    qtbot, window, pictures
):
    before = files_of(pictures)
    move_all_away(qtbot, window, pictures)
    answer(qtbot, window, "Move all back")
    wait_for_job(qtbot, window)
    assert_all_are_back(window, pictures, before)


def test_what_is_said_after_all_images_were_moved_away_is_true(qtbot, window, pictures):
    move_all_away(qtbot, window, pictures)
    for look in (
        lambda: dialog_of(qtbot, window, QMessageBox),
        lambda: answer(qtbot, window, "Cancel"),
    ):
        look()
        assert window.statusBar().currentMessage() == "24 files are moved."
        assert "not on the disk" not in window.status.facts.text()
    assert window.preferences.settings.recent == (str(pictures.resolve()),)
    window._actions["revert_edits"].trigger()
    dialog = dialog_of(qtbot, window, ApplyDialog)
    qtbot.mouseClick(dialog.apply_button, Qt.MouseButton.LeftButton)
    wait_for_job(qtbot, window)
    assert "24 not on the disk yet" in window.status.facts.text()


def test_nothing_of_the_folder_before_is_said_of_the_one_that_comes_back(
    qtbot, window, pictures, tmp_path
):
    other = tmp_path / "elsewhere" / "pictures"
    shutil.copytree(pictures, other)
    shutil.copytree(pictures.with_name("pictures.embedding"), other.with_name("pictures.embedding"))
    apply_edits(exclude_all(other))
    open_and_wait(qtbot, window, pictures)
    window._actions["train"].trigger()
    wait_for_job(qtbot, window)
    window.project.select(np.array([3, 5]))
    assert window.project.state.trained is not None
    open_and_wait(qtbot, window, other)
    answer(qtbot, window, "Move all back")
    wait_for_job(qtbot, window)
    state = window.project.state
    assert state.opened.dataset.folder == other
    assert len(state.selections.present) == 0
    assert state.trained is None
