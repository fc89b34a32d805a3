"""A process that is killed at a step of one's choice, as by a loss of power."""

import contextlib
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.workspace.catalogue import Catalogue

FILE_STEPS = ("open", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.utime")


def is_killed(deed: Callable[[], object], folder: Path, step: int) -> bool:
    """Do something in another process, which is killed with SIGKILL before one of its steps.

    Steps are all changes of files below a folder, and both ends of each transaction of a catalogue.

    Returns
    -------
    bool
        False when it had fewer steps, and was done.
    """
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _kill_before(folder, step)
            deed()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _kill_before(folder: Path, step: int) -> None:
    left = step

    def count() -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        if event not in FILE_STEPS or not isinstance(arguments[0], str | os.PathLike):
            return
        is_read = event == "open" and not str(arguments[1] or "r").startswith(("w", "x"))
        if not is_read and Path(arguments[0]).is_relative_to(folder):
            count()

    transaction = Catalogue.transaction

    @contextlib.contextmanager
    def counted(self: Catalogue) -> Iterator[object]:
        count()
        with transaction(self) as db:
            yield db
        count()

    pytest.MonkeyPatch().setattr(Catalogue, "transaction", counted)  # ends with the process
    sys.addaudithook(hear)
