"""Dense layers and a fine-tuned backbone are trained by clicking, watched, and judged."""

import pytest
from PySide6.QtCore import Qt
from window_fixtures import JOB_MS, SOON_MS, wait_for_job

from desktop.main_window import MainWindow
from desktop.views.training_options import DENSE, HOLDOUT, TUNED
from engine.history import History
from engine.pipeline import FinetuneOptions

pytestmark = [pytest.mark.gl, pytest.mark.keras]


@pytest.fixture
def panel(embedded):
    """The panel of the classifier beside the map of 24 pictures."""
    embedded._actions["show_training"].trigger()
    return embedded.pages.map.training


def choose(panel, name: str) -> None:
    panel.classifier.setCurrentIndex(panel.classifier.findData(name))


def train(qtbot, window: MainWindow, panel) -> None:
    qtbot.mouseClick(panel.train_button, Qt.MouseButton.LeftButton)
    wait_for_job(qtbot, window)


def test_only_what_is_chosen_asks_for_its_options(panel):
    shown = {}
    for name in ("logistic", DENSE, TUNED, "knn"):
        choose(panel, name)
        shown[name] = (panel.asks.dense.layers.isVisible(), panel.asks.tuning.augment.isVisible())
    assert shown == {
        "logistic": (False, False), DENSE: (True, False), TUNED: (False, True),
        "knn": (False, False),
    }  # fmt: skip


def test_a_backbone_is_tuned_once_and_the_choice_before_comes_back(panel):
    panel.judging.setCurrentIndex(1)
    before = panel.judging.currentText()
    choose(panel, TUNED)
    assert panel.judging.currentData() == HOLDOUT
    assert not panel.judging.isEnabled()
    choose(panel, "logistic")
    assert panel.judging.currentText() == before
    assert panel.judging.isEnabled()


def test_layers_are_typed_as_numbers(qtbot, panel):
    choose(panel, DENSE)
    panel.asks.dense.layers.selectAll()
    qtbot.keyClicks(panel.asks.dense.layers, "x64, 32")
    assert panel.options.head.layers == (64, 32)
    panel.asks.dense.layers.clear()
    assert panel.options.head.layers == ()


def test_dense_layers_are_watched_while_they_learn(qtbot, embedded, panel):
    choose(panel, DENSE)
    panel.asks.dense.epochs.setValue(8)
    panel.judging.setCurrentText(HOLDOUT)
    qtbot.mouseClick(panel.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.live.isVisible(), timeout=JOB_MS)
    assert "the best so far is number" in panel.live.says.text()
    wait_for_job(qtbot, embedded)
    assert not panel.live.isVisible()
    training = embedded.project.state.trained.training
    assert isinstance(training.history, History)
    assert len(training.history.epochs) <= 8
    assert panel.epochs_section.isVisible()
    lines = panel.epochs.accuracy.plot.lines
    assert [len(line.points) for line in lines] == [len(training.history.epochs)] * 2


@pytest.mark.slow
def test_a_backbone_is_tuned_by_clicking_and_ended_early(qtbot, embedded, panel):
    choose(panel, TUNED)
    panel.asks.tuning.epochs.setValue(500)
    panel.asks.tuning.unfreeze.setValue(3)
    qtbot.mouseClick(panel.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.live.isVisible(), timeout=JOB_MS)
    qtbot.mouseClick(embedded.parts.job_bar.finish_button, Qt.MouseButton.LeftButton)
    wait_for_job(qtbot, embedded)
    done = embedded.project.state.trained
    assert isinstance(done.training.options, FinetuneOptions)
    assert len(done.training.history.epochs) < 100
    assert "Before the backbone was tuned" in panel.facts.text()
    assert not panel.learning_section.isVisible()  # it would be tuned 15 times


def test_whether_more_pictures_would_help_is_answered(qtbot, embedded, panel):
    choose(panel, "knn")
    train(qtbot, embedded, panel)
    panel.learning_section.set_open(True)
    assert not panel.learning.curve.isVisible()
    qtbot.mouseClick(panel.learning.button, Qt.MouseButton.LeftButton)
    wait_for_job(qtbot, embedded)
    assert panel.learning.curve.isVisible()
    assert panel.learning.says.text() == embedded.project.state.learning.says
    train(qtbot, embedded, panel)
    qtbot.waitUntil(lambda: panel.learning.button.isVisible(), timeout=SOON_MS)
    assert embedded.project.state.learning is None


def test_a_reopened_report_knows_its_epochs(qtbot, embedded, panel):
    choose(panel, DENSE)
    panel.asks.dense.epochs.setValue(3)
    panel.judging.setCurrentText(HOLDOUT)
    train(qtbot, embedded, panel)
    first = embedded.project.state.trained
    choose(panel, "knn")
    train(qtbot, embedded, panel)
    assert not panel.epochs_section.isVisible()
    embedded.parts.exploration.models.open(first.model)
    wait_for_job(qtbot, embedded)
    assert embedded.project.state.trained.training.history == first.training.history
    assert embedded.project.state.trained.training.options == first.training.options
    assert panel.epochs_section.isVisible()
