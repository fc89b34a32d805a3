"""What is shown stays so when the window is made anew in another language."""

import shutil

import numpy as np
import pytest
from language_fixtures import speak
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from review_fixtures import CTRL, choose, doubts, press, show, wait_until_written
from window_fixtures import JOB_MS, SOON_MS, move, open_and_wait, wait_for_job

from desktop.main_window import MainWindow
from desktop.program import Program
from desktop.review_binding import REST_MS
from desktop.views.training_options import DENSE, HOLDOUT, TUNED
from engine.colouring import CLASSES, CLUSTERS, CONFIDENCE, SUSPICION
from engine.pipeline import ExtractOptions
from engine.quality.findings import LABEL, OUTLIER, Finding
from engine.quality.queue import Wanted

pytestmark = pytest.mark.gl


def opened(qtbot, program: Program, folder) -> MainWindow:
    open_and_wait(qtbot, program.window, folder)
    return program.window


def looked_at(window: MainWindow) -> tuple:
    """What is looked at on the map, and from where."""
    state = window.project.state
    return state.selections.present.tolist(), state.picked, window.pages.map.map.camera()


def rest(qtbot, window: MainWindow) -> None:
    """Wait until nothing that was only just begun would change what is shown."""
    qtbot.wait(3 * REST_MS)
    qtbot.waitUntil(lambda: not window.parts.busy, timeout=JOB_MS)


def test_the_report_of_a_training_stays_open(qtbot, program, pictures):
    window = opened(qtbot, program, pictures)
    press(window, Qt.Key.Key_T, CTRL)
    wait_for_job(qtbot, window)
    panel = window.pages.map.training
    accuracy, model = panel.accuracy.text(), panel.model.text()
    assert panel.report.isVisible()
    for language in ("bn", "en"):
        speak(qtbot, program, language)
        rest(qtbot, program.window)
        panel = program.window.pages.map.training
        assert panel.report.isVisible()
        assert not panel.models_section.is_open, "the report is not pushed down"
        assert (panel.accuracy.text(), panel.model.text()) == (accuracy, model)
        assert len(program.window.project.state.models) == 1


@pytest.mark.parametrize("title", [CLUSTERS, CONFIDENCE, SUSPICION])
def test_the_map_keeps_its_colours_and_hidden_groups(qtbot, program, pictures, title):
    window = opened(qtbot, program, pictures)
    for name in ("train", "find_quality"):
        window._actions[name].trigger()
        wait_for_job(qtbot, window)
    choose(window.pages.map.controls.colour, title)
    wait_for_job(qtbot, window)
    colouring = window.project.state.colouring
    assert colouring.title == title
    for group in list(colouring.palette)[:1]:
        window.pages.map.legend.list.topLevelItem(0).setCheckState(0, Qt.CheckState.Unchecked)
        assert window.pages.map.legend.hidden == {group}
    hidden = window.pages.map.legend.hidden
    speak(qtbot, program, "bn")
    rest(qtbot, program.window)
    page = program.window.pages.map
    assert page.controls.colour.currentData() == title
    assert np.array_equal(program.window.project.state.colouring.colours, colouring.colours)
    assert page.legend.hidden == hidden
    choose(page.controls.colour, CLASSES)
    assert program.window.project.state.colouring.title == CLASSES


