"""Trained models: listed, opened again, deleted."""

import shutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from window_fixtures import SOON_MS, message_of, open_and_wait, wait_for_job

from desktop.main_window import MainWindow
from desktop.views.sort_dialog import SortDialog
from engine import pipeline
from engine.judged_file import JUDGED
from engine.pipeline import ClassifierOptions

pytestmark = pytest.mark.gl


@pytest.fixture(scope="session")
def modelled_folder(embedded_folder, tmp_path_factory):
    """The 24 pictures with two models. Copy it."""
    place = tmp_path_factory.mktemp("modelled")
    folder = shutil.copytree(embedded_folder, place / "pictures")
    root = embedded_folder.with_name("pictures.embedding")
    root = shutil.copytree(root, place / "pictures.embedding")
    for name in ("older", "newer"):
        pipeline.train_classifier(root, ClassifierOptions("knn", folds=2), name)
    return folder


@pytest.fixture
def modelled(qtbot, window, modelled_folder, tmp_path) -> MainWindow:
    """A window on a folder with two models, with the panel of the classifier."""
    shutil.copytree(modelled_folder.parent, tmp_path / "here")
    open_and_wait(qtbot, window, tmp_path / "here" / "pictures")
    window._actions["show_training"].setChecked(True)
    qtbot.waitUntil(lambda: table_of(window).topLevelItemCount() == 2, timeout=SOON_MS)
    return window


def table_of(window: MainWindow):
    return window.pages.map.training.models


def row_of(window: MainWindow, name: str):
    return table_of(window).findItems(name, Qt.MatchFlag.MatchExactly)[0]


def open_model(qtbot, window: MainWindow, name: str) -> None:
    """Click a model in the list."""
    table = table_of(window)
    place = table.visualItemRect(row_of(window, name)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def answer(qtbot, window: MainWindow, words: str) -> None:
    """Press a button of the question that is asked."""
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is not None, timeout=SOON_MS)
    box = window.findChild(QMessageBox)
    (chosen,) = [each for each in box.buttons() if each.text().replace("&", "") == words]
    qtbot.mouseClick(chosen, Qt.MouseButton.LeftButton)


def test_the_models_of_a_folder_are_listed_when_it_is_opened(modelled):
    panel = modelled.pages.map.training
    assert panel.models_section.is_open
    assert panel.models_section.heading.text() == "Trained models (2)"
    assert not panel.report.isVisible()
    assert {row_of(modelled, name).text(1) for name in ("older", "newer")} == {"neighbours"}


def test_a_click_opens_the_report_as_it_was_after_training(qtbot, modelled):
    open_model(qtbot, modelled, "older")
    wait_for_job(qtbot, modelled)
    page, state = modelled.pages.map, modelled.project.state
    assert page.training.report.isVisible()
    assert page.training.model.text() == "older"
    assert page.training.accuracy.text() == f"{state.trained.report.accuracy:.1%}"
    matrix = page.training.matrix
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.place_of((1, 1)))
    chosen = modelled.project.state.selections.present
    assert {state.projection.labels[row] for row in chosen} == {"fish"}
    page.controls.colouring_chosen.emit("Predicted classes")
    assert page.legend.title.text() == "Predicted classes"


def test_enter_opens_the_other_one(qtbot, modelled):
    open_model(qtbot, modelled, "older")
    wait_for_job(qtbot, modelled)
    table = table_of(modelled)
    table.setCurrentItem(row_of(modelled, "newer"))
    QTest.keyClick(table, Qt.Key.Key_Return)
    wait_for_job(qtbot, modelled)
    assert modelled.project.state.trained.model.name == "newer"


def test_a_model_of_an_earlier_version_shows_its_scores(qtbot, modelled):
    (modelled.project.state.models[0].folder / JUDGED).unlink()
    open_model(qtbot, modelled, modelled.project.state.models[0].name)
    wait_for_job(qtbot, modelled)
    panel = modelled.pages.map.training
    assert "of 24 pictures" in panel.facts.text()
    assert "train again" in panel.hint.text()
    assert not panel.mistakes_button.isEnabled()
    qtbot.mouseClick(panel.matrix, Qt.MouseButton.LeftButton, pos=panel.matrix.place_of((1, 1)))
    assert "train again" in modelled.statusBar().currentMessage()


def test_a_damaged_model_is_explained(qtbot, modelled):
    (modelled.project.state.models[0].folder / JUDGED).write_bytes(b"")
    open_model(qtbot, modelled, modelled.project.state.models[0].name)
    assert "are damaged" in message_of(modelled, qtbot)
    wait_for_job(qtbot, modelled)
    assert not modelled.pages.map.training.report.isVisible()


