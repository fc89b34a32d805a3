"""Joins the page of the map to the project: what the user does there, and what comes of it."""

import logging
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from desktop import messages
from desktop.exploration import Exploration
from desktop.labelling import suggestion_of
from desktop.language import told, tr
from desktop.pages import Pages
from desktop.project import Project
from desktop.views.export_dialog import ask_for_export
from desktop.views.sort_dialog import SortDialog
from desktop.views.widgets import shown
from engine.errors import EngineError
from engine.pipeline import FORMATS
from engine.wording import mark
from engine.workspace import save_view

DELETES = mark(
    "Delete the model “{name}”? It leaves the list and is moved into the folder “.deleted” beside "
    "the other models."
)

log = logging.getLogger(__name__)


class MapBinding(QObject):
    """Connects the page of the map when it is made."""

    said = Signal(str)  # for the status bar
    failed = Signal(object)  # Exception

    def __init__(
        self,
        project: Project,
        exploration: Exploration,
        pages: Pages,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.project = project
        self.exploration = exploration
        self.pages = pages
        pages.map_made.connect(self.bind)

    def bind(self) -> None:
        """Connect the page, which is there now."""
        page, explore = self.pages.map, self.exploration
        page.map.failed.connect(self._no_map)
        page.pointed.connect(self._pointed)
        page.picked.connect(self.project.pick)
        page.picture_made.connect(self._save_picture)
        page.selected.connect(self.project.select)
        page.group_chosen.connect(explore.select_group)
        page.thumbnails_wanted.connect(explore.read_thumbnails)
        page.card.folder_requested.connect(explore.show_in_folder)
        page.files_chosen.connect(explore.find_similar)
        page.outside_chosen.connect(self.project.look_at_outside)
        page.sorting_wanted.connect(self.ask_to_sort)
        page.export_wanted.connect(self._ask_to_export)
        page.controls.arrange_requested.connect(explore.arrange)
        page.controls.colouring_chosen.connect(explore.colour_by)
        page.controls.search_requested.connect(explore.search)
        page.training.train_requested.connect(explore.train)
        page.training.learning_curve_wanted.connect(explore.find_learning_curve)
        page.training.cell_chosen.connect(explore.select_taken_for)
        page.training.mistakes_requested.connect(explore.select_mistakes)
        page.training.folder_requested.connect(explore.show_model)
        page.training.model_chosen.connect(explore.models.open)
        page.training.delete_wanted.connect(self._ask_to_delete)
        explore.picture_read.connect(page.show_picture)
        explore.neighbors_found.connect(page.show_neighbors)
        explore.thumbnails.read.connect(page.show_thumbnails)

    def keep_view(self) -> None:
        """Note how the map is looked at, so that it opens like that the next time."""
        state = self.project.state
        view = self.pages.map.view() if self.pages.map is not None else None
        if view is None or state.opened is None or state.growing is not None:
            return
        try:
            save_view(state.opened.workspace, view)
        except OSError as error:
            log.warning("the view is not kept: %s", error)

    def _pointed(self, row: int | None) -> None:
        state, card = self.project.state, self.pages.map.card
        self.exploration.read_picture(row)
        if row is None or state.projection is None or state.opened is None:
            if state.outside is None:
                card.show_nothing()
            else:
                self.pages.map.show_outside(state.outside)
            return
        path, label = state.projection.paths[row], state.projection.labels[row]
        is_kept = row == state.picked
        suggested = suggestion_of(state, path)
        excluded = tr("Excluded") if row in self.project.excluded_rows else ""
        known = (excluded or suggested, state.projection.run if is_kept else "")
        card.show_item(path, label, "\n".join(filter(None, known)), is_kept)
        if not self.pages.map.reviews(row):  # else its picks would hide what came of a job
            self.said.emit(shown(" · ".join(filter(None, (label or suggested, path)))))
        if is_kept:
            self.exploration.find_neighbors(row)

    def _ask_to_export(self) -> None:
        """Ask for a file and a format, and export the open model."""
        trained, opened = self.project.state.trained, self.project.state.opened
        if trained is None or opened is None:
            return
        start = opened.dataset.folder.parent / f"{trained.model.name}{FORMATS['keras'][0]}"
        chosen = ask_for_export(self.pages, start)
        if chosen is not None:
            self.exploration.models.export(*chosen)

    def ask_to_sort(self, source: Path | None = None) -> None:
        """Ask what is to be sorted into class folders, and where the copies go."""
        trained = self.project.state.trained
        if trained is None:
            return
        dialog = SortDialog(trained, self.pages)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if source is not None:
            dialog.set_source(source)
        dialog.sort_requested.connect(self.exploration.models.sort)
        dialog.open()

    def _ask_to_delete(self, model: Path) -> None:
        """Delete a model when that is confirmed."""
        text, delete = tr(DELETES, name=shown(model.name)), self.exploration.models.delete
        choices = {tr("Delete"): lambda: delete(model)}
        messages.ask(self.pages, tr("Delete a model"), text, choices)

    def _save_picture(self, name: str, picture: QImage) -> None:
        if picture.save(name):
            self.said.emit(tr("The map is saved as {name}.", name=name))
        else:
            self.failed.emit(
                EngineError(f"“{name}” cannot be written; choose another place or name.")
            )

    def _no_map(self, reason: str) -> None:
        self.said.emit(tr("The map cannot be drawn: {reason}", reason=told(reason)))
