"""What is wrong with the dataset: looked for, kept, and put right on the disk."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop import quality_jobs as jobs
from desktop.language import plural, tr
from desktop.project import Project
from desktop.quality_jobs import AllAside, Moved
from desktop.views.widgets import shown
from desktop.worker import BUSY, JobRunner, LatestOnly
from engine.engine_process import EngineProcess
from engine.pipeline import ClassifierOptions, ExportedEdits, Opened, Plan, Trained
from engine.quality.findings import LABEL, Quality
from engine.wording import mark

ALL_BACK = mark("Every file lies where it was first.")
ALL_MOVED = mark("Every file lies in the folder of its class; there is nothing to move.")
STOPPED = mark("Moving files was stopped; the map shows each file where it lies now.")


class Repair(QObject):
    """Turns wishes about findings into jobs, and their results into the state of the project."""

    said = Signal(str)  # for the status bar
    planned = Signal(object, bool)  # Plan, whether everything is moved back
    opened = Signal(object)  # Opened: the files lie elsewhere now
    moved = Signal(object)  # dict of new paths by the old ones; after ``opened``
    all_aside = Signal(object, object)  # Path of a folder without images to show, its workspace
    wrote = Signal(object)  # Path of a folder that the user may want to see
    cut_short = Signal(int)  # files that the program was still to move when it was killed
    model_wanted = Signal(object)  # Path of a model, to be opened again

    def __init__(
        self,
        project: Project,
        runner: JobRunner,
        engine: EngineProcess,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._project, self._runner, self._engine = project, runner, engine
        self.reader = LatestOnly(self)
        self._read_for: tuple[object, ...] = ()
        self._asked_of: Opened | None = None  # whether to go on with what was cut short
        self._moves_in: tuple[Path, Path] | None = None  # folder and workspace, while files move
        project.changed.connect(self._read_kept)
        runner.cancelled.connect(self._open_again)
        runner.failed.connect(self._open_again)

    def find(self) -> None:
        """Look for what is wrong."""
        if self._is_ready:
            job = jobs.find_quality(self._engine, *self._run)
            self._runner.start(tr("Looking for what is wrong"), job, self._keep)

    def rank_again(self) -> None:
        """Train the open classifier again on the classes of now, and look again."""
        if not self._is_ready:
            return
        trained = self._project.state.trained
        options = trained.training.options if trained is not None else None
        if isinstance(options, ClassifierOptions):
            job = jobs.train_and_find(self._engine, *self._run, options)
            self._runner.start(tr("Training the classifier"), job, self._keep_both)
        else:
            self.find()

    def plan(self, back: bool = False) -> None:
        """Find out what would be moved on the disk."""
        if self._is_ready:
            job = jobs.plan(self._engine, self._run[0], back)
            self._runner.start(tr("Looking at the files"), job, self._tell_plan)

    def apply(self, back: bool = False) -> None:
        """Move files on the disk, and open the folder again; nothing is computed anew."""
        opened = self._project.state.opened
        if self._is_ready and opened is not None:
            self._move(opened.dataset.folder, opened.workspace, back)

    def bring_back(self, folder: Path, root: Path) -> None:
        """Move all files of a folder back that has no images without them, and open it."""
        if self._runner.busy:
            self.said.emit(tr(BUSY))
        else:
            self._move(folder, root, back=True)

    def stop(self) -> None:
        """Do not open the folder again when moving its files is stopped."""
        self._moves_in = None

    def export(self, file: Path) -> None:
        """Write all changes into CSV files."""
        if self._is_ready:
            job = jobs.export_edits(self._run[0], file)
            self._runner.start(tr("Writing the changes"), job, self._tell_exported)

    def _move(self, folder: Path, root: Path, back: bool) -> None:
        self._moves_in = folder, root
        job = jobs.move(self._engine, root, folder, back)
        self._runner.start(tr("Moving files"), job, self._show_moved)

    @property
    def _is_ready(self) -> bool:
        opened = self._project.state.opened
        if opened is None or opened.recipe is None:
            return False
        if self._runner.busy:
            self.said.emit(tr(BUSY))
        return not self._runner.busy

    @property
    def _run(self) -> tuple[Path, str]:
        opened = self._project.state.opened
        assert opened is not None
        assert opened.recipe is not None
        return opened.workspace, opened.recipe.run

    def _read_kept(self) -> None:
        """Read what was found before when a run is shown, perhaps the same again."""
        opened = self._project.state.opened
        if opened is None or opened.recipe is None or opened.projection is None:
            self._read_for = ()
            return
        now = (*self._run, opened.projection.paths)
        if len(self._read_for) == len(now) and all(map(_same, now, self._read_for)):
            return
        self._read_for = now
        if opened.cut_short and opened is not self._asked_of:
            self._asked_of = opened
            self.cut_short.emit(opened.cut_short)
        if self._project.state.quality is None:
            self.reader.request(jobs.kept_quality(*self._run), self._keep_read)

    def _keep_read(self, result: tuple[tuple[Path, str], Quality | None]) -> None:
        run, found = result
        opened = self._project.state.opened
        is_shown = opened is not None and opened.recipe is not None and run == self._run
        if found is not None and is_shown and self._project.state.quality is None:
            self._project.keep_quality(found)

    def _keep(self, found: Quality) -> None:
        before = self._project.state.quality
        self._project.keep_quality(found)
        self.said.emit(_found(found, before))

    def _keep_both(self, done: tuple[Trained, Quality]) -> None:
        trained, found = done
        before, old = self._project.state.trained, self._project.state.quality
        self._project.keep_training(trained)
        self._project.keep_quality(found)
        share = trained.report.accuracy
        if before is None:
            said = tr("{share:.1%} recognised.", share=share)
        else:
            was = before.report.accuracy
            said = tr("{share:.1%} recognised, {before:.1%} before.", share=share, before=was)
        self.said.emit(f"{said} {_found(found, old)}")

    def _tell_plan(self, result: tuple[Plan, bool]) -> None:
        plan, back = result
        if plan.moves or plan.blocked:
            count = len(plan.moves)
            self.said.emit(
                plural("{count:,} file can be moved.", "{count:,} files can be moved.", count)
            )
            self.planned.emit(plan, back)
        else:
            self.said.emit(tr(ALL_BACK if back else ALL_MOVED))

    def _show_moved(self, done: Moved | AllAside) -> None:
        self._moves_in, moves = None, done.applied.moves
        opened = self._project.state.opened
        if isinstance(done, Moved):
            self._show_again(done.opened, {move.source: move.target for move in moves})
        elif opened is not None and opened.workspace == done.root:
            self._project.relabel(done.now)
        said = [plural("{count:,} file is moved.", "{count:,} files are moved.", len(moves))]
        if blocked := len(done.applied.blocked):
            said.append(tr("{count:,} could not be moved.", count=blocked))
        self.said.emit(" ".join(said))
        if isinstance(done, AllAside):
            self.all_aside.emit(done.folder, done.root)

    def _open_again(self) -> None:
        """Show where the files lie after moving them was stopped, or went wrong."""
        place, self._moves_in = self._moves_in, None
        if place is not None and not self._runner.busy:
            job = jobs.open_again(*place)
            self._runner.start(tr("Opening the folder"), job, self._show_stopped)

    def _show_stopped(self, opened: Opened) -> None:
        self._show_again(opened, {})
        self.said.emit(tr(STOPPED))

    def _show_again(self, opened: Opened, now: Mapping[str, str]) -> None:
        """Show the folder anew, with what was selected and picked before if it was shown."""
        state = self._project.state
        if state.opened is None or state.opened.workspace != opened.workspace:
            self.opened.emit(opened)
            return
        paths = state.projection.paths if state.projection is not None else ()
        selected = [paths[row] for row in state.selections.present]
        picked = paths[state.picked] if state.picked is not None else None
        self.opened.emit(opened)
        self.moved.emit(now)
        self._project.select_paths(now.get(path, path) for path in selected)
        for row in self._project.rows_of([now.get(picked, picked)] if picked is not None else []):
            self._project.pick(int(row))
        if state.trained is not None:
            self.model_wanted.emit(state.trained.model)

    def _tell_exported(self, done: ExportedEdits) -> None:
        said = tr(
            "Written: {edits}, every change; {classes}, every class.",
            edits=done.edits.name,
            classes=done.classes.name,
        )
        self.said.emit(shown(said))
        self.wrote.emit(done.edits.parent)


def _found(found: Quality, before: Quality | None) -> str:
    count = _count(found, LABEL)
    others = len(found.findings) - count
    return tr(
        "{labels}; {others}.",
        labels=plural("{count:,} doubtful label", "{count:,} doubtful labels", count)
        if before is None
        else plural(
            "{count:,} doubtful label, {before:,} before",
            "{count:,} doubtful labels, {before:,} before",
            count,
            before=_count(before, LABEL),
        ),
        others=plural("{count:,} other finding", "{count:,} other findings", others),
    )


def _count(quality: Quality, kind: str) -> int:
    return sum(finding.kind == kind for finding in quality.findings)


def _same(one: object, other: object) -> bool:
    return one is other or (isinstance(one, (Path, str)) and one == other)
