"""Backbones side by side: the panel, what it asks for, and the run that is taken in the end."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop import data_jobs
from desktop.language import tr
from desktop.project import Project
from desktop.side_by_side import SideBySide
from desktop.views.compare_panel import ComparePanel
from desktop.views.widgets import shown
from desktop.worker import BUSY, JobRunner
from engine.engine_process import EngineProcess
from engine.pipeline import Opened
from engine.values import Dataset, Recipe
from engine.wording import mark

TICK = mark("Tick the backbones that are to be compared, and press Compare.")


class Comparing(QObject):
    """Keeps one panel for the dataset that is open; its selection is that of the large map."""

    said = Signal(str)  # for the status bar
    opened = Signal(object)  # Opened: another run is to be shown

    def __init__(
        self, project: Project, runner: JobRunner, engine: EngineProcess, window: QWidget
    ) -> None:
        super().__init__(window)
        self._project, self._runner, self._engine = project, runner, engine
        self._window = window
        self.panel: ComparePanel | None = None
        self._told: tuple[object, object] = (None, None)  # the map and the selection
        project.changed.connect(self._show_state)
        runner.started.connect(self._show_busy)
        runner.ended.connect(self._show_busy)

    def show_panel(self) -> None:
        """Show the panel; read first which runs there are now."""
        opened = self._project.state.opened
        if self.panel is not None:
            self._raise(self.panel)  # also while its own job runs
        if opened is None or self._runner.busy:
            self.said.emit(tr(BUSY))
        else:
            job = data_jobs.runs(opened.workspace)
            self._runner.start(tr("Reading the runs"), job, self._open)

    def _open(self, runs: list[Recipe]) -> None:
        opened = self._project.state.opened
        if opened is None:
            return
        self.said.emit(tr(TICK))
        if self.panel is not None:
            self.panel.show_runs(runs)
            return
        panel = self.panel = ComparePanel(opened, runs, self._window)
        panel.compare_requested.connect(self._compare)
        panel.run_chosen.connect(self._use)
        panel.selected.connect(self._select)
        self._runner.started.connect(panel.bar.start)
        self._runner.progressed.connect(panel.bar.show_step)
        self._runner.ended.connect(panel.bar.hide)
        panel.bar.finish_requested.connect(self._runner.finish)
        panel.bar.cancel_requested.connect(self._runner.cancel)
        self._show_state()
        self._raise(panel)

    def _raise(self, panel: ComparePanel) -> None:
        panel.show()
        panel.raise_()
        panel.activateWindow()

    def _compare(self, backbones: Sequence[str]) -> None:
        opened = self._project.state.opened
        if opened is None or self._runner.busy:
            self.said.emit(tr(BUSY))
            return
        dataset = opened.dataset
        job = data_jobs.compare(self._engine, opened, backbones)
        self._runner.start(
            tr("Comparing backbones"), job, lambda found: self._compared(found, dataset)
        )

    def _compared(self, found: SideBySide, dataset: Dataset) -> None:
        if self.panel is not None and found.comparison.workspace == self.panel.workspace:
            self.panel.show_result(found, dataset, self._project.state.colours)
            self._told = (None, None)
            self._show_state()
        best = next(row for row in found.comparison.rows if row.is_best)
        self.said.emit(
            shown(tr("{backbone} tells the classes apart best.", backbone=best.backbone))
        )

    def _use(self, run: str) -> None:
        opened = self._project.state.opened
        if opened is None or self._runner.busy:
            self.said.emit(tr(BUSY))
            return
        self._runner.start(tr("Opening the run"), data_jobs.use_run(opened, run), self._used)

    def _used(self, opened: Opened) -> None:
        self.opened.emit(opened)

    def _select(self, paths: Sequence[str]) -> None:
        self._project.select(self._project.rows_of(paths))

    def _show_state(self) -> None:
        """Close the panel with its dataset; show in it what is so now, and what is selected."""
        state, panel = self._project.state, self.panel
        if panel is None:
            return
        if state.opened is None or state.opened.workspace != panel.workspace:
            self.panel = None
            panel.close()
            panel.deleteLater()
            return
        panel.show_run(state.opened.recipe)
        panel.show_classes(state)
        projection, selections = self._told
        if state.projection is projection and state.selections is selections:
            return
        self._told = state.projection, state.selections
        if state.projection is not None:
            rows = np.asarray(state.selections.present)
            panel.choose(tuple(state.projection.paths[row] for row in rows))

    def _show_busy(self) -> None:
        if self.panel is not None:
            self.panel.set_busy(self._runner.busy)
