"""The engine in a process of its own, for a program that must not stand still meanwhile."""

import threading
from collections.abc import Callable
from typing import Any

from engine.own_process import WAIT_S, OwnProcess
from engine.progress import Progress
from engine.wording import mark

ENDED = mark(
    "The process that does the computing ended unexpectedly (exit code {code}), perhaps for lack "
    "of memory; close other programs and try again, what was finished is kept."
)
GRACE_S = 4.0  # it may have a process of Keras to end first, and files to clear away


class EngineProcess:
    """Runs functions of the engine; what they import and compute holds nobody up here.

    It stays warm between calls, which wait for each other. Close it at the end.
    """

    def __init__(self) -> None:
        """Start nothing yet."""
        self._process = OwnProcess(_Functions, ENDED, GRACE_S)
        self._turn = threading.Lock()
        self._outdated = False

    @property
    def is_alive(self) -> bool:
        """Whether the process was started and has not ended."""
        return self._process.is_alive

    def call(
        self, function: Callable[..., Any], *values: Any, progress: Progress, **named: Any
    ) -> Any:
        """Call a function that takes ``progress`` by name, with these values; return its result.

        The function must be at the top of a module; values and result must be picklable. What it
        raises is raised here, see `engine.own_process.OwnProcess.ask`.
        """
        while not self._turn.acquire(timeout=WAIT_S):
            progress.raise_if_cancelled()
        try:
            if self._outdated:
                self._outdated = False
                self._process.close()
            return self._process.ask("call", function, values, named, progress=progress)
        finally:
            self._turn.release()

    def renew(self) -> None:
        """Let the next call have a new process, which begins with the environment of then."""
        self._outdated = True

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._process.close()


class _Functions:
    """What the far end can do."""

    def call(
        self,
        progress: Progress,
        function: Callable[..., Any],
        values: tuple[Any, ...],
        named: dict[str, Any],
    ) -> Any:
        return function(*values, **named, progress=progress)
