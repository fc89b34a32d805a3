"""Any engine call runs in a thread of its own and comes back into the thread of the window."""

import threading

import pytest
from pytestqt.qtbot import QtBot
from window_fixtures import SOON_MS

from desktop.worker import JobRunner, LatestOnly
from engine.errors import EngineError
from engine.progress import Progress

HERE = threading.get_ident


def steps(progress: Progress, count: int = 1000) -> int:
    for done in range(count):
        progress.report("Counting", done, count)
        threading.Event().wait(0.005)
    return count


@pytest.fixture
def runner(qtbot: QtBot) -> JobRunner:
    return JobRunner()


def test_a_job_runs_in_another_thread_and_its_result_arrives_in_this_one(qtbot, runner):
    threads = []
    runner.start("Job", lambda _: HERE(), lambda result: threads.append((result, HERE())))
    qtbot.waitUntil(lambda: bool(threads), timeout=SOON_MS)
    ((worked_in, delivered_in),) = threads
    assert worked_in != HERE()
    assert delivered_in == HERE()


def test_progress_arrives_in_the_thread_of_the_window(qtbot, runner):
    seen = []
    runner.progressed.connect(lambda step: seen.append((step.stage, HERE())))
    runner.start("Job", lambda progress: steps(progress, 20), lambda _: None)
    qtbot.waitUntil(lambda: not runner.busy, timeout=SOON_MS)
    assert ("Counting", HERE()) in seen


def test_progress_is_thinned_out_but_the_last_step_always_arrives(qtbot, runner):
    seen = []

    def job(progress: Progress) -> None:
        for done in range(10_001):
            progress.report("Counting", done, 10_000)

    runner.progressed.connect(seen.append)
    with qtbot.waitSignal(runner.ended, timeout=SOON_MS):
        runner.start("Job", job, lambda _: None)
    assert len(seen) < 500
    assert seen[-1].done == 10_000


def test_cancel_stops_the_job_at_its_next_report(qtbot, runner):
    results = []
    runner.start("Job", steps, results.append)
    with qtbot.waitSignal(runner.cancelled, timeout=SOON_MS):
        runner.cancel()
    assert not results
    assert not runner.busy


def test_a_result_that_was_on_its_way_when_the_user_cancelled_is_dropped(qtbot, runner):
    results = []
    finished = threading.Event()
    runner.start("Job", lambda _: finished.set(), results.append)
    assert finished.wait(5)
    with qtbot.waitSignal(runner.cancelled, timeout=SOON_MS):
        runner.cancel()
    assert not results


def test_an_error_arrives_as_it_was_raised_and_the_runner_is_idle_again(qtbot, runner):
    def job(_: Progress) -> None:
        raise EngineError("The disk is full.")

    with qtbot.waitSignal(runner.failed, timeout=SOON_MS) as failed:
        runner.start("Job", job, lambda _: None)
    assert str(failed.args[0]) == "The disk is full."
    assert not runner.busy


def test_a_result_may_start_the_next_job(qtbot, runner):
    results = []
    runner.start(
        "First", lambda _: 1, lambda one: runner.start("Second", lambda _: one + 1, results.append)
    )
    qtbot.waitUntil(lambda: results == [2], timeout=SOON_MS)


def test_two_jobs_at_once_are_refused(qtbot, runner):
    runner.start("Job", steps, lambda _: None)
    with pytest.raises(RuntimeError, match="already running"):
        runner.start("Other", steps, lambda _: None)
    with qtbot.waitSignal(runner.cancelled, timeout=SOON_MS):
        runner.cancel()


def test_a_paused_job_holds_still_until_it_is_resumed(qtbot, runner):
    seen = []
    runner.progressed.connect(lambda step: seen.append(step.done))
    runner.start("Job", lambda progress: steps(progress, 60), lambda _: None)
    qtbot.waitUntil(lambda: bool(seen), timeout=SOON_MS)
    runner.set_paused(True)
    qtbot.wait(150)
    held_at = seen[-1]
    qtbot.wait(300)
    assert seen[-1] == held_at
    runner.set_paused(False)
    qtbot.waitUntil(lambda: not runner.busy, timeout=SOON_MS)
    assert seen[-1] > held_at


def test_a_paused_job_can_be_cancelled(qtbot, runner):
    runner.start("Job", steps, lambda _: None)
    runner.set_paused(True)
    with qtbot.waitSignal(runner.cancelled, timeout=SOON_MS):
        runner.cancel()


def test_of_many_small_jobs_the_first_and_the_newest_run(qtbot):
    latest, results = LatestOnly(), []
    release = threading.Event()
    latest.request(lambda _: release.wait(5) and "first", results.append)
    for name in ("second", "third", "newest"):
        latest.request(lambda _, name=name: name, results.append)
    release.set()
    qtbot.waitUntil(lambda: len(results) == 2, timeout=SOON_MS)
    assert results == ["first", "newest"]
