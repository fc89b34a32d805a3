"""The map with its controls, the legend, the picked picture and the gallery."""

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.outside import Outside
from desktop.selection import NOTHING
from desktop.state import State
from desktop.theme import SPACE, Theme
from desktop.views.camera import as_numbers, from_numbers
from desktop.views.class_field import ClassField
from desktop.views.gallery import Gallery
from desktop.views.legend import Legend
from desktop.views.map_commands import MapCommands
from desktop.views.map_controls import MapControls
from desktop.views.map_labels import group_labels
from desktop.views.map_view import MapView
from desktop.views.map_words import gallery_title, neighbor_tip
from desktop.views.picture_card import PictureCard
from desktop.views.pictures_on_map import PicturesOnMap
from desktop.views.review_panel import WIDTH as REVIEW_WIDTH
from desktop.views.review_panel import ReviewPanel
from desktop.views.review_room import PANEL_WIDTH, ReviewRoom
from desktop.views.rings import pictures_of, rings_of
from desktop.views.training_panel import WIDTH, TrainingPanel
from desktop.views.widgets import splitter
from engine.pipeline import Neighbor
from engine.values import Dataset, Pixels, Projection
from engine.workspace import View

GALLERY_HEIGHT = 200
EMPTY = np.zeros((0, 3), np.float32)


