"""The window lets a process of its own compute, which ends with it."""

import os
from multiprocessing import active_children

import pytest
from window_fixtures import SOON_MS, at_the_start, wait_for_job

from engine import limits, pipeline
from engine.progress import Progress


def test_the_process_that_computes_ends_with_the_window(qtbot, window, sample_folder, tmp_path):
    before = set(active_children())
    root = tmp_path / "no workspace yet"
    call = window.parts.engine.call
    opened = call(pipeline.open_folder, sample_folder, root, progress=Progress())
    assert len(opened.dataset.images) == 320
    assert len(set(active_children()) - before) == 1
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=SOON_MS)
    assert set(active_children()) <= before


@pytest.fixture
def four_cores(monkeypatch):
    monkeypatch.setattr(limits, "available_cores", lambda: 4)
    yield
    limits.choose()


def pid(progress: Progress) -> int:
    return os.getpid()


def memory_there(progress: Progress) -> int:
    return limits.memory_mb()


def test_other_limits_hold_for_the_next_job_in_a_new_process(qtbot, four_cores, window):
    call, preferences = window.parts.engine.call, window.preferences
    first = call(pid, progress=Progress())
    preferences.change(hinted=False)
    assert call(pid, progress=Progress()) == first, "they are as they were"
    preferences.change(cores=3, memory_mb=2000)
    assert (limits.cores(), limits.memory_mb()) == (3, 2000)
    assert call(memory_there, progress=Progress()) == 2000
    assert call(pid, progress=Progress()) != first
    preferences.change(cores=0, memory_mb=0)
    assert (limits.chosen_cores(), limits.memory_mb()) == (0, 0)


def test_limits_change_when_the_job_has_ended(qtbot, four_cores, window, small_folder):
    during = []

    def change() -> None:
        window.preferences.change(cores=1)
        during.append(limits.cores())

    at_the_start(window, change)
    window.open_path(small_folder)
    wait_for_job(qtbot, window)
    assert (during, limits.cores()) == ([4], 1)
