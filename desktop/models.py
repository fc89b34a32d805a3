"""The trained models of the open dataset: listed, opened, deleted."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop import jobs
from desktop.language import plural, tr
from desktop.project import Project
from desktop.views.widgets import shown
from desktop.worker import BUSY, JobRunner, LatestOnly
from engine.engine_process import EngineProcess
from engine.pipeline import Exported, ModelSummary, Sorting, Trained
from engine.sorting import LIST


class Models(QObject):
    """Keeps the list of models in the state of the project, and opens them from it."""

    said = Signal(str)  # for the status bar
    wrote = Signal(object)  # Path of a folder that the user may want to see

    def __init__(
        self,
        project: Project,
        runner: JobRunner,
        engine: EngineProcess,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._project = project
        self._runner = runner
        self._engine = engine
        self.reader = LatestOnly(self)
        self._listed_for: tuple[object, Path | None] = (None, None)  # dataset, model
        project.changed.connect(self._list_others)

    def open(self, place: Path) -> None:
        """Show the report of a model."""
        trained = self._project.state.trained
        if trained is not None and trained.model == place:
            return
        if self._runner.busy:
            self.said.emit(tr(BUSY))
            return
        job = jobs.open_model(self._engine, place)
        self._runner.start(tr("Opening the model"), job, self._show)

    def reopen(self, place: Path) -> None:
        """Show a report again whose pictures lie elsewhere now; nothing is said."""
        if not self._runner.busy:
            job = jobs.open_model(self._engine, place)
            self._runner.start(tr("Opening the model"), job, self._project.keep_training)

    def delete(self, place: Path) -> None:
        """Take a model out of the list; it is moved aside, not destroyed."""
        if self._runner.busy:
            self.said.emit(tr(BUSY))
            return
        self._runner.start(tr("Deleting the model"), jobs.delete_model(place), self._deleted)

    def sort(self, source: Path, target: Path, unsure_below: float) -> None:
        """Copy the pictures of a folder into class folders, by the open model."""
        trained = self._project.state.trained
        if trained is None or self._runner.busy:
            self.said.emit(tr(BUSY))
            return
        job = jobs.sort(self._engine, trained.model, source, target, unsure_below)
        self._runner.start(tr("Sorting pictures"), job, self._sorted)

    def export(self, file: Path, kind: str) -> None:
        """Export the open model into a file."""
        trained = self._project.state.trained
        if trained is None or self._runner.busy:
            self.said.emit(tr(BUSY))
            return
        job = jobs.export_model(self._engine, trained.model, kind, file)
        self._runner.start(tr("Exporting the model"), job, self._exported)

    def _exported(self, done: Exported) -> None:
        said = tr(
            "Exported as {name}; {example} uses it.", name=done.file.name, example=done.example.name
        )
        self.said.emit(shown(said))
        self.wrote.emit(done.file.parent)

    def _sorted(self, done: Sorting) -> None:
        counts = ", ".join(f"{name}: {count:,}" for name, count in done.counts.items())
        said = [tr("Sorted: {counts}.", counts=counts) if counts else tr("Sorted: nothing.")]
        if done.already:
            said.append(
                plural(
                    "{count:,} was there already.", "{count:,} were there already.", done.already
                )
            )
        if done.skipped:
            unread = len(done.skipped)
            said.append(tr("{count:,} could not be read: see {list}.", count=unread, list=LIST))
        self.said.emit(shown(" ".join(said)))
        self.wrote.emit(done.target)

    def _list_others(self) -> None:
        """Read the list when a dataset was opened, perhaps the same again, or another model."""
        state = self._project.state
        dataset = state.opened.dataset if state.opened else None
        model = state.trained.model if state.trained else None
        if dataset is self._listed_for[0] and model == self._listed_for[1]:
            return
        self._listed_for = (dataset, model)
        if state.opened is not None:
            self.reader.request(jobs.models(state.opened.workspace), self._keep)

    def _keep(self, found: tuple[Path, tuple[ModelSummary, ...]]) -> None:
        workspace, models = found
        opened = self._project.state.opened
        if opened is not None and opened.workspace == workspace:
            self._project.list_models(models)

    def _show(self, trained: Trained) -> None:
        self._project.keep_training(trained)
        self.said.emit(
            tr(
                "“{name}” recognised {share:.1%} of what it was judged on.",
                name=shown(trained.model.name),
                share=trained.report.accuracy,
            )
        )

    def _deleted(self, moved: tuple[Path, Path]) -> None:
        place, aside = moved
        trained = self._project.state.trained
        self._listed_for = (None, None)
        if trained is not None and trained.model == place:
            self._project.keep_training(None)
        else:
            self._list_others()
        name, folder = shown(place.name), shown(aside)
        self.said.emit(tr("“{name}” is deleted; it lies in {folder}.", name=name, folder=folder))
