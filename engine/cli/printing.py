"""What the commands print: answers on standard output, steps and errors on standard error."""

import sys

from engine.progress import Step, Throttle
from engine.values import printable


class Printer:
    """Writes steps to standard error: one line that is renewed, or a line now and then."""

    def __init__(self, period_s: float = 0.1, period_without_terminal_s: float = 5.0) -> None:
        self._terminal = sys.stderr is not None and sys.stderr.isatty()
        self._throttle = Throttle(period_s if self._terminal else period_without_terminal_s)
        self._line = ""

    def __call__(self, step: Step) -> None:
        """Write one step, unless the last was written just now."""
        if not self._throttle.lets_through(step):
            return
        is_last = step.total > 0 and step.done == step.total
        count = f" {step.done}/{step.total}" if step.total else f" {step.done or ''}".rstrip()
        line = f"{step.stage}{count}"
        if self._terminal:
            end = "\n" if is_last else ""
            print(f"\r\x1b[K{printable(line)}", end=end, file=sys.stderr, flush=True)
        elif line != self._line:
            say(line)
        self._line = line


def say(text: str) -> None:
    """Print a line on standard error."""
    print(printable(text), file=sys.stderr, flush=True)
