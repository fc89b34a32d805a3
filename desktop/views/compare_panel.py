"""A window beside the map in which backbones are compared on the open folder."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desktop.language import tr
from desktop.side_by_side import SideBySide
from desktop.state import State
from desktop.theme import SPACE
from desktop.views.backbone_choice import BackboneChoice
from desktop.views.backbone_table import BackboneTable, score_text
from desktop.views.job_bar import JobBar
from desktop.views.small_map import SmallMap
from desktop.views.widgets import OneLine, button, card, label
from engine.palette import Colour
from engine.pipeline import BackboneRow, Opened
from engine.values import Dataset, Recipe
from engine.wording import mark

SIZE = (1160, 740)
CHOICE_WIDTH = 340
ASKS = mark(
    "Each backbone is judged by images that were not learnt from, the same ones for all; what is "
    "not embedded yet is embedded first."
)
MOVED = mark("Images were moved, added or removed since: compare again to see their maps.")
CHANGED = mark("Classes were changed since: compare again to judge by those of now.")
JUDGED_ALL = mark("Judged on {judged:,} images, with 95 % intervals.")
JUDGED_SOME = mark("Judged on {judged:,} of {images:,} images, with 95 % intervals.")
IN_BOLD = mark("Those in bold may be as good as the best: the difference may be chance.")
ROOM = 0.9  # of the window behind it that it takes at most
MAPS = mark("Select on any map; the same images are shown on all of them.")


class ComparePanel(QDialog):
    """Left the backbones to choose from; right a table of how good they are, and their maps."""

    compare_requested = Signal(object)  # list of names
    run_chosen = Signal(str)
    selected = Signal(object)  # tuple of paths

    def __init__(
        self, opened: Opened, runs: Sequence[Recipe], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.workspace = opened.workspace
        self._runs = list(runs)
        self._run, self._busy = "", False
        self._dataset = opened.dataset
        self._judged: dict[str, str] | None = None  # class of each path, as compared
        self._judgement = ""  # how it was compared
        self.setWindowTitle(tr("Compare backbones"))
        self.choice = BackboneChoice(runs, len(opened.dataset.images))
        self.compare_button = button(tr("Compare"), "primary")
        self.table = BackboneTable()
        self.says = label(tr(ASKS), "muted", wrap=True)
        self.says.setMinimumHeight(2 * self.says.fontMetrics().lineSpacing())  # as it is wrapped
        tip = tr("Show the run of the chosen row on the map")
        self.use_button = button(tr("Use this one"), tip=tip)
        self.maps: list[SmallMap] = []
        self.bar = JobBar()
        self.bar.pause_button.hide()  # that of the window behind knows whether it is pressed
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.viewport().setAutoFillBackground(False)
        self._maps_card = card(label(tr("Maps"), "heading"), label(tr(MAPS), "muted"), self._area)
        self._maps_card.hide()
        self._build()
        self._connect()
        self._update()
        size = QSize(*SIZE)
        if parent is not None:
            size = size.boundedTo((parent.size().toSizeF() * ROOM).toSize())
        self.resize(size)

    def show_runs(self, runs: Sequence[Recipe]) -> None:
        """List the runs that there are now."""
        if self._runs != list(runs):
            self._runs = list(runs)
            self.choice.show_runs(runs)

    def show_run(self, recipe: Recipe | None) -> None:
        """Show which run is on the large map; it is listed if it is new."""
        self._run = recipe.run if recipe is not None else ""
        if recipe is not None and recipe.run not in {each.run for each in self._runs}:
            self.show_runs([*self._runs, recipe])
        self.table.show_run(self._run)
        self._update()

    def show_classes(self, state: State) -> None:
        """Show the classes of now on the maps; give up the maps of images that are elsewhere."""
        dataset = state.opened.dataset if state.opened is not None else None
        if dataset is None or dataset is self._dataset or self._judged is None:
            return
        self._dataset = dataset
        judged, now = self._judged, {image.path: image.label for image in dataset.images}
        if judged.keys() != now.keys():
            self._forget()
            return
        self.says.setText(self._judgement if judged == now else tr(CHANGED))
        colours = state.colours
        for each in self.maps:
            each.recolour(tuple(now[path] for path in each.paths), colours)

    def show_result(
        self, found: SideBySide, dataset: Dataset, colours: Mapping[str, Colour]
    ) -> None:
        """Show how good the backbones are, and a map of each."""
        self._dataset = dataset
        self._judged = {image.path: image.label for image in dataset.images}
        done = found.comparison
        on = JUDGED_SOME if done.judged < done.images else JUDGED_ALL
        self._judgement = f"{tr(on, judged=done.judged, images=done.images)} {tr(IN_BOLD)}"
        self.says.setText(self._judgement)
        self.table.show_rows(done.rows)
        strip = QWidget()
        row = QHBoxLayout(strip)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * SPACE)
        self.maps = [self._map_of(each, found, colours) for each in done.rows if each.recipe]
        for each, small in zip((each for each in done.rows if each.recipe), self.maps, strict=True):
            row.addWidget(_named(small, each), 1)
        self._area.setWidget(strip)  # which deletes the one before
        strip.setAutoFillBackground(False)  # the card shows through
        self._area.setMinimumHeight(strip.minimumSizeHint().height() + 2 * SPACE)
        self._maps_card.show()
        self._update()

    def choose(self, paths: tuple[str, ...]) -> None:
        """Show images as selected on all maps."""
        for each in self.maps:
            each.choose(paths)

    def set_busy(self, busy: bool) -> None:
        """Offer nothing that would start a job while one runs."""
        self._busy = busy
        self._update()

    def _forget(self) -> None:
        self._judged, self.maps = None, []
        self.table.show_rows(())
        self.says.setText(tr(MOVED))
        self._area.setWidget(QWidget())  # which deletes the maps
        self._maps_card.hide()
        self._update()

    def _map_of(
        self, row: BackboneRow, found: SideBySide, colours: Mapping[str, Colour]
    ) -> SmallMap:
        assert row.recipe is not None
        small = SmallMap(found.maps[row.recipe.run], colours, row.backbone)
        small.selected.connect(self.selected)
        return small

    def _build(self) -> None:
        left = card(label(tr("Backbones"), "heading"), self.choice, self.compare_button)
        table = card(label(tr("Separation of the classes"), "heading"), self.table, self.says)
        use = QHBoxLayout()
        use.addStretch(1)
        use.addWidget(self.use_button)
        layout = table.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addLayout(use)
        right = QSplitter(Qt.Orientation.Vertical)
        right.addWidget(table)
        right.addWidget(self._maps_card)
        right.setStretchFactor(1, 1)
        right.setChildrenCollapsible(False)
        right.setHandleWidth(2 * SPACE)
        right.setStyleSheet("QSplitter::handle { background: transparent; }")
        columns = QHBoxLayout()
        columns.setSpacing(2 * SPACE)
        left.setFixedWidth(CHOICE_WIDTH)
        columns.addWidget(left)
        columns.addWidget(right, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        whole.setSpacing(2 * SPACE)
        whole.addLayout(columns, 1)
        whole.addWidget(self.bar)

    def _connect(self) -> None:
        self.compare_button.clicked.connect(self._ask)
        self.choice.changed.connect(self._update)
        self.use_button.clicked.connect(self._use)
        self.table.itemSelectionChanged.connect(self._update)
        self.table.itemActivated.connect(self._use)

    def _ask(self) -> None:
        self.compare_requested.emit(self.choice.names)

    def _use(self) -> None:
        if self.use_button.isEnabled():
            self.run_chosen.emit(self.table.run)

    def _update(self) -> None:
        run = self.table.run
        self.use_button.setEnabled(not self._busy and run not in ("", self._run))
        self.compare_button.setEnabled(not self._busy and bool(self.choice.names))


def _named(small: SmallMap, row: BackboneRow) -> QWidget:
    """Return a map under its name."""
    name = OneLine()
    name.show_text(tr("{name} – best", name=row.backbone) if row.is_best else row.backbone)
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE // 2)
    column.addWidget(name)
    column.addWidget(label(score_text(row), "muted"))
    column.addWidget(small, 1)
    return whole
