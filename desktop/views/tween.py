"""Something that moves smoothly from 0 to 1."""

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QVariantAnimation
from PySide6.QtWidgets import QStyle, QWidget

DURATION_MS = 400


class Tween(QVariantAnimation):
    """Calls a function with shares from 0 to 1, at least once and last with exactly 1."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._widget = parent
        self._step: Callable[[float], None] = lambda share: None
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.setDuration(DURATION_MS)
        self.setEasingCurve(QEasingCurve.Type.InOutQuad)
        self.valueChanged.connect(self._tell)

    def run(self, step: Callable[[float], None], at_once: bool = False) -> None:
        """Start, in place of what was running; ``at_once`` goes to the end in one step."""
        self.stop()
        self._step = step
        if at_once or wants_no_motion(self._widget):
            step(1.0)
        else:
            self.start()

    def _tell(self, share: float) -> None:
        self._step(share)


def wants_no_motion(widget: QWidget) -> bool:
    """Tell whether the platform's style asks for no animations."""
    return widget.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0
