"""The bar at the bottom while a job runs: what, how far, how fast, how long, and its end."""

import time

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QWidget

from desktop.language import told, tr
from desktop.theme import SPACE
from desktop.views.widgets import button, label
from engine.progress import Step

ESTIMATE_AFTER_S = 2.0
SMOOTHING = 0.2


class JobBar(QFrame):
    """Shows the steps of one job."""

    cancel_requested = Signal()
    pause_requested = Signal(bool)  # True to pause, False to go on
    finish_requested = Signal()  # end with what there is

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._title = label()
        self._detail = label("", "muted")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName(tr("Progress"))
        self.pause_button = button(tr("Pause"))
        self.pause_button.setCheckable(True)
        self.pause_button.toggled.connect(self._toggle_pause)
        self.finish_button = button(tr("Stop here"), tip=tr("Keep the result as it is now"))
        self.finish_button.clicked.connect(self._finish)
        self.cancel_button = button(tr("Cancel"))
        self.cancel_button.clicked.connect(self._cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        row.setSpacing(2 * SPACE)
        row.addWidget(self._title)
        row.addWidget(self._bar, 1)
        row.addWidget(self._detail)
        row.addWidget(self.pause_button)
        row.addWidget(self.finish_button)
        row.addWidget(self.cancel_button)
        self._rate = Rate()
        self.hide()

    def start(self, title: str, can_finish: bool = False) -> None:
        """Show a job that begins; ``can_finish`` offers to stop here."""
        self._rate = Rate()
        self._title.setText(title)
        self._detail.setText("")
        self._bar.setRange(0, 0)
        self.pause_button.setChecked(False)
        self.finish_button.setVisible(can_finish)
        self.finish_button.setEnabled(True)
        self.cancel_button.setEnabled(True)
        self.pause_button.setEnabled(True)
        self.show()

    def show_step(self, step: Step) -> None:
        """Show where the job is."""
        self._title.setText(told(step.stage))
        self._bar.setRange(0, step.total)
        self._bar.setValue(step.done)
        self._rate.add(step, time.monotonic())
        self._detail.setText(self.detail(step))

    def finish_if_possible(self) -> None:
        """End the job with what it has, if it can."""
        if self.finish_button.isVisible():
            self.finish_button.click()

    def detail(self, step: Step) -> str:
        """Say how far, how fast and how long: "640 of 2,062 · 118 a second · 12 s left"."""
        if not step.total:
            return f"{step.done:,}" if step.done else ""
        parts = [tr("{done:,} of {total:,}", done=step.done, total=step.total)]
        if self._rate.per_second and step.done < step.total:
            parts.append(tr("{rate:,.0f} a second", rate=self._rate.per_second))
            left = (step.total - step.done) / self._rate.per_second
            parts.append(tr("{time} left", time=in_words(left)))
        return " · ".join(parts)

    def _toggle_pause(self, paused: bool) -> None:
        self.pause_button.setText(tr("Resume") if paused else tr("Pause"))
        self._rate = Rate()
        self.pause_requested.emit(paused)

    def _finish(self) -> None:
        self._end()
        self.finish_requested.emit()

    def _cancel(self) -> None:
        self._end()
        self.cancel_requested.emit()

    def _end(self) -> None:
        self._title.setText(tr("Stopping…"))
        for each in (self.cancel_button, self.pause_button, self.finish_button):
            each.setEnabled(False)


class Rate:
    """How many units of work a job does in a second, smoothed; 0 until that is known."""

    def __init__(self) -> None:
        self.per_second = 0.0
        self._stage = ""
        self._first: tuple[float, int] = (0.0, 0)
        self._last: tuple[float, int] = (0.0, 0)

    def add(self, step: Step, now_s: float) -> None:
        """Take a step that was reported at a time of a monotonic clock."""
        if step.stage != self._stage:
            self._stage, self.per_second = step.stage, 0.0
            self._first = self._last = (now_s, step.done)
            return
        seconds, done = now_s - self._last[0], step.done - self._last[1]
        if now_s - self._first[0] < ESTIMATE_AFTER_S or done <= 0 or seconds <= 0:
            return
        if self.per_second == 0:
            overall = (step.done - self._first[1]) / (now_s - self._first[0])
            self.per_second = overall
        else:
            self.per_second += SMOOTHING * (done / seconds - self.per_second)
        self._last = (now_s, step.done)


def in_words(seconds: float) -> str:
    """Say a duration as a person would: "8 s", "3 min", "2 h 10 min"."""
    if seconds < 90:
        return tr("{seconds} s", seconds=max(1, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 60:
        return tr("{minutes} min", minutes=minutes)
    hours, rest = divmod(minutes, 60)
    if rest and hours < 10:
        return tr("{hours} h {minutes} min", hours=hours, minutes=rest)
    return tr("{hours} h", hours=hours)
