"""What is written and drawn over the map: class names, axis names, the rubber band."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from desktop.theme import LIGHT, Theme
from desktop.views.label_layout import place_labels
from desktop.views.picking import How, Matrix

if TYPE_CHECKING:
    from desktop.views.map_names import Label

PADDING = 5.0
NAME_MAX = 32  # letters; a longer name loses its middle


@dataclass(slots=True)
class Band:
    """A drag of the mouse that selects: from its start on, in the coordinates of the view."""

    shape: Literal["box", "lasso"]
    how: How
    path: list[QPointF] = field(default_factory=list)

    @property
    def is_drag(self) -> bool:
        """Whether the mouse went farther than a click does."""
        start = self.path[0]
        return any((place - start).manhattanLength() >= 4 for place in self.path)


class Overlay(QWidget):
    """Lies over the map and lets the mouse through."""

    def __init__(self, parent: QWidget, place: Callable[[Matrix], Matrix]) -> None:
        """``place`` gives the places on the screen of (N, 3) points of the map."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._place = place
        self.theme: Theme = LIGHT
        self.labels: list[Label] = []
        self.axis_labels: list[Label] = []
        self.band: Band | None = None

    def refresh(self) -> None:
        """Draw again where there is something to draw; an empty overlay costs nothing."""
        has_content = bool(self.labels or self.axis_labels or self.band)
        if has_content != self.isVisible():
            self.setVisible(has_content)
        if has_content:
            self.update()

    def draw_names(self, painter: QPainter) -> list[str]:
        """Write what fits, in the coordinates of the view, and return it."""
        labels = self.axis_labels + self.labels
        if not labels:
            return []
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        texts = [_shortened(label.text) for label in labels]
        sizes = [
            (metrics.horizontalAdvance(text) + 2 * PADDING, metrics.height() + PADDING / 2)
            for text in texts
        ]
        screen = self._place(np.array([label.centre for label in labels], np.float32))
        weights = [label.weight for label in labels]
        boxes = place_labels(screen[:, :2], sizes, weights, self.width(), self.height())
        paper, ink = QColor(self.theme.map), QColor(self.theme.text)
        paper.setAlpha(205)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, (left, top, width, height) in boxes.items():
            box = QRectF(left, top, width, height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(paper)
            painter.drawRoundedRect(box, height / 2, height / 2)
            painter.setPen(ink)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, texts[index])
        return [labels[index].text for index in boxes]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the names and, over them, the rubber band."""
        painter = QPainter(self)
        self.draw_names(painter)
        if self.band is not None and self.band.is_drag:
            self._draw_band(painter, self.band)
        painter.end()

    def _draw_band(self, painter: QPainter, band: Band) -> None:
        line = QColor(self.theme.muted if band.how == "subtract" else self.theme.accent)
        area = QColor(line)
        area.setAlpha(36)
        style = Qt.PenStyle.DashLine if band.how == "subtract" else Qt.PenStyle.SolidLine
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(line, 1.5, style))
        painter.setBrush(area)
        if band.shape == "box":
            painter.drawRect(QRectF(band.path[0], band.path[-1]).normalized())
        else:
            painter.drawPolygon(QPolygonF(band.path))


def _shortened(text: str) -> str:
    if len(text) <= NAME_MAX:
        return text
    half = NAME_MAX // 2
    return f"{text[: half - 1]}…{text[-half:]}"
