"""What is slow to make is made by one of the processes that run the tests, for all of them."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock


def shared_folder(temporary: pytest.TempPathFactory) -> Path:
    """Return a folder that all of these processes have: pytest-xdist gives each one within it."""
    own = temporary.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextmanager
def made_once(folder: Path, make: Callable[[Path], None]) -> Iterator[Path]:
    """Give a folder that ``make`` fills when nobody has before. Whoever is last removes it."""
    users, lock = folder.with_suffix(".users"), FileLock(folder.with_suffix(".lock"))

    def count(more: int) -> int:
        number = more + (int(users.read_text()) if users.exists() else 0)
        users.write_text(str(number))
        return number

    with lock:
        if not folder.exists():
            unfinished = folder.with_suffix(".part")
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(folder)
        count(1)
    try:
        yield folder
    finally:
        with lock:
            if not count(-1):
                shutil.rmtree(folder)  # hundreds of megabytes
