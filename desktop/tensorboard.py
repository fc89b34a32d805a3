"""TensorBoard on the open dataset, exported and served by a process of its own."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from desktop import jobs, web_engine
from desktop.language import told, tr
from desktop.project import Project
from desktop.views.widgets import shown
from desktop.worker import JobRunner
from engine.engine_process import EngineProcess
from engine.errors import EngineError
from engine.pipeline import Board
from engine.progress import Step

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class BoardState:
    """step: where the job is that starts it, None when none runs.

    board:    what is served, None when nothing is.
    error:    why nothing is served, a sentence; "" when all is well.
    obstacle: why it cannot be shown in the window, a sentence; "" when it can.
    """

    step: Step | None = None
    board: Board | None = None
    error: str = ""
    obstacle: str = ""


class TensorBoard(QObject):
    """Exports what changed, serves it, and ends with the window, whatever ends that."""

    changed = Signal()
    said = Signal(str)  # for the status bar
    failed = Signal(object)  # Exception that is a fault
    idle = Signal()  # nothing is started any more

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = BoardState()
        self._project = project
        self._process = EngineProcess()
        self._runner = JobRunner(self)  # its own: a training may go on
        self._root: Path | None = None  # the workspace that is served
        self._runner.progressed.connect(self._stepped)
        self._runner.failed.connect(self._refused)
        self._runner.cancelled.connect(self._stopped)
        self._runner.ended.connect(self.idle)
        project.changed.connect(self._leave_other)

    @property
    def busy(self) -> bool:
        """Whether it is being started."""
        return self._runner.busy

    def open(self) -> None:
        """Serve the run that is open; export it first where it has changed."""
        opened = self._project.state.opened
        if opened is None or opened.recipe is None or self.busy:
            return
        obstacle = web_engine.prepare()
        self._root = opened.workspace
        self._become(replace(self.state, step=Step("Starting"), error="", obstacle=obstacle))
        job = jobs.open_board(
            self._process, opened.workspace, opened.recipe.run, self.state.board, not obstacle
        )
        self._runner.start(tr("Opening TensorBoard"), job, self._served)

    def stop(self) -> None:
        """Start it no further."""
        self._runner.cancel()

    def open_in_browser(self) -> None:
        """Show it in the browser of the system."""
        if self.state.board is not None:
            QDesktopServices.openUrl(QUrl(self.state.board.address))

    def close(self) -> None:
        """End the server."""
        self._process.close()
        self._root = None
        self._become(BoardState())

    def _served(self, done: tuple[Board, str]) -> None:
        board, obstacle = done
        opened = self._project.state.opened
        if opened is None or opened.workspace != self._root:  # another folder was opened meanwhile
            self.close()
            return
        self._become(BoardState(board=board, obstacle=self.state.obstacle or obstacle))
        images = told(board.export.text)
        if self.state.obstacle:
            self.said.emit(tr("Open TensorBoard in the browser: it has {images}.", images=images))
        else:
            self.said.emit(tr("TensorBoard shows {images}.", images=images))

    def _stepped(self, step: Step) -> None:
        self._become(replace(self.state, step=step))

    def _refused(self, error: Exception) -> None:
        self._process.close()
        is_told = isinstance(error, EngineError)
        sentence = shown(told(error)) if is_told else tr("TensorBoard did not start.")
        self._become(BoardState(error=sentence, obstacle=self.state.obstacle))
        if not is_told:
            self.failed.emit(error)

    def _stopped(self) -> None:
        self.close()  # it may have been between two servers

    def _leave_other(self) -> None:
        """End the server of a dataset that is not open any more."""
        opened = self._project.state.opened
        if self._root is None or (opened is not None and opened.workspace == self._root):
            return
        if self.busy:
            self.stop()
        else:
            self.close()

    def _become(self, state: BoardState) -> None:
        self.state = state
        self.changed.emit()