def test_the_map_is_seen_from_where_it_was_with_the_same_image_picked(qtbot, program, pictures):
    window = opened(qtbot, program, pictures)
    window.project.select(np.array([3, 5, 8]))
    window.project.pick(5)
    for key in (Qt.Key.Key_1, Qt.Key.Key_Plus, Qt.Key.Key_G, Qt.Key.Key_P):
        press(window, key)
    before = looked_at(window)
    names = ("show_grid", "show_axes", "show_names", "show_pictures")
    switches = [window._actions[name].isChecked() for name in names]
    speak(qtbot, program, "bn")
    window = program.window
    rest(qtbot, window)
    assert looked_at(window) == before
    assert [window._actions[name].isChecked() for name in names] == switches
    assert window.pages.map.card.isVisible()
    press(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.project.state.selections.present.tolist() == [], "the selection before"


def test_an_image_that_is_taken_in_again_has_its_colour_back(qtbot, program, pictures):
    window = opened(qtbot, program, pictures)
    coloured = window.project.state.colouring.colours.copy()
    window.project.select(np.array([3]))
    window._actions["exclude_images"].trigger()
    wait_until_written(qtbot, window)
    speak(qtbot, program, "bn")
    window = program.window
    assert not np.array_equal(window.project.state.colouring.colours, coloured)
    window._actions["include_images"].trigger()
    wait_until_written(qtbot, window)
    assert np.array_equal(window.project.state.colouring.colours, coloured)


def test_the_review_goes_on_where_it_was(qtbot, program, flipped):
    window = opened(qtbot, program, flipped)
    first, _, third, *_ = findings = doubts(window, 9)
    show(window, *findings)
    press(window, Qt.Key.Key_A)
    wait_until_written(qtbot, window)
    press(window, Qt.Key.Key_Down)
    rest(qtbot, window)
    window.project.pick(100)  # on the map, what is not reviewed
    window.pages.map.map.look_from(30, 40)
    before = looked_at(window)
    for language in ("bn", "en"):
        speak(qtbot, program, language)
        rest(qtbot, program.window)
        assert program.window.pages.map.review.isVisible()
        assert program.window.pages.map.review.queue.current == third
        assert looked_at(program.window) == before
    window = program.window
    window.pages.map.review.go_to_keys()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Backspace)
    wait_until_written(qtbot, window)
    assert window.pages.map.review.queue.current == first, "Back takes back what was said before"


def test_the_page_on_which_the_backbone_is_chosen_stays(qtbot, program, small_folder):
    window = opened(qtbot, program, small_folder)
    assert window.pages.currentWidget() is window.pages.setup
    speak(qtbot, program, "bn")
    window = program.window
    assert window.pages.currentWidget() is window.pages.setup
    window.pages.setup.start_requested.emit(window.pages.setup.options())
    qtbot.waitUntil(lambda: window.runner.busy, timeout=SOON_MS)
    wait_for_job(qtbot, window)
    assert window.project.state.projection is not None


def test_what_was_chosen_for_an_embedding_stays(qtbot, program, small_folder, tmp_path):
    window = opened(qtbot, program, small_folder)
    setup, weights = window.pages.setup, tmp_path / "weights.h5"
    setup.use_weights_file(weights)
    setup.backbones.setFocus()
    for letter in "VGG16":
        qtbot.keyClick(setup.backbones, letter)
    setup.image_size.setValue(128)
    choose(setup.pooling, "max")
    choose(setup.precision, "exact")
    chosen = ExtractOptions(
        "VGG16", str(weights), image_size=128, pooling="max", precision="exact", live_map=True
    )
    assert setup.options() == chosen
    for language in ("bn", "en"):
        speak(qtbot, program, language)
        setup = program.window.pages.setup
        assert setup.options() == chosen
        assert setup.backbones.currentItem().text(0) == "VGG16"
        assert setup.backbones.currentItem().text(1) == "weights.h5"


def test_what_was_chosen_for_a_training_stays(qtbot, program, pictures):
    window = opened(qtbot, program, pictures)
    press(window, Qt.Key.Key_F7)
    panel = window.pages.map.training
    choose(panel.judging, "10-fold")
    choose(panel.classifier, DENSE)
    panel.asks.dense.layers.setText("64, 32")
    panel.asks.dense.dropout.setValue(0.2)
    panel.asks.dense.epochs.setValue(7)
    panel.asks.dense.batch_size.setValue(16)
    panel.asks.dense.patience.setValue(3)
    dense = panel.options
    speak(qtbot, program, "bn")
    panel = program.window.pages.map.training
    assert panel.options == dense
    assert panel.asks.dense.layers.isVisible()
    choose(panel.classifier, TUNED)
    panel.asks.tuning.unfreeze.setValue(9)
    panel.asks.tuning.epochs.setValue(4)
    panel.asks.tuning.augment.setChecked(True)
    tuning = panel.options
    speak(qtbot, program, "en")
    panel = program.window.pages.map.training
    assert panel.options == tuning
    assert panel.judging.currentData() == HOLDOUT
    assert not panel.judging.isEnabled(), "a backbone is tuned once"
    choose(panel.classifier, DENSE)
    assert panel.options == dense


