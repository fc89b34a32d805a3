"""A picture from elsewhere, and the pictures that stand for clusters."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from window_fixtures import SOON_MS, message_of, wait_for_job

from desktop.main_window import MainWindow
from desktop.outside import APPROXIMATE
from desktop.views.legend import PICTURE
from desktop.views.sort_dialog import SortDialog
from engine.colouring import CLUSTERS

pytestmark = pytest.mark.gl


@pytest.fixture
def stranger(sample_folder) -> Path:
    """A fish that is not among the 24 pictures of the window."""
    return sorted((sample_folder / "fish").iterdir())[12]


@pytest.fixture
def strangers(sample_folder, tmp_path) -> Path:
    """A folder with a fish and two trees that are not among the 24 pictures."""
    folder = tmp_path / "strangers"
    folder.mkdir()
    for label, number in (("fish", 12), ("trees", 13), ("trees", 14)):
        file = sorted((sample_folder / label).iterdir())[number]
        shutil.copy2(file, folder / f"{label}-{file.name}")
    return folder


def drop(window: MainWindow, *files: Path) -> None:
    """Drop files on the middle of the window."""
    data, copy = QMimeData(), Qt.DropAction.CopyAction
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    middle = window.rect().center()
    enter = QDragEnterEvent(middle, copy, data, buttons, keys)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(middle), copy, data, buttons, keys))


def press_escape(window: MainWindow) -> None:
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window, SOON_MS)
    QTest.keyClick(window, Qt.Key.Key_Escape)


def test_a_dropped_picture_shows_what_is_similar_to_it(qtbot, embedded, stranger):
    drop(embedded, stranger)
    wait_for_job(qtbot, embedded)
    page, state = embedded.pages.map, embedded.project.state
    assert page.card.place.text() == str(stranger)
    assert not page.card.picture.is_empty
    assert page.card.neighbors.isVisible()
    assert page.gallery.title.text() == "10 of 24 selected"
    labels = [state.projection.labels[row] for row in state.selections.present]
    assert labels.count("fish") >= 6

    qtbot.mouseClick(page.card.neighbors.buttons[0], Qt.MouseButton.LeftButton)
    assert page.card.place.text() == state.outside.current.neighbors[0].path


def test_it_stays_while_the_cursor_passes_and_goes_with_escape(qtbot, embedded, stranger):
    drop(embedded, stranger)
    wait_for_job(qtbot, embedded)
    page = embedded.pages.map
    page.map.hovered.emit(0)
    assert page.card.place.text() == embedded.project.state.projection.paths[0]
    page.map.hovered.emit(None)
    assert page.card.place.text() == str(stranger)
    press_escape(embedded)
    assert page.card.place.text() == ""
    assert page.gallery.title.text() == "All 24 images"


def test_a_picture_of_the_folder_is_simply_picked(embedded, pictures):
    path = embedded.project.state.projection.paths[5]
    drop(embedded, pictures / path)
    assert embedded.project.state.picked == 5
    assert not embedded.runner.busy


def test_a_file_may_also_be_chosen_from_the_menu(qtbot, embedded, stranger, monkeypatch):
    # The system's own dialog cannot be clicked in a test.
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(stranger)], ""))
    embedded._actions["find_similar"].trigger()
    wait_for_job(qtbot, embedded)
    assert embedded.pages.map.card.place.text() == str(stranger)


def test_a_file_that_is_no_picture_is_explained(qtbot, embedded, tmp_path):
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    drop(embedded, broken)
    assert "broken.jpg" in message_of(embedded, qtbot)
    wait_for_job(qtbot, embedded)
    assert embedded.pages.map.gallery.title.text() == "All 24 images"


def test_each_cluster_shows_the_picture_that_stands_for_it(qtbot, embedded):
    legend = embedded.pages.map.legend
    embedded.pages.map.controls.colouring_chosen.emit(CLUSTERS)
    wait_for_job(qtbot, embedded)
    first = legend.list.topLevelItem(0)
    assert first.text(0) == "Cluster 1"
    qtbot.waitUntil(lambda: not first.icon(PICTURE).isNull(), timeout=SOON_MS)


def train(qtbot, window: MainWindow) -> None:
    panel = window.pages.map.training
    panel.classifier.setCurrentIndex(panel.classifier.findData("knn"))
    panel.train_button.click()
    wait_for_job(qtbot, window)


def press_button(qtbot, window: MainWindow, words: str) -> None:
    """Press a button of the question that is asked."""
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is not None, timeout=SOON_MS)
    box = window.findChild(QMessageBox)
    (chosen,) = [each for each in box.buttons() if each.text().replace("&", "") == words]
    qtbot.mouseClick(chosen, Qt.MouseButton.LeftButton)


def test_a_dropped_picture_is_named_where_there_is_a_classifier(qtbot, embedded, stranger):
    train(qtbot, embedded)
    drop(embedded, stranger)
    wait_for_job(qtbot, embedded)
    card, prediction = embedded.pages.map.card, embedded.project.state.outside.current.prediction
    assert card.name.text() == prediction.label
    assert f"{prediction.label} {prediction.probability:.1%} · " in card.facts.text()
    assert APPROXIMATE in card.facts.text()
    assert f"is taken for “{prediction.label}”" in embedded.statusBar().currentMessage()


def test_several_are_listed_and_walked_with_the_keyboard(qtbot, embedded, strangers):
    drop(embedded, *sorted(strangers.iterdir()))
    wait_for_job(qtbot, embedded)
    page, files = embedded.pages.map, sorted(strangers.iterdir())
    assert page.card.outside.count() == 3
    assert page.card.outside.isVisible()
    assert page.card.place.text() == str(files[0])
    QTest.keyClick(page.card.outside, Qt.Key.Key_Down)
    assert page.card.place.text() == str(files[1])
    assert embedded.project.state.outside.number == 1


def test_each_lies_on_the_map_as_a_ring_that_can_be_clicked(qtbot, embedded, strangers):
    drop(embedded, *sorted(strangers.iterdir()))
    wait_for_job(qtbot, embedded)
    page = embedded.pages.map
    place = page.map.place_of_ring(2)
    assert APPROXIMATE in page.map.ring_under(place).tip
    qtbot.mouseClick(page.map, Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert page.card.place.text() == str(sorted(strangers.iterdir())[2])
    assert page.card.outside.currentRow() == 2


def test_rings_follow_the_points_to_another_map(qtbot, embedded, stranger):
    drop(embedded, stranger)
    wait_for_job(qtbot, embedded)
    page = embedded.pages.map
    before = page.map.place_of_ring(0)
    embedded._actions["flip_dims"].trigger()
    wait_for_job(qtbot, embedded)
    qtbot.waitUntil(lambda: not page.map.is_moving, timeout=SOON_MS)
    assert page.map.place_of_ring(0) != before
    assert page.map.ring_under(page.map.place_of_ring(0)) is not None


def test_rings_go_with_escape_and_with_another_selection(qtbot, embedded, stranger):
    page = embedded.pages.map
    for end in (lambda: press_escape(embedded), lambda: page.selected.emit(np.array([0, 1]))):
        drop(embedded, stranger)
        wait_for_job(qtbot, embedded)
        place = page.map.place_of_ring(0)
        assert page.map.ring_under(place) is not None
        end()
        assert page.map.ring_under(place) is None
        assert embedded.project.state.outside is None
    assert page.gallery.title.text() == "2 of 24 selected"


def test_a_dropped_folder_is_opened_or_shown_on_the_map_as_the_user_says(
    qtbot, embedded, strangers
):
    drop(embedded, strangers)
    press_button(qtbot, embedded, "Show on this map")
    wait_for_job(qtbot, embedded)
    assert len(embedded.project.state.outside.pictures) == 3
    qtbot.waitUntil(lambda: embedded.findChild(QMessageBox) is None, timeout=SOON_MS)

    drop(embedded, strangers)
    press_button(qtbot, embedded, "Open it")
    wait_for_job(qtbot, embedded)
    assert embedded.project.state.opened.dataset.folder == strangers


def test_with_a_classifier_a_dropped_folder_can_be_sorted(qtbot, embedded, strangers):
    train(qtbot, embedded)
    drop(embedded, strangers)
    press_button(qtbot, embedded, "Sort…")
    qtbot.waitUntil(lambda: embedded.findChild(SortDialog) is not None, timeout=SOON_MS)
    dialog = embedded.findChild(SortDialog)
    assert dialog.source.text() == str(strangers)
    dialog.reject()
