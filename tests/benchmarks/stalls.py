"""The longest time that the window stands still, found by a timer and a bare loop beside it."""

import multiprocessing
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

TICK_MS = 5
STALL_S = 0.1


class Watch:
    """Notes the longest gap between two ticks, for each stage, and what ran in it."""

    def __init__(self) -> None:
        self.gaps: dict[str, float] = {}
        self.places: dict[str, str] = {}
        self.stage = "start"
        self._last = time.perf_counter()
        self._seen: list[str] = []
        self._main = threading.main_thread().ident
        threading.Thread(target=self._look, daemon=True).start()

    def tick(self) -> None:
        """Note the time since the last tick."""
        now = time.perf_counter()
        if now - self._last > self.gaps.get(self.stage, 0.0):
            self.gaps[self.stage] = now - self._last
            seen = Counter(tuple(self._seen))
            place, times = next(iter(seen.most_common(1)), ("", 0))
            self.places[self.stage] = f"{times} of {seen.total()}: {place}" if times else ""
        self._last, self._seen = now, []

    def report(self) -> None:
        """Print the longest gap of each stage."""
        for stage, gap in self.gaps.items():
            print(f"{stage:34}{1000 * gap:7.0f} ms  {self.places[stage]}")

    def _look(self) -> None:
        while True:
            time.sleep(STALL_S / 4)
            if time.perf_counter() - self._last > STALL_S / 2:
                frame = sys._current_frames().get(self._main)
                stack = traceback.extract_stack(frame) if frame else []
                inner = [f for f in stack if f.filename != __file__][-4:]
                places = [f"{Path(f.filename).name}:{f.lineno}" for f in inner]
                self._seen.append(" ".join(places) or "Qt")


@contextmanager
def beside_bare_loop() -> Iterator[None]:
    """Print afterwards what the machine took away from everybody meanwhile."""
    near, far = multiprocessing.Pipe()
    machine = multiprocessing.get_context("spawn").Process(target=measure_machine, args=(far,))
    machine.start()
    yield
    near.send("stop")
    print(f"{'a bare loop in another process':34}{1000 * near.recv():7.0f} ms")
    machine.join()


def run_window(app: object, is_over: Callable[[], bool]) -> None:
    """Let the window live until something is true."""
    while not is_over():
        app.processEvents()
        time.sleep(0.001)


def for_seconds(seconds: float) -> Callable[[], bool]:
    """Return what is true from then on."""
    until = time.perf_counter() + seconds
    return lambda: time.perf_counter() > until


def measure_machine(stop: Connection) -> None:
    """Sleep a millisecond over and over until told to stop; answer with the longest gap."""
    longest, last = 0.0, time.perf_counter()
    while not stop.poll():
        time.sleep(0.001)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    stop.send(longest)
