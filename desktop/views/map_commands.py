"""The commands of the map: what its menus and keys do."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog

from desktop.language import tr
from desktop.selection import NOTHING
from engine.images import SUFFIXES

if TYPE_CHECKING:
    from desktop.views.map_page import MapPage


class MapCommands:
    """One method for each command of `desktop.commands` that needs the map.

    A plain command's action passes on that it is not checked, a switch's how it is now.
    """

    def __init__(self, page: "MapPage") -> None:
        self._page = page

    def zoom_in(self, _: bool = False) -> None:
        """Come nearer."""
        self._page.map.zoom(1)

    def zoom_out(self, _: bool = False) -> None:
        """Go farther away."""
        self._page.map.zoom(-1)

    def reset_view(self, _: bool = False) -> None:
        """Return to the first view of the map."""
        self._page.map.reset_camera()

    def look_front(self, _: bool = False) -> None:
        """See the map from the front."""
        self._page.map.look_from(-90, 0)

    def look_side(self, _: bool = False) -> None:
        """See the map from the side."""
        self._page.map.look_from(0, 0)

    def look_top(self, _: bool = False) -> None:
        """See the map from above."""
        self._page.map.look_from(-90, 90)

    def fly_to_selection(self, _: bool = False) -> None:
        """Let the selection fill the view, or the whole map when nothing is selected."""
        rows = self._page.state.selections.present
        if len(rows):
            self._page.map.fly_to(rows)
        else:
            self._page.map.reset_camera()

    def turn_slowly(self, on: bool) -> None:
        """Turn the map like a turntable."""
        self._page.map.turntable(on)

    def larger_points(self, _: bool = False) -> None:
        """Draw the points larger."""
        self._page.map.scale_points(1.25)

    def smaller_points(self, _: bool = False) -> None:
        """Draw the points smaller."""
        self._page.map.scale_points(0.8)

    def show_grid(self, visible: bool) -> None:
        """Show or hide the floor of the map."""
        self._page.map.show_grid(visible)

    def show_axes(self, visible: bool) -> None:
        """Show or hide the axes of the map."""
        self._page.map.show_axes(visible)

    def save_picture(self, _: bool = False) -> None:
        """Save the map as a picture, twice as large as it is seen."""
        name, _kind = QFileDialog.getSaveFileName(
            self._page, tr("Save the map"), "map.png", "PNG (*.png)"
        )
        if name:
            view = self._page.map.size() * 2
            self._page.picture_made.emit(name, self._page.map.snapshot(view.width(), view.height()))

    def show_names(self, visible: bool) -> None:
        """Show or hide the names of the groups on the map."""
        self._page.map.set_labels_visible(visible)

    def show_pictures(self, visible: bool) -> None:
        """Draw pictures instead of some of the points, or points alone."""
        self._page.pictures.set_visible(visible)

    def show_panel(self, visible: bool) -> None:
        """Show or hide the legend and the picture."""
        self._page.room.show_side(visible)

    def show_gallery(self, visible: bool) -> None:
        """Show or hide the pictures of the selection."""
        self._page.gallery.setVisible(visible)

    def show_training(self, visible: bool) -> None:
        """Show or hide the panel of the classifier; that of the review gives it its place."""
        if visible:
            self._switch("show_review", False)
        self._page.training.setVisible(visible)

    def show_review(self, visible: bool) -> None:
        """Show or hide the panel of the review; that of the classifier gives it its place."""
        if visible:
            self._switch("show_training", False)
        self._page.show_review(visible)

    def find_quality(self, _: bool = False) -> None:
        """Look for what is wrong, and show the panel of the review."""
        self._switch("show_review", True)
        self._page.review.find_wanted.emit()

    def rank_again(self, _: bool = False) -> None:
        """Learn from the classes of now, and look again for what is wrong."""
        self._switch("show_review", True)
        self._page.review.rank_wanted.emit()

    def exclude_images(self, _: bool = False) -> None:
        """Leave the selected images out."""
        self._page.review_wanted.emit("exclude_images")

    def include_images(self, _: bool = False) -> None:
        """Take the selected images in again."""
        self._page.review_wanted.emit("include_images")

    def select_excluded(self, _: bool = False) -> None:
        """Select what is left out."""
        self._page.review_wanted.emit("select_excluded")

    def apply_edits(self, _: bool = False) -> None:
        """Show what would be moved on the disk."""
        self._page.review_wanted.emit("apply_edits")

    def revert_edits(self, _: bool = False) -> None:
        """Show what would be moved back on the disk."""
        self._page.review_wanted.emit("revert_edits")

    def export_edits(self, _: bool = False) -> None:
        """Ask where the changes are to be written."""
        self._page.review_wanted.emit("export_edits")

    def train(self, _: bool = False) -> None:
        """Train the classifier that the panel asks for, and show the panel."""
        self._switch("show_training", True)
        self._page.training.train_button.click()

    def select_mistakes(self, _: bool = False) -> None:
        """Select what the classifier did not recognise."""
        self._page.training.mistakes_requested.emit()

    def export_model(self, _: bool = False) -> None:
        """Ask where to export the open model."""
        self._page.export_wanted.emit()

    def sort_folder(self, _: bool = False) -> None:
        """Ask which folder is to be sorted into class folders."""
        self._page.sorting_wanted.emit()

    def flip_dims(self, _: bool = False) -> None:
        """Change between the flat map and the deep one."""
        self._page.controls.flip_dims()

    def make_pca(self, _: bool = False) -> None:
        """Show the map of the PCA."""
        self._page.controls.choose("pca")

    def make_umap(self, _: bool = False) -> None:
        """Show the map of UMAP."""
        self._page.controls.choose("umap")

    def make_tsne(self, _: bool = False) -> None:
        """Show the map of t-SNE."""
        self._page.controls.choose("tsne")

    def use_turn(self, _: bool = False) -> None:
        """Let dragging turn the map."""
        self._page.controls.choose_tool("orbit")

    def use_box(self, _: bool = False) -> None:
        """Let dragging select in a box."""
        self._page.controls.choose_tool("box")

    def use_lasso(self, _: bool = False) -> None:
        """Let dragging select in a lasso."""
        self._page.controls.choose_tool("lasso")

    def find_images(self, _: bool = False) -> None:
        """Go to the search."""
        self._page.controls.search.setFocus()
        self._page.controls.search.selectAll()

    def find_similar(self, _: bool = False) -> None:
        """Let the user choose pictures, to find what is similar to them."""
        kinds = " ".join(f"*{suffix}" for suffix in sorted(SUFFIXES))
        names, _kind = QFileDialog.getOpenFileNames(
            self._page,
            tr("Find images similar to files"),
            "",
            tr("Pictures ({kinds})", kinds=kinds),
        )
        if names:
            self._page.files_chosen.emit([Path(name) for name in names])

    def label_images(self, _: bool = False) -> None:
        """Ask for a class for the selected images."""
        self._page.label_wanted.emit("label_images")

    def next_to_label(self, _: bool = False) -> None:
        """Look at the image whose class would help most."""
        self._page.label_wanted.emit("next_to_label")

    def rename_class(self, _: bool = False) -> None:
        """Ask for another name for the class of the selected image."""
        self._page.label_wanted.emit("rename_class")

    def undo_label(self, _: bool = False) -> None:
        """Take back the last change of classes."""
        self._page.label_wanted.emit("undo_label")

    def redo_label(self, _: bool = False) -> None:
        """Change the classes again."""
        self._page.label_wanted.emit("redo_label")

    def select_nothing(self, _: bool = False) -> None:
        """Give up what is being dragged, else end the selection."""
        if not self._page.map.give_up():
            self._page.selected.emit(NOTHING)

    def select_others(self, _: bool = False) -> None:
        """Select everything that is not selected."""
        count = len(self._page.projection.paths) if self._page.projection else 0
        self._page.selected.emit(
            np.setdiff1d(np.arange(count), self._page.state.selections.present)
        )

    def _switch(self, name: str, is_on: bool) -> None:
        """Turn a switch of the menus, which carries out its command."""
        switch = self._page.window().findChild(QAction, name)
        if switch is not None:
            switch.setChecked(is_on)
