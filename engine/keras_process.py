"""Keras in a process of its own, started when it is first needed and ended with its owner.

TensorFlow takes seconds to import and stalls every other thread meanwhile; it cannot be cancelled;
and its LLVM crashes a process that already draws with Mesa's software OpenGL. In a process of its
own it can be waited for, killed, and its end is nobody else's.
"""

import contextlib
import logging
import math
import multiprocessing
import os
import signal
import tempfile
import traceback
from collections.abc import Callable, Iterator
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from engine.backbones import Backbone
from engine.converted import Converted
from engine.errors import EngineError
from engine.network import Network
from engine.progress import Progress
from engine.values import Pixels, Vectors

WAIT_S = 0.1
LOG_TAIL = 2000

log = logging.getLogger(__name__)


class KerasProcess:
    """The near end: each method runs `engine.keras_model` at the far end and waits for it.

    Use it in a ``with``; leaving it ends the process. What the far end raises as an `EngineError`
    is raised here; a far end that dies becomes an `EngineError`, too.
    """

    def __init__(self, progress: Progress) -> None:
        """Start the process; ``progress`` is told of the waiting, and can stop it."""
        self._progress = progress
        handle, name = tempfile.mkstemp(prefix="image-embedding-keras-", suffix=".log")
        os.close(handle)
        self._log = Path(name)
        context = multiprocessing.get_context("spawn")  # a fork would copy threads' locks
        self._connection, far_end = context.Pipe()
        self._process = context.Process(target=_serve, args=(far_end, name), daemon=True)
        with _ctrl_c_held_back():
            self._process.start()
        far_end.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._connection.close()
        self._process.kill()
        self._process.join()
        self._log.unlink(missing_ok=True)

    def download(self, backbone: Backbone, folder: Path) -> Path:
        """See `engine.keras_model.download`; reports megabytes."""
        file = folder / "models" / backbone.weights_file
        total = math.ceil(backbone.weights_mb)

        def megabytes() -> tuple[int, int]:
            size = file.stat().st_size if file.exists() else 0
            return min(total, size // 1_000_000), total

        stage = f"Downloading {backbone.name}, megabytes"
        done: Path = self._ask(stage, "download", backbone, folder, measure=megabytes)
        return done

    def convert(self, network: Network, file: Path) -> Converted:
        """Build the network, see `engine.keras_model.build`, and convert it into ``file``."""
        stage = f"Preparing {network.backbone.name} (once)"
        made: Converted = self._ask(stage, "convert", network, file)
        return made

    def build(self, network: Network) -> int:
        """Build the network that `run` will use, and return its dimensions."""
        dimensions: int = self._ask(f"Loading {network.backbone.name}", "build", network)
        return dimensions

    def count_gpus(self) -> int:
        """See `engine.keras_model.count_gpus`."""
        count: int = self._ask("Looking for a GPU", "count_gpus")
        return count

    def run(self, pixels: Pixels) -> Vectors:
        """Embed (B, S, S, 3) uint8 with the network that was built: (B, D) float32."""
        vectors: Vectors = self._ask("", "run", pixels)
        return vectors

    def _ask(
        self,
        stage: str,
        request: str,
        *values: Any,
        measure: Callable[[], tuple[int, int]] = lambda: (0, 0),
    ) -> Any:
        """Send a request and wait for its answer; ``measure`` tells meanwhile how far it is."""
        try:
            self._connection.send((request, values))
            while not self._connection.poll(WAIT_S):
                if stage:
                    self._progress.report(stage, *measure())
            kind, answer = self._connection.recv()
        except (EOFError, OSError) as error:
            self._process.join()
            # What ended Keras may have asked this job to stop, too; then that is no error.
            self._progress.raise_if_cancelled()
            log.warning("Keras ended: %s", self._log.read_text(errors="replace")[-LOG_TAIL:])
            raise EngineError(
                "The process that runs Keras ended unexpectedly (exit code "
                f"{self._process.exitcode}), perhaps for lack of memory; close other programs or "
                "choose a smaller backbone, what was finished is kept."
            ) from error
        if kind == "refused":
            raise EngineError(answer)
        if kind == "failed":
            raise RuntimeError(answer)
        return answer


def _serve(connection: Connection, log_file: str) -> None:
    """Answer requests until the near end is gone. Runs in the new process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Windows nothing was held back before
    with _output_into(log_file):
        requests: dict[str, Callable[..., Any]] = _Requests().table()
        while True:
            try:
                request, values = connection.recv()
            except EOFError:
                return
            try:
                answer = ("done", requests[request](*values))
            except EngineError as error:
                answer = ("refused", str(error))
            # Anything else is a fault; the near end raises it with this traceback.
            except Exception:
                answer = ("failed", traceback.format_exc())
            connection.send(answer)


class _Requests:
    """What the far end can do; it keeps the network that was built last."""

    def __init__(self) -> None:
        self._run: Callable[[Pixels], Vectors] | None = None

    def table(self) -> dict[str, Callable[..., Any]]:
        from engine import keras_model

        return {
            "download": keras_model.download,
            "convert": self._convert,
            "build": self._build,
            "run": self._embed,
            "count_gpus": keras_model.count_gpus,
        }

    def _convert(self, network: Network, file: Path) -> Converted:
        from engine import converted, keras_model

        built = keras_model.build(network)
        return converted.make(built.forward, built.run, network.side, file)

    def _build(self, network: Network) -> int:
        from engine import keras_model

        built = keras_model.build(network)
        self._run = built.run
        return built.dimensions

    def _embed(self, pixels: Pixels) -> Vectors:
        assert self._run is not None
        return self._run(pixels)


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


@contextlib.contextmanager
def _output_into(log_file: str) -> Iterator[None]:
    """Send what TensorFlow and Keras print, from C++ too, into a file."""
    with Path(log_file).open("ab") as file:
        for descriptor in (1, 2):
            os.dup2(file.fileno(), descriptor)
        yield
