"""Giving classes by clicks and keys, taking them back, and being told what the others may be."""

import shutil
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from window_fixtures import JOB_MS, SOON_MS, message_of, open_and_wait, wait_for_job

from desktop import settings_store
from desktop.main_window import MainWindow
from desktop.views.legend import DOT_SIDE
from engine.colouring import SUGGESTED, VERDICT
from engine.palette import FIRST
from engine.workspace import Workspace

pytestmark = pytest.mark.gl
NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def press(window: MainWindow, key, held=NONE) -> None:
    """Press a key as a shortcut: on whatever has the focus."""
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window, SOON_MS)
    QTest.keyClick(window.focusWidget() or window, key, held)


def wait_until_written(qtbot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.parts.labelling.busy, timeout=JOB_MS)


def field_of(window: MainWindow):
    return window.pages.map.class_field


def give_class(qtbot, window: MainWindow, name: str) -> None:
    """Press C, type a name, press Enter."""
    press(window, Qt.Key.Key_C)
    assert field_of(window).isVisible()
    QTest.keyClicks(field_of(window).edit, name)
    QTest.keyClick(field_of(window).edit, Qt.Key.Key_Return)
    assert not field_of(window).isVisible()
    wait_until_written(qtbot, window)


def legend_of(window: MainWindow) -> dict[str, str]:
    """The names of the legend with their counts, as they are read."""
    items = window.pages.map.legend.list
    rows = [items.topLevelItem(row) for row in range(items.topLevelItemCount())]
    return {row.text(0): row.text(2) for row in rows}


def select_class(qtbot, window: MainWindow, name: str) -> None:
    """Type a class into the search and press Enter; the map has the focus afterwards."""
    search = window.pages.map.controls.search
    search.setText(name)
    QTest.keyClick(search, Qt.Key.Key_Return)
    window.pages.map.map.setFocus()


@pytest.fixture
def flat(pictures) -> Path:
    """The 24 pictures, embedded, as a folder without classes; names say what they show."""
    folder = pictures.with_name("flat")
    folder.mkdir()
    for file in pictures.rglob("*.*"):
        shutil.copy2(file, folder / f"{file.parent.name} {file.name}")
    return folder


@pytest.fixture
def flat_map(qtbot, window, flat) -> MainWindow:
    """A window that shows the map of 24 pictures without classes."""
    open_and_wait(qtbot, window, flat)
    qtbot.mouseClick(window.pages.setup.start_button, Qt.MouseButton.LeftButton)
    wait_for_job(qtbot, window)
    window.pages.map.map.setFocus()
    return window


def colours_of(window: MainWindow) -> dict[str, tuple[int, int, int]]:
    """The names of the legend with the colours of their dots."""
    items = window.pages.map.legend.list
    rows = [items.topLevelItem(row) for row in range(items.topLevelItemCount())]
    dots = {row.text(0): row.icon(0).pixmap(DOT_SIDE).toImage() for row in rows}
    middles = {name: dot.pixelColor(dot.rect().center()) for name, dot in dots.items()}
    return {name: colour.getRgb()[:3] for name, colour in middles.items()}


def test_classes_keep_their_colours_when_one_of_them_is_gone(qtbot, embedded):
    before = colours_of(embedded)
    assert list(before.values()) == list(FIRST[:3])
    select_class(qtbot, embedded, "bricks")
    give_class(qtbot, embedded, "trees")
    assert colours_of(embedded) == {"fish": FIRST[1], "trees": FIRST[2]}
    folder = embedded.project.state.opened.dataset.folder
    embedded.close_folder()
    open_and_wait(qtbot, embedded, folder)
    assert colours_of(embedded) == {"fish": FIRST[1], "trees": FIRST[2]}
    press(embedded, Qt.Key.Key_Z, CTRL)
    wait_until_written(qtbot, embedded)
    assert colours_of(embedded) == before


