"""How a long job says where it is, and how it is told to pause or to stop."""

import copy
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


class Cancelled(Exception):  # noqa: N818 - an outcome the user asked for, not an error
    """The user stopped the job. Nobody shows it and nobody logs it; finished work is kept."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where a job is.

    stage:   what the user reads, such as "Embedding images".
    done:    finished units of work.
    total:   all units of work; 0 while that is unknown.
    partial: a usable result so far that a view may draw, or None.
    """

    stage: str
    done: int = 0
    total: int = 0
    partial: Any = None


class Throttle:
    """Thins out steps for those who show them: the ends of stages and, between, one in a while."""

    def __init__(self, period_s: float = 0.05) -> None:
        """Let a step through every ``period_s`` seconds; 20 a second is all an eye can use."""
        self._period_s = period_s
        self._stage: str | None = None
        self._last = 0.0

    def lets_through(self, step: Step) -> bool:
        """Tell whether to show a step: the first and the last of a stage always are."""
        now = time.monotonic()
        is_last = step.total > 0 and step.done == step.total
        if not is_last and step.stage == self._stage and now - self._last < self._period_s:
            return False
        self._stage, self._last = step.stage, now
        return True


class Progress:
    """Given to every long function, which calls `report` between its units of work.

    The caller listens to the steps and may call `cancel`, `finish`, `pause` and `resume` from any
    thread.
    """

    def __init__(self, listener: Callable[[Step], None] | None = None) -> None:
        self._listener = listener
        self._cancelled = threading.Event()
        self._finishing = threading.Event()
        self._running = threading.Event()
        self._running.set()

    def report(self, stage: str, done: int = 0, total: int = 0, partial: Any = None) -> None:
        """Tell the listener where the job is; wait here while it is paused.

        Raises
        ------
        Cancelled
            When `cancel` was called, also during a pause.
        """
        self.raise_if_cancelled()
        if self._listener is not None:
            self._listener(Step(stage, done, total, partial))
        self._running.wait()
        self.raise_if_cancelled()

    def heard_by(self, listener: Callable[[Step], None]) -> "Progress":
        """Return this progress as another one, whose steps ``listener`` hears first."""

        def both(step: Step) -> None:
            listener(step)
            if self._listener is not None:
                self._listener(step)

        shared = copy.copy(self)  # with the same events: to cancel one is to cancel both
        shared._listener = both
        return shared

    def cancel(self) -> None:
        """Make the job raise `Cancelled` at its next report."""
        self._cancelled.set()
        self._running.set()

    def finish(self) -> None:
        """Ask the job to end at its next report with what it has: *stop here*.

        Only work that improves a result step by step listens to it.
        """
        self._finishing.set()
        self._running.set()

    @property
    def finishing(self) -> bool:
        """Whether `finish` was called."""
        return self._finishing.is_set()

    def pause(self) -> None:
        """Hold the job at its next report."""
        if not self._cancelled.is_set():
            self._running.clear()

    def resume(self) -> None:
        """Let a paused job go on."""
        self._running.set()

    @property
    def paused(self) -> bool:
        """Whether the job waits, or will wait, at a report."""
        return not self._running.is_set()

    def raise_if_cancelled(self) -> None:
        """Say nothing and do not wait.

        Raises
        ------
        Cancelled
            When `cancel` was called.
        """
        if self._cancelled.is_set():
            raise Cancelled
