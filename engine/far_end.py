"""The far end of `engine.own_process`: what runs in the new process, and answers from there."""

import contextlib
import faulthandler
import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from engine import memory
from engine.errors import EngineError
from engine.map_steps import MapSteps
from engine.memory import MemoryLimitError
from engine.progress import Cancelled, Progress, Step, Throttle


def serve(connection: Connection, make: Callable[[], object], log_file: str) -> None:
    """Answer requests until the near end is gone. Runs in the new process.

    Parameters
    ----------
    connection
        To the near end.
    make
        Makes the object whose methods are asked for.
    log_file
        Takes what libraries print.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Windows nothing was held back before
    threading.Thread(target=_end_with_owner, daemon=True).start()
    with _output_into(log_file):
        faulthandler.enable(2)  # where it was when it crashed: the near end logs that
        served = make()
        while True:
            try:
                request = connection.recv()
            except EOFError:
                return
            if request == "cancel":  # came when its job had ended
                continue
            method, values = request
            answer: tuple[str, Any]
            try:
                with memory.process_ends_over_limit():
                    answer = ("done", getattr(served, method)(_Relayed(connection), *values))
            except Cancelled:
                answer = ("cancelled", None)
            except MemoryLimitError:
                answer = ("over limit", None)
            except EngineError as error:
                answer = ("refused", str(error))
            # Anything else is a fault; the near end raises it with this traceback.
            except Exception:
                answer = ("failed", traceback.format_exc())
            _send(connection, *answer)


def _send(connection: Connection, kind: str, answer: Any) -> None:
    # Protocol 5 copies no array once more.
    connection.send_bytes(pickle.dumps((kind, answer), protocol=5))


def _end_with_owner() -> None:
    """End at once when the owner is gone, however it ended and whatever is being done here."""
    owner = multiprocessing.parent_process()
    assert owner is not None
    owner.join()
    os._exit(1)


class _Relayed(Progress):
    """Tells the near end the steps and hears what is wished there.

    The near end does not answer while the job is paused.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(self._tell)
        self._connection = connection
        self._steps, self._throttle = MapSteps(), Throttle()

    def raise_if_cancelled(self) -> None:
        """See `Progress.raise_if_cancelled`; the near end may have cancelled between two steps.

        Raises
        ------
        MemoryLimitError
            When this process has taken more than a job may.
        """
        memory.check()
        if self._connection.poll():
            self._obey(self._connection.recv())
        super().raise_if_cancelled()

    def _tell(self, step: Step) -> None:
        if self._throttle.lets_through(step):
            _send(self._connection, "step", self._steps.lean(step))
            self._obey(self._connection.recv())

    def _obey(self, wish: str) -> None:
        if wish == "cancel":
            self.cancel()
        elif wish == "finish":
            self.finish()


@contextlib.contextmanager
def _output_into(log_file: str) -> Iterator[None]:
    """Send what libraries print, from C++ too, into a file."""
    with Path(log_file).open("ab") as file:
        for descriptor in (1, 2):
            os.dup2(file.fileno(), descriptor)
        yield