def test_no_new_class_gets_the_colour_of_one_whose_images_are_all_excluded(qtbot, embedded):
    before = colours_of(embedded)
    select_class(qtbot, embedded, "bricks")
    embedded._actions["exclude_images"].trigger()
    wait_until_written(qtbot, embedded)
    embedded.project.select_paths(embedded.project.state.projection.paths[10:12])  # of fish
    give_class(qtbot, embedded, "boats")
    assert colours_of(embedded)["boats"] == FIRST[3]
    embedded._actions["select_excluded"].trigger()
    embedded._actions["include_images"].trigger()
    wait_until_written(qtbot, embedded)
    assert colours_of(embedded) == before | {"boats": FIRST[3]}


def test_an_exported_picture_has_the_colours_of_the_screen(qtbot, embedded, tmp_path):
    select_class(qtbot, embedded, "bricks")
    give_class(qtbot, embedded, "trees")
    embedded.parts.exchange.export("png", tmp_path / "map.png", 100)
    wait_for_job(qtbot, embedded)
    with Image.open(tmp_path / "map.png") as picture:
        colours = {colour for _, colour in picture.getcolors(1_000_000)}
    assert colours.intersection(FIRST[:3]) == set(FIRST[1:3])


def test_selected_images_get_a_class_by_its_name(qtbot, embedded):
    points = embedded.project.state.projection.points
    said = []
    embedded.parts.labelling.said.connect(said.append)
    select_class(qtbot, embedded, "fish")
    give_class(qtbot, embedded, "boats")
    assert legend_of(embedded) == {"boats": "8", "bricks": "8", "trees": "8"}
    assert said == ["fish → boats, 8 images"]
    assert "3 classes" in embedded.status.facts.text()
    assert len(embedded.project.state.selections.present) == 8
    assert embedded.project.state.projection.points is points


def test_the_beginning_of_a_name_is_enough(qtbot, embedded):
    select_class(qtbot, embedded, "fish")
    give_class(qtbot, embedded, "TR")
    assert legend_of(embedded) == {"bricks": "8", "trees": "16"}


