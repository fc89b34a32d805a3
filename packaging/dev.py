"""Set up, run and test Image Embedding from a checkout of its source.

  run [FOLDER]     set up what is missing, then open the window (on FOLDER);
                   without a display: embed FOLDER, or the sample, and draw its map
  test [ARGS...]   set up, then ruff, mypy and pytest; ARGS go to pytest. Without any, also
                   "package", if what that is made with changed; --no-package leaves it out
  package [--lite] build the program that needs no Python and let it try itself
  setup            only set up

Everything is installed in .venv in the project folder; on Debian-like Linux, system
libraries are installed with apt-get where this user may, else the line to type is shown.
"""

# The script starts on whatever Python is there, if only to say that another one is needed:
# hence no syntax or module that Python 3.8 lacks, and nothing outside the standard library.
from __future__ import annotations

import argparse
import hashlib
import json
import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from changed import is_changed
from host import Host, Stop, say
from system_libraries import (
    PACKAGE_LIBRARIES,
    SYSTEM_LIBRARIES,
    TEST_LIBRARIES,
    ensure_libraries,
    ensure_packages,
    need_libraries,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
SUPPORTED = ("3.13", "3.12", "3.11")
STAMP = "image-embedding.stamp"
# In a process of their own: TensorFlow and Mesa's software OpenGL each bring an LLVM, and a process
# that holds both ends with a segmentation fault.
WINDOW_TESTS = ("tests/desktop", "tests/e2e")
# Building Keras's models keeps one core busy: two files of tests at a time. They need no display.
ENGINE_TESTS = ("-n", "2", "--dist", "loadfile", "-p", "no:xvfb")
# Tests that took so long leave no time to build the packaged program where time is limited.
LONG_S = 45 * 60
NEEDED_B = 7_000_000_000  # on the disk, for the environment, the program and a margin
PRINT_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"


def program(root: Path, host: Host, name: str) -> Path:
    """Return the path of a program in .venv, whether or not it is there."""
    if host.platform == "win32":
        return root / ".venv" / "Scripts" / f"{name}.exe"
    return root / ".venv" / "bin" / name


def find_python(root: Path, host: Host) -> tuple[list[str], str]:
    """Return a command that starts a supported Python, and its version; Stop if there is none."""
    # In a virtual environment: the Python it was made with, as .venv itself may be remade.
    own = getattr(sys, "_base_executable", "") or sys.executable
    candidates = [[own]] if host.version in SUPPORTED else []
    candidates += [[path] for v in SUPPORTED if (path := host.which(f"python{v}"))]
    if host.platform == "win32" and host.which("py"):
        candidates += [["py", f"-{version}"] for version in SUPPORTED]
    for command in candidates:
        # A name on PATH may be a stand-in for a Python that is not installed: ask it.
        code, output = host.run([*command, "-c", PRINT_VERSION], root, quiet=True)
        if code == 0 and output.strip() in SUPPORTED:
            return command, output.strip()
    raise Stop(
        f"this program needs Python 3.11, 3.12 or 3.13 and only {host.version} was found: "
        "install Python 3.12 and type the same command again."
    )


def venv_works(root: Path, host: Host) -> bool:
    """Tell whether .venv has a supported Python that starts, and pip, which comes last."""
    python = program(root, host, "python")
    probe = [str(python), "-c", f"import pip; {PRINT_VERSION}"]
    code, output = host.run(probe, root, quiet=True)
    return code == 0 and output.strip() in SUPPORTED


def remove_venv(root: Path) -> None:
    """Remove .venv, if there is any; a link goes, what it points at stays."""
    venv = root / ".venv"
    if venv.is_symlink():
        venv.unlink()
    elif venv.exists():
        shutil.rmtree(venv)


def ensure_venv(root: Path, host: Host) -> None:
    """Make .venv if it is missing, half-made, broken or of an unsupported Python."""
    if venv_works(root, host):
        return
    python, version = find_python(root, host)
    say(f"making .venv with Python {version}")
    command = [*python, "-m", "venv", str(root / ".venv")]
    for attempt in (1, 2):
        remove_venv(root)
        if host.run(command, root)[0] == 0:
            return
        # Debian and Ubuntu keep a part of Python's own venv in a package of its own.
        package = f"python{version}-venv|python3-venv"
        if attempt == 2 or not host.is_debian or not ensure_packages([package], root, host):
            break
    remove_venv(root)
    raise Stop(f"Python {version} could not make .venv: see above; then type the command again.")


def fingerprint(root: Path, extra: str) -> str:
    """Return one SHA-256 over all that an installation depends on."""
    # The place counts: programs in a .venv that was moved point at where it was made.
    files = (root / "pyproject.toml", root / "packaging" / "constraints.txt")
    parts = [extra.encode(), os.fsencode(root), *(file.read_bytes() for file in files)]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def ensure_installed(root: Path, host: Host, extra: str) -> None:
    """Install the project (editable) and its pinned dependencies, unless .venv has all that."""
    stamp = root / ".venv" / STAMP
    # The development tools come on top of all that running needs.
    good = {fingerprint(root, kind) for kind in (extra, "dev")}
    done = stamp.read_text("utf-8").strip() if stamp.exists() else ""
    if done in good and program(root, host, "image-embedding").exists():
        return
    say("installing the program and its dependencies in .venv: minutes, the first time")
    # From here on .venv is in between; an interrupted pip must not leave an old stamp behind.
    stamp.unlink(missing_ok=True)
    # Compiling all of TensorFlow takes minutes; Python compiles the few files that are used anyway.
    pip = [str(program(root, host, "python")), "-m", "pip", "install", "--no-compile"]
    target = f".[{extra}]" if extra else "."
    command = [*pip, "-c", str(Path("packaging", "constraints.txt")), "-e", target]
    if host.run(command, root)[0] != 0:
        raise Stop(
            "pip could not install the program, for the reason above: check the network "
            "connection and the free disk space, then type the same command again."
        )
    stamp.write_text(fingerprint(root, extra) + "\n", "utf-8")


def set_up(root: Path, host: Host, extra: str = "") -> None:
    """Bring system libraries, .venv and installation up to date; Stop says what is in the way."""
    if extra == "dev":
        need_libraries("the tests", root, host, SYSTEM_LIBRARIES, TEST_LIBRARIES)
    elif not ensure_libraries(root, host, SYSTEM_LIBRARIES):
        say("going on without them: the window may fail to open")
    ensure_venv(root, host)
    ensure_installed(root, host, extra)


def extract(root: Path, host: Host, folder: Path | None) -> tuple[int, Path]:
    """Embed a folder, else the sample; return the exit code and the workspace it made."""
    command = [str(program(root, host, "image-embedding")), "extract"]
    if folder is None:
        workspace = root / "build" / "sample.embedding"
        sample = str(root / "resources" / "sample")
        return host.run([*command, sample, "--workspace", str(workspace)], root)[0], workspace
    code, output = host.run([*command, str(folder), "--json"], root, capture=True)
    if code != 0:
        print(output, end="", file=sys.stderr)
        return code, Path()
    try:
        return 0, Path(json.loads(output.strip().splitlines()[-1])["workspace"])
    except (IndexError, KeyError, TypeError, ValueError):
        raise Stop("extract did not say where its workspace is") from None


def run_without_window(root: Path, host: Host, folder: Path | None) -> int:
    """Embed and draw the map as a PNG; return the first exit code that is not 0."""
    say(f"there is no display, so no window opens: mapping {folder or 'the sample'} to a PNG")
    code, workspace = extract(root, host, folder)
    if code == 0:
        image = str(workspace / "map.png")
        command = [str(program(root, host, "image-embedding")), "project", str(workspace)]
        code = host.run([*command, "--image", image], root)[0]
    if code == 0:
        say(f"the map is in {image}")
    return code


def run(root: Path, host: Host, folder: Path | None) -> int:
    """Set up, then open the window or do without one; return the exit code of the program."""
    if folder is not None and not folder.is_dir():
        raise Stop(f"there is no folder {folder}")
    set_up(root, host)
    if not host.has_display:
        return run_without_window(root, host, folder)
    arguments = [] if folder is None else [str(folder)]
    return host.run([str(program(root, host, "image-embedding")), *arguments], root)[0]


def test(root: Path, host: Host, arguments: Sequence[str], with_package: bool) -> int:
    """Set up, then check and test all; return the exit code of the first step that fails."""
    began = host.now()
    set_up(root, host, "dev")
    python = str(program(root, host, "python"))
    checks = [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]]
    all_tests = [["pytest", *ENGINE_TESTS], ["pytest", *WINDOW_TESTS]]
    tests = [["pytest", *arguments]] if arguments else all_tests
    for step in (*checks, *tests):
        say(shlex.join(step))
        code = host.run([python, "-m", *step], root)[0]
        if code != 0:
            say(f"{shlex.join(step)} failed with exit code {code}")
            return code
    if with_package and not arguments:
        code = package_if_changed(root, host, host.now() - began)
        if code != 0:
            return code
    say("all checks and tests passed")
    return 0


