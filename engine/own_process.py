"""Work in a process of its own, started when it is first needed and ended with its owner.

What takes the interpreter for itself, or cannot be cancelled from within, holds up nobody there: it
can be waited for, killed, and its end is nobody else's.
"""

import contextlib
import logging
import multiprocessing
import os
import pickle
import signal
import tempfile
import time
import weakref
from collections.abc import Callable, Iterator
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from engine import memory
from engine.errors import EngineError
from engine.far_end import serve
from engine.map_steps import MapSteps
from engine.memory import MemoryLimitError
from engine.progress import Cancelled, Progress, Step

WAIT_S = 0.1
GRACE_S = 1.0  # for a cancelled job to notice before its process is killed, unless told otherwise
LOG_TAIL = 2000

log = logging.getLogger(__name__)


class OwnProcess:
    """The near end: `ask` calls a method of an object at the far end and waits for it.

    Use it in a ``with``, or `close` it. A process that ended is started anew by the next `ask`.
    One thread at a time may ask.
    """

    def __init__(self, make: Callable[[], object], ended: str, grace_s: float = GRACE_S) -> None:
        """Start nothing yet.

        Parameters
        ----------
        make
            Called once at the far end: makes the object whose methods can be asked for, each of
            which takes a `Progress` first. A class or function at the top of a module.
        ended
            What the user reads when the process ends unexpectedly; "{code}" becomes its exit code.
        grace_s
            Seconds that a cancelled job has to clear up before its process is killed; more than
            those of a process that it has of its own.
        """
        self._make, self._ended, self._grace_s = make, ended, grace_s
        self._running: _Running | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def is_alive(self) -> bool:
        """Whether the process was started and has not ended."""
        return self._running is not None and self._running.is_alive

    def start(self) -> None:
        """Start the process if it does not run; `ask` does so, too."""
        if self._running is None:
            self._running = _Running(self._make)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        running, self._running = self._running, None
        if running is not None:
            running.end()

    def ask(
        self,
        method: str,
        *values: Any,
        progress: Progress | None = None,
        waiting: Callable[[], None] = lambda: None,
    ) -> Any:
        """Call a method at the far end with its own `Progress` and ``values``; return its result.

        Parameters
        ----------
        method, values
            The method's name and what it takes; all must be picklable.
        progress
            Hears the steps of the far end; pausing, finishing and cancelling reach it there.
        waiting
            Called now and then while there is no answer.

        Raises
        ------
        EngineError
            That of the far end, or that the process ended. A `MemoryLimitError` where it took more
            memory than a job may; then it is ended.
        RuntimeError
            Anything else that the far end raised, with its traceback.
        Cancelled
            From ``progress``. Where the far end does not notice in time, it is killed.
        """
        progress = progress or Progress()
        self.start()
        assert self._running is not None
        running, connection = self._running, self._running.connection
        steps = MapSteps()
        try:
            connection.send((method, values))
            kind, answer = self._next(waiting, progress)
            while kind == "step":
                _hear(progress, steps.whole(answer))
                connection.send(_wish(progress))
                kind, answer = self._next(waiting, progress)
        except Cancelled:
            self._cancel(running)
            raise
        except (EOFError, OSError) as error:
            code, said = running.exit()
            self.close()
            # What ended the process may have asked this job to stop, too; then that is no error.
            progress.raise_if_cancelled()
            if code == memory.OVER_LIMIT:
                raise MemoryLimitError from error
            log.warning("A process of its own ended: %s", said)
            raise EngineError(self._ended.format(code=code)) from error
        if kind == "cancelled":
            raise Cancelled
        if kind == "over limit":
            self.close()
            raise MemoryLimitError
        if kind == "refused":
            raise EngineError(answer)
        if kind == "failed":
            raise RuntimeError(answer)
        return answer

    def _next(self, waiting: Callable[[], None], progress: Progress) -> tuple[str, Any]:
        assert self._running is not None
        while not self._running.connection.poll(WAIT_S):
            progress.raise_if_cancelled()
            waiting()
        kind, answer = pickle.loads(self._running.connection.recv_bytes())
        return kind, answer

    def _cancel(self, running: "_Running") -> None:
        """Let the far end stop at its next step; kill it when none comes soon."""
        connection = running.connection
        until = time.monotonic() + self._grace_s
        with contextlib.suppress(EOFError, OSError):
            connection.send("cancel")  # where it waits for what becomes of its step
            while connection.poll(max(0.0, until - time.monotonic())):
                kind, _ = pickle.loads(connection.recv_bytes())
                if kind == "over limit":
                    break
                if kind != "step":
                    return
                connection.send("cancel")
        self.close()


def _hear(progress: Progress, step: Step) -> None:
    progress.report(step.stage, step.done, step.total, step.partial)


def _wish(progress: Progress) -> str:
    return "finish" if progress.finishing else "go on"


class _Running:
    """A process that runs, with the connection to it and the file that takes what it prints."""

    def __init__(self, make: Callable[[], object]) -> None:
        handle, name = tempfile.mkstemp(prefix="image-embedding-", suffix=".log")
        os.close(handle)
        context = multiprocessing.get_context("spawn")  # a fork would copy threads' locks
        self.connection, far_end = context.Pipe()
        # Not a daemon, which might have no process of its own; it ends when its owner does.
        self._process = context.Process(target=serve, args=(far_end, make, name))
        self._log = Path(name)
        with _ctrl_c_held_back():
            self._process.start()
        far_end.close()
        # Before the interpreter's end waits for a process that waits for the interpreter.
        self._end = weakref.finalize(self, _end, self._process, self.connection, self._log)

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.is_alive()

    def exit(self) -> tuple[int | None, str]:
        """Wait for the end of a process that is ending; return its code and its last output."""
        self._process.join()
        return self._process.exitcode, self._log.read_text(errors="replace")[-LOG_TAIL:]

    def end(self) -> None:
        """Kill the process."""
        self._end()


def _end(process: SpawnProcess, connection: Connection, log_file: Path) -> None:
    connection.close()
    process.kill()
    process.join()
    log_file.unlink(missing_ok=True)


@contextlib.contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Start processes that never hear Ctrl-C, which a terminal sends to them, too.

    Their owner decides when they end. They inherit what this thread holds back, so that they are
    deaf from their first moment.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # started with the first process, it would end the holding
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
