"""What goes out of the program and what comes in: exports, and vectors of other programs."""

from functools import reduce
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop import data_jobs
from desktop.language import plural, told, tr
from desktop.project import Project
from desktop.views.export_data_dialog import ExportDataDialog
from desktop.views.widgets import shown
from desktop.worker import JobRunner
from engine.engine_process import EngineProcess
from engine.foreign.vector_file import SUFFIXES
from engine.pipeline import Imported, Opened, Written
from engine.wording import mark

WITHOUT_PATHS = (".npy", ".tsv")  # files that do not say which images their rows are of
EMBED_FIRST = mark("Embed the images first; then there is something to export.")
LISTS = mark("Lists of paths (*.txt *.csv *.tsv *.npy)")


class Exchange(QObject):
    """Asks what to export or import, makes a job of it, and says what came of it."""

    said = Signal(str)  # for the status bar
    wrote = Signal(object)  # Path of a folder that the user may want to see
    opened = Signal(object)  # Opened: another run is to be shown
    exporting = Signal()  # what is kept of the view should be that of now

    def __init__(
        self, project: Project, runner: JobRunner, engine: EngineProcess, window: QWidget
    ) -> None:
        super().__init__(window)
        self._project, self._runner, self._engine = project, runner, engine
        self._window = window

    def ask_to_export(self) -> None:
        """Ask in which format, and where to."""
        opened = self._project.state.opened
        if opened is None or opened.recipe is None:
            self.said.emit(tr(EMBED_FIRST))
            return
        dialog = ExportDataDialog(opened.dataset.folder, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.export_requested.connect(self.export)
        dialog.open()

    def export(self, kind: str, place: Path, dpi: int) -> None:
        """Export the run that is shown."""
        opened = self._project.state.opened
        if opened is None or opened.recipe is None or self._runner.busy:
            return
        root, run = opened.workspace, opened.recipe.run
        self.exporting.emit()
        job = data_jobs.export_run(self._engine, root, run, kind, place, dpi)
        self._runner.start(tr("Exporting"), job, self._exported)

    def ask_to_import(self) -> None:
        """Ask for a file of vectors, and for a list of paths where it may have none."""
        opened = self._project.state.opened
        if opened is None:
            return
        start = shown(opened.dataset.folder.parent)
        pattern = tr("Vectors ({patterns})", patterns=" ".join(f"*{each}" for each in SUFFIXES))
        title = tr("Import vectors")
        name, _ = QFileDialog.getOpenFileName(self._window, title, start, pattern)
        if not name:
            return
        file, paths = Path(name), None
        if file.suffix.lower() in WITHOUT_PATHS and not file.with_name("metadata.tsv").is_file():
            title = tr("Which image is each row of? Choose the list of their paths")
            start, pattern = shown(file.parent), tr(LISTS)
            listed, _ = QFileDialog.getOpenFileName(self._window, title, start, pattern)
            paths = Path(listed) if listed else None
        self.bring_in(file, paths)

    def bring_in(self, file: Path, paths: Path | None) -> None:
        """Make a run of a file of vectors and show it."""
        opened = self._project.state.opened
        if opened is not None and not self._runner.busy:
            job = data_jobs.import_vectors(self._engine, opened, file, paths)
            self._runner.start(tr("Importing vectors"), job, self._imported)

    def _exported(self, done: Written) -> None:
        files = reduce(_and, (file.name for file in done.files))
        facts = plural(
            "{count:,} image is in {files}.",
            "{count:,} images are in {files}.",
            done.points,
            files=files,
        )
        self.said.emit(shown(" ".join((facts, *map(told, done.notes)))))
        self.wrote.emit(done.files[0].parent)

    def _imported(self, both: tuple[Imported, Opened]) -> None:
        done, opened = both
        self.opened.emit(opened)
        facts = [
            tr(
                "{imported:,} of {images:,} images have a vector.",
                imported=done.imported,
                images=done.images,
            )
        ]
        if done.unmatched:
            facts.append(
                plural(
                    "{count:,} name is not among the images.",
                    "{count:,} names are not among the images.",
                    len(done.unmatched),
                )
            )
        if done.skipped:
            facts.append(
                plural(
                    "{count:,} vector is not finite.",
                    "{count:,} vectors are not finite.",
                    len(done.skipped),
                )
            )
        self.said.emit(" ".join(facts))


def _and(names: str, name: str) -> str:
    return tr("{names} and {name}", names=names, name=name)
