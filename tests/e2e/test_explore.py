"""Walking the map: other maps, other colours, selections, neighbours, by clicks and keys."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from window_fixtures import (
    SOON_MS,
    at_the_start,
    move,
    open_and_wait,
    wait_for_job,
    when_it_grows,
)

from desktop.main_window import MainWindow
from engine.colouring import AGREEMENT, CLASSES, CLUSTERS, SUGGESTED

pytestmark = pytest.mark.gl


def page_of(window: MainWindow):
    return window.pages.map


def choose(box, data: str) -> None:
    """Choose an entry of a list by typing how it begins."""
    box.setFocus()
    QTest.keyClicks(box, box.itemText(box.findData(data))[:3])


def press(window: MainWindow, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window, SOON_MS)
    QTest.keyClick(window, key, modifier)


def drag(view, start: QPoint, end: QPoint, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.mousePress(view, Qt.MouseButton.LeftButton, modifier, start)
    for share in (0.3, 0.6, 1.0):
        move(view, start + (end - start) * share, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, modifier, end)


def whole(view) -> tuple[QPoint, QPoint]:
    return QPoint(2, 2), QPoint(view.width() - 3, view.height() - 3)


def test_a_key_leads_to_umap_and_the_points_move(qtbot, embedded):
    grown = []
    embedded.project.changed.connect(lambda: grown.append(embedded.project.state.growing))
    press(embedded, Qt.Key.Key_U)
    qtbot.waitUntil(lambda: embedded.runner.busy, timeout=SOON_MS)
    wait_for_job(qtbot, embedded)
    projection = embedded.project.state.projection
    assert (projection.method, projection.dims) == ("umap", 3)
    assert any(growing is not None for growing in grown), "it is watched while it is made"
    assert page_of(embedded).controls.method.currentData() == "umap"


def test_a_key_changes_between_the_deep_map_and_the_flat_one(qtbot, embedded):
    for dims in (2, 3):
        press(embedded, Qt.Key.Key_D)
        qtbot.waitUntil(lambda: embedded.runner.busy, timeout=SOON_MS)
        wait_for_job(qtbot, embedded)
        assert embedded.project.state.projection.dims == dims
        assert page_of(embedded).map.is_flat == (dims == 2)


def test_a_folder_opens_as_it_was_left(qtbot, embedded, pictures):
    press(embedded, Qt.Key.Key_U)
    qtbot.waitUntil(lambda: embedded.runner.busy, timeout=SOON_MS)
    wait_for_job(qtbot, embedded)
    press(embedded, Qt.Key.Key_3)
    left = page_of(embedded).map.camera()
    press(embedded, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    open_and_wait(qtbot, embedded, pictures)
    assert embedded.project.state.projection.method == "umap"
    assert page_of(embedded).map.camera() == left


def test_a_map_can_be_ended_with_what_there_is(qtbot, embedded):
    at_the_start(embedded, embedded.parts.job_bar.finish_button.click)
    press(embedded, Qt.Key.Key_T)
    wait_for_job(qtbot, embedded)
    assert embedded.project.state.projection.method == "tsne"
    assert embedded.project.state.projection.parameters["ended_early"]


def test_a_cancelled_map_leaves_the_one_before(qtbot, embedded):
    before = embedded.project.state.projection
    when_it_grows(embedded, embedded.parts.job_bar.cancel_button.click)
    press(embedded, Qt.Key.Key_T)
    wait_for_job(qtbot, embedded)
    assert "Stopped" in embedded.statusBar().currentMessage()
    assert embedded.project.state.growing is None
    assert embedded.project.state.projection is before
    assert page_of(embedded).controls.method.currentData() == "pca"


def test_while_a_map_is_made_no_other_can_be_asked_for(qtbot, embedded):
    at_the_start(embedded, embedded.parts.job_bar.pause_button.click)
    press(embedded, Qt.Key.Key_T)
    assert embedded.runner.busy
    assert not page_of(embedded).controls.method.isEnabled()
    assert not embedded._actions["make_umap"].isEnabled()
    assert page_of(embedded).controls.search.isEnabled()
    qtbot.mouseClick(embedded.parts.job_bar.pause_button, Qt.MouseButton.LeftButton)
    wait_for_job(qtbot, embedded)
    assert page_of(embedded).controls.method.isEnabled()


def test_stop_here_is_offered_only_where_it_makes_sense(qtbot, embedded):
    page_of(embedded).controls.colouring_chosen.emit(CLUSTERS)
    qtbot.waitUntil(lambda: embedded.runner.busy, timeout=SOON_MS)
    assert not embedded.parts.job_bar.finish_button.isVisible()
    wait_for_job(qtbot, embedded)


def test_a_box_selects_and_the_gallery_shows_the_selection(qtbot, embedded):
    page = page_of(embedded)
    qtbot.mouseClick(page.controls.tools.buttons()[1], Qt.MouseButton.LeftButton)
    drag(page.map, *whole(page.map))
    qtbot.waitUntil(lambda: page.gallery.title.text() == "24 of 24 selected", timeout=SOON_MS)
    press(embedded, Qt.Key.Key_Escape)
    assert page.gallery.title.text() == "All 24 images"


def test_alt_takes_away_from_the_selection(qtbot, embedded):
    page = page_of(embedded)
    press(embedded, Qt.Key.Key_B)
    drag(page.map, *whole(page.map))
    left = page.map.width() // 2
    drag(
        page.map, QPoint(2, 2), QPoint(left, page.map.height() - 3), Qt.KeyboardModifier.AltModifier
    )
    places = [page.map.place_of(row).x() for row in embedded.project.state.selections.present]
    assert 0 < len(places) < 24
    assert min(places) >= left - 1


def test_escape_gives_up_a_lasso_and_keeps_the_selection(qtbot, embedded):
    page = page_of(embedded)
    press(embedded, Qt.Key.Key_B)
    drag(page.map, *whole(page.map))
    start, end = whole(page.map)
    QTest.mousePress(page.map, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    move(page.map, start + QPoint(30, 30), Qt.MouseButton.LeftButton)
    press(embedded, Qt.Key.Key_Escape)
    QTest.mouseRelease(page.map, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    assert len(embedded.project.state.selections.present) == 24


def test_the_search_selects_a_class_and_goes_back(qtbot, embedded):
    page = page_of(embedded)
    press(embedded, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(page.controls.search, "fish")
    QTest.keyClick(page.controls.search, Qt.Key.Key_Return)
    rows = embedded.project.state.selections.present
    assert {embedded.project.state.projection.labels[row] for row in rows} == {"fish"}
    assert page.gallery.title.text() == "8 of 24 selected"
    press(embedded, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert len(embedded.project.state.selections.present) == 0
    press(embedded, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert len(embedded.project.state.selections.present) == 8


def test_the_gallery_reads_the_pictures_that_are_seen(qtbot, embedded):
    gallery = page_of(embedded).gallery
    first = int(gallery.model.rows[0])
    qtbot.waitUntil(lambda: gallery.model.picture(first) is not None, timeout=SOON_MS)
    assert (embedded.project.state.opened.workspace / "thumbnails.sqlite").is_file()


def test_pictures_of_another_folder_are_not_mistaken_for_these(qtbot, embedded, pictures):
    gallery = page_of(embedded).gallery
    qtbot.waitUntil(lambda: gallery.model.picture(0) is not None, timeout=SOON_MS)
    press(embedded, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert gallery.model.picture(0) is None


def test_a_picture_that_is_clicked_in_the_gallery_shows_its_neighbours(qtbot, embedded):
    page = page_of(embedded)
    gallery = page.gallery
    place = gallery.list.visualRect(gallery.model.index(2)).center()
    qtbot.mouseClick(gallery.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    picked = int(gallery.model.rows[2])
    assert embedded.project.state.picked == picked
    strip = page.card.neighbors
    qtbot.waitUntil(strip.isVisible, timeout=SOON_MS)
    assert page.card.place.text() == embedded.project.state.projection.paths[picked]
    qtbot.mouseClick(strip.buttons[0], Qt.MouseButton.LeftButton)
    assert embedded.project.state.picked not in (None, picked)


def test_the_colours_tell_how_far_the_map_can_be_believed(qtbot, embedded):
    page = page_of(embedded)
    choose(page.controls.colour, AGREEMENT)
    qtbot.waitUntil(lambda: embedded.project.state.colouring.of_map, timeout=SOON_MS)
    wait_for_job(qtbot, embedded)
    assert page.legend.title.text() == AGREEMENT
    assert page.legend.scale.isVisible()
    assert not page.legend.list.isVisible()
    press(embedded, Qt.Key.Key_U)
    first = embedded.project.state.colouring

    def is_compared_again() -> bool:
        colouring = embedded.project.state.colouring
        return colouring.of_map and colouring is not first and not embedded.runner.busy

    qtbot.waitUntil(is_compared_again, timeout=SOON_MS)


def test_it_is_said_what_the_colours_show(qtbot, embedded):
    said, project = {}, embedded.project
    for title in (CLUSTERS, SUGGESTED, CLUSTERS, CLASSES, AGREEMENT):
        page_of(embedded).controls.colouring_chosen.emit(title)
        qtbot.waitUntil(lambda t=title: project.state.colouring.title == t, timeout=SOON_MS)
        wait_for_job(qtbot, embedded)
        said[title] = embedded.statusBar().currentMessage()
    assert said.pop(CLUSTERS).endswith(("cluster.", "clusters."))
    assert said == {
        CLASSES: "Colours: Classes.",
        SUGGESTED: "Colours: Suggested classes.",
        AGREEMENT: "Colours: Map agreement.",
    }


def test_right_click_in_the_legend_selects_a_class(qtbot, embedded):
    page = page_of(embedded)
    item = page.legend.list.topLevelItem(1)
    page.legend.list.customContextMenuRequested.emit(page.legend.list.visualItemRect(item).center())
    rows = embedded.project.state.selections.present
    assert {embedded.project.state.projection.labels[row] for row in rows} == {"fish"}


def test_pictures_are_drawn_on_the_map(qtbot, embedded):
    view = page_of(embedded).map
    plain = view.grabFramebuffer()
    press(embedded, Qt.Key.Key_I)

    def shows_pictures() -> bool:
        return np.count_nonzero(difference(plain, view.grabFramebuffer())) > 5_000

    qtbot.waitUntil(shows_pictures, timeout=SOON_MS)
    press(embedded, Qt.Key.Key_I)
    qtbot.waitUntil(lambda: not shows_pictures(), timeout=SOON_MS)


def difference(first, second) -> np.ndarray:
    """Pixels that differ between two pictures of the same size."""
    pixels = [
        np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4).astype(int)
        for image in (first, second)
    ]
    return np.abs(pixels[0] - pixels[1]).max(axis=2) > 8
