"""From a folder to a map, in the real window with real pictures, by clicks and keys."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QMessageBox
from window_fixtures import (
    JOB_MS,
    SOON_MS,
    message_of,
    move,
    open_and_wait,
    wait_for_job,
    when_it_grows,
)

from desktop.main_window import MainWindow
from engine.palette import FIRST

pytestmark = pytest.mark.gl


def embed(qtbot, window: MainWindow) -> None:
    qtbot.mouseClick(window.pages.setup.start_button, Qt.MouseButton.LeftButton)
    wait_for_job(qtbot, window)


def pixels_of(window: MainWindow) -> np.ndarray:
    """What the map shows, (H, W, 3) uint8."""
    image = window.pages.map.map.grabFramebuffer().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)


def has_colour(window: MainWindow, colour: tuple[int, int, int]) -> bool:
    """Whether a point has this colour; what is far away fades into the background."""
    pixels = pixels_of(window).astype(int)
    background = pixels[5, 5]
    faded = [colour + (background - colour) * mist for mist in np.linspace(0, 0.45, 40)]
    return any((np.abs(pixels - one).max(axis=2) <= 3).any() for one in faded)


def point_at(qtbot, window: MainWindow, row: int) -> None:
    page = window.pages.map

    def card_is_shown() -> bool:
        # Where the point lies is asked each time, since the window may still be settling.
        move(page.map, page.map.place_of(row).toPoint())
        return page.card.place.text() != ""

    qtbot.waitUntil(card_is_shown, timeout=SOON_MS)
    qtbot.waitUntil(lambda: not window.parts.exploration.busy, timeout=SOON_MS)


@pytest.fixture
def large_folder(sample_folder, tmp_path) -> Path:
    """A folder of three batches of pictures: long enough to be interrupted."""
    for label in ("bricks", "fish", "trees"):
        shutil.copytree(sample_folder / label, tmp_path / "large" / label)
    return tmp_path / "large"


def test_the_first_page_offers_a_folder_and_the_sample(window):
    assert window.pages.currentWidget() is window.pages.welcome
    assert window.pages.welcome.drop_area.open_button.isVisible()
    assert window.pages.welcome.sample_button.isVisible()


def test_one_click_on_the_sample_leads_to_its_map(qtbot, window):
    grown = []
    window.project.changed.connect(
        lambda: (
            window.project.state.growing and grown.append(len(window.project.state.growing.points))
        )
    )
    qtbot.mouseClick(window.pages.welcome.sample_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.runner.busy, timeout=SOON_MS)
    qtbot.waitUntil(lambda: not window.runner.busy and window.pages.map is not None, timeout=JOB_MS)
    assert window.pages.map.map.shown_count == 320
    assert 0 < grown[0] < 320, "points appear while it runs"
    assert grown == sorted(grown)
    assert window.pages.map.legend.list.topLevelItemCount() == 8
    assert all(has_colour(window, colour) for colour in FIRST[:8])


def test_a_folder_is_summarised_before_anything_is_computed(qtbot, window, small_folder):
    open_and_wait(qtbot, window, small_folder)
    assert window.pages.currentWidget() is window.pages.setup
    assert window.pages.setup.classes.topLevelItem(0).text(0) == "bricks"
    assert window.pages.setup.classes.topLevelItem(0).text(1) == "8"
    assert not small_folder.with_name("pictures.embedding").exists()


def test_the_backbone_list_says_what_works_at_once(qtbot, window, small_folder):
    open_and_wait(qtbot, window, small_folder)
    rows = window.pages.setup.backbones
    assert rows.currentItem().text(0) == "MobileNetV2"
    assert rows.topLevelItem(0).text(1) == "bundled"
    assert rows.topLevelItem(1).text(0) == "Xception"
    assert rows.topLevelItem(1).text(1).startswith("to be downloaded (")
    assert rows.topLevelItem(2).text(0) == "VGG16"


def test_a_small_image_size_is_explained(qtbot, window, small_folder):
    open_and_wait(qtbot, window, small_folder)
    window.pages.setup.image_size.setValue(28)
    assert "reduced to 28 x 28" in window.pages.setup._note.text()
    assert "32 x 32" in window.pages.setup._note.text()


def test_the_map_shows_each_class_in_its_colour(embedded):
    assert embedded.pages.map.map.shown_count == 24
    assert all(has_colour(embedded, colour) for colour in FIRST[:3])


def test_the_dataset_folder_is_only_read(qtbot, window, small_folder):
    before = sorted(small_folder.rglob("*"))
    open_and_wait(qtbot, window, small_folder)
    embed(qtbot, window)
    assert sorted(small_folder.rglob("*")) == before


def test_pointing_at_a_point_shows_its_picture_and_class(qtbot, embedded):
    point_at(qtbot, embedded, 3)
    card = embedded.pages.map.card
    projection = embedded.project.state.projection
    assert card.place.text() in projection.paths
    assert card.name.text() == card.place.text().split("/")[0]
    assert not card.picture.is_empty


def test_a_clicked_picture_stays_when_the_cursor_leaves(qtbot, embedded):
    view = embedded.pages.map.map
    point_at(qtbot, embedded, 3)
    shown = embedded.pages.map.card.place.text()
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.place_of(3).toPoint())
    move(view, QPoint(2, 2))
    qtbot.wait(100)
    assert embedded.pages.map.card.place.text() == shown


def test_a_picture_that_was_deleted_says_so(qtbot, embedded, pictures):
    shutil.rmtree(pictures)
    point_at(qtbot, embedded, 3)
    assert embedded.pages.map.card.picture.text == "This picture is no longer there."


def test_unticking_a_class_hides_its_points(qtbot, embedded):
    embedded.pages.map.legend.list.topLevelItem(0).setCheckState(0, Qt.CheckState.Unchecked)
    assert embedded.pages.map.map.shown_count == 16
    assert not has_colour(embedded, FIRST[0])
    qtbot.mouseClick(embedded.pages.map.legend.all_button, Qt.MouseButton.LeftButton)
    assert embedded.pages.map.map.shown_count == 24


def test_dragging_turns_the_map_and_reset_turns_it_back(qtbot, embedded):
    view = embedded.pages.map.map
    before = view.place_of(0)
    middle = QPoint(view.width() // 2, view.height() // 2)
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
    move(view, middle + QPoint(40, 10), Qt.MouseButton.LeftButton)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=middle + QPoint(40, 10))
    assert view.place_of(0) != before
    embedded._actions["reset_view"].trigger()
    assert view.place_of(0) == before


def test_the_keyboard_zooms_and_looks_from_above(qtbot, embedded):
    embedded.activateWindow()
    qtbot.waitUntil(embedded.isActiveWindow, timeout=SOON_MS)
    view = embedded.pages.map.map
    distance = view.opts["distance"]
    qtbot.keyClick(embedded, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert view.opts["distance"] < distance
    qtbot.keyClick(embedded, Qt.Key.Key_3)
    assert view.opts["elevation"] == 90


def test_cancelling_keeps_what_is_finished_and_the_next_run_goes_on(qtbot, window, large_folder):
    open_and_wait(qtbot, window, large_folder)
    when_it_grows(window, window.parts.job_bar.cancel_button.click)
    qtbot.mouseClick(window.pages.setup.start_button, Qt.MouseButton.LeftButton)
    wait_for_job(qtbot, window)
    finished = len(window.project.state.growing.points)
    assert 0 < finished < 120
    assert "Stopped" in window.statusBar().currentMessage()

    window._actions["set_up"].trigger()
    first = []
    window.runner.progressed.connect(
        lambda step: step.stage == "Embedding images" and first.append(step.done)
    )
    embed(qtbot, window)
    assert first[0] >= finished
    assert window.pages.map.map.shown_count == 120


def test_reopening_shows_the_map_without_computing(qtbot, embedded, pictures):
    embedded._actions["close_folder"].trigger()
    assert embedded.pages.currentWidget() is embedded.pages.welcome
    stages = []
    embedded.runner.progressed.connect(lambda step: stages.append(step.stage))
    open_and_wait(qtbot, embedded, pictures)
    assert embedded.pages.currentWidget() is embedded.pages.map
    assert embedded.pages.map.map.shown_count == 24
    assert "Embedding images" not in stages


def test_an_opened_folder_is_offered_on_the_first_page(embedded):
    embedded._actions["close_folder"].trigger()
    rows = [
        b.accessibleName()
        for b in embedded.pages.welcome.findChildren(type(embedded.pages.welcome.sample_button))
    ]
    assert "Open pictures" in rows


def test_dark_colours_darken_the_map(embedded):
    embedded.choose_theme("dark")
    assert pixels_of(embedded)[5, 5].max() < 60
    embedded.choose_theme("light")
    assert pixels_of(embedded)[5, 5].min() > 200


def test_closing_the_window_stops_the_running_job_cleanly(qtbot, window, large_folder):
    open_and_wait(qtbot, window, large_folder)
    when_it_grows(window, window.close)
    qtbot.mouseClick(window.pages.setup.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=JOB_MS)
    assert not window.runner.busy
    assert QApplication.activeModalWidget() is None


@pytest.mark.parametrize(
    ("name", "words"),
    [("missing", "does not exist"), ("empty", "No images were found")],
)
def test_a_folder_that_cannot_be_used_is_explained_in_one_sentence(
    qtbot, window, tmp_path, name, words
):
    (tmp_path / "empty").mkdir()
    open_and_wait(qtbot, window, tmp_path / name)
    assert words in message_of(window, qtbot)
    assert window.pages.currentWidget() is window.pages.welcome


def test_a_wrong_weights_file_is_explained_and_the_choice_is_kept(
    qtbot, window, small_folder, tmp_path
):
    open_and_wait(qtbot, window, small_folder)
    (tmp_path / "weights.h5").write_bytes(b"not weights")
    window.pages.setup.use_weights_file(tmp_path / "weights.h5")
    embed(qtbot, window)
    assert "weights.h5" in message_of(window, qtbot)
    assert window.pages.currentWidget() is window.pages.setup


def test_a_damaged_workspace_is_explained_and_the_open_map_stays(qtbot, embedded, tmp_path):
    other = tmp_path / "other"
    (other / "a").mkdir(parents=True)
    shutil.copy2(next((tmp_path / "pictures" / "fish").iterdir()), other / "a")
    workspace = tmp_path / "other.embedding"
    workspace.mkdir()
    (workspace / "workspace.sqlite").write_bytes(b"garbage" * 1000)
    open_and_wait(qtbot, embedded, other)
    assert "is damaged" in message_of(embedded, qtbot)
    assert embedded.pages.map.map.shown_count == 24


def test_a_fault_of_the_program_offers_its_details(qtbot, window):
    window.runner.failed.emit(ZeroDivisionError("division by zero"))
    box = window.findChild(QMessageBox)
    copy = next(b for b in box.buttons() if b.text() == "Copy details")
    copy.click()
    assert "ZeroDivisionError" in QApplication.clipboard().text()
    box.close()
