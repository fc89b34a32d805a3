"""The backbones that can be compared: runs that are there, and what could be embedded."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from desktop.language import told, tr
from desktop.views.job_bar import in_words
from desktop.views.widgets import shown
from engine.backbones import BACKBONES, DEFAULT, Backbone, estimate_seconds
from engine.values import Recipe
from engine.weights import Availability, availability

NAME = Qt.ItemDataRole.UserRole


class BackboneChoice(QTreeWidget):
    """A box to tick for each; what is embedded is ticked at first, and the bundled one."""

    changed = Signal()

    def __init__(self, runs: Sequence[Recipe], images: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderLabels([tr("Backbone"), tr("Takes")])
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self.headerItem().setTextAlignment(1, right)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAccessibleName(tr("Backbones to compare"))
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._images = images
        self.show_runs(runs)
        self.itemChanged.connect(self._tell)

    def show_runs(self, runs: Sequence[Recipe]) -> None:
        """List the runs that there are now; what was ticked or not before stays so."""
        items = [self.topLevelItem(number) for number in range(self.topLevelItemCount())]
        before = {str(i.data(0, NAME)): i.checkState(0) for i in items if i is not None}
        self.blockSignals(True)
        self.clear()
        self._list(runs)
        self.blockSignals(False)
        for name, state in before.items():
            self.tick(name, state == Qt.CheckState.Checked)
        self.changed.emit()

    def _list(self, runs: Sequence[Recipe]) -> None:
        for recipe in runs:
            self._add(recipe.run, recipe.backbone, tr("embedded"), recipe.run, ticked=True)
        known = {recipe.backbone for recipe in runs}
        ranked = sorted(BACKBONES.values(), key=lambda b: list(Availability).index(availability(b)))
        for backbone in ranked:
            if backbone.name not in known:
                self._add(
                    backbone.name, backbone.name, _takes(backbone, self._images), _tip(backbone),
                    ticked=backbone.name == DEFAULT,
                )  # fmt: skip

    @property
    def names(self) -> list[str]:
        """Runs and backbones that are ticked."""
        items = (self.topLevelItem(number) for number in range(self.topLevelItemCount()))
        return [
            str(item.data(0, NAME))
            for item in items
            if item is not None and item.checkState(0) == Qt.CheckState.Checked
        ]

    def tick(self, name: str, ticked: bool = True) -> None:
        """Tick a run or a backbone."""
        for number in range(self.topLevelItemCount()):
            item = self.topLevelItem(number)
            if item is not None and item.data(0, NAME) == name:
                item.setCheckState(0, _state(ticked))

    def _add(self, name: str, text: str, takes: str, tip: str, ticked: bool) -> None:
        item = QTreeWidgetItem([shown(text), takes])
        item.setData(0, NAME, name)
        item.setCheckState(0, _state(ticked))
        item.setToolTip(0, shown(tip))
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.addTopLevelItem(item)

    def _tell(self) -> None:
        self.changed.emit()


def _state(ticked: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked


def _takes(backbone: Backbone, images: int) -> str:
    """Say what it costs to have the backbone here."""
    time = in_words(estimate_seconds(backbone, images, backbone.native_size))
    if availability(backbone) is Availability.TO_DOWNLOAD:
        return tr("{size:,.0f} MB, {time}", size=backbone.weights_mb, time=time)
    return tr("about {time}", time=time)


def _tip(backbone: Backbone) -> str:
    return tr(
        "{name}: {dimensions:,} dimensions, {availability}",
        name=backbone.name,
        dimensions=backbone.dimensions,
        availability=told(availability(backbone)),
    )
