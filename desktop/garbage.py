"""Python's garbage is collected in the thread of the window, and nowhere else.

Python collects in whichever thread happens to allocate. If that is a worker's, widgets that are
part of a cycle are destroyed there, and Qt ends the program with a segmentation fault.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

PERIOD_MS = 500


class GarbageCollector(QObject):
    """Does what Python's own collector does, at the same thresholds, from a timer."""

    def __init__(self, parent: QObject) -> None:
        """Switch Python's collector off and start the timer; keep it as long as the application."""
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=PERIOD_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    @Slot()
    def collect(self) -> None:
        """Collect the oldest generation whose threshold is reached, with the younger ones."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return
