"""How well each class is recognised: a table with a bar for each."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from desktop.language import tr
from desktop.theme import SPACE
from desktop.views.widgets import shown
from engine.colouring import RIGHT, VERDICTS
from engine.evaluation import ClassScore
from engine.wording import mark

COLUMNS = (mark("Class"), "F1", mark("Precision"), mark("Recall"), mark("Images"))
NAME, F1, PRECISION, RECALL, IMAGES = range(5)
VALUE = Qt.ItemDataRole.UserRole
NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
MOST_ROWS = 15  # more scroll
BAR_WIDTH = 60  # device-independent pixels


class ClassScores(QTreeWidget):
    """Lists the classes; a click on a heading sorts by it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        titles = [tr(column) for column in COLUMNS]
        self.setHeaderLabels(titles)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setAccessibleName(tr("Scores of the classes"))
        self.setItemDelegateForColumn(F1, _Bar(self))
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column, title in enumerate(titles[F1:], start=F1):
            width = self.fontMetrics().horizontalAdvance(title) + 2 * SPACE
            header.resizeSection(column, max(width, BAR_WIDTH if column == F1 else 0))
            self.headerItem().setTextAlignment(column, NUMBER)

    def show_scores(self, scores: tuple[ClassScore, ...]) -> None:
        """Show the classes in their own order."""
        self.setSortingEnabled(False)
        self.clear()
        self.addTopLevelItems([_Row(score) for score in scores])
        self.header().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        rows = min(len(scores), MOST_ROWS)
        height = self.header().sizeHint().height() + self.sizeHintForRow(0) * rows
        self.setFixedHeight(height + 2 * self.frameWidth())


class _Row(QTreeWidgetItem):
    """Sorts by the numbers rather than by their texts."""

    def __init__(self, score: ClassScore) -> None:
        shares = (score.f1, score.precision, score.recall)
        values = (*shares, score.support)
        super().__init__(
            [shown(score.label), *(f"{value:.0%}" for value in shares), f"{score.support:,}"]
        )
        self.setToolTip(NAME, shown(score.label))
        for column, value in enumerate(values, start=F1):
            self.setData(column, VALUE, value)
            self.setTextAlignment(column, NUMBER)

    def __lt__(self, other: QTreeWidgetItem) -> bool:
        tree = self.treeWidget()
        column = tree.sortColumn() if tree is not None else NAME
        if column <= NAME:
            return bool(self.text(NAME) < other.text(NAME))
        return bool(self.data(column, VALUE) < other.data(column, VALUE))


class _Bar(QStyledItemDelegate):
    """Draws a share as a bar behind its number."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the bar, then what every cell has."""
        share = index.data(VALUE)
        if share is not None:
            area: QRect = option.rect.adjusted(2, 5, -2, -5)
            area.setWidth(round(area.width() * share))
            colour = QColor(*VERDICTS[RIGHT])
            colour.setAlphaF(0.35)
            painter.fillRect(area, colour)
        super().paint(painter, option, index)
