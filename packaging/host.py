"""The machine as the scripts of this folder see it, and what they tell the user."""

# As old as dev.py, which says why.
from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


class Stop(Exception):
    """Ends the script with exit code 1; its text tells the user what to do."""


def run_command(
    command: Sequence[str], cwd: Path, *, capture: bool = False, quiet: bool = False
) -> tuple[int, str]:
    """Run a command; return its exit code (127: it did not start) and what it printed.

    With `capture` its stdout is returned instead of shown; `quiet` drops its stderr as well.
    """
    out = subprocess.PIPE if capture or quiet else None
    err = subprocess.DEVNULL if quiet else None
    try:
        done = subprocess.run(
            command, cwd=cwd, stdout=out, stderr=err, encoding="utf-8", errors="surrogateescape"
        )
    except OSError:
        return 127, ""
    # A process killed by signal N reports -N; a shell would report 128 + N.
    return (done.returncode if done.returncode >= 0 else 128 - done.returncode), done.stdout or ""


@dataclass(frozen=True)
class Host:
    """The machine as this script sees it; a test describes another one."""

    run: Callable[..., tuple[int, str]] = run_command
    which: Callable[[str], str | None] = shutil.which
    platform: str = sys.platform
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    version: str = "{}.{}".format(*sys.version_info)
    is_root: bool = field(default_factory=lambda: getattr(os, "geteuid", lambda: 1)() == 0)
    now: Callable[[], float] = time.monotonic  # seconds
    free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free  # bytes

    @property
    def is_debian(self) -> bool:
        """Whether system libraries come from Debian packages here."""
        tools = ("dpkg-query", "apt-get")
        return self.platform.startswith("linux") and all(self.which(tool) for tool in tools)

    @property
    def has_display(self) -> bool:
        """Whether a window can open; only on Linux can that be told from the environment."""
        names = ("DISPLAY", "WAYLAND_DISPLAY")
        return not self.platform.startswith("linux") or any(map(self.environ.get, names))


def say(message: str) -> None:
    """Print one message of this script, apart from the output of what it runs."""
    print(f"image-embedding: {message}", file=sys.stderr, flush=True)