class MapPage(QWidget):
    """Walk through the images. Indices in signals are rows of the projection that is shown."""

    pointed = Signal(object)  # the row under the cursor, else the picked one, else None
    picked = Signal(object)  # row or None
    selected = Signal(object)  # rows
    marked = Signal(object)  # rows that were chosen in the gallery
    group_chosen = Signal(str)  # of the legend, to be selected
    thumbnails_wanted = Signal(str, object)  # for which view, rows
    picture_made = Signal(str, object)  # name of a file, the map as a QImage
    files_chosen = Signal(object)  # list of Path of pictures, to find what is similar to them
    outside_chosen = Signal(int)  # number of the picture from elsewhere that is looked at
    export_wanted = Signal()  # of the open model, for other programs
    sorting_wanted = Signal()  # of a folder, into class folders
    label_wanted = Signal(str)  # name of a command of the menu of labels
    review_wanted = Signal(str)  # name of a command of the menu of reviews

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controls = MapControls()
        self.map = MapView()
        self.legend = Legend()
        self.class_field = ClassField(self.map)
        self.card = PictureCard()
        self.gallery = Gallery()
        self.pictures = PicturesOnMap(self.map)
        self.training = TrainingPanel()
        self.training.hide()
        self.review = ReviewPanel()
        self.review.hide()
        self.commands = MapCommands(self)
        self.projection: Projection | None = None
        self.state = State()
        self._row_of: dict[str, int] = {}
        self.panel = QWidget()
        side = QVBoxLayout(self.panel)
        side.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        side.setSpacing(SPACE)
        side.addWidget(self.card)
        side.addWidget(self.legend, 1)
        down, along = Qt.Orientation.Vertical, Qt.Orientation.Horizontal
        self.across = splitter(down, (self.map, self.gallery), [600, GALLERY_HEIGHT])
        beside = (self.across, self.panel, self.training, self.review)
        self.splitter = splitter(along, beside, [900, PANEL_WIDTH, WIDTH, REVIEW_WIDTH], (0, 2, 3))
        self.room = ReviewRoom(self.splitter, self.panel, self.legend, self.review)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.controls)
        whole.addWidget(self.splitter, 1)
        self.legend.changed.connect(self._show_groups)
        self.legend.group_chosen.connect(self.group_chosen)
        self.map.hovered.connect(self._hover)
        self.map.picked.connect(self.picked)
        self.map.ring_picked.connect(self.outside_chosen)
        self.card.outside.chosen.connect(self.outside_chosen)
        self.map.selected.connect(self.selected)
        self.gallery.picked.connect(self.picked)
        self.gallery.marked.connect(self.marked)
        self.card.neighbors.picked.connect(self.picked)
        self.gallery.wanted.connect(lambda rows: self.thumbnails_wanted.emit("gallery", rows))
        self.pictures.wanted.connect(lambda rows: self.thumbnails_wanted.emit("map", rows))
        self.controls.tool_chosen.connect(self.map.set_tool)

    def show_state(self, state: State) -> None:
        """Draw what changed: the map, the colours, the selection, the picked picture."""
        before, self.state = self.state, state
        moved = self._show_projection(state)
        reviewed = self.review.queue.current
        if not self.review.isHidden():  # before the picture: what it shows is not shown twice
            self.review.show_state(state)
        other_classes = not moved and _dataset(state) is not _dataset(before)
        if moved or other_classes:
            self._show_classes(state)
        if moved or state.colouring is not before.colouring:
            self._show_colours(state)
        if moved or state.selections is not before.selections:
            self._show_selection(state, is_other_images=moved)
        elif state.marked is not before.marked:
            self.map.select(state.standing_out)
        if len(before.marked) and not len(state.marked):
            self.gallery.mark(state.picked)
        if moved or pictures_of(state) is not pictures_of(before):
            self.map.show_rings(rings_of(state, self._row_of))
        picked = state.picked != before.picked or state.outside is not before.outside
        said = other_classes or state.suggested is not before.suggested
        if moved or picked or (said and state.picked is not None):
            self._show_picked(state)
        elif self.review.queue.current is not reviewed:
            self._point(state.picked)
        if state.trained is not before.trained:
            self.training.show_trained(state.trained)
            self.controls.show_trained(bool(state.trained and state.trained.training.paths))
        if state.models is not before.models:
            self.training.show_models(state.models)
        if state.learning is not before.learning or state.trained is not before.trained:
            self.training.show_learning_curve(state.learning)
        if state.quality is not before.quality:
            self.controls.show_judged(bool(state.quality and state.quality.suspicion))

    def show_review(self, visible: bool) -> None:
        """Show or hide the panel of the review; its keys hold at once."""
        if visible:
            self.room.open()
            self.review.show_state(self.state)
            self.review.look_again()
            self.review.go_to_keys()
        else:
            self.room.close()
            self.map.setFocus()
        self._point(self.state.picked)

    def set_busy(self, busy: bool) -> None:
        """Ask for nothing that needs a job while one runs."""
        if busy and self.controls.is_chosen_from:
            self.map.setFocus()  # else Qt would choose the search, and letters would go there
        self.controls.set_busy(busy)
        self.training.set_busy(busy)
        self.review.set_busy(busy)

    def show_picture(self, picture: Pixels | str) -> None:
        """Show the picture that is pointed at, or why there is none."""
        self.card.show_picture(picture)

    def show_neighbors(self, found: list[Neighbor]) -> None:
        """Show the nearest neighbours of the picked picture, and draw lines to them."""
        here = [item for item in found if item.path in self._row_of]
        rows = [self._row_of[item.path] for item in here]
        tips = [neighbor_tip(item) for item in here]
        self.card.neighbors.show_neighbors(rows, tips)
        if self.state.picked is not None:
            self.map.show_lines(self.state.picked, np.array(rows, np.int64))
        self.thumbnails_wanted.emit("neighbors", rows)

    def show_outside(self, outside: Outside) -> None:
        """Show a picture from elsewhere with its class and the images that are similar to it."""
        picture = outside.current
        named = picture.prediction.label if picture.prediction is not None else ""
        self.card.show_item(str(picture.file), named, picture.says)
        self.card.show_picture(picture.picture)
        self.show_neighbors(list(picture.neighbors))
        self.map.look_at_ring(outside.number)

    def show_thumbnails(self, paths: list[str], pictures: list[Pixels | str]) -> None:
        """Hand small pictures to those who show some."""
        known = [
            (self._row_of[path], picture)
            for path, picture in zip(paths, pictures, strict=True)
            if path in self._row_of
        ]
        rows, pixels = [row for row, _ in known], [picture for _, picture in known]
        self.gallery.add_pictures(rows, pixels)
        self.card.neighbors.add_pictures(rows, pixels)
        self.pictures.add_pictures(rows, pixels)
        self.legend.add_pictures(rows, pixels)
        self.review.add_pictures(dict(zip(paths, pictures, strict=True)))

    def show_row(self, row: int) -> None:
        """Move the map only if a point would not be seen well."""
        self.map.bring_into_view(row)

    def reviews(self, row: int | None) -> bool:
        """Whether the review shows what is pointed at."""
        finding = None if self.review.isHidden() else self.review.queue.current
        return finding is not None and row in (None, self._row_of.get(finding.path))

    def view(self) -> View | None:
        """Return how the map is looked at, to be kept; None while there is none."""
        if self.projection is None:
            return None
        camera, dealt = as_numbers(self.map.camera()), dict(self.state.dealt)
        return View(self.projection.method, self.projection.dims, camera, dealt)

    def show_view(self, view: View) -> None:
        """Look at the map as it was looked at before."""
        if view.camera and self.projection is not None:
            self.map.set_camera(from_numbers(view.camera, self.projection.dims == 2))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.map.set_theme(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the map its part of a smaller page."""
        super().resizeEvent(event)
        self.room.fit()

    # What is drawn.

    def _show_projection(self, state: State) -> bool:
        """Draw the projection if it is another one; tell whether it is of other images."""
        projection, before = state.projection, self.projection
        self.projection = projection
        if projection is before and projection is not None:
            return False
        if projection is not None:
            self.controls.show_map(projection.method, projection.dims)
            self.map.set_flat(projection.dims == 2)
        if projection and before and projection.paths == before.paths:
            if projection.points is not before.points:
                self.map.move_points(projection.points)
            return False
        self._row_of = {
            path: row for row, path in enumerate(projection.paths if projection else ())
        }
        self.pictures.forget()
        self.map.show_points(projection.points if projection else EMPTY, state.colouring.colours)
        if projection is None or before is None or projection.run != before.run:
            self.map.reset_camera()
            self.card.show_nothing()
        return True

    def _show_classes(self, state: State) -> None:
        self.gallery.show_excluded(state.excluded)
        self.controls.show_classes(state.classes)
        self.training.show_classes(len(state.classes))

    def _show_colours(self, state: State) -> None:
        colouring = state.colouring
        counts = dict.fromkeys(colouring.palette, 0)
        for name in colouring.groups:
            counts[name] = counts.get(name, 0) + 1
        self.controls.show_colouring(colouring.title)
        self.legend.show_colouring(colouring, counts)
        self.thumbnails_wanted.emit("legend", list(colouring.representatives.values()))
        self.map.recolour(colouring.colours)
        self.gallery.recolour(colouring.colours)
        self._show_groups(self.legend.hidden)

    def _show_groups(self, hidden: frozenset[str]) -> None:
        groups = self.state.colouring.groups
        count = len(self.projection.paths) if self.projection else 0
        visible = np.array([group not in hidden for group in groups], bool)
        self.map.show_only(visible if len(groups) == count else np.ones(count, bool))
        self.map.show_labels(group_labels(self.state.colouring))

    def _show_selection(self, state: State, is_other_images: bool) -> None:
        rows = state.selections.present
        self.map.select(state.standing_out)
        projection = state.projection
        count = len(projection.paths) if projection else 0
        listed = rows if len(rows) else np.arange(count)
        names = projection.paths if projection else ()
        self.gallery.show_rows(listed, names, gallery_title(len(rows), count), is_other_images)

    def _show_picked(self, state: State) -> None:
        self.card.outside.show_outside(state.outside)
        self.map.pick(state.picked)
        self.map.show_lines(None, NOTHING)
        if not len(state.marked):
            self.gallery.mark(state.picked)
        self._point(state.picked)

    def _hover(self, row: int | None) -> None:
        self._point(self.state.picked if row is None else row)

    def _point(self, row: int | None) -> None:
        """Say what is pointed at; what the review shows already is not shown twice."""
        self.card.setVisible(not self.reviews(row))
        self.pointed.emit(row)


def _dataset(state: State) -> Dataset | None:
    return state.opened.dataset if state.opened is not None else None
