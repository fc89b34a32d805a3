"""Qt's types are made in the thread of the window, before another thread asks for any.

PySide6 makes a type when it is first asked for, and two threads that make one at the same time end
the program with a segmentation fault (pyside-setup, ``sbkmodule.cpp``: the table of what is not
made yet changes under the one that was interrupted). pyqtgraph asks for every type there is, in the
thread that imports it.
"""

import threading
import time
from collections.abc import Iterator
from types import ModuleType

from PySide6.QtCore import QObject, QTimer, Slot

BEGIN_MS = 100  # when the window has been drawn
SLICE_S = 0.005  # one type takes as long at most


class QtTypes(QObject):
    """Makes them bit by bit from a timer; ``made`` is set when all are there."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.made = threading.Event()
        self._types = _types()
        self._timer = QTimer(self, interval=BEGIN_MS)
        self._timer.timeout.connect(self._make_some)
        self._timer.start()

    @Slot()
    def _make_some(self) -> None:
        self._timer.setInterval(0)  # whenever there is nothing else to do
        until = time.perf_counter() + SLICE_S
        for _ in self._types:
            if time.perf_counter() > until:
                return
        self._timer.stop()
        self.made.set()


def _types() -> Iterator[object]:
    for module in _modules():
        for name in dir(module):
            yield getattr(module, name)


def _modules() -> Iterator[ModuleType]:
    """Import what pyqtgraph, the map and the web view ask for types of."""
    from PySide6 import QtCore, QtGui, QtNetwork, QtWidgets

    yield from (QtCore, QtGui, QtWidgets, QtNetwork)
    from PySide6 import QtSvg

    yield QtSvg
    from PySide6 import QtTest

    yield QtTest
    from PySide6 import QtOpenGL, QtOpenGLWidgets

    yield from (QtOpenGL, QtOpenGLWidgets)
