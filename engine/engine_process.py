"""The engine in a process of its own, for a program that must not stand still meanwhile."""

import importlib
from collections.abc import Callable
from typing import Any

from engine.own_process import OwnProcess
from engine.progress import Progress

ENDED = (
    "The process that does the computing ended unexpectedly (exit code {code}), perhaps for lack "
    "of memory; close other programs and try again, what was finished is kept."
)
# What most of its work begins with: importing them takes seconds.
FIRST_NEEDED = ("engine.pipeline", "sklearn.neighbors", "sklearn.linear_model", "fastumap.layout")


class EngineProcess:
    """Runs functions of the engine; what they import and compute holds nobody up here.

    It stays warm between calls. Close it at the end. One thread at a time may call.
    """

    def __init__(self) -> None:
        """Start nothing yet."""
        self._process = OwnProcess(_Functions, ENDED)

    def warm_up(self, progress: Progress) -> None:
        """Start the process and let it import what it will need first."""
        self._process.ask("warm_up", progress=progress)

    def call(
        self, function: Callable[..., Any], *values: Any, progress: Progress, **named: Any
    ) -> Any:
        """Call a function that takes ``progress`` by name, with these values; return its result.

        The function must be at the top of a module; values and result must be picklable. What it
        raises is raised here, see `engine.own_process.OwnProcess.ask`.
        """
        return self._process.ask("call", function, values, named, progress=progress)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._process.close()


class _Functions:
    """What the far end can do."""

    def warm_up(self, progress: Progress) -> None:
        for module in FIRST_NEEDED:
            progress.report("Getting ready")
            importlib.import_module(module)

    def call(
        self,
        progress: Progress,
        function: Callable[..., Any],
        values: tuple[Any, ...],
        named: dict[str, Any],
    ) -> Any:
        return function(*values, **named, progress=progress)
