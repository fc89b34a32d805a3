"""Shows the running job in the window: its bar, what the status says, the map that grows."""

from PySide6.QtCore import QObject

from desktop.language import told
from desktop.pages import Pages
from desktop.project import Project
from desktop.views.job_bar import JobBar
from desktop.views.status import Status
from desktop.worker import JobRunner
from engine.history import History
from engine.progress import Step
from engine.values import Projection


class JobBinding(QObject):
    """Joins the runner of jobs to what shows them."""

    def __init__(
        self,
        project: Project,
        runner: JobRunner,
        pages: Pages,
        bar: JobBar,
        status: Status,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._project, self._pages = project, pages
        self._bar, self._status = bar, status
        runner.started.connect(bar.start)
        runner.progressed.connect(self._stepped)
        runner.ended.connect(bar.hide)
        bar.finish_requested.connect(runner.finish)
        bar.cancel_requested.connect(runner.cancel)
        bar.pause_requested.connect(runner.set_paused)

    def _stepped(self, step: Step) -> None:
        self._bar.show_step(step)
        self._status.say(f"{told(step.stage)}  {self._bar.detail(step)}".strip())
        if isinstance(step.partial, Projection):
            self._project.grow(step.partial)
        elif isinstance(step.partial, History):
            self._pages.map.training.show_history(step.partial)
