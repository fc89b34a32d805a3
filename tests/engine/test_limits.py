"""Computing keeps to the cores and to the memory that were chosen for it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from engine import converted, limits, memory, openvino_model
from engine.backbones import BACKBONES, estimate_seconds
from engine.cli import main
from engine.dataset import read_dataset
from engine.engine_process import EngineProcess
from engine.errors import EngineError
from engine.extract import embed_batches
from engine.memory import MemoryLimitError
from engine.own_process import OwnProcess
from engine.pipeline import ExtractOptions, extract
from engine.progress import Progress
from engine.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
LIMIT_MB, MORE_MB = 600, 900
ENVIRONMENT = """
import os
from engine import limits
limits.choose(cores=1)
print(os.environ["OMP_NUM_THREADS"], os.environ["OPENBLAS_NUM_THREADS"])
limits.choose()
print(os.environ["OMP_NUM_THREADS"], os.environ.get("OPENBLAS_NUM_THREADS"))
"""
COMMAND = """
from threadpoolctl import threadpool_info
from engine.cli import main
main(["backbones"])
print({library["num_threads"] for library in threadpool_info()})
"""


@pytest.fixture(autouse=True)
def _no_limits():
    limits.choose()
    yield
    limits.choose()


class Far:
    """What the tests ask for; it is made at the far end."""

    def pid(self, progress: Progress) -> int:
        return os.getpid()

    def threads(self, progress: Progress) -> set[int]:
        import sklearn  # noqa: F401 - brings OpenMP
        from threadpoolctl import threadpool_info

        return {library["num_threads"] for library in threadpool_info()}

    def hoard(self, progress: Progress, megabytes: int) -> None:
        held = []
        for done in range(0, megabytes, 50):
            progress.report("Hoarding", done, megabytes)
            held.append(np.ones(50_000_000, np.uint8))

    def hoard_at_once(self, progress: Progress, megabytes: int) -> None:
        held = np.ones(megabytes * 1_000_000, np.uint8)
        time.sleep(3600)
        del held


def pid(progress: Progress) -> int:
    return os.getpid()


def cores_there(progress: Progress) -> int:
    return limits.cores()


@pytest.fixture
def process():
    with OwnProcess(Far, "It ended with {code}; try again.") as process:
        yield process


def test_without_a_choice_there_is_no_limit():
    assert limits.cores() == limits.available_cores() >= 1
    assert (limits.chosen_cores(), limits.memory_mb()) == (0, 0)


def test_no_more_cores_are_used_than_there_are(monkeypatch):
    monkeypatch.setattr(limits, "available_cores", lambda: 4)
    limits.choose(cores=3)
    assert limits.cores() == 3
    limits.choose(cores=64)
    assert limits.cores() == 4


def test_another_process_keeps_to_the_cores_in_all_its_libraries():
    limits.choose(cores=1)
    with OwnProcess(Far, "ended") as process:
        assert process.ask("threads") == {1}


def test_threads_that_the_user_has_set_stay_as_they_are():
    environment = {**os.environ, "OMP_NUM_THREADS": "3"}
    done = subprocess.run(
        [sys.executable, "-c", ENVIRONMENT],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines() == ["3 1", "3 None"]


def test_the_guessed_time_follows_the_cores(monkeypatch):
    monkeypatch.setattr(limits, "available_cores", lambda: 4)
    all_cores = estimate_seconds(BACKBONES["VGG16"], 1000, 224)
    limits.choose(cores=1)
    assert 3 < estimate_seconds(BACKBONES["VGG16"], 1000, 224) / all_cores <= 4


def test_a_backbone_runs_on_as_many_cores_as_were_chosen():
    (file,) = converted.bundled_folder().glob("MobileNetV2-*.xml")
    limits.choose(cores=1)
    compiled = openvino_model.compile_for_here(file, openvino_model.EXACT)
    assert compiled.get_property("INFERENCE_NUM_THREADS") == 1


def test_on_fewer_cores_no_picture_is_read_while_the_model_works(small_folder):
    opened: list[str] = []
    given = 0

    def model(pixels: np.ndarray) -> np.ndarray:
        nonlocal given
        given += len(pixels)
        before.append((len(opened), given))
        time.sleep(0.02)
        after.append((len(opened), given))
        return pixels.mean(axis=(1, 2)).astype(np.float32)

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and str(arguments[0]).startswith(str(small_folder)):
            opened.append(str(arguments[0]))

    images = read_dataset(small_folder).images
    sys.addaudithook(hear)  # there is no taking it away
    before: list[tuple[int, int]] = []
    after: list[tuple[int, int]] = []
    limits.choose(cores=1)
    for _ in embed_batches(small_folder, images, model, side=32, batch_size=4):
        pass
    assert before == after == [(number, number) for number in range(4, 25, 4)]


def test_an_extraction_on_one_core_gives_the_same_vectors(small_folder, tmp_path):
    def vectors_of(name: str) -> np.ndarray:
        done = extract(small_folder, tmp_path / name, ExtractOptions(precision="exact"))
        with Workspace.open(done.workspace) as workspace:
            return workspace.embeddings(done.recipe).vectors

    of_all = vectors_of("all")
    limits.choose(cores=1)
    np.testing.assert_allclose(vectors_of("one"), of_all, rtol=1e-3, atol=1e-4)


def test_a_job_that_takes_too_much_ends_and_the_next_one_works(process):
    limits.choose(memory_mb=LIMIT_MB)
    first = process.ask("pid")
    with pytest.raises(MemoryLimitError, match=r"more than the 0\.6 GB of memory"):
        process.ask("hoard", MORE_MB)
    assert process.ask("pid") != first
    process.ask("hoard", 100)


def test_a_job_that_takes_too_much_and_reports_nothing_is_ended(process):
    limits.choose(memory_mb=LIMIT_MB)
    with pytest.raises(MemoryLimitError):
        process.ask("hoard_at_once", MORE_MB)
    process.ask("hoard", 100)


def test_without_a_limit_a_job_takes_what_it_needs(process):
    process.ask("hoard", MORE_MB)


def test_a_process_does_not_count_what_the_one_that_started_it_has(process):
    held = np.ones(MORE_MB * 1_000_000, np.uint8)
    limits.choose(memory_mb=LIMIT_MB)
    process.ask("hoard", 100)
    assert memory.taken_mb() > held.nbytes / 1e6


def test_the_engine_has_a_new_process_after_other_limits_were_chosen():
    engine, progress = EngineProcess(), Progress()
    try:
        first = engine.call(pid, progress=progress)
        limits.choose(cores=1)
        assert engine.call(pid, progress=progress) == first
        engine.renew()
        assert engine.call(cores_there, progress=progress) == 1
        assert engine.call(pid, progress=progress) != first
    finally:
        engine.close()


@pytest.mark.parametrize("name", [limits.CORES, limits.MEMORY])
def test_a_command_refuses_a_limit_that_is_no_number(monkeypatch, capsys, name):
    monkeypatch.setenv(name, "many")
    with pytest.raises(EngineError):
        limits.check()
    assert main(["backbones"]) == 1
    assert f"error: {name} is “many”; set it to a whole number" in capsys.readouterr().err


def test_a_command_ends_at_the_limit_of_memory(monkeypatch, capsys, small_folder, tmp_path):
    monkeypatch.setenv(limits.MEMORY, "1")
    assert main(["extract", str(small_folder), "--workspace", str(tmp_path / "w")]) == 1
    assert "more than the 0.001 GB of memory" in capsys.readouterr().err


def test_a_command_keeps_to_the_cores():
    done = subprocess.run(
        [sys.executable, "-c", COMMAND],
        cwd=ROOT, env={**os.environ, limits.CORES: "1"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "{1}"
