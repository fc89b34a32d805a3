"""Joins the menu and the panel of the review to what carries them out."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desktop import messages
from desktop.exploration import Exploration
from desktop.labelling import Labelling
from desktop.language import plural, tr
from desktop.pages import Pages
from desktop.picture_reader import PictureReader
from desktop.project import Project
from desktop.repair import Repair
from desktop.views.apply_dialog import ApplyDialog
from desktop.views.save_dialog import ask_for_file
from desktop.views.similar_grid import COUNT
from desktop.views.widgets import shown
from desktop.worker import LatestOnly
from engine.pipeline import Neighbor, Plan
from engine.quality.findings import Finding
from engine.wording import mark

REST_MS = 80  # a finding that is passed over faster is not looked for on the map
ALL_EXCLUDED = mark(
    "All images of “{folder}” were excluded and lie in “_excluded”: there is nothing to show.\n\n"
    "They can be moved back to where they lay first. They stay excluded until you take them in "
    "again."
)


class ReviewBinding(QObject):
    """Connects the page of the map when it is made."""

    said = Signal(str)  # for the status bar

    def __init__(
        self,
        project: Project,
        exploration: Exploration,
        labelling: Labelling,
        repair: Repair,
        pages: Pages,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._project, self._exploration, self._labelling = project, exploration, labelling
        self._repair, self._pages = repair, pages
        self._pictures, self._near = PictureReader(self), LatestOnly(self)
        self._told_of: Path | None = None  # workspace of which the panel tells
        for reader in (self._pictures, self._near, repair.reader):
            exploration.add_reader(reader)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._find_on_map)
        repair.opened.connect(self._pictures.forget)
        repair.moved.connect(labelling.follow)
        repair.planned.connect(self._show_plan)
        repair.cut_short.connect(self._ask_to_finish)
        repair.all_aside.connect(self.offer_to_move_back)
        pages.map_made.connect(self.bind)

    def bind(self) -> None:
        """Connect the page of the map, which is there now."""
        page, labelling, repair = self._pages.map, self._labelling, self._repair
        review = page.review
        page.review_wanted.connect(self._carry_out)
        page.marked.connect(self._project.mark)
        review.find_wanted.connect(repair.find)
        review.rank_wanted.connect(repair.rank_again)
        review.apply_wanted.connect(repair.plan)
        review.looked_at.connect(self._look_at)
        review.image_chosen.connect(self._show_on_map)
        review.small_wanted.connect(self._read_small)
        review.reviewed.connect(self._review)
        review.class_given.connect(self._give_class)
        review.excluded.connect(self._exclude)
        review.back_wanted.connect(labelling.take_back)
        labelling.undone.connect(review.return_to)
        labelling.told.connect(review.tell)
        labelling.idle.connect(self._written)
        repair.said.connect(review.tell)
        self._project.changed.connect(self._end_news)
        repair.moved.connect(review.queue.follow)
        self._pictures.read.connect(review.show_picture)

    def stay(self) -> None:
        """Leave the map as it is, whatever finding was just come to."""
        if self._rest.isActive():
            self._rest.stop()
            self._look_for_neighbors()

    def _carry_out(self, command: str) -> None:
        {
            "exclude_images": lambda: self._labelling.exclude_at_hand(True),
            "include_images": lambda: self._labelling.exclude_at_hand(False),
            "select_excluded": self._select_excluded,
            "apply_edits": self._repair.plan,
            "revert_edits": lambda: self._repair.plan(back=True),
            "export_edits": self._ask_to_export,
        }[command]()

    # What is looked at.

    def _look_at(self, finding: Finding | None) -> None:
        opened = self._project.state.opened
        if opened is not None and finding is not None:
            self._pictures.want(opened.dataset.folder, self._pages.map.review.queue.ahead)
            self._rest.start()

    def _find_on_map(self) -> None:
        """Show on the map what is looked at, and look for what it is to be compared with."""
        review = self._pages.map.review
        if review.queue.current is not None and review.isVisible():
            self._show_on_map(review.queue.current.path)
            self._look_for_neighbors()

    def _look_for_neighbors(self) -> None:
        review, opened = self._pages.map.review, self._project.state.opened
        finding = review.queue.current
        if finding is None or opened is None or opened.recipe is None or not review.isVisible():
            return
        if review.view.wants_neighbors:
            job = self._exploration.neighbors.in_classes(
                opened, opened.recipe.run, finding.path, review.view.classes, COUNT
            )
            self._near.request(job, self._show_neighbors)

    def _show_neighbors(self, result: tuple[str, Mapping[str, Sequence[Neighbor]]]) -> None:
        self._pages.map.review.show_neighbors(*result)

    def _show_on_map(self, path: str) -> None:
        """Mark an image and bring it into view; one that could not be read has no point."""
        rows = self._project.rows_of([path])
        self._project.pick(int(rows[0]) if len(rows) else None)
        if len(rows):
            self._pages.map.show_row(int(rows[0]))

    def _read_small(self, view: str, paths: list[str]) -> None:
        opened = self._project.state.opened
        if opened is not None:
            self._exploration.thumbnails.want(view, opened, paths)

    # What the user says of it.

    def _review(self, finding: Finding, verdict: str) -> None:
        self._labelling.review([finding.path], finding.kind, verdict)

    def _give_class(self, finding: Finding, name: str) -> None:
        self._labelling.assign_to([finding.path], name, is_answer=True)

    def _exclude(self, finding: Finding) -> None:
        self._labelling.exclude([finding.path], is_answer=True)

    def _end_news(self) -> None:
        """Tell no more, hidden or not, what came of a wish in a folder that was open before."""
        opened = self._project.state.opened
        before, self._told_of = self._told_of, opened.workspace if opened is not None else None
        if before != self._told_of:
            self._pages.map.review.tell("")

    def _written(self) -> None:
        self._pages.map.review.written()

    def _select_excluded(self) -> None:
        excluded = self._project.state.excluded
        self._project.select(self._project.rows_of(excluded) if excluded else np.zeros(0, np.int64))
        count = len(excluded)
        self.said.emit(
            plural("{count:,} image is excluded.", "{count:,} images are excluded.", count)
        )

    # On the disk.

    def _show_plan(self, plan: Plan, back: bool) -> None:
        opened = self._project.state.opened
        if opened is None:
            return
        dialog = ApplyDialog(plan, back, opened.dataset.folder, opened.history, self._pages)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.apply_wanted.connect(self._repair.apply)
        dialog.revert_wanted.connect(lambda: self._repair.plan(back=True))
        dialog.open()

    def _ask_to_finish(self, count: int) -> None:
        text = plural(
            "The program ended while it moved files. Nothing is lost: {count:,} file was still to "
            "be moved, and each lies where it was.",
            "The program ended while it moved files. Nothing is lost: {count:,} files were still "
            "to be moved, and each lies where it was.",
            count,
        )
        choices = {
            tr("Move the rest…"): self._repair.plan,
            tr("Move all back…"): lambda: self._repair.plan(back=True),
        }
        messages.ask(self._pages.window(), tr("Moving files was cut short"), text, choices)

    def offer_to_move_back(self, folder: Path, root: Path) -> None:
        """Ask what becomes of a folder whose images all lie in that of the excluded ones."""
        text = tr(ALL_EXCLUDED, folder=shown(folder))
        choices = {tr("Move all back"): lambda: self._repair.bring_back(folder, root)}
        messages.ask(self._pages.window(), tr("All images are excluded"), text, choices)

    def _ask_to_export(self) -> None:
        opened = self._project.state.opened
        if opened is None:
            return
        start = opened.dataset.folder.parent / f"{opened.dataset.folder.name} changes.csv"
        ask_for_file(self._pages, tr("Export the changes"), start, self._repair.export)
