"""Training a classifier by clicking, and seeing what it takes for what."""

import json

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from window_fixtures import SOON_MS, at_the_start, open_and_wait, wait_for_job

from desktop.main_window import MainWindow
from engine.colouring import CLASSES, OF_TRAINING, PREDICTED, VERDICT

pytestmark = pytest.mark.gl


def panel_of(window: MainWindow):
    return window.pages.map.training


def press(window: MainWindow, key, modifier=Qt.KeyboardModifier.ControlModifier) -> None:
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window, SOON_MS)
    QTest.keyClick(window, key, modifier)


def train(qtbot, window: MainWindow, name: str = "knn") -> None:
    panel = panel_of(window)
    panel.classifier.setCurrentIndex(panel.classifier.findData(name))
    qtbot.mouseClick(panel.train_button, Qt.MouseButton.LeftButton)
    wait_for_job(qtbot, window)


@pytest.fixture
def trained(qtbot, embedded) -> MainWindow:
    """A window in which a nearest-neighbour classifier was trained on 24 pictures."""
    press(embedded, Qt.Key.Key_F7, Qt.KeyboardModifier.NoModifier)
    train(qtbot, embedded)
    return embedded


def offered(window: MainWindow) -> list[bool]:
    colour = window.pages.map.controls.colour
    return [colour.model().item(colour.findData(title)).isEnabled() for title in OF_TRAINING]


def test_a_key_shows_the_panel_and_trains(qtbot, embedded):
    assert not panel_of(embedded).isVisible()
    press(embedded, Qt.Key.Key_T)
    qtbot.waitUntil(lambda: embedded.runner.busy, timeout=SOON_MS)
    wait_for_job(qtbot, embedded)
    assert panel_of(embedded).report.isVisible()
    assert embedded._actions["show_training"].isChecked()
    assert embedded.project.state.trained.training.options.name == "logistic"


def test_the_report_says_how_good_it_is_and_where_it_is_saved(trained):
    panel, done = panel_of(trained), trained.project.state.trained
    assert panel.accuracy.text() == f"{done.report.accuracy:.1%}"
    assert "of 24 pictures" in panel.facts.text()
    assert panel.model.text() == "knn"
    assert panel.scores.topLevelItemCount() == 3
    described = json.loads((done.model / "model.json").read_text())
    assert described["scores"]["accuracy"] == done.report.accuracy
    assert "recognised" in trained.statusBar().currentMessage()


def test_a_click_on_a_cell_selects_its_pictures(qtbot, trained):
    matrix = panel_of(trained).matrix
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.place_of((1, 1)))
    training, project = trained.project.state.trained.training, trained.project
    selected = project.state.selections.present
    assert len(selected) == len(training.taken_for(1, 1)) > 0
    assert {project.state.projection.labels[row] for row in selected} == {"fish"}
    assert f"{len(selected)} of 24 selected" == trained.pages.map.gallery.title.text()


def test_the_cells_can_be_walked_with_keys(qtbot, trained):
    matrix = panel_of(trained).matrix
    matrix.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(matrix, key)
    counts = trained.project.state.trained.report.confusion
    assert matrix.accessibleDescription() == matrix.says((1, 1))
    assert len(trained.project.state.selections.present) == counts[1, 1]


def test_an_empty_cell_keeps_the_selection(qtbot, trained):
    project, matrix = trained.project, panel_of(trained).matrix
    project.select(np.array([3, 4]))
    empty = np.argwhere(project.state.trained.report.confusion == 0)[0]
    place = matrix.place_of((int(empty[0]), int(empty[1])))
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=place)
    assert project.state.selections.present.tolist() == [3, 4]


def test_the_mistakes_are_selected(qtbot, trained):
    training = trained.project.state.trained.training
    press(trained, Qt.Key.Key_M)
    chosen = trained.project.state.selections.present
    paths = trained.project.state.projection.paths
    assert [paths[row] for row in chosen] == list(training.mistakes)


def test_predictions_colour_the_map_once_there_are_some(qtbot, embedded):
    assert offered(embedded) == [False] * 3
    train(qtbot, embedded)
    assert offered(embedded) == [True] * 3
    for title in OF_TRAINING:
        embedded.pages.map.controls.colouring_chosen.emit(title)
        assert embedded.project.state.colouring.title == title
        assert embedded.pages.map.legend.title.text() == title
        assert embedded.statusBar().currentMessage() == f"Colours: {title}."


def test_a_new_training_gives_up_the_colours_of_the_old_one(qtbot, trained):
    trained.parts.exploration.colour_by(VERDICT)
    train(qtbot, trained)
    assert trained.project.state.colouring.title == CLASSES


def test_another_map_keeps_the_predictions(qtbot, trained):
    trained.parts.exploration.colour_by(PREDICTED)
    press(trained, Qt.Key.Key_D, Qt.KeyboardModifier.NoModifier)
    qtbot.waitUntil(lambda: trained.runner.busy, timeout=SOON_MS)
    wait_for_job(qtbot, trained)
    assert trained.project.state.colouring.title == PREDICTED
    assert panel_of(trained).report.isVisible()


def test_another_folder_starts_without_a_report(qtbot, trained, pictures):
    open_and_wait(qtbot, trained, pictures)
    assert not panel_of(trained).report.isVisible()
    assert offered(trained) == [False] * 3


def test_a_cancelled_training_leaves_the_report_before(qtbot, trained):
    before = trained.project.state.trained
    at_the_start(trained, trained.parts.job_bar.cancel_button.click)
    train(qtbot, trained, "forest")
    assert trained.project.state.trained is before
    assert "Stopped" in trained.statusBar().currentMessage()


def test_while_a_job_runs_nothing_else_can_be_trained(qtbot, trained):
    at_the_start(trained, trained.parts.job_bar.pause_button.click)
    press(trained, Qt.Key.Key_D, Qt.KeyboardModifier.NoModifier)
    assert trained.runner.busy
    assert not panel_of(trained).train_button.isEnabled()
    qtbot.mouseClick(trained.parts.job_bar.pause_button, Qt.MouseButton.LeftButton)
    wait_for_job(qtbot, trained)
    assert panel_of(trained).train_button.isEnabled()


def test_a_folder_without_classes_is_explained(qtbot, embedded):
    panel = panel_of(embedded)
    panel.show_classes(0)
    assert not panel.train_button.isEnabled()
    assert "two classes or more" in panel.says.text()
