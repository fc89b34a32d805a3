"""Widgets that Python throws away are destroyed in the thread of the window."""

import gc
import threading

from PySide6.QtWidgets import QWidget
from window_fixtures import SOON_MS

from desktop.worker import JobRunner


class Cyclic(QWidget):
    """A widget that only the garbage collector can free."""

    freed_in: list[int] = []  # noqa: RUF012 - what the test reads

    def __init__(self) -> None:
        super().__init__()
        self.myself = self
        self.witness = Witness()


class Witness:
    def __del__(self) -> None:
        Cyclic.freed_in.append(threading.get_ident())


def test_a_job_that_allocates_a_lot_collects_nothing(qtbot):
    gc.collect()  # what other tests left
    Cyclic.freed_in.clear()
    Cyclic()
    runner = JobRunner()
    with qtbot.waitSignal(runner.ended, timeout=SOON_MS):
        runner.start("Job", lambda _: [[index] for index in range(200_000)], lambda _: None)
    assert all(thread == threading.get_ident() for thread in Cyclic.freed_in)


def test_garbage_is_collected_in_the_end(qtbot):
    gc.collect()  # what other tests left
    Cyclic.freed_in.clear()
    Cyclic()
    keep = [[index] for index in range(20 * gc.get_threshold()[0])]
    qtbot.waitUntil(lambda: bool(Cyclic.freed_in), timeout=SOON_MS)
    assert Cyclic.freed_in == [threading.get_ident()]
    assert keep
