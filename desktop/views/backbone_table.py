"""How good the compared backbones are, the best marked."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from desktop.language import told, tr
from desktop.views.widgets import shown
from engine.pipeline import BackboneRow
from engine.wording import mark

COLUMNS = (
    mark("Backbone"),
    mark("Logistic"),
    mark("Neighbours"),
    mark("Silhouette"),
    mark("Dimensions"),
    mark("Images/s"),
)
TIPS = (
    mark("What was compared"),
    mark("Accuracy of a logistic regression on images it had not seen"),
    mark("Accuracy of the vote of the five nearest neighbours"),
    mark("How much nearer images are to their own class than to the next one, -1 to 1"),
    mark("Numbers of each embedding"),
    mark("On this machine, reading included"),
)
RUN = Qt.ItemDataRole.UserRole
NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
SHOWN, BEST = mark("shown"), mark("best")
NOTHING_YET = mark("Tick two or more backbones on the left, then press “Compare”.")
LEAST_HEIGHT = 110  # device-independent pixels: three rows under their header


class BackboneTable(QTreeWidget):
    """A row for each backbone; one that could not be had says why."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = ""
        self._rows: Sequence[BackboneRow] = ()
        self.setHeaderLabels([tr(column) for column in COLUMNS])
        self.setRootIsDecorated(False)
        self.setAccessibleName(tr("Compared backbones"))
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setMinimumHeight(LEAST_HEIGHT)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, tip in enumerate(TIPS):
            self.headerItem().setToolTip(column, tr(tip))
            if column:
                self.headerItem().setTextAlignment(column, NUMBER)

    @property
    def run(self) -> str:
        """The run of the row that is chosen, "" where there is none."""
        item = self.currentItem()
        return str(item.data(0, RUN) or "") if item is not None and item.isSelected() else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say what to do while there are no rows."""
        super().paintEvent(event)
        if not self._rows:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().placeholderText().color())
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect(), int(flags), tr(NOTHING_YET))
            painter.end()

    def show_rows(self, rows: Sequence[BackboneRow]) -> None:
        """List backbones; the best one is chosen."""
        self._rows = rows
        self.clear()
        for row in rows:
            item = QTreeWidgetItem(_cells(row))
            item.setData(0, RUN, row.recipe.run if row.recipe else "")
            for column in range(1, len(COLUMNS)):
                item.setTextAlignment(column, NUMBER)
            self.addTopLevelItem(item)
            if row.problem:
                item.setFirstColumnSpanned(True)
                item.setDisabled(True)
                item.setToolTip(0, shown(told(row.problem)))
            font = item.font(0)
            font.setBold(row.may_be_as_good)
            item.setFont(0, font)
            item.setFont(1, font)
            if row.is_best:
                self.setCurrentItem(item)
        self.show_run(self._run)

    def show_run(self, run: str) -> None:
        """Say which run is on the large map."""
        self._run = run
        for number, row in enumerate(self._rows):
            item = self.topLevelItem(number)
            if item is None or row.problem:
                continue
            is_shown = row.recipe is not None and row.recipe.run == run
            marks = [tr(BEST)] * row.is_best + [tr(SHOWN)] * is_shown
            more = f"  ({', '.join(marks)})" if marks else ""
            item.setText(0, shown(row.backbone) + more)


def score_text(row: BackboneRow) -> str:
    """Return how good a backbone is, in a few words."""
    of = row.separation
    if of is None:
        return ""
    return tr(
        "{logistic:.1%} logistic, {neighbours:.1%} neighbours",
        logistic=of.logistic_accuracy,
        neighbours=of.knn_accuracy,
    )


def _cells(row: BackboneRow) -> list[str]:
    of = row.separation
    if of is None or row.recipe is None:
        return [shown(f"{row.backbone}: {told(row.problem)}")]
    speed = row.images_per_second
    return [
        shown(row.backbone),
        _share(of.logistic_accuracy, of.logistic_interval),
        _share(of.knn_accuracy, of.knn_interval),
        f"{of.silhouette:.3f}",
        f"{row.recipe.dimensions:,}",
        f"{speed:,.0f}" if speed else "–",
    ]


def _share(share: float, interval: tuple[float, float]) -> str:
    low, high = interval
    return f"{share:.1%} ({100 * low:.0f}–{100 * high:.0f})"
