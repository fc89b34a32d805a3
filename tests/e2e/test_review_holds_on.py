"""The review while other things happen: new rankings, jobs that write, files that are moved."""

import shutil
import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from review_fixtures import (
    CTRL,
    choose,
    doubts,
    images_of,
    press,
    show,
    wait_until_written,
)  # fmt: skip
from window_fixtures import JOB_MS, SOON_MS, open_and_wait, wait_for_job

from engine.quality.findings import ODD, OUTLIER, Finding, Quality
from engine.quality.queue import ALL, Wanted
from engine.workspace import Workspace

pytestmark = pytest.mark.gl


def rank(window, *findings: Finding) -> None:
    """Show findings as if they had been found just now."""
    window.project.keep_quality(Quality("run", findings))


def wait_until_picked(qtbot, window, path: str | None) -> None:
    rows = window.project.rows_of([path]).tolist() if path else [None]
    qtbot.waitUntil(lambda: window.project.state.picked == rows[0], timeout=SOON_MS)


def files_are_there(window) -> bool:
    state = window.project.state
    folder = state.opened.dataset.folder
    return all((folder / path).is_file() for path in state.projection.paths)


@pytest.fixture
def job_that_writes(reviewed):
    """A job of the window that holds the workspace until it is let go."""
    root, go_on, begun = reviewed.project.state.opened.workspace, threading.Event(), []

    def job(progress) -> None:
        with Workspace.open(root) as workspace, workspace.writing():
            begun.append(True)
            go_on.wait()

    reviewed.runner.start("Moving files", job, lambda _: None)
    while not begun:
        QTest.qWait(10)
    yield go_on
    go_on.set()


def test_a_typed_class_goes_to_the_image_it_was_asked_for(qtbot, reviewed):
    first, second, *_ = doubts(reviewed, 3)
    panel = show(reviewed, first, second)
    press(reviewed, Qt.Key.Key_C)
    QTest.keyClicks(panel.field.edit, "boats")
    rank(reviewed, second, replace(first, score=0.1))
    QTest.keyClick(panel.field.edit, Qt.Key.Key_Return)
    wait_until_written(qtbot, reviewed)
    kept = images_of(reviewed)
    assert (kept[first.path].label, kept[second.path].label) == ("boats", second.given)


def test_the_field_is_left_when_what_it_asks_about_is_found_no_more(qtbot, reviewed):
    first, second = doubts(reviewed, 2)
    panel = show(reviewed, first, second)
    press(reviewed, Qt.Key.Key_C)
    rank(reviewed, second)
    assert not panel.field.isVisible()
    assert panel.queue.current == second


def test_answers_given_while_a_job_writes_are_written_when_it_has_ended(
    qtbot, reviewed, job_that_writes
):
    first, second, third = doubts(reviewed, 3)
    panel = show(reviewed, first, second, third)
    said = []
    reviewed.parts.labelling.said.connect(said.append)
    for key in (Qt.Key.Key_A, Qt.Key.Key_E):
        press(reviewed, key)
    qtbot.waitUntil(lambda: bool(said), timeout=SOON_MS)
    assert said[0] == "Kept here; it is written down when the running job has ended."
    assert panel.told.text() == said[0]
    assert panel.queue.current == third
    job_that_writes.set()
    wait_for_job(qtbot, reviewed)
    wait_until_written(qtbot, reviewed)
    kept = images_of(reviewed)
    assert kept[first.path].label == first.suggested
    assert kept[second.path].excluded
    qtbot.waitUntil(lambda: panel.told.text() == "", timeout=SOON_MS)
    assert panel.count.text() == "2 of 3 looked at"


def test_closing_the_window_writes_what_waits(qtbot, reviewed, job_that_writes):
    (finding,) = doubts(reviewed, 1)
    show(reviewed, finding)
    press(reviewed, Qt.Key.Key_A)
    reviewed.close()
    job_that_writes.set()
    qtbot.waitUntil(lambda: not reviewed.isVisible(), timeout=JOB_MS)
    assert images_of(reviewed)[finding.path].label == finding.suggested


def test_after_moving_files_was_stopped_the_map_is_of_the_files_as_they_lie(
    qtbot, reviewed, flipped
):
    panel = show(reviewed, *doubts(reviewed, 60))
    for _ in range(60):
        QTest.keyClick(panel.list, Qt.Key.Key_A)
    wait_until_written(qtbot, reviewed)
    reviewed.parts.repair.apply()
    qtbot.waitUntil(lambda: not files_are_there(reviewed), timeout=JOB_MS)
    reviewed.parts.job_bar.cancel_button.click()
    wait_for_job(qtbot, reviewed)
    qtbot.waitUntil(lambda: files_are_there(reviewed), timeout=SOON_MS)


def test_the_place_is_kept_when_files_are_moved(qtbot, reviewed, flipped):
    first, second, third = doubts(reviewed, 3)
    outliers = [Finding(OUTLIER, each.path, 0.4) for each in (second, third)]
    panel = show(reviewed, first, *outliers)
    press(reviewed, Qt.Key.Key_A)
    choose(panel.choices.kind, OUTLIER)
    choose(panel.choices.which, ALL)
    press(reviewed, Qt.Key.Key_Down)
    wait_until_written(qtbot, reviewed)
    reviewed.parts.repair.apply()
    wait_for_job(qtbot, reviewed)
    qtbot.waitUntil(lambda: (flipped / first.suggested).is_dir(), timeout=SOON_MS)
    rank(reviewed, *outliers)
    assert panel.queue.wanted == Wanted(OUTLIER, "", ALL)
    assert panel.queue.current == outliers[1]
    assert panel.told.text() == "1 file is moved."


