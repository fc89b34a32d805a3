"""How packaging/dev.py sets up, runs and tests a checkout of the project.

Nothing here needs a network: where the script would install something, either pip is a
stand-in that writes down how it was called, or the whole machine is (`Machine`).
"""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from loading import CHECKOUT, PACKAGING, load

# The script and its stand-ins are started as programs with a first line for the shell.
posix = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")


dev = load("dev")


class Machine:
    """A machine on which every command succeeds, unless `answers` says otherwise.

    `commands` lists what was run; `answers` maps a part of a command line to the exit code
    and the output of commands that contain it.
    """

    def __init__(self, *tools: str, **facts: Any) -> None:
        self.tools = tools
        self.commands: list[str] = []
        self.answers: dict[str, tuple[int, str]] = {
            "sys.version_info": (0, "3.12\n"),
            # Nothing changed of what the packaged program is made with.
            "git log": (0, "1700000000\n"),
            "git rev-list": (0, "4b825dc\n"),
        }
        settings: dict[str, Any] = {
            "platform": "linux",
            "environ": {"DISPLAY": ":0"},
            "version": "3.12",
        }
        settings["free"] = lambda _: 100_000_000_000
        self.host = dev.Host(
            run=self.run,
            which=lambda tool: f"/usr/bin/{tool}" if tool in tools else None,
            **{**settings, "is_root": False, **facts},
        )

    def run(self, command: list[str], cwd: Path, **_: bool) -> tuple[int, str]:
        line = shlex.join(command)
        self.commands.append(line)
        return next((answer for part, answer in self.answers.items() if part in line), (0, ""))

    def ran(self, part: str) -> list[str]:
        return [command for command in self.commands if part in command]

    def has_packages(self, *names: str) -> None:
        self.answers["dpkg-query"] = (
            1,
            "".join(f"{name} install ok installed\n" for name in names),
        )

    def knows_packages(self, *names: str) -> None:
        self.answers["apt-cache"] = (0, "".join(f"Package: {name}\nSize: 1\n\n" for name in names))


def debian(*tools: str, **facts: Any) -> Machine:
    """A Debian machine that has everything but libxcb-cursor0 and the sound library."""
    machine = Machine("dpkg-query", "apt-get", *tools, **facts)
    entries = " ".join([*dev.SYSTEM_LIBRARIES.values(), *dev.TEST_LIBRARIES.values()]).split()
    absent = {"libxcb-cursor0", "libasound2t64|libasound2"}
    machine.has_packages(*(entry.split("|")[-1] for entry in entries if entry not in absent))
    machine.knows_packages("libxcb-cursor0", "libasound2", "libgl1")
    return machine


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout with little more in it than the script."""
    root = tmp_path / "a project"
    for folder in ("packaging", ".ci", "resources/sample"):
        (root / folder).mkdir(parents=True)
    for script in ("dev.py", "changed.py", "host.py", "system_libraries.py"):
        shutil.copy(PACKAGING / script, root / "packaging")
    shutil.copy(CHECKOUT / ".ci" / "run", root / ".ci")
    (root / "pyproject.toml").write_text("[project]\n")
    (root / "packaging" / "constraints.txt").write_text("numpy==2.0\n")
    return root


def write_program(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)


@pytest.fixture(scope="module")
def empty_venv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real virtual environment with nothing in it, to copy."""
    path = tmp_path_factory.mktemp("empty") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", path], check=True)
    return path


@pytest.fixture
def prepared(project: Path, empty_venv: Path) -> Path:
    """The checkout with a real .venv in which pip and the program only log their calls."""
    shutil.copytree(empty_venv, project / ".venv", symlinks=True)
    packages = next((project / ".venv").glob("lib/python*/site-packages"))
    (packages / "pip.py").write_text(
        "import os, sys\n"
        "if __name__ == '__main__':\n"
        "    with open('calls', 'a') as log: print('pip', *sys.argv[1:], file=log)\n"
        "    sys.exit(int(os.environ.get('PIP_FAILS', 0)))\n"
    )
    log = shlex.quote(str(project / "calls"))
    write_program(
        project / ".venv" / "bin" / "image-embedding",
        f'echo image-embedding "$@" >> {log}',
        "echo some progress >&2",
        'case "$*" in *--json) echo a line; echo \'{"workspace": "/somewhere/of its own"}\';; esac',
        'exit "${PROGRAM_EXITS:-0}"',
    )
    return project


