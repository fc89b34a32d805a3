"""Finding what is wrong with a dataset, and repairing it by keys, in the window."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from review_fixtures import (
    CTRL,
    EACH,
    NONE,
    SHIFT,
    choose,
    dialog_of,
    doubts,
    images_of,
    press,
    show,
    wait_until_written,
)  # fmt: skip
from window_fixtures import JOB_MS, SOON_MS, open_and_wait, save_as, wait_for_job

from desktop import settings_store
from desktop.main_window import MainWindow
from desktop.views.apply_dialog import ApplyDialog
from desktop.views.review_panel import ReviewPanel
from engine.colouring import NOTHING, SUSPICION
from engine.pipeline import plan_edits
from engine.quality.findings import DUPLICATE, LABEL, OUTLIER, Finding
from engine.quality.queue import ALL, SKIPPED
from engine.workspace import Workspace

pytestmark = pytest.mark.gl


def wait_until_read(qtbot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.parts.exploration.busy, timeout=JOB_MS)


def find(qtbot, window: MainWindow) -> ReviewPanel:
    """Press the keys that look for what is wrong, and wait."""
    press(window, Qt.Key.Key_R, CTRL | SHIFT)
    wait_for_job(qtbot, window)
    panel = window.pages.map.review
    assert panel.isVisible()
    return panel


def heard(window: MainWindow) -> list[str]:
    """What is said of finding and repairing from now on; the status bar may show it briefly."""
    said: list[str] = []
    window.parts.repair.said.connect(said.append)
    return said


def legend_of(window: MainWindow) -> dict[str, str]:
    items = window.pages.map.legend.list
    rows = [items.topLevelItem(row) for row in range(items.topLevelItemCount())]
    return {row.text(0): row.text(2) for row in rows}


def test_planted_wrong_labels_are_found_and_put_right_by_one_key_each(qtbot, reviewed):
    said = heard(reviewed)
    panel = find(qtbot, reviewed)
    assert "doubtful labels" in said[-1]
    right = 0
    for _ in range(4 * EACH):
        finding = panel.queue.current
        right += finding.suggested == finding.path.split("/")[1].rpartition("-")[0]
        press(reviewed, Qt.Key.Key_A)
    wait_until_written(qtbot, reviewed)
    assert right >= 4 * EACH - 1
    state = reviewed.project.state
    assert panel.disk.text.text() == "12 changes not on the disk yet."
    labels = zip(state.projection.paths, state.projection.labels, strict=True)
    wrong = [path for path, label in labels if path.split("/")[1].rpartition("-")[0] != label]
    assert len(wrong) <= 2


def test_hundreds_of_findings_are_answered_by_keys_alone(qtbot, reviewed):
    findings = doubts(reviewed)
    panel = show(reviewed, *findings)
    assert panel.count.text() == "0 of 160 looked at"
    keys = (Qt.Key.Key_K, Qt.Key.Key_A, Qt.Key.Key_E, Qt.Key.Key_S)
    for number, finding in enumerate(findings):
        assert panel.queue.current == finding
        QTest.keyClick(reviewed.focusWidget(), keys[number % 4])
    wait_until_written(qtbot, reviewed)
    assert panel.count.text() == "160 of 160 looked at"
    assert panel.none.text() == "Everything of this kind is looked at."
    kept = images_of(reviewed)
    for number, finding in enumerate(findings):
        image = kept[finding.path]
        said = (image.reviewed, image.label, image.excluded)
        expected = (
            ("label:keep", finding.given, False),
            ("", finding.suggested, False),
            ("", "", True),
            ("label:skip", finding.given, False),
        )
        assert said == expected[number % 4]
    assert legend_of(reviewed)["(excluded)"] == "40"
    choose(panel.choices.which, SKIPPED)
    assert len(panel.queue.findings) == 40


def test_back_takes_answers_back_and_returns_to_them(qtbot, reviewed):
    first, second, *_ = findings = doubts(reviewed, 5)
    panel = show(reviewed, *findings)
    for key in (Qt.Key.Key_A, Qt.Key.Key_E):
        press(reviewed, key)
    wait_until_written(qtbot, reviewed)
    for finding, label in ((second, second.given), (first, first.given)):
        press(reviewed, Qt.Key.Key_Backspace)
        wait_until_written(qtbot, reviewed)
        assert panel.queue.current == finding
        assert images_of(reviewed)[finding.path].label == label
    assert panel.count.text() == "0 of 5 looked at"
    press(reviewed, Qt.Key.Key_Z, CTRL | SHIFT)  # done again, as after any other edit
    wait_until_written(qtbot, reviewed)
    assert panel.count.text() == "1 of 5 looked at"


def test_another_class_is_typed(qtbot, reviewed):
    findings = doubts(reviewed, 3)
    panel = show(reviewed, *findings)
    press(reviewed, Qt.Key.Key_C)
    assert panel.field.isVisible()
    assert not reviewed.pages.map.class_field.isVisible()
    QTest.keyClicks(panel.field.edit, "boats")
    QTest.keyClick(panel.field.edit, Qt.Key.Key_Return)
    assert panel.queue.current == findings[1]
    wait_until_written(qtbot, reviewed)
    press(reviewed, Qt.Key.Key_4, CTRL)  # a class of the legend
    wait_until_written(qtbot, reviewed)
    kept = images_of(reviewed)
    assert kept[findings[0].path].label == "boats"
    assert kept[findings[1].path].label == reviewed.project.state.classes[3]


def test_the_class_it_has_keeps_a_doubted_label(qtbot, reviewed):
    (finding,) = doubts(reviewed, 1)
    show(reviewed, finding)
    press(reviewed, Qt.Key.Key_C)
    field = reviewed.pages.map.review.field
    QTest.keyClicks(field.edit, finding.given)
    QTest.keyClick(field.edit, Qt.Key.Key_Return)
    wait_until_written(qtbot, reviewed)
    assert images_of(reviewed)[finding.path].reviewed == "label:keep"


def test_keys_of_the_review_are_keys_of_the_map_once_the_map_has_the_focus(qtbot, reviewed):
    show(reviewed, *doubts(reviewed, 3))
    qtbot.waitUntil(lambda: reviewed.project.state.picked is not None, timeout=SOON_MS)
    reviewed.pages.map.map.setFocus()
    press(reviewed, Qt.Key.Key_K)
    press(reviewed, Qt.Key.Key_C)
    assert reviewed.pages.map.class_field.isVisible()
    press(reviewed, Qt.Key.Key_Escape)
    wait_until_written(qtbot, reviewed)
    assert reviewed.pages.map.review.count.text() == "0 of 3 looked at"


def test_the_map_and_the_neighbours_follow_what_is_looked_at(qtbot, reviewed):
    findings = doubts(reviewed, 6)
    panel = show(reviewed, *findings)
    view = reviewed.pages.map.map
    view.zoom(12)  # hardly anything is in view
    press(reviewed, Qt.Key.Key_Down)
    row = int(reviewed.project.rows_of([findings[1].path])[0])
    qtbot.waitUntil(lambda: reviewed.project.state.picked == row, timeout=SOON_MS)
    qtbot.waitUntil(lambda: view.rect().contains(view.place_of(row).toPoint()), timeout=SOON_MS)
    qtbot.waitUntil(lambda: bool(panel.view.suggested.paths), timeout=SOON_MS)
    wait_until_read(qtbot, reviewed)
    assert not panel.view.picture.picture.is_empty
    labels = dict(zip(*(getattr(reviewed.project.state.projection, name)
                        for name in ("paths", "labels")), strict=True))  # fmt: skip
    for grid, name in (
        (panel.view.given, findings[1].given),
        (panel.view.suggested, findings[1].suggested),
    ):
        assert {labels[path] for path in grid.paths} == {name}
        assert all(not each.icon().isNull() for each in grid.buttons)
    assert "Given: " + findings[1].given in panel.view.given.title.accessibleName()


def test_a_duplicate_is_shown_beside_its_twin(qtbot, reviewed):
    one, two = (image.path for image in reviewed.project.state.opened.dataset.images[:2])
    finding = Finding(DUPLICATE, one, 1.0, issue="exact", twin=two)
    panel = show(reviewed, finding)
    assert panel.view.headline.text() == "Exact copy"
    assert panel.view.says.text() == f"The same file as “{two}”."
    assert panel.view.twin.isVisible()
    qtbot.waitUntil(lambda: panel.view.twin.known and panel.view.picture.known, timeout=SOON_MS)
    assert panel.view.twin.more.accessibleName() == "Would stay"
    assert panel.view.picture.more.accessibleName() not in ("", "…")
    assert not panel.answers.allows("take")
    press(reviewed, Qt.Key.Key_E)
    wait_until_written(qtbot, reviewed)
    assert images_of(reviewed)[one].excluded
    assert panel.count.text() == "1 of 1 looked at"


def test_lists_are_narrowed_by_kind_class_and_answer(qtbot, reviewed):
    findings = doubts(reviewed, 160)
    outlier = Finding(OUTLIER, findings[0].path, 0.4)
    panel = show(reviewed, *findings, outlier)
    choose(panel.choices.name, "fish")
    assert {finding.given for finding in panel.queue.findings} == {"balloons", "fish"}
    press(reviewed, Qt.Key.Key_K)
    wait_until_written(qtbot, reviewed)
    choose(panel.choices.which, ALL)
    assert len(panel.queue.findings) == 80
    choose(panel.choices.name, "")
    choose(panel.choices.kind, OUTLIER)
    assert panel.queue.findings == [outlier]
    texts = [panel.choices.kind.itemText(place) for place in range(2)]
    assert texts == ["Labels (159)", "Duplicates (0)"]


def test_after_a_restart_one_goes_on_where_one_was(qtbot, reviewed, flipped):
    panel = find(qtbot, reviewed)
    for _ in range(3):
        press(reviewed, Qt.Key.Key_S)
    wait_until_written(qtbot, reviewed)
    was = panel.queue.current
    reviewed.close()
    qtbot.waitUntil(lambda: not reviewed.isVisible(), timeout=JOB_MS)
    again = MainWindow(settings_store.load())
    again.show()
    try:
        open_and_wait(qtbot, again, flipped)
        qtbot.waitUntil(lambda: again.project.state.quality is not None, timeout=SOON_MS)
        assert again.pages.map.review.isVisible()
        for _ in range(2):  # closed, and opened again
            press(again, Qt.Key.Key_F6)
        assert again.pages.map.review.queue.current == was
        press(again, Qt.Key.Key_Backspace)  # the answers of then are not those of now
        wait_until_written(qtbot, again)
        assert again.pages.map.review.queue.current == was
        assert "no answer of this session" in again.pages.map.review.told.text()
    finally:
        again.close()
        qtbot.waitUntil(lambda: not again.isVisible(), timeout=JOB_MS)
        again.deleteLater()


def test_retraining_says_what_the_repair_was_worth(qtbot, reviewed):
    training = reviewed.pages.map.training
    training.classifier.setCurrentIndex(training.classifier.findData("knn"))
    reviewed._actions["train"].trigger()
    wait_for_job(qtbot, reviewed)
    before = reviewed.project.state.trained.report.accuracy
    panel = find(qtbot, reviewed)
    assert not reviewed.pages.map.training.isVisible()
    for _ in range(4 * EACH):
        press(reviewed, Qt.Key.Key_A)
    wait_until_written(qtbot, reviewed)
    said = heard(reviewed)
    press(reviewed, Qt.Key.Key_R, CTRL)
    wait_for_job(qtbot, reviewed)
    after = reviewed.project.state.trained.report.accuracy
    assert after > before
    assert said[-1].startswith(f"{after:.1%} recognised, {before:.1%} before. ")
    assert panel.queue.counts[LABEL].total < 4 * EACH


def test_excluded_images_are_grey_and_can_be_taken_in_again(qtbot, reviewed):
    page = reviewed.pages.map
    search = page.controls.search
    search.setText("fish")
    QTest.keyClick(search, Qt.Key.Key_Return)
    page.map.setFocus()
    press(reviewed, Qt.Key.Key_E)
    wait_until_written(qtbot, reviewed)
    assert legend_of(reviewed)["(excluded)"] == "40"
    assert "fish" not in legend_of(reviewed)
    state = reviewed.project.state
    assert tuple(state.colouring.colours[state.selections.present[0]]) == NOTHING
    press(reviewed, Qt.Key.Key_Escape)
    reviewed._actions["select_excluded"].trigger()
    assert len(reviewed.project.state.selections.present) == 40
    press(reviewed, Qt.Key.Key_E, SHIFT)
    wait_until_written(qtbot, reviewed)
    assert legend_of(reviewed)["fish"] == "40"
    assert "(excluded)" not in legend_of(reviewed)


def test_a_key_that_is_held_answers_one_finding(qtbot, reviewed):
    panel = show(reviewed, *doubts(reviewed, 5))
    for is_repeated in (False, True, True):
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_K, NONE, "k", is_repeated)
        QApplication.sendEvent(reviewed.focusWidget(), event)
    wait_until_written(qtbot, reviewed)
    assert panel.count.text() == "1 of 5 looked at"


def test_points_are_coloured_by_how_doubtful_their_label_is(qtbot, reviewed):
    controls = reviewed.pages.map.controls
    place = controls.colour.findData(SUSPICION)
    assert not controls.colour.model().item(place).isEnabled()
    panel = find(qtbot, reviewed)
    assert controls.colour.model().item(place).isEnabled()
    choose(controls.colour, SUSPICION)
    assert reviewed.pages.map.legend.title.text() == SUSPICION
    assert reviewed.statusBar().currentMessage() == "Colours: Suspicion."
    (row,) = reviewed.project.rows_of([panel.queue.current.path])
    colouring = reviewed.project.state.colouring
    assert tuple(colouring.colours[row]) != NOTHING
    press(reviewed, Qt.Key.Key_E)
    wait_until_written(qtbot, reviewed)
    assert tuple(reviewed.project.state.colouring.colours[row]) == NOTHING
    press(reviewed, Qt.Key.Key_Backspace)
    wait_until_written(qtbot, reviewed)
    assert np.array_equal(reviewed.project.state.colouring.colours, colouring.colours)


def test_changes_are_exported(qtbot, reviewed, tmp_path):
    (finding,) = doubts(reviewed, 1)
    show(reviewed, finding)
    press(reviewed, Qt.Key.Key_A)
    wait_until_written(qtbot, reviewed)
    file = tmp_path / "changes.csv"
    said = heard(reviewed)
    reviewed._actions["export_edits"].trigger()
    save_as(reviewed, file.with_suffix(""))
    wait_for_job(qtbot, reviewed)
    assert finding.path in file.read_text(encoding="utf-8")
    assert said[-1].startswith("Written: changes.csv")


def test_pictures_marked_in_the_gallery_get_a_class(qtbot, reviewed):
    page = reviewed.pages.map
    gallery = page.gallery

    def click(place: int, held=NONE) -> None:
        rect = gallery.list.visualRect(gallery.model.index(place))
        button = Qt.MouseButton.LeftButton
        qtbot.mouseClick(gallery.list.viewport(), button, held, pos=rect.center())

    click(0)
    click(2, CTRL)
    assert len(reviewed.project.state.at_hand) == 2
    press(reviewed, Qt.Key.Key_C)
    assert page.class_field.title.text() == "Class of 2 images"
    QTest.keyClicks(page.class_field.edit, "boats")
    QTest.keyClick(page.class_field.edit, Qt.Key.Key_Return)
    wait_until_written(qtbot, reviewed)
    labels = reviewed.project.state.projection.labels
    assert [row for row, label in enumerate(labels) if label == "boats"] == [0, 2]
    assert len(reviewed.project.state.at_hand) == 2
    click(1)
    assert reviewed.project.state.at_hand.tolist() == [1]


def test_changes_are_applied_to_the_disk_and_reverted_through_the_dialog(qtbot, reviewed, flipped):
    before = sorted(path.relative_to(flipped) for path in flipped.rglob("*.*"))
    first, second = doubts(reviewed, 2)
    panel = show(reviewed, first, second)
    press(reviewed, Qt.Key.Key_A)
    press(reviewed, Qt.Key.Key_E)
    wait_until_written(qtbot, reviewed)
    assert panel.disk.text.text() == "2 changes not on the disk yet."
    points = reviewed.project.state.projection.points
    reviewed.project.select_paths([first.path])
    qtbot.mouseClick(panel.disk.button, Qt.MouseButton.LeftButton)
    dialog = dialog_of(qtbot, reviewed)
    rows = {dialog.table.model().index(row, 0).data(): dialog.table.model().index(row, 1).data()
            for row in range(dialog.table.model().rowCount())}  # fmt: skip
    target = f"{first.suggested}/{Path(first.path).name}"
    assert rows[first.path] == target
    assert rows[second.path].startswith("_excluded/")
    said = heard(reviewed)
    qtbot.mouseClick(dialog.apply_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any("moved" in each for each in said), timeout=JOB_MS)
    wait_for_job(qtbot, reviewed)
    assert (flipped / target).is_file()
    assert (flipped / rows[second.path]).is_file()
    state = reviewed.project.state
    assert len(points) - 1 == len(state.projection.points)
    assert [state.projection.paths[row] for row in state.selections.present] == [target]
    assert panel.disk.text.text() == "2 files were moved on the disk."
    reviewed._actions["revert_edits"].trigger()
    dialog = dialog_of(qtbot, reviewed)
    qtbot.mouseClick(dialog.apply_button, Qt.MouseButton.LeftButton)
    wait_for_job(qtbot, reviewed)
    qtbot.waitUntil(lambda: (flipped / first.path).is_file(), timeout=JOB_MS)
    wait_for_job(qtbot, reviewed)
    assert sorted(path.relative_to(flipped) for path in flipped.rglob("*.*")) == before


def test_moving_files_that_was_cut_short_goes_on_after_a_question(qtbot, window, flipped):
    root = flipped.with_name("pictures.embedding")
    with Workspace.open(root) as workspace:
        image = workspace.dataset().images[0]
        workspace.assign([image.path], "boats")
    plan = plan_edits(root)
    with Workspace.open(root) as workspace:
        workspace.moves.begin(plan.moves)  # and then the program was killed
    open_and_wait(qtbot, window, flipped)
    asked = dialog_of(qtbot, window, QMessageBox)
    assert "1 file was still to be moved" in asked.text() + asked.informativeText()
    move = next(each for each in asked.buttons() if "Move the rest" in each.text())
    qtbot.mouseClick(move, Qt.MouseButton.LeftButton)
    dialog = dialog_of(qtbot, window, ApplyDialog)
    qtbot.mouseClick(dialog.apply_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil((flipped / plan.moves[0].target).is_file, timeout=JOB_MS)
    wait_for_job(qtbot, window)
