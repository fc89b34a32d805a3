"""A long job says where it is, and can be held and stopped."""

import threading

import pytest

from engine.progress import Cancelled, Progress, Step


def test_the_listener_hears_every_step():
    heard = []
    progress = Progress(heard.append)
    progress.report("Embedding", 1, 2, partial="map")
    assert heard == [Step("Embedding", 1, 2, "map")]


def test_another_listener_hears_the_steps_first():
    heard = []
    progress = Progress(lambda step: heard.append(("first", step.done)))
    shared = progress.heard_by(lambda step: heard.append(("other", step.done)))
    shared.report("Embedding", 1)
    assert heard == [("other", 1), ("first", 1)]
    progress.cancel()
    with pytest.raises(Cancelled):
        shared.report("Embedding", 2)


def test_a_cancelled_job_stops_at_its_next_report():
    progress = Progress()
    progress.report("Embedding")
    progress.cancel()
    with pytest.raises(Cancelled):
        progress.report("Embedding")


def test_a_paused_job_waits_at_its_report_until_it_is_resumed():
    progress, passed = Progress(), threading.Event()
    progress.pause()
    job = threading.Thread(target=lambda: (progress.report("Embedding"), passed.set()))
    job.start()
    assert not passed.wait(0.2)
    progress.resume()
    assert passed.wait(5)
    job.join()


def test_cancelling_ends_a_pause():
    progress, outcome = Progress(), []

    def job() -> None:
        try:
            progress.report("Embedding")
        except Cancelled:
            outcome.append("cancelled")

    progress.pause()
    thread = threading.Thread(target=job)
    thread.start()
    progress.cancel()
    thread.join(5)
    assert outcome == ["cancelled"]