def package_if_changed(root: Path, host: Host, tested_s: float) -> int:
    """Build the packaged program and try it where that is needed and can be done."""
    if not is_changed(root, host.run, host.environ):
        say("nothing changed of what the packaged program is made with: it is not built")
        return 0
    if tested_s > LONG_S:
        lack = "time"
    elif host.free(root) < NEEDED_B:
        lack = f"room on the disk ({NEEDED_B // 1_000_000_000} GB)"
    else:
        return package(root, host)
    say(f"this machine has too little {lack} to build the packaged program, too; to do so, type:")
    print("    python3 packaging/dev.py package", file=sys.stderr, flush=True)
    return 0


def package(root: Path, host: Host, arguments: Sequence[str] = ()) -> int:
    """Build the packaged program and let it try itself; return the exit code."""
    tables = (SYSTEM_LIBRARIES, TEST_LIBRARIES, PACKAGE_LIBRARIES)
    need_libraries("building and trying", root, host, *tables)
    python, _ = find_python(root, host)
    step = [str(Path("packaging", "try_build.py")), *arguments]
    say(shlex.join(step))
    code = host.run([*python, *step], root)[0]
    if code != 0:
        say(f"{shlex.join(step)} failed with exit code {code}")
    return code


def dispatch(arguments: Sequence[str], root: Path, host: Host) -> int:
    """Do what the command line says; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="packaging/dev.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="python3 packaging/dev.py "
        "{run [FOLDER] | test [--no-package] [PYTEST ARGS...] | package [--lite] | setup}",
    )
    commands = ("run", "test", "package", "setup")
    parser.add_argument("command", choices=commands, help=argparse.SUPPRESS)
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="...", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    command, rest = options.command, options.rest
    if rest[:1] in (["-h"], ["--help"]):
        parser.parse_args(["-h"])
    if command == "test":
        without = rest[:1] == ["--no-package"]
        return test(root, host, rest[int(without) :], not without)
    if command == "package" and rest in ([], ["--lite"]):
        return package(root, host, rest)
    if len(rest) > (command == "run") or "".join(rest).startswith("-"):
        parser.error(f"{command} does not take: {shlex.join(rest)}")
    if command == "run":
        return run(root, host, Path(rest[0]).resolve() if rest else None)
    set_up(root, host)
    say("everything is set up")
    return 0


def main(arguments: Sequence[str], root: Path = ROOT, host: Host | None = None) -> int:
    """Run the script on the project in `root`; return the exit code."""
    try:
        return dispatch(arguments, root, host or Host())
    except (Stop, OSError) as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
