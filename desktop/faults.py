"""What escapes from slots and threads: shown and logged, and the window goes on."""

import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop.messages import show_error

log = logging.getLogger(__name__)


class Faults(QObject):
    """Takes the place of what would only print them. `end` it when the window is gone."""

    _escaped = Signal(object)  # Exception, from any thread

    def __init__(self, window: Callable[[], QWidget]) -> None:
        """Show them over the window that ``window`` returns, which may be another one each time."""
        super().__init__()
        self._window = window
        self._escaped.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook, threading.excepthook = self._of_slot, self._of_thread

    def end(self) -> None:
        """Let them be printed again."""
        sys.excepthook, threading.excepthook = self._before

    def _of_slot(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            self._escaped.emit(error)
        else:
            sys.__excepthook__(kind, error, trace)

    def _of_thread(self, of: threading.ExceptHookArgs) -> None:
        if isinstance(of.exc_value, Exception):
            self._escaped.emit(of.exc_value)

    @Slot(object)
    def _show(self, error: Exception) -> None:
        try:
            show_error(self._window(), error)
        except Exception:  # else it would come here again, and again
            log.exception("A fault cannot be shown: %r", error)