def test_back_leaves_changes_alone_that_were_made_elsewhere(qtbot, reviewed):
    first, second = doubts(reviewed, 2)
    panel = show(reviewed, first)
    reviewed.parts.labelling.assign_to([second.path], "boats")
    press(reviewed, Qt.Key.Key_Backspace)
    wait_until_written(qtbot, reviewed)
    assert images_of(reviewed)[second.path].label == "boats"
    assert panel.told.text().startswith("There is no answer of this session to take back")


def test_a_kind_chosen_by_keyboard_gives_the_keys_back(qtbot, reviewed):
    first, second = doubts(reviewed, 2)
    panel = show(reviewed, first, Finding(OUTLIER, second.path, 0.4))
    panel.choices.kind.setFocus()
    choose(panel.choices.kind, OUTLIER)
    press(reviewed, Qt.Key.Key_K)
    wait_until_written(qtbot, reviewed)
    assert images_of(reviewed)[second.path].reviewed == "outlier:keep"


def test_a_finding_without_a_point_leaves_none_picked(qtbot, reviewed):
    first, second = doubts(reviewed, 2)
    gone = Finding(ODD, second.path, 1.0, issue="unreadable")
    panel = show(reviewed, first)
    wait_until_picked(qtbot, reviewed, first.path)
    map_of = reviewed.project.state.projection
    keep = [row for row, path in enumerate(map_of.paths) if path != second.path]
    reviewed.project.keep(
        replace(
            map_of,
            paths=tuple(map_of.paths[row] for row in keep),
            labels=tuple(map_of.labels[row] for row in keep),
            points=map_of.points[keep],
        )
    )
    rank(reviewed, gone)
    assert panel.queue.current == gone
    reviewed.project.pick(3)
    panel.look_again()
    wait_until_picked(qtbot, reviewed, None)


def test_opening_the_panel_again_looks_at_the_finding_again(qtbot, reviewed):
    (finding,) = doubts(reviewed, 1)
    show(reviewed, finding)
    wait_until_picked(qtbot, reviewed, finding.path)
    press(reviewed, Qt.Key.Key_F6)
    reviewed.project.pick(100)
    press(reviewed, Qt.Key.Key_F6)
    wait_until_picked(qtbot, reviewed, finding.path)
    assert not reviewed.pages.map.card.isVisible()


def test_what_came_of_a_job_stays_in_the_panel_and_is_not_said_over(qtbot, reviewed):
    findings = doubts(reviewed, 2)
    panel = show(reviewed, *findings)
    said = []
    reviewed.parts.said.connect(said.append)
    reviewed.parts.repair.said.emit("2 doubtful labels; 0 other findings.")
    press(reviewed, Qt.Key.Key_Down)
    wait_until_picked(qtbot, reviewed, findings[1].path)
    assert said[-1] == panel.told.text() == "2 doubtful labels; 0 other findings."


def test_what_came_of_a_job_in_one_folder_is_not_said_in_another_one(
    qtbot, reviewed, flipped, tmp_path
):
    for name in ("pictures", "pictures.embedding"):
        shutil.copytree(flipped.with_name(name), tmp_path / "other" / name)
    panel = show(reviewed, *doubts(reviewed, 2))
    press(reviewed, Qt.Key.Key_F6)
    open_and_wait(qtbot, reviewed, tmp_path / "other" / "pictures")
    reviewed.project.select_paths([reviewed.project.state.projection.paths[0]])
    reviewed._actions["exclude_images"].trigger()
    wait_until_written(qtbot, reviewed)
    reviewed.parts.repair.apply()
    wait_for_job(qtbot, reviewed)
    press(reviewed, Qt.Key.Key_F6)
    assert panel.told.text() == "1 file is moved."
    press(reviewed, Qt.Key.Key_F6)
    open_and_wait(qtbot, reviewed, flipped)
    press(reviewed, Qt.Key.Key_F6)
    assert panel.told.text() == ""
    assert panel.told.isHidden()


def test_escape_ends_what_is_marked_in_the_gallery(qtbot, reviewed):
    gallery = reviewed.pages.map.gallery
    for place in range(4):
        rect = gallery.list.visualRect(gallery.model.index(place))
        held = CTRL if place else Qt.KeyboardModifier.NoModifier
        qtbot.mouseClick(
            gallery.list.viewport(), Qt.MouseButton.LeftButton, held, pos=rect.center()
        )
    assert len(reviewed.project.state.at_hand) == 4
    press(reviewed, Qt.Key.Key_Escape)
    assert len(reviewed.project.state.marked) == 0
    assert len(gallery.list.selectionModel().selectedIndexes()) <= 1
    assert "marked" not in gallery.title.text()


def test_pointing_at_other_images_leaves_the_map_as_wide_as_it_is(qtbot, reviewed):
    page = reviewed.pages.map
    (finding,) = doubts(reviewed, 1)
    show(reviewed, finding)
    wait_until_picked(qtbot, reviewed, finding.path)
    width = page.map.width()
    page.map.hovered.emit(100)
    QTest.qWait(50)
    assert page.card.isVisible()
    assert page.map.width() == width


@pytest.mark.parametrize("size", [(1100, 720), (1500, 950)])
def test_the_map_keeps_a_third_of_the_window_beside_the_review(qtbot, reviewed, size):
    reviewed.resize(*size)
    show(reviewed, *doubts(reviewed, 2))
    QTest.qWait(50)
    page = reviewed.pages.map
    assert page.map.width() >= page.width() / 3 - 2
    press(reviewed, Qt.Key.Key_F6)
    assert page.panel.width() >= 250
