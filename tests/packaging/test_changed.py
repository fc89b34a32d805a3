"""When the packaged program is built and tried with the tests, by real histories of git."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from loading import CHECKOUT, load

changed, host = load("changed"), load("host")
HOUR = 60 * 60
NOW = 1_700_000_000

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="makes histories of git")


class History:
    """A project under git, of which every commit says when it was made."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit(-30 * 24, "pyproject.toml", "README.md")

    def git(self, *arguments: str, hours: float = 0) -> str:
        date = f"{NOW + int(hours * HOUR)} +0000"
        names = {"NAME": "A", "EMAIL": "a@localhost", "DATE": date}
        who = {f"GIT_{w}_{n}": t for w in ("AUTHOR", "COMMITTER") for n, t in names.items()}
        environ = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull}
        command = ["git", "-C", str(self.root), *arguments]
        return subprocess.check_output(command, env=environ, text=True).strip()

    def write(self, *places: str) -> None:
        for place in places:
            file = self.root / place
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{file.read_text() if file.exists() else ''}.")

    def commit(self, hours: float, *places: str) -> str:
        """Change files and commit that, so many hours from now."""
        self.write(*places)
        self.git("add", ".")
        self.git("commit", "--quiet", "-m", "Change", hours=hours)
        return self.git("rev-parse", "HEAD")

    def is_changed(self, **environ: str) -> bool:
        return changed.is_changed(self.root, host.run_command, environ)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "a project")


def test_what_it_is_made_with_is_there():
    for place in (*changed.MADE_WITH, *changed.NOT_WITH):
        assert (CHECKOUT / place).exists(), place


@pytest.mark.parametrize(
    ("place", "counts"),
    [
        ("pyproject.toml", True),
        ("packaging/constraints.txt", True),
        ("packaging/a new file.py", True),
        ("engine/self_test/checks.py", True),
        ("packaging/linux/deb.py", False),
        ("packaging/make_sample.py", False),
        ("engine/images.py", False),
        ("README.md", False),
    ],
)
def test_only_what_it_is_made_with_counts(history: History, place: str, counts: bool):
    history.commit(0, place)
    assert history.is_changed() is counts


def test_a_change_counts_for_a_day_of_the_history_not_of_the_clock(history: History):
    history.commit(-20, "pyproject.toml")
    history.commit(0, "README.md")
    assert history.is_changed()
    history.commit(6, "README.md")
    assert not history.is_changed()


def test_an_old_change_that_was_merged_today_counts(history: History):
    history.git("checkout", "--quiet", "-b", "side")
    history.commit(-100, "pyproject.toml")
    history.git("checkout", "--quiet", "main")
    history.commit(-50, "README.md")
    history.git("merge", "--quiet", "--no-ff", "-m", "Merge", "side", hours=0)
    assert history.is_changed()


def test_what_was_taken_back_is_no_change(history: History):
    history.commit(-2, "pyproject.toml")
    history.git("revert", "--no-edit", "HEAD", hours=-1)
    assert not history.is_changed()


def test_what_is_not_committed_yet_counts(history: History):
    history.commit(0, "README.md")
    history.write("pyproject.toml")
    assert history.is_changed()


def test_ci_may_name_the_commit_that_was_tested_before(history: History):
    tested = history.commit(-5, "pyproject.toml")
    history.commit(0, "README.md")
    assert history.is_changed()
    assert not history.is_changed(**{changed.BASE: tested})
    assert history.is_changed(**{changed.BASE: f"{tested}~1"})


def test_a_commit_that_is_not_here_counts_as_a_change(history: History):
    assert history.is_changed(**{changed.BASE: "0" * 40})


@pytest.mark.parametrize(("depth", "counts"), [(1, True), (2, False)])
def test_a_clone_that_is_too_shallow_to_tell_counts_as_changed(
    history: History, tmp_path: Path, depth: int, counts: bool
):
    history.commit(-40, "README.md")
    history.commit(0, "README.md")
    clone = tmp_path / "clone"
    history.git("clone", "--quiet", f"--depth={depth}", history.root.as_uri(), str(clone))
    history.root = clone
    assert history.is_changed() is counts


def test_without_a_history_it_counts_as_changed(tmp_path: Path):
    assert changed.is_changed(tmp_path, host.run_command, {})


@pytest.mark.skipif(sys.platform == "win32", reason="empties PATH")
def test_without_git_it_counts_as_changed(history: History, monkeypatch: pytest.MonkeyPatch):
    history.commit(0, "README.md")
    monkeypatch.setenv("PATH", str(history.root))
    assert history.is_changed()
