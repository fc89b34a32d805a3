"""Writes edits into the workspace one after the other, and none is dropped."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from desktop.language import told, tr
from desktop.worker import JobRunner
from engine.errors import WorkspaceBusyError
from engine.pipeline import Relabelled
from engine.progress import Progress
from engine.wording import mark

# What is said of an edit that was taken back, or done again.
UNDONE, REDONE = mark("Undone: {edit}"), mark("Done again: {edit}")


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """An edit that is to be written into a workspace.

    root:      the workspace.
    change:    writes it; gets ``root``, and ``paths`` where there are any.
    paths:     the images that it is about.
    turn:      ``UNDONE`` or ``REDONE``; "" for an edit of its own.
    is_answer: whether it answers a finding, or takes such an answer back.
    """

    root: Path
    change: Callable[..., Relabelled]
    paths: tuple[str, ...] = ()
    turn: str = ""
    is_answer: bool = False

    def __call__(self, progress: Progress) -> tuple["Wish", Relabelled]:
        """Write it; this is the job."""
        progress.report("Changing classes")
        done = self.change(self.root, self.paths) if self.paths else self.change(self.root)
        return self, done

    def sentence(self, edit: str) -> str:
        """Return what is said when it is written: the text of the edit, and its turn."""
        return tr(self.turn, edit=told(edit)) if self.turn else told(edit)


@dataclass(frozen=True, slots=True)
class AnswersGiven:
    """Of the edits of this session, whether each answers a finding.

    written: of each one that holds, the latest last.
    undone:  of those that were taken back, as they can be done again.
    """

    written: tuple[bool, ...] = ()
    undone: tuple[bool, ...] = ()

    def after(self, wish: Wish) -> "AnswersGiven":
        """Return how it is when another edit is written."""
        if wish.turn == UNDONE:
            return AnswersGiven(self.written[:-1], (*self.undone, any(self.written[-1:])))
        if wish.turn == REDONE:
            return AnswersGiven((*self.written, any(self.undone[-1:])), self.undone[:-1])
        return AnswersGiven((*self.written, wish.is_answer))


class EditWriter(QObject):
    """Edits wait for one another, and for the end of a job of the window that writes as well."""

    written = Signal(object, object)  # Wish, Relabelled
    held = Signal()  # it is written once the job of the window has ended
    nothing_given = Signal()  # no answer of this session is the latest edit
    failed = Signal(object)  # Exception
    idle = Signal()  # nothing is written or waits any more

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner, self._writer = runner, JobRunner(self)
        self._waiting: deque[Wish] = deque()
        self._writing: Wish | None = None
        self._ran_beside = self._is_held = False  # a job of the window
        self.answers = AnswersGiven()
        # Queued: what came of an edit, or of a job that moved files, is taken before the next edit.
        queued = Qt.ConnectionType.QueuedConnection
        self._writer.ended.connect(self._write_next, queued)
        self._writer.failed.connect(self._not_written)
        runner.ended.connect(self._go_on, queued)

    @property
    def busy(self) -> bool:
        """Whether an edit is being written, or waits for that."""
        return self._writer.busy or bool(self._waiting)

    def write(self, wish: Wish) -> None:
        """Write an edit after those that wait."""
        self._waiting.append(wish)
        if self._is_held:
            self.held.emit()
        self._write_next()

    def follow(self, moved: Mapping[str, str]) -> None:
        """Write what waits about images by their new paths."""
        self._waiting = deque(
            replace(wish, paths=tuple(moved.get(path, path) for path in wish.paths))
            for wish in self._waiting
        )

    def begin_anew(self) -> None:
        """Forget which edits are answers: another workspace is opened."""
        self.answers = AnswersGiven()

    def _go_on(self) -> None:
        self._is_held = False
        self._write_next()

    def _write_next(self) -> None:
        if self._writer.busy or self._is_held:
            return
        while self._waiting:
            wish = self._waiting.popleft()
            if wish.turn == UNDONE and wish.is_answer and not any(self.answers.written[-1:]):
                self.nothing_given.emit()
                continue
            self._writing, self._ran_beside = wish, self._runner.busy
            self._writer.start("", wish, self._keep)
            return
        self.idle.emit()

    def _not_written(self, error: Exception) -> None:
        """Let an edit wait for the job that holds it up; tell anything else."""
        if isinstance(error, WorkspaceBusyError) and self._ran_beside and self._writing is not None:
            self._waiting.appendleft(self._writing)
            self._is_held = self._runner.busy
            self.held.emit()
        else:
            self.failed.emit(error)

    def _keep(self, result: tuple[Wish, Relabelled]) -> None:
        wish, done = result
        if done.text:
            self.answers = self.answers.after(wish)
        self.written.emit(wish, done)
