"""`self-test`: what is tried, and what is said of it."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from engine import self_test
from engine.cli import main
from engine.errors import EngineError
from engine.image_formats import FORMATS
from engine.progress import Cancelled, Progress
from engine.self_test import Check, pictures, run_checks

QUICK = ("decoding", "extraction by OpenVINO", "map: pca", "classifier: knn", "TensorBoard")


def works(folder: Path, *, progress: Progress) -> str:
    return f"{len(list(pictures.dataset(folder).iterdir()))} classes"


def refuses(folder: Path, *, progress: Progress) -> str:
    raise EngineError("The disk is full; free some space.")


def is_left_out(folder: Path, *, progress: Progress) -> str:
    return f"{self_test.SKIPPED}this edition comes without"


def is_at_fault(folder: Path, *, progress: Progress) -> str:
    raise ZeroDivisionError("nothing to divide by")


def is_killed(folder: Path, *, progress: Progress) -> str:
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(60)
    return "survived"


def hangs(folder: Path, *, progress: Progress) -> str:
    time.sleep(600)
    return "never"


def says_where_it_keeps_things(folder: Path, *, progress: Progress) -> str:
    return json.dumps([str(folder), os.environ["XDG_CACHE_HOME"]])


def meets(folder: Path, *, progress: Progress) -> str:
    """Wait for another one that does the same; return the names of both processes."""
    (folder / f"{os.getpid()}.here").touch()
    while len(here := sorted(file.name for file in folder.glob("*.here"))) < 2:
        progress.report("Waiting for the other one")
        time.sleep(0.01)
    return json.dumps(here)


def checks(*tried) -> list[Check]:
    return [Check(each.__name__, each) for each in tried]


@pytest.fixture
def trying(monkeypatch):
    """Let the command try other things."""

    def instead(*tried) -> None:
        monkeypatch.setattr(self_test, "CHECKS", tuple(checks(*tried)))

    return instead


def test_the_parts_of_the_engine_work_one_after_the_other():
    chosen = [check for check in self_test.CHECKS if check.name in QUICK]
    done = run_checks(chosen)
    assert [(each.name, each.ok, each.trace) for each in done] == [(n, True, "") for n in QUICK]
    assert done[1].detail == "65 pictures, MobileNetV2"
    assert done[4].detail.startswith("65 points, ")


def test_every_check_has_a_name_of_its_own():
    names = [check.name for check in self_test.CHECKS]
    assert len(set(names)) == len(names)


def test_every_kind_of_file_that_is_read_is_tried():
    assert set(pictures.KINDS) == set(FORMATS)


def test_whatever_a_check_does_the_next_ones_are_tried():
    done = run_checks(checks(refuses, is_at_fault, is_killed, works))
    assert [each.ok for each in done] == [False, False, False, True]
    assert done[0].detail == "The disk is full; free some space."
    assert done[1].detail == "ZeroDivisionError: nothing to divide by"
    assert "in is_at_fault" in done[1].trace
    assert "ended unexpectedly" in done[2].detail
    assert done[3].detail == "8 classes"


def test_a_check_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr("engine.self_test.running.LIMIT_S", 0.5)
    monkeypatch.setattr("engine.engine_process.GRACE_S", 0.1)
    done = run_checks(checks(hangs))
    assert not done[0].ok
    assert done[0].detail.startswith("It did not end within")


def test_some_checks_are_tried_at_once_each_in_a_process_of_its_own():
    beside = [Check(f"meets {place}", meets, beside=True) for place in range(2)]
    done = run_checks([Check("works", works), *beside, Check("works again", works)])
    assert [each.name for each in done] == ["works", "meets 0", "meets 1", "works again"]
    first, second = (json.loads(each.detail) for each in done[1:3])
    assert first == second
    assert len(set(first)) == 2


def test_it_can_be_stopped():
    progress = Progress(lambda step: progress.cancel() if step.done else None)
    with pytest.raises(Cancelled):
        run_checks(checks(works, hangs), progress)


def test_it_keeps_everything_in_a_folder_that_it_removes(monkeypatch):
    before = os.environ["XDG_CACHE_HOME"]
    folder, cache = json.loads(run_checks(checks(says_where_it_keeps_things))[0].detail)
    assert " " in folder
    assert not folder.isascii()
    assert Path(cache).parent == Path(folder)
    assert not Path(folder).exists()
    assert os.environ["XDG_CACHE_HOME"] == before


def test_the_command_answers_with_one_line_of_json(trying, capsys):
    trying(works)
    assert main(["self-test", "--json"], checks(says_where_it_keeps_things)) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is True
    assert list(answer["checks"]) == ["works", "says_where_it_keeps_things"]
    assert set(answer["checks"]["works"]) == {"ok", "seconds", "detail"}


def test_the_command_exits_with_1_when_a_check_fails(trying, capsys):
    trying(refuses, works)
    assert main(["self-test", "--json"]) == 1
    printed = capsys.readouterr()
    answer = json.loads(printed.out)
    assert answer["ok"] is False
    assert answer["checks"]["refuses"]["detail"] == "The disk is full; free some space."
    assert answer["checks"]["works"]["ok"] is True
    assert "error: 1 of 2 checks failed (refuses)" in printed.err


def test_the_command_tells_a_person_what_it_saw(trying, capsys):
    trying(works, refuses, is_left_out)
    assert main(["self-test"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("ok       works")
    assert lines[0].endswith("8 classes")
    assert lines[1].startswith("FAILED   refuses")
    assert lines[2].startswith("skipped  is_left_out")
    assert lines[2].endswith(" s  this edition comes without")


def test_what_needs_tensorflow_is_skipped_in_an_edition_without_it(monkeypatch, tmp_path):
    def says_so(*_, **__):
        raise EngineError("This needs TensorFlow, which this edition does not have.")

    monkeypatch.setattr(self_test.checks.pipeline, "export_model", says_so)
    export = next(check for check in self_test.CHECKS if check.name == "model as onnx")
    with pytest.raises(EngineError):
        export.try_(tmp_path, progress=Progress())
    monkeypatch.setattr(self_test.checks, "_has_keras", lambda: False)
    said = export.try_(tmp_path, progress=Progress())
    assert said == f"{self_test.SKIPPED}this edition comes without TensorFlow"