def test_the_list_can_be_walked_and_clicked(qtbot, embedded):
    select_class(qtbot, embedded, "fish")
    press(embedded, Qt.Key.Key_C)
    field = field_of(embedded)
    QTest.keyClicks(field.edit, "r")
    assert [field.list.item(row).text() for row in range(3)] == ["bricks", "trees", "New class “r”"]
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(field.edit, key)
    assert field.list.currentItem().text() == "trees"
    place = field.list.visualItemRect(field.list.item(0)).center()
    qtbot.mouseClick(field.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    wait_until_written(qtbot, embedded)
    assert legend_of(embedded) == {"bricks": "16", "trees": "8"}


def test_escape_leaves_the_field_and_keeps_the_selection(qtbot, embedded):
    select_class(qtbot, embedded, "fish")
    press(embedded, Qt.Key.Key_C)
    QTest.keyClicks(field_of(embedded).edit, "boats")
    QTest.keyClick(field_of(embedded).edit, Qt.Key.Key_Escape)
    assert not field_of(embedded).isVisible()
    assert len(embedded.project.state.selections.present) == 8
    assert legend_of(embedded) == {"bricks": "8", "fish": "8", "trees": "8"}


def test_no_name_takes_the_class_away(qtbot, embedded):
    select_class(qtbot, embedded, "fish")
    give_class(qtbot, embedded, "")
    assert legend_of(embedded) == {"bricks": "8", "trees": "8", "(no class)": "8"}


def test_a_name_that_no_folder_can_have_is_explained(qtbot, embedded):
    select_class(qtbot, embedded, "fish")
    give_class(qtbot, embedded, "a:b")
    assert "folders cannot have" in message_of(embedded, qtbot)
    assert legend_of(embedded)["fish"] == "8"


def test_the_first_classes_of_the_legend_have_keys(qtbot, embedded):
    select_class(qtbot, embedded, "fish")
    press(embedded, Qt.Key.Key_3, CTRL)
    wait_until_written(qtbot, embedded)
    assert legend_of(embedded) == {"bricks": "8", "trees": "16"}
    numbered = embedded.parts.label_binding.numbered
    texts = [action.text() for action in numbered if action.isVisible()]
    assert texts == ["bricks", "trees"]


def test_changes_are_undone_and_redone_and_the_menu_says_which(qtbot, embedded):
    undo, redo = embedded._actions["undo_label"], embedded._actions["redo_label"]
    assert (undo.text(), undo.isEnabled(), redo.isEnabled()) == ("&Undo", False, False)
    select_class(qtbot, embedded, "fish")
    give_class(qtbot, embedded, "boats")
    assert undo.text() == "&Undo: fish → boats, 8 images"
    press(embedded, Qt.Key.Key_Z, CTRL)
    wait_until_written(qtbot, embedded)
    assert legend_of(embedded) == {"bricks": "8", "fish": "8", "trees": "8"}
    assert (undo.isEnabled(), redo.text()) == (False, "&Redo: fish → boats, 8 images")
    press(embedded, Qt.Key.Key_Z, CTRL | SHIFT)
    wait_until_written(qtbot, embedded)
    assert legend_of(embedded)["boats"] == "8"


def test_keys_pressed_one_after_the_other_are_all_carried_out(qtbot, embedded):
    select_class(qtbot, embedded, "fish")
    for key in (Qt.Key.Key_1, Qt.Key.Key_3, Qt.Key.Key_2):
        press(embedded, key, CTRL)
    wait_until_written(qtbot, embedded)
    with Workspace.open(embedded.project.state.opened.workspace) as workspace:
        assert len(workspace.edits()) >= 2
        assert workspace.dataset() == embedded.project.state.opened.dataset


def test_classes_are_still_there_after_a_restart_and_can_be_undone(qtbot, embedded, pictures):
    select_class(qtbot, embedded, "fish")
    give_class(qtbot, embedded, "boats")
    files = sorted(pictures.rglob("*"))
    embedded.close()
    qtbot.waitUntil(lambda: not embedded.isVisible(), timeout=JOB_MS)
    again = MainWindow(settings_store.load())
    again.show()
    try:
        open_and_wait(qtbot, again, pictures)
        assert legend_of(again) == {"boats": "8", "bricks": "8", "trees": "8"}
        again.pages.map.map.setFocus()
        press(again, Qt.Key.Key_Z, CTRL)
        wait_until_written(qtbot, again)
        assert legend_of(again)["fish"] == "8"
    finally:
        again.close()
        qtbot.waitUntil(lambda: not again.isVisible(), timeout=JOB_MS)
        again.deleteLater()
    assert sorted(pictures.rglob("*")) == files


def test_a_class_is_renamed(qtbot, embedded):
    select_class(qtbot, embedded, "fish")
    press(embedded, Qt.Key.Key_F2)
    assert field_of(embedded).edit.text() == "fish"
    QTest.keyClicks(field_of(embedded).edit, "sharks")
    QTest.keyClick(field_of(embedded).edit, Qt.Key.Key_Return)
    wait_until_written(qtbot, embedded)
    assert legend_of(embedded) == {"bricks": "8", "sharks": "8", "trees": "8"}


def test_without_images_at_hand_the_key_says_what_to_do(qtbot, embedded):
    embedded.pages.map.map.setFocus()
    press(embedded, Qt.Key.Key_C)
    assert not field_of(embedded).isVisible()
    assert "Select images" in embedded.statusBar().currentMessage()


@pytest.mark.parametrize("name", ["search", "method", "colour"])
def test_keys_are_no_shortcuts_while_a_field_has_the_focus(qtbot, embedded, name):
    select_class(qtbot, embedded, "fish")
    getattr(embedded.pages.map.controls, name).setFocus()
    # C comes last: in the list of colours it chooses one, and the focus goes to the map.
    for key, held in ((Qt.Key.Key_J, NONE), (Qt.Key.Key_1, CTRL), (Qt.Key.Key_C, NONE)):
        press(embedded, key, held)
    wait_until_written(qtbot, embedded)
    wait_for_job(qtbot, embedded)
    assert not field_of(embedded).isVisible()
    assert list(embedded.project.state.classes) == ["bricks", "fish", "trees"]
    assert embedded.project.state.suggested is None


def test_while_images_are_embedded_no_class_is_changed(qtbot, embedded):
    select_class(qtbot, embedded, "fish")
    with Workspace.open(embedded.project.state.opened.workspace) as other, other.writing():
        give_class(qtbot, embedded, "boats")
        assert "wait until it has finished or stop it" in message_of(embedded, qtbot)
    assert legend_of(embedded)["fish"] == "8"


def test_right_or_wrong_follows_the_classes_of_now(qtbot, embedded):
    training = embedded.pages.map.training
    training.classifier.setCurrentIndex(training.classifier.findData("knn"))
    embedded._actions["train"].trigger()
    wait_for_job(qtbot, embedded)
    embedded.parts.exploration.colour_by(VERDICT)
    before = Counter(embedded.project.state.colouring.groups)
    select_class(qtbot, embedded, "fish")
    give_class(qtbot, embedded, "boats")
    after = Counter(embedded.project.state.colouring.groups)
    assert embedded.project.state.trained is not None
    assert after["wrong"] >= 8 > before["wrong"]


def test_from_a_folder_without_classes_to_suggested_ones(qtbot, flat_map):
    window = flat_map
    assert legend_of(window) == {"(no class)": "24"}
    for _ in range(6):
        press(window, Qt.Key.Key_J)
        wait_until_written(qtbot, window)
        state = window.project.state
        (row,) = state.selections.present
        assert state.picked == row
        assert state.projection.labels[row] == ""
        give_class(qtbot, window, state.projection.paths[row].split()[0])
    state = window.project.state
    assert state.suggested.labelled == 6
    assert "6 labelled" in window.status.facts.text()
    assert "sure of the rest" in window.status.facts.text()
    controls = window.pages.map.controls
    place = controls.colour.findData(SUGGESTED)
    controls.colour.setCurrentIndex(place)
    controls.colour.activated.emit(place)
    wait_until_written(qtbot, window)
    assert window.focusWidget() is window.pages.map.map
    state = window.project.state
    assert state.colouring.title == SUGGESTED == window.pages.map.legend.title.text()
    right = [path.split()[0] == group for path, group
             in zip(state.projection.paths, state.colouring.groups, strict=True)]  # fmt: skip
    assert sum(right) >= 20
    press(window, Qt.Key.Key_J)
    wait_until_written(qtbot, window)
    assert "Suggested: " in window.pages.map.card.facts.text()
    press(window, Qt.Key.Key_C)  # what is suggested is offered, and Enter takes it
    offered = field_of(window).edit.text()
    QTest.keyClick(field_of(window).edit, Qt.Key.Key_Return)
    wait_until_written(qtbot, window)
    assert window.project.state.projection.labels[window.project.state.picked] == offered


def test_asking_again_and_again_shows_each_image_once(qtbot, flat_map):
    seen = []
    for _ in range(24):
        press(flat_map, Qt.Key.Key_J)
        wait_until_written(qtbot, flat_map)
        seen.append(flat_map.project.state.picked)
    assert sorted(seen) == list(range(24))


def test_when_every_image_has_a_class_there_is_no_next_one(qtbot, embedded):
    embedded.pages.map.map.setFocus()
    press(embedded, Qt.Key.Key_J)
    wait_until_written(qtbot, embedded)
    assert embedded.statusBar().currentMessage() == "Every image has a class."
