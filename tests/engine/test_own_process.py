"""Work in a process of its own is heard of, held, ended early and stopped as if it were here."""

import os
import signal
import subprocess
import sys
import threading
import time
from multiprocessing import active_children
from pathlib import Path

import numpy as np
import pytest
from helpers import posix

from engine.engine_process import EngineProcess
from engine.errors import EngineError
from engine.own_process import OwnProcess
from engine.progress import Cancelled, Progress, Step
from engine.values import Projection

ROOT = Path(__file__).resolve().parents[2]
SOON_S = 20
ORPHAN = """
import os, sys
sys.path.insert(0, "tests/engine")
from test_own_process import Far
from engine.own_process import OwnProcess
from engine.progress import Progress
with OwnProcess(Far, "ended") as process:
    print(process.ask("pid"), flush=True)
    process.ask("sleep", 60.0)
"""


class Far:
    """What the tests ask for; it is made at the far end."""

    def __init__(self) -> None:
        self._calls = 0

    def pid(self, progress: Progress) -> int:
        return os.getpid()

    def count_calls(self, progress: Progress) -> int:
        self._calls += 1
        return self._calls

    def count(self, progress: Progress, total: int) -> int:
        for done in range(total):
            progress.report("Counting", done, total)
            time.sleep(0.002)
            if progress.finishing:
                return done
        return total

    def sleep(self, progress: Progress, seconds: float) -> None:
        time.sleep(seconds)

    def refuse(self, progress: Progress) -> None:
        raise EngineError("This cannot be done; do something else.")

    def divide(self, progress: Progress) -> float:
        return 1 / int("0")

    def grow_map(self, progress: Progress) -> Projection:
        paths, labels = ("a", "b", "c"), ("", "", "")
        for number in range(3):
            points = np.full((3, 2), number, np.float32)
            made = Projection(points, paths, labels, "umap", "run", {"epochs": number})
            progress.report(f"Arranging {number}", partial=made)
        return made

    def wait_for_another(self, progress: Progress, cleared_away: Path) -> None:
        try:
            with OwnProcess(Far, "ended", grace_s=0.2) as process:
                process.ask("sleep", 3600.0, progress=progress)
        finally:
            cleared_away.touch()

    def ask_another(self, progress: Progress) -> bool:
        with OwnProcess(Far, "ended") as process:
            return bool(process.ask("pid", progress=progress) != os.getpid())


@pytest.fixture
def process():
    with OwnProcess(Far, "It ended with {code}; try again.") as process:
        yield process


def test_it_is_another_process_that_stays_between_two_calls(process):
    assert process.ask("pid") != os.getpid()
    assert [process.ask("count_calls") for _ in range(3)] == [1, 2, 3]


def test_its_steps_are_heard_here(process):
    heard: list[Step] = []
    assert process.ask("count", 5, progress=Progress(heard.append)) == 5
    assert (heard[0].stage, heard[0].done, heard[0].total) == ("Counting", 0, 5)


def test_a_growing_map_arrives_whole_at_every_step(process):
    heard: list[Step] = []
    process.ask("grow_map", progress=Progress(heard.append))
    maps = [step.partial for step in heard]
    assert [made.points[0, 0] for made in maps] == [0, 1, 2]
    assert [made.parameters["epochs"] for made in maps] == [0, 1, 2]
    assert maps[1].paths is maps[0].paths
    assert maps[2].paths == ("a", "b", "c")


def test_it_waits_while_the_job_is_paused(process):
    heard: list[Step] = []

    def listen(step: Step) -> None:
        heard.append(step)
        if len(heard) == 2:
            progress.pause()

    progress, result = Progress(listen), []

    def count() -> None:
        result.append(process.ask("count", 200, progress=progress))

    job = threading.Thread(target=count)
    job.start()
    while not progress.paused:
        time.sleep(0.01)
    time.sleep(0.5)
    assert (len(heard), result) == (2, [])
    progress.resume()
    job.join(SOON_S)
    assert result == [200]


def test_it_can_be_ended_early_with_what_there_is(process):
    progress = Progress(lambda step: progress.finish())
    assert 0 <= process.ask("count", 100_000, progress=progress) < 100_000


def test_a_cancelled_job_stops_and_the_process_stays(process):
    first = process.ask("pid")
    progress = Progress(lambda step: progress.cancel())
    with pytest.raises(Cancelled):
        process.ask("count", 100_000, progress=progress)
    assert process.ask("pid") == first


def test_a_job_that_does_not_hear_it_is_killed_and_the_next_one_gets_a_new_process(process):
    first, progress = process.ask("pid"), Progress()
    threading.Timer(0.2, progress.cancel).start()
    with pytest.raises(Cancelled):
        process.ask("sleep", 3600.0, progress=progress)
    assert process.ask("pid") != first


def test_a_job_that_waits_for_another_process_hears_it_and_clears_away(tmp_path):
    progress, cleared_away = Progress(), tmp_path / "cleared away"
    with OwnProcess(Far, "ended", grace_s=20.0) as process:
        first = process.ask("pid")
        threading.Timer(1.0, progress.cancel).start()
        with pytest.raises(Cancelled):
            process.ask("wait_for_another", cleared_away, progress=progress)
        assert cleared_away.exists()
        assert process.ask("pid") == first


def test_an_error_of_the_user_is_the_same_here(process):
    with pytest.raises(EngineError, match=r"^This cannot be done; do something else\.$"):
        process.ask("refuse")


def test_a_fault_comes_with_its_traceback(process):
    with pytest.raises(RuntimeError, match="ZeroDivisionError") as error:
        process.ask("divide")
    assert "in divide" in str(error.value)


def test_its_sudden_end_is_an_error_after_which_it_is_started_anew(process):
    first = process.ask("pid")
    threading.Timer(0.3, lambda: os.kill(first, signal.SIGTERM)).start()
    with pytest.raises(EngineError, match="It ended with -15; try again"):
        process.ask("sleep", 3600.0)
    assert process.ask("pid") != first


def test_it_may_have_a_process_of_its_own(process):
    assert process.ask("ask_another")


def test_nothing_is_left_when_it_is_closed(process):
    before = set(active_children())
    process.ask("pid")
    assert len(set(active_children()) - before) == 1
    process.close()
    assert set(active_children()) <= before


@posix
def test_it_ends_with_its_owner_even_in_the_middle_of_its_work():
    owner = subprocess.Popen(
        [sys.executable, "-c", ORPHAN], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    far = int(owner.stdout.readline())
    owner.kill()
    owner.communicate()
    until = time.monotonic() + SOON_S
    while is_alive(far):
        assert time.monotonic() < until
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that ended and that nobody waits for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_any_function_of_the_engine_can_be_called_in_it(embedded_folder):
    from engine import pipeline
    from engine.projection.options import ProjectionOptions

    engine = EngineProcess()
    heard: list[Step] = []
    try:
        made, file = engine.call(
            pipeline.project,
            embedded_folder.workspace,
            ProjectionOptions("umap", 2),
            progress=Progress(heard.append),
        )
    finally:
        engine.close()
    assert made.points.shape == (24, 2)
    assert file.is_file()
    assert any(step.partial is not None for step in heard)
