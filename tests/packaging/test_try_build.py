"""How the packaged program is let try itself; here it is a script that writes down how."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from loading import load

try_build = load("try_build")

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("Xvfb") is None,
    reason="the program is a shell script that needs a display",
)
GOOD = {"imports": {"ok": True, "seconds": 1.25, "detail": "200 modules"}}
BAD = {"window": {"ok": False, "seconds": 2, "detail": "It is black."}}
LEFT_OUT = {"mlp": {"ok": True, "seconds": 0, "detail": "skipped: no TensorFlow"}}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout in which building makes nothing that is not there already."""
    monkeypatch.setattr(try_build, "ROOT", tmp_path)
    monkeypatch.setattr(try_build.build, "main", lambda arguments: 0)
    return tmp_path


def built(project: Path, edition: str, checks: dict[str, object]) -> None:
    """Put a program there that answers like this."""
    program = project / "dist" / edition / try_build.PROGRAM
    program.parent.mkdir(parents=True)
    answer = json.dumps({"ok": True, "checks": checks})
    script = f"#!/bin/sh\necho \"$0|$*|$DISPLAY\" > '{project}/called'\necho '{answer}'\n"
    program.write_text(script, "utf-8")
    program.chmod(0o755)


def test_it_tries_itself_on_a_display_and_in_a_place_that_is_hard_to_cope_with(
    project: Path, capfd: pytest.CaptureFixture[str]
):
    built(project, "full", GOOD)
    assert try_build.main([]) == 0
    place, arguments, display = (project / "called").read_text("utf-8").strip().split("|")
    assert " " in place
    assert not place.isascii()
    assert arguments == "self-test --json"
    assert display.removeprefix(":").isdigit()
    assert display != os.environ.get("DISPLAY")
    assert capfd.readouterr().out == "ok      imports     1.2 s  200 modules\n"
    assert (project / "dist" / "full" / try_build.PROGRAM).exists()


@pytest.mark.parametrize(
    ("edition", "checks", "code"),
    [
        ("full", {**GOOD, **BAD}, 1),
        ("full", {**GOOD, **LEFT_OUT}, 1),
        ("lite", {**GOOD, **LEFT_OUT}, 0),
        ("lite", {**GOOD, **BAD}, 1),
    ],
)
def test_every_check_needs_to_pass_and_only_the_lite_edition_may_skip_some(
    project: Path, edition: str, checks: dict[str, object], code: int
):
    built(project, edition, checks)
    assert try_build.main(["--lite"] if edition == "lite" else []) == code


def test_a_program_that_gives_no_answer_fails(project: Path, capsys: pytest.CaptureFixture[str]):
    built(project, "full", GOOD)
    (project / "dist" / "full" / try_build.PROGRAM).write_text("#!/bin/sh\nexit 134\n")
    assert try_build.main([]) == 1
    assert "ended with exit code 134" in capsys.readouterr().err


def test_where_nothing_was_built_nothing_is_tried(project: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(try_build.build, "main", lambda arguments: 3)
    assert try_build.main([]) == 3
