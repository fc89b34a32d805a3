"""The trained models of a workspace side by side, the best of each column marked."""

from collections.abc import Sequence
from datetime import datetime
from math import isfinite
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QHeaderView, QMenu, QTreeWidget, QTreeWidgetItem, QWidget

from desktop.language import told, tr
from desktop.theme import SPACE
from desktop.views.widgets import shown
from engine.colouring import RIGHT, VERDICTS
from engine.pipeline import ModelSummary
from engine.wording import mark

COLUMNS = (mark("Name"), mark("Classifier"), mark("Accuracy"), "F1", mark("Log loss"))
NAME, CLASSIFIER, ACCURACY, F1, LOG_LOSS = range(5)
SCORES = (ACCURACY, F1, LOG_LOSS)
# How narrow columns call the classifiers.
KINDS = {
    "logistic": mark("logistic"),
    "knn": mark("neighbours"),
    "svm": "SVM",
    "forest": mark("forest"),
    "mlp": mark("dense"),
    "finetune": mark("fine-tuned"),
}
KEY = Qt.ItemDataRole.UserRole
NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
WIDEST = {ACCURACY: "100.0%", F1: "0.000", LOG_LOSS: "0.000"}  # what a column has to hold
MOST_ROWS = 5  # more scroll


def score(model: ModelSummary, column: int) -> float:
    """Return what a column of numbers shows of a model."""
    return {ACCURACY: model.accuracy, F1: model.macro_f1, LOG_LOSS: model.log_loss}[column]


def score_text(model: ModelSummary, column: int) -> str:
    """Return it as the table writes it."""
    value = score(model, column)
    if not isfinite(value):
        return "–"
    return f"{value:.1%}" if column == ACCURACY else f"{value:.3f}"


def best_of(models: Sequence[ModelSummary], column: int) -> set[int]:
    """Return the models that are best in a column as it is written; none when there is but one."""
    known = [number for number, model in enumerate(models) if isfinite(score(model, column))]
    if len(known) < 2:
        return set()
    choose = min if column == LOG_LOSS else max
    best = choose(known, key=lambda number: score(models[number], column))
    text = score_text(models[best], column)
    return {number for number in known if score_text(models[number], column) == text}


def details(model: ModelSummary) -> str:
    """Return what else is known of a model, in words."""
    if model.problem:
        return told(model.problem)
    low, high = model.interval
    when = datetime.fromisoformat(model.trained).astimezone()
    judged = tr(
        "{name}: {accuracy:.1%} (95 % confidence {low:.1%} to {high:.1%}) of {images:,} images, "
        "{classes} classes",
        name=model.name,
        accuracy=model.accuracy,
        low=low,
        high=high,
        images=model.images,
        classes=model.classes,
    )
    return "\n".join((judged, model.run, tr("trained {when:%Y-%m-%d %H:%M}", when=when)))


class ModelsTable(QTreeWidget):
    """A click or Enter opens a model; Delete, or the menu of the right button, deletes it."""

    opened = Signal(object)  # Path of a model
    delete_wanted = Signal(object)  # Path of a model

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderLabels([tr(text) for text in COLUMNS])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setAccessibleName(tr("Trained models"))
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        bold = QFontMetrics(_bold(self.font()))  # as the best are written
        for column in (CLASSIFIER, *SCORES):
            heading = self.fontMetrics().horizontalAdvance(self.headerItem().text(column))
            numbers = bold.horizontalAdvance(WIDEST.get(column, ""))
            header.resizeSection(column, max(heading, numbers) + SPACE + SPACE // 2)
        for column in SCORES:
            self.headerItem().setTextAlignment(column, NUMBER)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._offer)
        self.itemClicked.connect(self._open)

    def show_models(self, models: Sequence[ModelSummary]) -> None:
        """List models, in this order until a heading is clicked."""
        column, order = self.header().sortIndicatorSection(), self.header().sortIndicatorOrder()
        was_sorted = self.isSortingEnabled() and column >= 0
        chosen = self._model(self.currentItem())
        self.setSortingEnabled(False)
        self.clear()
        rows = [_Row(model) for model in models]
        self.addTopLevelItems(rows)
        for scores in SCORES:
            for number in best_of(models, scores):
                _mark(rows[number], scores)
        self.header().setSortIndicator(column if was_sorted else -1, order)
        self.setSortingEnabled(True)
        self.mark(chosen)
        visible = min(max(len(models), 1), MOST_ROWS)
        height = self.header().sizeHint().height() + self.sizeHintForRow(0) * visible
        self.setFixedHeight(height + 2 * self.frameWidth())

    def mark(self, model: Path | None) -> None:
        """Show which model is open."""
        for number in range(self.topLevelItemCount()):
            item = self.topLevelItem(number)
            if item is not None and self._model(item) == model:
                self.setCurrentItem(item)
                return
        self.setCurrentIndex(QModelIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter, delete with Delete."""
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self._open(item)
        elif event.key() == Qt.Key.Key_Delete and item is not None:
            self.delete_wanted.emit(self._model(item))
        else:
            super().keyPressEvent(event)

    def _open(self, item: QTreeWidgetItem) -> None:
        self.opened.emit(self._model(item))

    def _offer(self, place: QPoint) -> None:
        item = self.itemAt(place)
        if item is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Open the report")).triggered.connect(lambda: self._open(item))
        model = self._model(item)
        menu.addAction(tr("Delete…")).triggered.connect(lambda: self.delete_wanted.emit(model))
        menu.popup(self.viewport().mapToGlobal(place))

    def _model(self, item: QTreeWidgetItem | None) -> Path | None:
        return item.data(NAME, KEY) if item is not None else None


class _Row(QTreeWidgetItem):
    """Sorts by the numbers rather than by their texts; what is unknown comes last."""

    def __init__(self, model: ModelSummary) -> None:
        texts = [score_text(model, column) for column in SCORES]
        super().__init__([shown(model.name), shown(_kind(model)), *texts])
        self.setData(NAME, KEY, model.folder)
        tip = shown(details(model))
        for column in range(len(COLUMNS)):
            self.setToolTip(column, tip)
        for column in SCORES:
            self.setData(column, KEY, score(model, column))
            self.setTextAlignment(column, NUMBER)

    def __lt__(self, other: QTreeWidgetItem) -> bool:
        tree = self.treeWidget()
        column = tree.sortColumn() if tree is not None else NAME
        if column not in SCORES:
            return bool(self.text(max(column, NAME)) < other.text(max(column, NAME)))
        mine, theirs = self.data(column, KEY), other.data(column, KEY)
        if not isfinite(mine) or not isfinite(theirs):
            return isfinite(mine)
        return bool(mine < theirs)


def _kind(model: ModelSummary) -> str:
    if model.problem:
        return tr("unusable")
    return tr(KINDS[model.classifier]) if model.classifier in KINDS else model.classifier


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.Bold)
    return bold


def _mark(row: QTreeWidgetItem, column: int) -> None:
    row.setFont(column, _bold(row.font(column)))
    colour = QColor(*VERDICTS[RIGHT])
    colour.setAlphaF(0.22)
    row.setBackground(column, colour)
    best = tr("{score}, the best", score=row.text(column))
    row.setData(column, Qt.ItemDataRole.AccessibleTextRole, best)
