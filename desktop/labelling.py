"""What a user does with classes: gives, takes back, asks what to look at next."""

from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from desktop import jobs
from desktop.project import Project, State
from desktop.views.widgets import shown
from desktop.worker import Job, JobRunner, LatestOnly
from engine.engine_process import EngineProcess
from engine.pipeline import Relabelled, labels
from engine.progress import Progress
from engine.suggestions import Suggestions

UNDONE = "Undone: "  # before the text of an edit that was taken back
CHOOSE_FIRST = "Select images on the map, or click one; then give them a class."


class Labelling(QObject):
    """Turns wishes about classes into jobs, and their results into the state of the project.

    Edits are written one after the other, and none is dropped. After each the classifier learns
    again from the images that have a class; of that only the latest matters.
    """

    said = Signal(str)  # for the status bar
    failed = Signal(object)  # Exception
    idle = Signal()  # nothing is written or learnt any more
    looked_at = Signal(int)  # row to fly to
    undone = Signal(object)  # paths of the images that an edit was about which was taken back

    def __init__(
        self, project: Project, engine: EngineProcess, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._project, self._engine = project, engine
        self._writer = JobRunner(self)
        self._waiting: deque[Job] = deque()
        self._learner = LatestOnly(self)
        self._when_learnt: Callable[[], None] | None = None
        self._seen: set[str] = set()  # what was shown as the next one already
        self._writer.ended.connect(self._write_next)
        self._writer.failed.connect(self.failed)
        self._learner.failed.connect(self._learning_failed)
        self._learner.ended.connect(self._tell_idle)

    @property
    def busy(self) -> bool:
        """Whether an edit is being written, or something is learnt."""
        return self._writer.busy or self._learner.busy

    def stop(self) -> None:
        """Learn no more; what is being written is finished."""
        self._when_learnt = None
        self._seen.clear()
        self._learner.stop()

    def assign(self, label: str) -> None:
        """Give the images at hand a class, "" to take it away."""
        state = self._project.state
        projection = state.projection
        if projection is None or not len(state.at_hand):
            self.said.emit(CHOOSE_FIRST)
            return
        self.assign_to([projection.paths[row] for row in state.at_hand], label)

    def assign_to(self, paths: Sequence[str], label: str) -> None:
        """Give some images a class, "" to take it away."""
        self._write(lambda root: labels.assign(root, paths, label))

    def exclude(self, paths: Sequence[str], excluded: bool = True) -> None:
        """Leave some images out, or take them in again."""
        self._write(lambda root: labels.exclude(root, paths, excluded))

    def exclude_at_hand(self, excluded: bool) -> None:
        """Leave the images at hand out, or take them in again."""
        state = self._project.state
        projection = state.projection
        if projection is None or not len(state.at_hand):
            self.said.emit("Select images on the map, or click one; then leave them out.")
            return
        self.exclude([projection.paths[row] for row in state.at_hand], excluded)

    def review(self, paths: Sequence[str], kind: str, verdict: str) -> None:
        """Note what the user says of a finding about images."""
        self._write(lambda root: labels.review(root, paths, kind, verdict))

    def assign_number(self, number: int) -> None:
        """Give the images at hand a class of the legend, counted from 0."""
        classes = self._project.state.classes
        if number < len(classes):
            self.assign(classes[number])

    def rename(self, old: str, new: str) -> None:
        """Call a class otherwise."""
        self._write(lambda root: labels.rename_class(root, old, new))

    def undo(self) -> None:
        """Take the latest edit back."""
        self._write(labels.undo, UNDONE)

    def redo(self) -> None:
        """Do again what was undone last."""
        self._write(labels.redo, "Done again: ")

    def look_at_next(self) -> None:
        """Pick the image whose class would help most; learn first if nothing was learnt yet."""
        if self._project.state.suggested is None:
            self.said.emit("Learning from the images that have a class…")
            self._learn(self._pick_next)
        else:  # what is being learnt meanwhile comes with the next one
            self._pick_next()

    def colour(self) -> None:
        """Colour by what is suggested."""
        if self._project.state.suggested is None:
            self._learn(self._project.colour_suggested)
        else:
            self._project.colour_suggested()

    def _write(self, edit: Callable[[Path], Relabelled], before: str = "") -> None:
        opened = self._project.state.opened
        if opened is None or opened.recipe is None:
            return
        root = opened.workspace

        def job(progress: Progress) -> tuple[Path, str, Relabelled]:
            progress.report("Changing classes")
            return root, before, edit(root)

        self._waiting.append(job)
        if not self._writer.busy:
            self._write_next()

    def _write_next(self) -> None:
        if self._waiting:
            self._writer.start("", self._waiting.popleft(), self._keep)
        else:
            self._tell_idle()

    def _keep(self, result: tuple[Path, str, Relabelled]) -> None:
        root, before, done = result
        opened = self._project.state.opened
        if opened is None or opened.workspace != root:
            return  # another folder was opened meanwhile; the edit is in the workspace of the first
        if not done.text:
            self.said.emit("There is nothing to change.")
            return
        old = self._project.state.projection
        self._project.relabel(done)
        self.said.emit(shown(f"{before}{done.text}"))
        if before == UNDONE:
            self.undone.emit(tuple(done.images))
        is_learnt = self._project.state.suggested is not None or self._without_class()
        if is_learnt and self._project.state.projection is not old:  # there are other classes
            self._learn()

    def _learn(self, then: Callable[[], None] | None = None) -> None:
        opened = self._project.state.opened
        if opened is None or opened.recipe is None:
            return
        root, run = opened.workspace, opened.recipe.run
        # What waits for an answer still gets one, from what is learnt later.
        self._when_learnt = then or self._when_learnt
        self._learner.request(jobs.suggest(self._engine, root, run), self._keep_suggestions)

    def _keep_suggestions(self, result: tuple[Path, Suggestions]) -> None:
        root, suggested = result
        opened = self._project.state.opened
        if opened is None or opened.workspace != root:
            return
        self._project.suggest(suggested)
        then, self._when_learnt = self._when_learnt, None
        if then is not None:
            then()

    def _pick_next(self) -> None:
        state = self._project.state
        suggested, projection = state.suggested, state.projection
        if suggested is None or projection is None:
            return
        without = self._without_class()
        ordered = [path for path in map(suggested.paths.__getitem__, suggested.order)
                   if path in without]  # fmt: skip
        if not ordered:
            self.said.emit("Every image has a class.")
            return
        if self._seen.issuperset(ordered):
            self._seen.clear()
        path = next(path for path in ordered if path not in self._seen)
        self._seen.add(path)
        row = projection.paths.index(path)
        self._project.select(np.array([row]))
        self._project.pick(row)
        self.looked_at.emit(row)
        said = suggestion_of(self._project.state, path)
        self.said.emit(shown(f"{said or 'No class'} · {path} · {len(without):,} without a class"))

    def _without_class(self) -> set[str]:
        """Return the images that have no class and are not left out."""
        state = self._project.state
        projection = state.projection
        if projection is None or "" not in projection.labels:
            return set()
        return {path for path, name in zip(projection.paths, projection.labels, strict=True)
                if not name} - state.excluded  # fmt: skip

    def _learning_failed(self, error: Exception) -> None:
        self._when_learnt = None
        self.failed.emit(error)

    def _tell_idle(self) -> None:
        if not self.busy:
            self.idle.emit()


def suggested_class(state: State, path: str) -> tuple[str, float]:
    """Return the class that is suggested for an image without one, "" for none, and how surely."""
    suggested = state.suggested
    if suggested is None or not suggested.classes or path not in suggested.paths:
        return "", 0.0
    place = suggested.paths.index(path)
    return suggested.labels[place], float(suggested.probability[place])


def suggestion_of(state: State, path: str) -> str:
    """Say which class is suggested for an image without one, "" when none is."""
    name, probability = suggested_class(state, path)
    return f"Suggested: {name}, {probability:.0%}" if name else ""