def test_a_kind_of_which_everything_is_looked_at_stays_finished(qtbot, program, flipped):
    window = opened(qtbot, program, flipped)
    doubt, other = doubts(window, 2)
    review = show(window, doubt, Finding(OUTLIER, other.path, 0.5, other.given))
    press(window, Qt.Key.Key_A)
    wait_until_written(qtbot, window)
    rest(qtbot, window)
    assert review.queue.current is None
    says, before = review.none.text(), looked_at(window)
    for language in ("bn", "en"):
        speak(qtbot, program, language)
        rest(qtbot, program.window)
        review = program.window.pages.map.review
        assert review.queue.place == (Wanted(), None)
        assert review.none.isVisible()
        assert looked_at(program.window) == before
    assert review.none.text() == says
    choose(review.choices.kind, OUTLIER)
    assert review.queue.current.path == other.path


def test_search_tool_and_what_a_map_is_to_be_made_with_stay(qtbot, program, pictures):
    window = opened(qtbot, program, pictures)
    controls = window.pages.map.controls
    controls.search.setFocus()
    qtbot.keyClicks(controls.search, "fish")
    qtbot.keyClick(controls.search, Qt.Key.Key_Return)
    window._actions["use_box"].trigger()
    controls.form.neighbors.setValue(4)
    controls.form.min_dist.setValue(0.35)
    controls.form.perplexity.setValue(5)
    controls.form.seed.setValue(11)
    choose(controls.form.metric_box, "euclidean")
    choose(controls.form.axis_from, "fish")
    choose(controls.form.axis_to, "trees")
    chosen, selected = controls.form.options(3), window.project.state.selections.present
    assert len(selected) == 8
    speak(qtbot, program, "bn")
    window = program.window
    controls = window.pages.map.controls
    assert controls.search.text() == "fish"
    assert controls.form.options(3) == chosen
    assert np.array_equal(window.project.state.selections.present, selected)
    view, left = window.pages.map.map, Qt.MouseButton.LeftButton
    first, last = QPoint(4, 4), QPoint(view.width() - 4, view.height() - 4)
    qtbot.mousePress(view, left, pos=first)
    move(view, last, left)
    qtbot.mouseRelease(view, left, pos=last)
    assert len(window.project.state.selections.present) == 24, "a drag still draws a box"


def test_the_gallery_is_scrolled_to_the_same_pictures(qtbot, program, flipped):
    window = opened(qtbot, program, flipped)

    def is_first(place: int) -> bool:
        pictures = program.window.pages.map.gallery.list
        rect = pictures.visualRect(pictures.model().index(place, 0))
        return rect.top() <= 0 < rect.bottom()

    bar = window.pages.map.gallery.list.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0, timeout=SOON_MS)
    bar.setValue(bar.maximum() // 2)
    first = window.pages.map.gallery.list.indexAt(QPoint(0, 0)).row()
    assert first > 0
    assert is_first(first)
    for language in ("bn", "en"):
        speak(qtbot, program, language)
        rest(qtbot, program.window)
        assert is_first(first)


def test_a_place_in_the_review_is_not_taken_into_another_folder(
    qtbot, program, flipped, embedded_folder, tmp_path
):
    another = tmp_path / "another"
    shutil.copytree(embedded_folder.with_name("pictures.embedding"), tmp_path / "another.embedding")
    shutil.copytree(embedded_folder, another)
    window = opened(qtbot, program, flipped)
    doubt, other = doubts(window, 2)
    review = show(window, doubt, Finding(OUTLIER, other.path, 0.5, other.given))
    review.queue.choose(Wanted(OUTLIER))
    press(window, Qt.Key.Key_F6)
    assert not review.isVisible()
    speak(qtbot, program, "bn")
    window = opened(qtbot, program, another)
    images = window.project.state.opened.dataset.images
    doubt = Finding(LABEL, images[0].path, 0.9, images[0].label, "trees")
    review = show(window, doubt, Finding(OUTLIER, images[1].path, 0.5, images[1].label))
    assert review.queue.current == doubt
