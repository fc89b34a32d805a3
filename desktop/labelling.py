"""What a user does with classes: gives, takes back, asks what to look at next."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from desktop import jobs
from desktop.edit_writer import REDONE, UNDONE, EditWriter, Wish
from desktop.language import tr
from desktop.project import Project
from desktop.state import State
from desktop.views.widgets import shown
from desktop.worker import JobRunner, LatestOnly
from engine.engine_process import EngineProcess
from engine.pipeline import Relabelled, labels
from engine.suggestions import Suggestions
from engine.wording import mark

KEPT = mark("Kept here; it is written down when the running job has ended.")
NOTHING_GIVEN = mark(
    "There is no answer of this session to take back; Ctrl+Z undoes other changes."
)
CHOOSE_FIRST = mark("Select images on the map, or click one; then give them a class.")
EXCLUDE_WHAT = mark("Select images on the map, or click one; then leave them out.")


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
    told = Signal(str, bool)  # for the panel of the review; whether until the edits are written

    def __init__(
        self,
        project: Project,
        runner: JobRunner,
        engine: EngineProcess,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._project, self._engine = project, engine
        self.writer = EditWriter(runner, self)
        self._learner = LatestOnly(self)
        self._when_learnt: Callable[[], None] | None = None
        self._seen: set[str] = set()  # what was shown as the next one already
        self.writer.written.connect(self._keep)
        self.writer.held.connect(lambda: self._tell(tr(KEPT), until_written=True))
        self.writer.nothing_given.connect(lambda: self._tell(tr(NOTHING_GIVEN)))
        self.writer.failed.connect(self.failed)
        self.writer.idle.connect(self._tell_idle)
        self._learner.failed.connect(self._learning_failed)
        self._learner.ended.connect(self._tell_idle)

    @property
    def busy(self) -> bool:
        """Whether an edit is being written or waits for that, or something is learnt."""
        return self.writer.busy or self._learner.busy

    def stop(self) -> None:
        """Learn no more; what is being written is finished."""
        self._when_learnt = None
        self._seen.clear()
        self.writer.begin_anew()
        self._learner.stop()

    def assign(self, label: str) -> None:
        """Give the images at hand a class, "" to take it away."""
        state = self._project.state
        projection = state.projection
        if projection is None or not len(state.at_hand):
            self.said.emit(tr(CHOOSE_FIRST))
            return
        self.assign_to([projection.paths[row] for row in state.at_hand], label)

    def assign_to(self, paths: Sequence[str], label: str, is_answer: bool = False) -> None:
        """Give some images a class, "" to take it away."""
        self._write(lambda root, now: labels.assign(root, now, label), paths, is_answer=is_answer)

    def exclude(self, paths: Sequence[str], excluded: bool = True, is_answer: bool = False) -> None:
        """Leave some images out, or take them in again."""
        self._write(
            lambda root, now: labels.exclude(root, now, excluded), paths, is_answer=is_answer
        )

    def exclude_at_hand(self, excluded: bool) -> None:
        """Leave the images at hand out, or take them in again."""
        state = self._project.state
        projection = state.projection
        if projection is None or not len(state.at_hand):
            self.said.emit(tr(EXCLUDE_WHAT))
            return
        self.exclude([projection.paths[row] for row in state.at_hand], excluded)

    def review(self, paths: Sequence[str], kind: str, verdict: str) -> None:
        """Note what the user says of a finding about images."""
        self._write(
            lambda root, now: labels.review(root, now, kind, verdict), paths, is_answer=True
        )

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
        self._write(labels.undo, turn=UNDONE)

    def take_back(self) -> None:
        """Take the latest edit back if it is an answer of this session to a finding."""
        self._write(labels.undo, turn=UNDONE, is_answer=True)

    def redo(self) -> None:
        """Do again what was undone last."""
        self._write(labels.redo, turn=REDONE)

    def follow(self, moved: Mapping[str, str]) -> None:
        """Write what still waits about images by their new paths."""
        self.writer.follow(moved)

    def look_at_next(self) -> None:
        """Pick the image whose class would help most; learn first if nothing was learnt yet."""
        if self._project.state.suggested is None:
            self.said.emit(tr("Learning from the images that have a class…"))
            self._learn(self._pick_next)
        else:  # what is being learnt meanwhile comes with the next one
            self._pick_next()

    def colour(self) -> None:
        """Colour by what is suggested."""
        if self._project.state.suggested is None:
            self._learn(self._colour)
        else:
            self._colour()

    def _colour(self) -> None:
        self._project.colour_suggested()
        self.said.emit(self._project.state.colours_say)

    def _write(
        self,
        change: Callable[..., Relabelled],
        paths: Sequence[str] = (),
        turn: str = "",
        is_answer: bool = False,
    ) -> None:
        opened = self._project.state.opened
        if opened is None or opened.recipe is None:
            return
        self.writer.write(Wish(opened.workspace, change, tuple(paths), turn, is_answer))

    def _tell(self, text: str, until_written: bool = False) -> None:
        self.said.emit(text)
        self.told.emit(text, until_written)

    def _keep(self, wish: Wish, done: Relabelled) -> None:
        opened = self._project.state.opened
        if opened is None or opened.workspace != wish.root:
            return  # another folder was opened meanwhile; the edit is in the workspace of the first
        if not done.text:
            self.said.emit(tr("There is nothing to change."))
            return
        old = self._project.state.projection
        self._project.relabel(done)
        self.said.emit(shown(wish.sentence(done.text)))
        if wish.turn == UNDONE:
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
            self.said.emit(tr("Every image has a class."))
            return
        if self._seen.issuperset(ordered):
            self._seen.clear()
        path = next(path for path in ordered if path not in self._seen)
        self._seen.add(path)
        row = projection.paths.index(path)
        self._project.select(np.array([row]))
        self._project.pick(row)
        self.looked_at.emit(row)
        said = suggestion_of(self._project.state, path) or tr("No class")
        left = tr("{count:,} without a class", count=len(without))
        self.said.emit(shown(" · ".join((said, path, left))))

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
    return tr("Suggested: {name}, {share:.0%}", name=name, share=probability) if name else ""