def test_a_model_is_deleted_when_that_is_confirmed(qtbot, modelled):
    open_model(qtbot, modelled, "older")
    wait_for_job(qtbot, modelled)
    QTest.keyClick(table_of(modelled), Qt.Key.Key_Delete)
    answer(qtbot, modelled, "Cancel")
    assert not modelled.runner.busy
    qtbot.waitUntil(lambda: modelled.findChild(QMessageBox) is None, timeout=SOON_MS)
    QTest.keyClick(table_of(modelled), Qt.Key.Key_Delete)
    answer(qtbot, modelled, "Delete")
    qtbot.waitUntil(lambda: table_of(modelled).topLevelItemCount() == 1, timeout=SOON_MS)
    assert not modelled.pages.map.training.report.isVisible()
    assert "“older” is deleted" in modelled.statusBar().currentMessage()


@pytest.fixture
def unsorted_folder(sample_folder, tmp_path):
    """Four pictures of fish and trees in a flat folder."""
    folder = tmp_path / "unsorted"
    folder.mkdir()
    for label in ("fish", "trees"):
        for file in sorted((sample_folder / label).iterdir())[20:22]:
            shutil.copy2(file, folder)
    return folder


def test_without_a_classifier_nothing_can_be_sorted(modelled):
    assert not modelled._actions["sort_folder"].isEnabled()


def test_a_folder_is_sorted_into_class_folders(qtbot, modelled, unsorted_folder, monkeypatch):
    open_model(qtbot, modelled, "newer")
    wait_for_job(qtbot, modelled)
    modelled._actions["sort_folder"].trigger()
    dialog = modelled.findChild(SortDialog)
    assert not dialog.sort_button.isEnabled()
    qtbot.keyClicks(dialog.source, str(unsorted_folder))
    assert dialog.target.text() == f"{unsorted_folder} sorted"
    assert "Nothing is moved or written over" in dialog.says.text()
    dialog.unsure.setValue(20)
    assert "less than 20 % sure" in dialog.says.text()
    qtbot.mouseClick(dialog.sort_button, Qt.MouseButton.LeftButton)
    wait_for_job(qtbot, modelled)
    target = unsorted_folder.with_name("unsorted sorted")
    assert len(list(target.rglob("*.jpg"))) == 4
    assert len(list(unsorted_folder.iterdir())) == 4
    assert modelled.statusBar().currentMessage().startswith("Sorted: ")

    seen = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: seen.append(url.toLocalFile()))
    qtbot.mouseClick(modelled.status.folder_button, Qt.MouseButton.LeftButton)
    assert seen == [str(target)]
    modelled.status.say("Something else.")
    assert not modelled.status.folder_button.isVisible()


def test_a_target_inside_the_source_is_refused_in_the_dialog(qtbot, modelled, unsorted_folder):
    open_model(qtbot, modelled, "newer")
    wait_for_job(qtbot, modelled)
    modelled._actions["sort_folder"].trigger()
    dialog = modelled.findChild(SortDialog)
    dialog.set_source(unsorted_folder)
    dialog.target.setText(str(unsorted_folder / "inside"))
    assert "in one another" in dialog.says.text()
    assert not dialog.sort_button.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not modelled.runner.busy


def test_a_folder_that_is_opened_again_lists_its_models_again(qtbot, modelled):
    open_and_wait(qtbot, modelled, modelled.project.state.opened.dataset.folder)
    qtbot.waitUntil(lambda: len(modelled.project.state.models) == 2, timeout=SOON_MS)


def test_a_new_training_joins_the_list(qtbot, modelled):
    modelled.pages.map.training.train_button.click()
    wait_for_job(qtbot, modelled)
    qtbot.waitUntil(lambda: table_of(modelled).topLevelItemCount() == 3, timeout=SOON_MS)
    assert table_of(modelled).currentItem().text(0) == "logistic"


def test_a_model_is_exported_from_the_menu(qtbot, embedded, tmp_path, monkeypatch):
    embedded._actions["show_training"].trigger()
    embedded._actions["train"].trigger()
    wait_for_job(qtbot, embedded)
    chosen = (str(tmp_path / "signs"), "OpenVINO (*.xml)")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: chosen)
    embedded._actions["export_model"].trigger()
    wait_for_job(qtbot, embedded)
    assert (
        "Exported as signs.xml; signs-example.py uses it" in embedded.statusBar().currentMessage()
    )
    names = {"signs.xml", "signs.bin", "signs-example.py", "signs-classes.json"}
    assert names <= {file.name for file in tmp_path.iterdir()}
    embedded._actions["export_model"].trigger()
    assert "There is a file" in message_of(embedded, qtbot)
