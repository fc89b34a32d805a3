"""Runs engine calls in a QThread. The only file that knows about threads.

Signals that cross threads end in methods of QObjects: PySide6 would run a lambda in the thread
that emits.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from engine.progress import Cancelled, Progress, Step, Throttle
from engine.wording import mark

# What the user is told who wants a job while another one runs.
BUSY = mark("Wait for the running job, or stop it; then try again.")
Job = Callable[[Progress], Any]


class Worker(QObject):
    """Runs one job in the thread it was moved to."""

    progressed = Signal(object)  # Step
    succeeded = Signal(object)  # what the job returned
    failed = Signal(object)  # Exception
    finished = Signal()  # always last, whatever happened

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.progress = Progress(self._listen)
        self._job = job
        self._throttle = Throttle()

    @Slot()
    def run(self) -> None:
        """Run the job to its end."""
        try:
            self.succeeded.emit(self._job(self.progress))
        except Cancelled:
            pass  # the runner knows: it asked for it
        # Whatever a job raises is shown by the window; nothing may end the thread silently.
        except Exception as error:
            self.failed.emit(error)
        finally:
            self.finished.emit()

    def _listen(self, step: Step) -> None:
        if self._throttle.lets_through(step):
            self.progressed.emit(step)


class JobRunner(QObject):
    """Runs one job at a time. All its signals arrive in the thread of the window."""

    started = Signal(str, bool)  # title the user reads, whether `finish` makes sense
    progressed = Signal(object)  # Step
    failed = Signal(object)  # Exception
    cancelled = Signal()
    ended = Signal()  # done, failed or cancelled; emitted first, when the runner is idle again

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: QThread | None = None
        self._worker: Worker | None = None
        self._on_result: Callable[[Any], None] | None = None
        self._stopping = False
        self._outcome: tuple[str, Any] = ("cancelled", None)

    @property
    def busy(self) -> bool:
        """Whether a job runs."""
        return self._worker is not None

    @property
    def paused(self) -> bool:
        """Whether the running job is held."""
        return self._worker is not None and self._worker.progress.paused

    def start(
        self,
        title: str,
        job: Job,
        on_result: Callable[[Any], None],
        can_finish: bool = False,
    ) -> None:
        """Run a job; ``on_result`` gets what it returns and may start the next one.

        ``can_finish`` says that its result gets better step by step, see `finish`.
        """
        if self.busy:
            raise RuntimeError("a job is already running")
        self._on_result, self._stopping, self._outcome = on_result, False, ("cancelled", None)
        self._thread, self._worker = QThread(self), Worker(job)
        self._worker.moveToThread(self._thread)
        self._thread.started.connect(self._worker.run)
        self._worker.progressed.connect(self._pass_on)
        self._worker.succeeded.connect(self._keep_result)
        self._worker.failed.connect(self._keep_error)
        self._worker.finished.connect(self._thread.quit)
        self._thread.finished.connect(self._end)
        self.started.emit(title, can_finish)
        self._thread.start()

    def cancel(self) -> None:
        """Stop the job at its next report. What it may still return is dropped."""
        if self._worker is not None:
            self._stopping = True
            self._worker.progress.cancel()

    def finish(self) -> None:
        """Let the job end at its next report with what it has."""
        if self._worker is not None:
            self._worker.progress.finish()

    def set_paused(self, paused: bool) -> None:
        """Hold the job at its next report, or let it go on."""
        if self._worker is not None:
            progress = self._worker.progress
            progress.pause() if paused else progress.resume()

    @Slot(object)
    def _pass_on(self, step: Step) -> None:
        if not self._stopping:
            self.progressed.emit(step)

    @Slot(object)
    def _keep_result(self, result: Any) -> None:
        self._outcome = ("succeeded", result)

    @Slot(object)
    def _keep_error(self, error: Exception) -> None:
        self._outcome = ("failed", error)

    @Slot()
    def _end(self) -> None:
        assert self._thread is not None
        self._thread.deleteLater()
        self._thread, self._worker = None, None
        (kind, value), on_result = self._outcome, self._on_result
        stopped = self._stopping  # whoever hears of the end may start the next job
        self._outcome, self._on_result = ("cancelled", None), None
        self.ended.emit()
        if stopped or kind == "cancelled":
            self.cancelled.emit()
        elif kind == "failed":
            self.failed.emit(value)
        elif on_result is not None:
            on_result(value)


class LatestOnly(QObject):
    """Runs small jobs of which only the newest matters, such as the picture under the cursor."""

    failed = Signal(object)  # Exception
    ended = Signal()  # nothing runs or waits any more

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = JobRunner(self)
        self._runner.ended.connect(self._start_next)
        self._runner.failed.connect(self.failed)
        self._next: tuple[Job, Callable[[Any], None]] | None = None

    def request(self, job: Job, on_result: Callable[[Any], None]) -> None:
        """Run a job as soon as the running one ends; one that waited before is forgotten."""
        self._next = (job, on_result)
        if not self._runner.busy:
            self._start_next()

    @property
    def busy(self) -> bool:
        """Whether a job runs or waits."""
        return self._runner.busy

    def stop(self) -> None:
        """Forget what waits and drop what runs."""
        self._next = None
        self._runner.cancel()

    @Slot()
    def _start_next(self) -> None:
        if self._next is None:
            self.ended.emit()
            return
        (job, on_result), self._next = self._next, None
        self._runner.start("", job, on_result)
