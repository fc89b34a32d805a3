"""Build the program that needs no Python and let it try itself, as on the computer of a user.

python3 packaging/try_build.py [--lite]

For that it lies in a folder whose name has spaces and letters of other scripts. On Linux it has a
display of its own and, where this user may take it away, no network.
"""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import build
from host import Stop, run_command, say

ROOT = build.ROOT
PLACE = "ein Ort mit Leerzeichen – জায়গা"
PROGRAMS = {
    "win32": "image-embedding/image-embedding-cli.exe",
    "darwin": "Image Embedding.app/Contents/MacOS/image-embedding",
}
PROGRAM = PROGRAMS.get(sys.platform, "image-embedding/image-embedding")
SCREEN = "1500x950x24"
# This computer can be reached by itself; it needs root.
ALONE = ("unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")
SKIPPED = "skipped: "  # as `engine.self_test` says of what an edition comes without

Checks = Mapping[str, Mapping[str, Any]]


def main(arguments: Sequence[str]) -> int:
    """Build an edition and try it; return the exit code."""
    parser = argparse.ArgumentParser(prog="try_build.py", description=__doc__.split("\n")[0])
    parser.add_argument("--lite", action="store_true", help="without TensorFlow and the web view")
    lite = parser.parse_args(arguments).lite
    code = build.main(["--lite"] if lite else [])
    if code != 0:
        return code
    try:
        with moved(ROOT / "dist" / ("lite" if lite else "full")) as folder, display() as environ:
            checks = self_test(folder / PROGRAM, environ)
    except (Stop, OSError) as error:
        say(str(error))
        return 1
    print(table(checks), flush=True)
    wrong = failures(checks, lite)
    if wrong:
        say(f"the packaged program does not work: {', '.join(wrong)}")
    return 1 if wrong else 0


@contextlib.contextmanager
def moved(folder: Path) -> Iterator[Path]:
    """Let a folder lie elsewhere for a while, under a name that is hard to cope with."""
    elsewhere = folder.with_name(PLACE)
    shutil.rmtree(elsewhere, ignore_errors=True)  # of a run that was killed
    folder.rename(elsewhere)
    try:
        yield elsewhere
    finally:
        elsewhere.rename(folder)


@contextlib.contextmanager
def display() -> Iterator[dict[str, str]]:
    """Start a display that nobody sees, on Linux; give the environment that leads to it."""
    environ = dict(os.environ)
    if not sys.platform.startswith("linux"):
        yield environ
        return
    for name in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        environ.pop(name, None)
    # It writes down which number was free.
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", SCREEN, "-noreset", "-nolisten", "tcp"]
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, **streams) as server:
        try:
            number = server.stdout.readline().strip() if server.stdout else ""
            if not number:
                raise Stop("Xvfb gave no display to try the program on")
            yield {**environ, "DISPLAY": f":{number}"}
        finally:
            server.terminate()


def self_test(program: Path, environ: Mapping[str, str]) -> Checks:
    """Let the program try itself; return what it says of each check."""
    alone = run_command([*ALONE, "true"], ROOT, quiet=True)[0] == 0
    say(f"the packaged program tries itself, {'without a' if alone else 'with the'} network")
    command = [*(ALONE if alone else ()), str(program), "self-test", "--json"]
    done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, encoding="utf-8")
    try:
        return json.loads(done.stdout.splitlines()[-1])["checks"]
    except (IndexError, KeyError, ValueError):
        raise Stop(f"its self-test ended with exit code {done.returncode}, no answer") from None


def table(checks: Checks) -> str:
    """Return a line of each check: what came of it, how long it took, what it saw."""
    width = max(map(len, checks))
    return "\n".join(
        f"{'ok' if each['ok'] else 'FAILED':6}  {name:{width}}  {each['seconds']:6.1f} s  "
        f"{each['detail']}"
        for name, each in checks.items()
    )


def failures(checks: Checks, lite: bool) -> list[str]:
    """Return the checks that failed; the full edition has everything, so that it may skip none."""
    return [
        name
        for name, each in checks.items()
        if not each["ok"] or (each["detail"].startswith(SKIPPED) and not lite)
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
