"""How much memory this process has taken, and what becomes of a job that takes too much."""

import contextlib
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from engine import limits
from engine.errors import EngineError
from engine.wording import mark

OVER_LIMIT = 77  # exit code of a process that ended itself for this
LOOK_S = 0.2
GRACE_S = 2.0  # for a job to end at its next report, before its process ends itself


class MemoryLimitError(EngineError):
    """A job took more than it may; its process holds that memory, and had better be ended."""

    def __init__(self) -> None:
        allowed = limits.memory_mb() / 1000
        super().__init__(
            mark(
                f"The job was ended because it took more than the {allowed:g} GB of memory that it "
                "may; allow more in the settings (for a command: by IMAGE_EMBEDDING_MEMORY_MB) or "
                "do it with fewer images, what was finished is kept."
            )
        )


def peak_memory_mb() -> float:
    """Return the largest resident size so far, in MB of a million bytes.

    Of this process or of one that it started and that has ended, whichever was larger.
    """
    if sys.platform == "win32":
        import psutil

        return float(psutil.Process().memory_info().peak_wset) / 1e6
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(each).ru_maxrss for each in who) * unit / 1e6


def taken_mb() -> float:
    """Return what this process holds now, in MB of a million bytes; on macOS its peak.

    On Linux without the files that it has mapped, which the system takes back when it needs to.
    The peak would be too much there: a process begins with that of the one that started it.
    """
    if sys.platform == "win32":
        import psutil

        return float(psutil.Process().memory_info().rss) / 1e6
    status = Path("/proc/self/status")
    if not status.exists():
        return peak_memory_mb()
    lines = (line.partition(":") for line in status.read_text().splitlines())
    sizes = {name: text for name, _, text in lines}
    return int(sizes.get("RssAnon", sizes["VmRSS"]).split()[0]) * 1024 / 1e6


def machine_mb() -> float:
    """Return how much memory the machine has, in MB of a million bytes."""
    if sys.platform == "win32":
        import psutil

        return float(psutil.virtual_memory().total) / 1e6
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e6


def is_over_limit() -> bool:
    """Whether this process holds more than a job may take."""
    return 0 < limits.memory_mb() < taken_mb()


def check() -> None:
    """Make sure that this process holds no more than a job may take.

    Raises
    ------
    MemoryLimitError
        When it does.
    """
    if is_over_limit():
        raise MemoryLimitError


@contextlib.contextmanager
def process_ends_over_limit() -> Iterator[None]:
    """End this process with `OVER_LIMIT` if it stays over the limit and nothing calls `check`."""
    if not limits.memory_mb():
        yield
        return
    done = threading.Event()

    def watch() -> None:
        while not done.wait(LOOK_S):
            if is_over_limit() and not done.wait(GRACE_S) and is_over_limit():
                os._exit(OVER_LIMIT)

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        done.set()
        watching.join()