def call(root: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Start the script in a terminal without a display, on a system without Debian packages."""
    command = [sys.executable, str(root / "packaging" / "dev.py"), *arguments]
    bare = {"PATH": str(root / "nothing here"), **environ}
    return subprocess.run(command, env=bare, capture_output=True, text=True, cwd=root.parent)


def calls(root: Path) -> list[str]:
    log = root / "calls"
    return log.read_text().splitlines() if log.exists() else []


# --- The command line


def test_help_names_the_commands_in_a_few_lines(project: Path) -> None:
    text = call(project, "-h").stdout
    assert "run [FOLDER]" in text
    assert "test [ARGS...]" in text
    assert "  package [--lite] " in text
    assert "  setup  " in text
    assert len(text.splitlines()) < 20
    assert call(project, "run", "--help").stdout == text


@pytest.mark.parametrize("words", ["", "walk", "run a b", "run --fast", "setup here", "package a"])
def test_a_command_line_it_does_not_know_is_refused_before_anything_is_done(
    project: Path, words: str
) -> None:
    done = call(project, *words.split())
    assert done.returncode == 2
    assert "usage: python3 packaging/dev.py" in done.stderr
    assert not (project / ".venv").exists()


def test_a_folder_that_is_not_there_is_noticed_before_anything_is_installed(project: Path) -> None:
    done = call(project, "run", "no such folder")
    assert done.returncode == 1
    assert done.stderr == f"image-embedding: there is no folder {project.parent}/no such folder\n"
    assert not (project / ".venv").exists()


# --- Running


@posix
def test_without_a_display_run_maps_the_sample_and_says_where_the_picture_is(
    prepared: Path,
) -> None:
    done = call(prepared, "run", DISPLAY="")
    workspace = prepared / "build" / "sample.embedding"
    assert done.returncode == 0
    assert calls(prepared)[1:] == [
        f"image-embedding extract {prepared}/resources/sample --workspace {workspace}",
        f"image-embedding project {workspace} --image {workspace}/map.png",
    ]
    assert "image-embedding: there is no display" in done.stderr
    assert f"image-embedding: the map is in {workspace}/map.png" in done.stderr


@posix
def test_without_a_display_a_folder_is_mapped_in_the_workspace_that_extract_names(
    prepared: Path,
) -> None:
    (prepared.parent / "my pictures").mkdir()
    done = call(prepared, "run", "my pictures")
    assert done.returncode == 0
    assert calls(prepared)[1:] == [
        f"image-embedding extract {prepared.parent}/my pictures --json",
        "image-embedding project /somewhere/of its own --image /somewhere/of its own/map.png",
    ]
    assert "some progress" in done.stderr
    assert "the map is in /somewhere/of its own/map.png" in done.stderr


@posix
@pytest.mark.parametrize("arguments", [[], ["."]])
def test_without_a_display_a_failed_extract_ends_the_run_with_its_exit_code(
    prepared: Path, arguments: list[str]
) -> None:
    done = call(prepared, "run", *arguments, PROGRAM_EXITS="3")
    assert done.returncode == 3
    assert len(calls(prepared)[1:]) == 1
    assert "the map is in" not in done.stderr


def test_without_a_display_an_extract_that_names_no_workspace_is_an_error(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / ".venv").mkdir()
    machine = Machine(environ={})
    assert dev.main(["run", str(project)], project, machine.host) == 1
    assert "extract did not say where its workspace is" in capsys.readouterr().err


@posix
@pytest.mark.parametrize("display", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_with_a_display_run_opens_the_window_and_returns_its_exit_code(
    prepared: Path, display: str
) -> None:
    done = call(prepared, "run", ".", PROGRAM_EXITS="7", **{display: ":5"})
    assert done.returncode == 7
    assert calls(prepared)[1:] == [f"image-embedding {prepared.parent}"]


def test_on_windows_run_starts_the_program_with_a_window(project: Path) -> None:
    machine = Machine(platform="win32", environ={})
    (project / ".venv").mkdir()
    assert dev.main(["run"], project, machine.host) == 0
    program = project / ".venv" / "Scripts" / "image-embedding.exe"
    assert machine.commands[-1] == shlex.join([str(program)])


# --- Installing


@posix
def test_the_project_is_installed_editable_with_its_pinned_dependencies(prepared: Path) -> None:
    assert call(prepared, "setup").returncode == 0
    assert calls(prepared) == ["pip install --no-compile -c packaging/constraints.txt -e ."]


@posix
def test_an_unchanged_project_is_not_installed_again(prepared: Path) -> None:
    call(prepared, "setup")
    call(prepared, "setup")
    assert len(calls(prepared)) == 1


@posix
@pytest.mark.parametrize("file", ["pyproject.toml", "packaging/constraints.txt"])
def test_a_project_whose_requirements_changed_is_installed_again(prepared: Path, file: str) -> None:
    call(prepared, "setup")
    (prepared / file).write_text("# changed\n")
    call(prepared, "setup")
    assert len(calls(prepared)) == 2


@posix
def test_a_project_that_was_moved_is_installed_again(prepared: Path) -> None:
    call(prepared, "setup")
    moved = prepared.rename(prepared.parent / "elsewhere")
    call(moved, "setup")
    assert len(calls(moved)) == 2


@posix
def test_a_failed_installation_says_what_to_do_and_is_tried_again(prepared: Path) -> None:
    done = call(prepared, "setup", PIP_FAILS="1")
    assert done.returncode == 1
    assert "check the network connection and the free disk space" in done.stderr
    assert call(prepared, "setup").returncode == 0
    assert len(calls(prepared)) == 2


@posix
def test_what_a_failed_installation_leaves_is_not_taken_for_the_one_before(prepared: Path) -> None:
    constraints = prepared / "packaging" / "constraints.txt"
    before = constraints.read_text()
    call(prepared, "setup")
    constraints.write_text("# changed\n")
    call(prepared, "setup", PIP_FAILS="1")
    constraints.write_text(before)
    call(prepared, "setup")
    assert len(calls(prepared)) == 3


def test_the_installation_for_tests_serves_for_running_but_not_the_other_way_round(
    project: Path,
) -> None:
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "image-embedding").touch()
    machine = Machine()
    dev.main(["run"], project, machine.host)
    dev.main(["test"], project, machine.host)
    dev.main(["run"], project, machine.host)
    targets = [command.split()[-1] for command in machine.ran("pip install")]
    assert targets == [".", shlex.quote(".[dev]")]


# --- Testing


def test_the_test_command_checks_style_then_types_then_behaviour(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / ".venv").mkdir()
    machine = Machine()
    assert dev.main(["test", "-k", "a name", "tests"], project, machine.host) == 0
    steps = ["ruff check .", "ruff format --check .", "mypy", "pytest -k 'a name' tests"]
    python = shlex.quote(str(project / ".venv" / "bin" / "python"))
    assert machine.commands[-4:] == [f"{python} -m {step}" for step in steps]
    announced = capsys.readouterr().err.splitlines()
    assert announced[-5:-1] == [f"image-embedding: {step}" for step in steps]


def test_the_window_is_tested_in_a_process_of_its_own(project: Path) -> None:
    (project / ".venv").mkdir()
    machine = Machine()
    assert dev.main(["test"], project, machine.host) == 0
    engine, window = machine.ran("-m pytest")
    assert engine.endswith("-m pytest -n 2 --dist loadfile -p no:xvfb")
    assert window.endswith("-m pytest tests/desktop tests/e2e")


def test_the_test_command_stops_at_the_first_step_that_fails(project: Path) -> None:
    (project / ".venv").mkdir()
    machine = Machine()
    machine.answers["-m mypy"] = (2, "")
    assert dev.main(["test"], project, machine.host) == 2
    assert not machine.ran("-m pytest")


# --- The packaged program

TRY_BUILD = "packaging/try_build.py"


def test_the_packaged_program_is_tried_after_all_tests_when_something_of_it_changed(
    project: Path,
) -> None:
    (project / ".venv").mkdir()
    machine = Machine()
    machine.answers["git diff"] = (1, "")
    assert dev.main(["test"], project, machine.host) == 0
    assert "pytest tests/desktop" in machine.ran("-m ")[-1]
    assert machine.commands[-1].endswith(TRY_BUILD)
    machine.answers[TRY_BUILD] = (1, "")
    assert dev.main(["test"], project, machine.host) == 1


@pytest.mark.parametrize(("minutes", "gigabytes"), [(46, 100), (10, 6)])
def test_a_machine_with_little_time_or_room_is_not_made_to_build_as_well(
    minutes: int, gigabytes: int, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / ".venv").mkdir()
    clock = iter((0.0, minutes * 60.0))
    machine = Machine(now=lambda: next(clock), free=lambda _: gigabytes * 1_000_000_000)
    machine.answers["git diff"] = (1, "")
    assert dev.main(["test"], project, machine.host) == 0
    assert not machine.ran(TRY_BUILD)
    assert "packaging/dev.py package" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "differs"), [("", 0), ("--no-package", 1), ("tests/engine", 1)]
)
def test_it_is_not_tried_when_nothing_changed_or_it_is_not_wanted(
    project: Path, arguments: str, differs: int
) -> None:
    (project / ".venv").mkdir()
    machine = Machine()
    machine.answers["git diff"] = (differs, "")
    assert dev.main(["test", *arguments.split()], project, machine.host) == 0
    assert machine.ran("-m pytest")
    assert not machine.ran("--no-package")
    assert not machine.ran(TRY_BUILD)


@pytest.mark.parametrize("arguments", ["", "--lite"])
def test_it_can_be_asked_for_alone(project: Path, arguments: str) -> None:
    machine = debian(is_root=True)
    assert dev.main(["package", *arguments.split()], project, machine.host) == 0
    assert machine.commands[-1].endswith(f"{TRY_BUILD} {arguments}".strip())
    assert "binutils" in machine.ran("dpkg-query")[0]
    assert not machine.ran("-m ")


@posix
def test_ci_runs_the_test_command_from_wherever_it_is_called(project: Path) -> None:
    tools = project.parent / "tools"
    write_program(tools / "python3", 'echo "$PWD: $*"')
    environ = {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    command = ["bash", str(project / ".ci" / "run"), "-x"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, cwd="/")
    assert done.stdout == f"{project}: packaging/dev.py test -x\n"


# --- System libraries


def test_missing_system_libraries_lead_to_a_line_to_type_where_this_user_may_not_install(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / ".venv").mkdir()
    machine = debian("sudo")
    machine.answers["sudo -n true"] = (1, "")
    assert dev.main(["run"], project, machine.host) == 0
    line = "sudo apt-get install --no-install-recommends libxcb-cursor0 libasound2\n"
    text = capsys.readouterr().err
    assert line in text
    assert "going on without them" in text
    assert not machine.ran("apt-get")
    assert machine.ran("bin/image-embedding")


def test_the_tests_do_not_start_without_the_system_libraries(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.main(["test"], project, debian().host) == 1
    assert "image-embedding: the tests need these packages" in capsys.readouterr().err


@pytest.mark.parametrize(("is_root", "prefix"), [(True, ""), (False, "sudo -n ")])
def test_missing_system_libraries_are_installed_where_that_takes_no_password(
    project: Path, is_root: bool, prefix: str
) -> None:
    (project / ".venv").mkdir()
    machine = debian("sudo", is_root=is_root)
    assert dev.main(["setup"], project, machine.host) == 0
    apt = f"{prefix}env DEBIAN_FRONTEND=noninteractive apt-get"
    assert machine.ran("apt-get") == [
        f"{apt} update",
        f"{apt} install -y --no-install-recommends libxcb-cursor0 libasound2",
    ]


def test_of_a_renamed_package_the_name_that_this_release_knows_is_installed(project: Path) -> None:
    (project / ".venv").mkdir()
    machine = debian(is_root=True)
    machine.knows_packages("libxcb-cursor0", "libasound2", "libasound2t64")
    dev.main(["setup"], project, machine.host)
    assert machine.commands[3].endswith(" libxcb-cursor0 libasound2t64")


def test_only_the_tests_need_a_virtual_display(project: Path) -> None:
    (project / ".venv").mkdir()
    machine = debian(is_root=True)
    dev.main(["setup"], project, machine.host)
    assert not machine.ran("xvfb")
    dev.main(["test"], project, machine.host)
    assert machine.ran("dpkg-query")[-1].endswith("xvfb")


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_systems_without_debian_packages_are_left_alone(project: Path, platform: str) -> None:
    (project / ".venv" / "bin").mkdir(parents=True)
    machine = Machine("sudo", platform=platform, is_root=True)
    assert dev.main(["setup"], project, machine.host) == 0
    assert not machine.ran("dpkg-query")
    assert not machine.ran("apt")


# --- Python and .venv


def test_without_a_supported_python_one_sentence_says_what_to_install(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = Machine("python3.13", version="3.14")
    machine.answers["sys.version_info"] = (127, "")  # python3.13 is a name with nothing behind it
    assert dev.main(["run"], project, machine.host) == 1
    assert capsys.readouterr().err == (
        "image-embedding: this program needs Python 3.11, 3.12 or 3.13 and only 3.14 was found: "
        "install Python 3.12 and type the same command again.\n"
    )


def test_an_unsupported_python_makes_the_venv_with_the_newest_supported_one(project: Path) -> None:
    machine = Machine("python3.11", "python3.12", "python3.13", version="3.10")
    machine.answers = {"import pip": (127, ""), "python3.13": (127, ""), **machine.answers}
    dev.main(["setup"], project, machine.host)
    assert machine.ran("-m venv") == [
        shlex.join(["/usr/bin/python3.12", "-m", "venv", str(project / ".venv")])
    ]


def test_on_windows_the_launcher_finds_a_supported_python(project: Path) -> None:
    machine = Machine("py", version="3.14", platform="win32")
    machine.answers = {"import pip": (127, ""), "py -3.13": (103, ""), **machine.answers}
    dev.main(["setup"], project, machine.host)
    assert [command.split(" -m ")[0] for command in machine.ran("-m venv")] == ["py -3.12"]


def test_a_half_made_venv_is_removed_and_made_anew(project: Path) -> None:
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "left over").touch()
    version = "{}.{}".format(*sys.version_info)
    dev.ensure_venv(project, dev.Host(which=lambda _: None, version=version))
    assert dev.venv_works(project, dev.Host())
    assert not (project / ".venv" / "left over").exists()


def test_a_venv_of_an_unsupported_python_is_made_anew(project: Path) -> None:
    machine = Machine()
    machine.answers = {"import pip": (0, "3.10\n"), **machine.answers}
    dev.main(["setup"], project, machine.host)
    assert machine.ran("-m venv")


def test_a_working_venv_is_kept(project: Path) -> None:
    (project / ".venv").mkdir()
    machine = Machine()
    dev.main(["setup"], project, machine.host)
    assert not machine.ran("-m venv")


def test_a_python_without_venv_gets_it_from_its_debian_package(project: Path) -> None:
    machine = debian(is_root=True)
    machine.knows_packages("libxcb-cursor0", "python3.12-venv", "python3-venv")
    machine.answers = {"import pip": (127, ""), "-m venv": (1, ""), **machine.answers}
    dev.main(["setup"], project, machine.host)
    assert machine.commands[-2].endswith("install -y --no-install-recommends python3.12-venv")
    assert len(machine.ran("-m venv")) == 2


def test_a_python_without_venv_leads_to_a_line_to_type_where_this_user_may_not_install(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = debian()
    machine.knows_packages("python3.12-venv", "python3-venv")
    machine.answers = {"import pip": (127, ""), "-m venv": (1, ""), **machine.answers}
    assert dev.main(["run"], project, machine.host) == 1
    text = capsys.readouterr().err
    assert "sudo apt-get install --no-install-recommends python3.12-venv\n" in text
    assert "image-embedding: Python 3.12 could not make .venv" in text
    assert not machine.ran("pip install")


def test_where_there_are_no_debian_packages_a_venv_that_cannot_be_made_is_only_reported(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = Machine(platform="darwin")
    machine.answers = {"import pip": (127, ""), "-m venv": (1, ""), **machine.answers}
    assert dev.main(["setup"], project, machine.host) == 1
    assert "Python 3.12 could not make .venv" in capsys.readouterr().err
    assert len(machine.ran("-m venv")) == 1
    assert not machine.ran("dpkg-query")
