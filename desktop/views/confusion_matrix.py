"""The confusion matrix as a heat map: a click on a cell chooses its pictures."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.language import tr
from desktop.theme import SPACE
from desktop.views.widgets import shown
from engine.colouring import RIGHT, VERDICTS, WRONG
from engine.wording import mark

NAMES_WIDTH, NAMES_SHARE = 90, 0.3  # room for the classes at the left, at most
SMALLEST_FOR_TEXT = 22  # device-independent pixels
FAINTEST, STRONG = 0.10, 0.55  # opacity of a cell with one picture; from here on text is white
RECOGNISED = mark("{count:,} of {total:,} “{true}” were recognised")
TAKEN_FOR = mark("{count:,} of {total:,} “{true}” were taken for “{said}”")
KEYS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}

Cell = tuple[int, int]  # number of the true class, number of the predicted one


class ConfusionMatrix(QWidget):
    """A row for each true class, a column for each predicted one."""

    chosen = Signal(int, int)  # true class, predicted class

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts = np.zeros((0, 0), np.int64)
        self._classes: tuple[str, ...] = ()
        self._cell: Cell | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Confusion matrix"))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_counts(self, counts: NDArray[np.int64], classes: Sequence[str]) -> None:
        """Show (C, C) counts of the C classes."""
        self._counts, self._classes, self._cell = counts, tuple(classes), None
        self.updateGeometry()
        self.update()

    def cell_at(self, place: QPoint) -> Cell | None:
        """Return the cell at a place of this widget, None beside the matrix."""
        left, side = self._layout()
        row, column = int(place.y() // side), int((place.x() - left) // side)
        inside = 0 <= row < len(self._classes) and 0 <= column < len(self._classes)
        return (row, column) if inside else None

    def place_of(self, cell: Cell) -> QPoint:
        """Return the middle of a cell."""
        return self._rectangle(cell).center().toPoint()

    def says(self, cell: Cell) -> str:
        """Return in words what a cell stands for."""
        true, said = (shown(self._classes[number]) for number in cell)
        count, total = int(self._counts[cell]), int(self._counts[cell[0]].sum())
        if cell[0] == cell[1]:
            return tr(RECOGNISED, count=count, total=total, true=true)
        return tr(TAKEN_FOR, count=count, total=total, true=true, said=said)

    # Qt calls the following methods.

    def hasHeightForWidth(self) -> bool:
        """Let the height follow, since the cells are square."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height at which the cells are square."""
        left = self._names_width(width)
        below = self.fontMetrics().height() if self._names_columns(width - left) else 0
        return max(1, round(width - left)) + below

    def sizeHint(self) -> QSize:
        """Wish to be as large as the panel is."""
        return QSize(320, self.heightForWidth(320))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cells, the strongest mistakes strongest."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _, side = self._layout()
        self._paint_names(painter, side)
        totals = np.maximum(self._counts.sum(axis=1, keepdims=True), 1)
        shares = self._counts / totals
        is_wrong = ~np.eye(len(self._classes), dtype=bool)
        worst = max(float(shares[is_wrong].max(initial=0.0)), 1e-9)
        for row, column in np.ndindex(self._counts.shape):
            share = shares[row, column] if row == column else shares[row, column] / worst
            self._paint_cell(painter, (row, column), float(share))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the cell under the cursor."""
        cell = self.cell_at(event.position().toPoint())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._go_to(cell)
            self.chosen.emit(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrow keys, choose with Enter."""
        key, last = Qt.Key(event.key()), len(self._classes) - 1
        if key in KEYS and last >= 0:
            step = KEYS[key]
            here = self._cell or (0, 0)
            moved = [min(max(place + by, 0), last) for place, by in zip(here, step, strict=True)]
            self._go_to((moved[0], moved[1]) if self._cell else here)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._cell:
            self.chosen.emit(*self._cell)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Say what the cell under the cursor stands for."""
        if isinstance(event, QHelpEvent):
            cell = self.cell_at(event.pos())
            QToolTip.showText(event.globalPos(), self.says(cell) if cell else "", self)
            return True
        return super().event(event)

    # How it is drawn.

    def _go_to(self, cell: Cell) -> None:
        self._cell = cell
        self.setAccessibleDescription(self.says(cell))
        self.update()

    def _names_columns(self, width: float) -> bool:
        """Tell whether the names fit below columns that are so wide together."""
        metrics = self.fontMetrics()
        longest = max((metrics.horizontalAdvance(shown(name)) for name in self._classes), default=0)
        return longest <= width / max(len(self._classes), 1) and self._names_rows(width)

    def _names_rows(self, width: float) -> bool:
        """Tell whether rows of cells in such a width are high enough for names."""
        return width / max(len(self._classes), 1) >= self.fontMetrics().height() * 0.8

    def _names_width(self, width: int) -> float:
        """Return the room for the names at the left; none where they cannot be read anyway."""
        if not self._names_rows(width * (1 - NAMES_SHARE)):
            return 0.0
        metrics = self.fontMetrics()
        longest = max((metrics.horizontalAdvance(shown(name)) for name in self._classes), default=0)
        return min(longest + 2 * SPACE, NAMES_WIDTH, NAMES_SHARE * width)

    def _layout(self) -> tuple[float, float]:
        """Return where the first column begins and how wide a cell is."""
        left = self._names_width(self.width())
        return left, max((self.width() - left - 1) / max(len(self._classes), 1), 1e-6)

    def _rectangle(self, cell: Cell) -> QRectF:
        left, side = self._layout()
        return QRectF(left + cell[1] * side, cell[0] * side, side, side)

    def _paint_names(self, painter: QPainter, side: float) -> None:
        """Write the classes beside the rows, as far as there is room for each."""
        metrics = self.fontMetrics()
        if not self._names_width(self.width()):
            return
        painter.setPen(self.palette().windowText().color())
        width = round(self._names_width(self.width())) - SPACE
        place = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row, name in enumerate(self._classes):
            text = metrics.elidedText(shown(name), Qt.TextElideMode.ElideMiddle, width)
            where = QRect(0, round(row * side), width, round(side))
            painter.drawText(where, place, text)
        # Below the columns as well, where they can be read.
        if not self._names_columns(side * len(self._classes)):
            return
        texts = [shown(name) for name in self._classes]
        for column, text in enumerate(texts):
            cell = self._rectangle((len(texts), column)).toRect()
            painter.drawText(cell, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)

    def _paint_cell(self, painter: QPainter, cell: Cell, share: float) -> None:
        where, count = self._rectangle(cell), int(self._counts[cell])
        gap = 1.0 if where.width() > 6 else 0.0
        inner = where.adjusted(0, 0, -gap, -gap)
        strength = FAINTEST + (1 - FAINTEST) * share if count else 0.0
        colour = QColor(*VERDICTS[RIGHT if cell[0] == cell[1] else WRONG])
        colour.setAlphaF(strength)
        if not count:
            colour = self.palette().mid().color()
            colour.setAlphaF(0.35)
        painter.fillRect(inner, colour)
        if count and where.width() >= SMALLEST_FOR_TEXT:
            text = self.palette().windowText().color()
            painter.setPen(QColor(Qt.GlobalColor.white) if strength > STRONG else text)
            painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, str(count))
        if cell == self._cell:
            painter.setPen(QPen(self.palette().windowText().color(), 2))
            painter.drawRect(inner.adjusted(1, 1, -1, -1))
