"""The job bar says how far, how fast and how long."""

import pytest
from window_fixtures import SOON_MS

from desktop.views.job_bar import JobBar, Rate, in_words
from engine.progress import Step


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (8, "8 s"), (89, "89 s"), (90, "2 min"), (3000, "50 min"), (3600, "1 h"),
     (7800, "2 h 10 min"), (40_000, "11 h")],
)  # fmt: skip
def test_durations_are_said_as_a_person_would(seconds, words):
    assert in_words(seconds) == words


def test_the_rate_is_known_after_two_seconds():
    rate = Rate()
    for second in range(4):
        rate.add(Step("Embedding", 100 * second, 1000), float(second))
    assert rate.per_second == pytest.approx(100)


def test_the_rate_starts_afresh_with_each_stage():
    rate = Rate()
    for second in range(4):
        rate.add(Step("Embedding", 100 * second, 1000), float(second))
    rate.add(Step("Projecting", 0, 10), 5.0)
    assert rate.per_second == 0


def test_images_that_were_there_before_do_not_count_into_the_rate():
    rate = Rate()
    for second in range(4):
        rate.add(Step("Embedding", 5000 + 10 * second, 6000), float(second))
    assert rate.per_second == pytest.approx(10)


def test_cancel_is_answered_at_once(qtbot):
    bar = JobBar()
    qtbot.addWidget(bar)
    bar.start("Embedding images")
    with qtbot.waitSignal(bar.cancel_requested, timeout=SOON_MS):
        bar.cancel_button.click()
    assert not bar.cancel_button.isEnabled()


def test_the_pause_button_becomes_the_resume_button(qtbot):
    bar = JobBar()
    qtbot.addWidget(bar)
    bar.start("Embedding images")
    with qtbot.waitSignal(bar.pause_requested, timeout=SOON_MS) as paused:
        bar.pause_button.click()
    assert paused.args == [True]
    assert bar.pause_button.text() == "Resume"
