"""The one state of the window, and every way in which it becomes another one."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from desktop.outside import Outside
from desktop.recolouring import (
    coloured_by_class,
    coloured_by_suggestion,
    coloured_by_training,
    excluded_rows,
    recoloured,
    relabelled,
)
from desktop.selection import NOTHING, Rows, Selections
from desktop.state import State
from engine.colouring import OF_TRAINING, Colouring
from engine.excluded import with_excluded
from engine.learning_curve import LearningCurve
from engine.palette import deal
from engine.pipeline import ModelSummary, Opened, Relabelled, Trained
from engine.quality.findings import Quality
from engine.suggestions import Suggestions
from engine.values import Projection


class Project(QObject):
    """Replaces its state whole and says so."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = State()
        self.colouring = self.state.colouring  # before some points of it were made grey:
        self.excluded_rows: Rows = NOTHING  # of the map: these

    def open(self, opened: Opened) -> None:
        """Show a dataset; everything of another one is dropped, of the same one all but colours."""
        before = self.state
        is_same = before.opened is not None and before.opened.workspace == opened.workspace
        dealt = deal(opened.dataset.classes, before.dealt if is_same else opened.view.colours)
        self._become(coloured_by_class(State(opened, dealt)))

    def show_again(self, state: State) -> None:
        """Show what another window showed."""
        self._become(state)

    def grow(self, projection: Projection) -> None:
        """Show a map that a job is making."""
        self._show(replace(self.state, growing=self._with_classes(projection)))

    def keep(self, projection: Projection) -> None:
        """Show a map that is finished."""
        opened = self.state.opened
        if opened is not None:
            projection = self._with_classes(projection)
            self._show(
                replace(self.state, growing=None, opened=replace(opened, projection=projection))
            )

    def stop_growing(self) -> None:
        """Return to the whole map there was before, if there was one."""
        opened = self.state.opened
        if opened is not None and opened.projection is not None:
            self._show(replace(self.state, growing=None))

    def close(self) -> None:
        """Show nothing."""
        self._become(State())

    def list_models(self, models: tuple[ModelSummary, ...]) -> None:
        """Show which trained models there are."""
        if models != self.state.models:
            self._become(replace(self.state, models=models))

    def keep_learning_curve(self, found: LearningCurve) -> None:
        """Show whether more pictures would make the classifier better."""
        self._become(replace(self.state, learning=found))

    def keep_training(self, trained: Trained | None) -> None:
        """Show how good a classifier is; colours that an older one gave are given up."""
        state = replace(self.state, trained=trained, learning=None)
        self._become(coloured_by_class(state) if state.colouring.title in OF_TRAINING else state)

    def relabel(self, done: Relabelled) -> None:
        """Show the classes that images have now; the map stays where it is."""
        opened = self.state.opened
        if opened is None or opened.projection is None:
            return
        images = tuple(done.images.get(image.path, image) for image in opened.dataset.images)
        classes = {path: image.label for path, image in done.images.items()}
        opened = replace(
            opened,
            dataset=replace(opened.dataset, images=images),
            projection=relabelled(opened.projection, classes),
            history=done.history,
        )
        growing = self.state.growing and relabelled(self.state.growing, classes)
        dealt = deal(opened.dataset.classes, self.state.dealt)
        state = replace(self.state, opened=opened, dealt=dealt, growing=growing)
        is_other = state.projection is not self.state.projection
        self._become(recoloured(state) if is_other else state)

    def suggest(self, suggested: Suggestions) -> None:
        """Show what was learnt from the images that have a class."""
        self._become(recoloured(replace(self.state, suggested=suggested)))

    def colour_suggested(self) -> None:
        """Colour by what is suggested, if anything is."""
        if self.state.suggested is not None:
            self._become(coloured_by_suggestion(self.state))

    def colour_trained(self, title: str) -> None:
        """Colour by what the open classifier says, if there is one."""
        if self.state.trained is not None:
            self._become(coloured_by_training(self.state, title))

    def keep_quality(self, found: Quality | None) -> None:
        """Show what may be wrong with the images."""
        self._become(recoloured(replace(self.state, quality=found)))

    def mark(self, rows: Rows) -> None:
        """Take some rows of the gallery instead of the whole selection; none ends that."""
        if len(rows) or len(self.state.marked):
            self._become(replace(self.state, marked=rows))

    def select_paths(self, paths: Iterable[str]) -> None:
        """Select images by their paths; those that are not on the map are passed over."""
        rows = self.rows_of(paths)
        if len(rows):
            self.select(rows)

    def rows_of(self, paths: Iterable[str]) -> Rows:
        """Return the rows of images on the map, of those that are on it."""
        projection = self.state.projection
        rows = {path: row for row, path in enumerate(projection.paths if projection else ())}
        return np.array([rows[path] for path in paths if path in rows], np.int64)

    def select(self, rows: Rows) -> None:
        """Select rows of the map, which ends a comparison; none ends the selection."""
        if self.state.outside is not None:
            self._become(replace(self.state, outside=None))
        self._move_selection(self.state.selections.select(rows))

    def select_back(self) -> None:
        """Return to the selection before."""
        self._move_selection(self.state.selections.back())

    def select_forward(self) -> None:
        """Undo `select_back`."""
        self._move_selection(self.state.selections.forward())

    def pick(self, row: int | None) -> None:
        """Look at one row closely."""
        state = self.state
        if row != state.picked or state.outside is not None or len(state.marked):
            self._become(replace(state, picked=row, outside=None, marked=NOTHING))

    def compare(self, outside: Outside) -> None:
        """Look at pictures from elsewhere, and select what is similar to them."""
        near = (item.path for picture in outside.pictures for item in picture.neighbors)
        rows = self.rows_of(dict.fromkeys(near))
        selections = self.state.selections.select(rows)
        state = replace(self.state, picked=None, outside=outside, selections=selections)
        self._become(replace(state, marked=NOTHING))

    def look_at_outside(self, number: int) -> None:
        """Look at another one of the pictures from elsewhere."""
        outside = self.state.outside
        if outside is not None and (number != outside.number or self.state.picked is not None):
            self._become(replace(self.state, picked=None, outside=outside.at(number)))

    def colour(self, coloured: Colouring | None) -> None:
        """Colour the points otherwise than by class; None returns to that."""
        if coloured is None:
            self._become(coloured_by_class(self.state))
        else:
            self._become(replace(self.state, colouring=coloured))

    def _move_selection(self, selections: Selections) -> None:
        if selections is not self.state.selections or len(self.state.marked):
            self._become(replace(self.state, selections=selections, marked=NOTHING))

    def _show(self, state: State) -> None:
        """Show another map; what is said of rows holds on while they are the same images."""
        old, new = self.state.projection, state.projection
        if old is None or new is None or old.paths != new.paths:
            unsaid = State(state.opened, state.dealt, state.growing, models=state.models)
            state = coloured_by_class(unsaid)
        elif old is not new and state.colouring.of_map:
            state = coloured_by_class(state)
        self._become(state)

    def _with_classes(self, projection: Projection) -> Projection:
        """Give a map the classes of now: they may have changed since its job began."""
        shown = self.state.opened.projection if self.state.opened else None
        if shown is not None and shown.paths == projection.paths:
            return replace(projection, labels=shown.labels)
        return projection

    def _become(self, state: State) -> None:
        before = self.state
        is_other = state.colouring is not before.colouring
        if is_other:
            self.colouring = state.colouring
        if is_other or state.opened is not before.opened:
            rows = excluded_rows(state)
            if is_other or not np.array_equal(rows, self.excluded_rows):
                state = replace(state, colouring=with_excluded(self.colouring, rows))
            self.excluded_rows = rows
        self.state = state
        self.changed.emit()
