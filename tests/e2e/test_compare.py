"""A picture from elsewhere, and the pictures that stand for clusters."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from window_fixtures import SOON_MS, message_of, wait_for_job

from desktop.main_window import MainWindow
from desktop.views.legend import PICTURE
from engine.colouring import CLUSTERS

pytestmark = pytest.mark.gl


@pytest.fixture
def stranger(sample_folder) -> Path:
    """A fish that is not among the 24 pictures of the window."""
    return sorted((sample_folder / "fish").iterdir())[12]


def drop(window: MainWindow, file: Path) -> None:
    """Drop a file on the middle of the window."""
    data, copy = QMimeData(), Qt.DropAction.CopyAction
    data.setUrls([QUrl.fromLocalFile(str(file))])
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
    assert not page.card.picture.pixmap().isNull()
    assert page.card.neighbors.isVisible()
    assert page.gallery.title.text() == "10 of 24 selected"
    labels = [state.projection.labels[row] for row in state.selections.present]
    assert labels.count("fish") >= 6

    qtbot.mouseClick(page.card.neighbors.buttons[0], Qt.MouseButton.LeftButton)
    assert page.card.place.text() == state.outside.neighbors[0].path


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
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(stranger), ""))
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
