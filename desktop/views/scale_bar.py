"""The scale of a colouring by value, with what its ends mean."""

import numpy as np
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.language import told
from desktop.theme import RADIUS, SPACE
from desktop.views.widgets import label
from engine.colouring import SCALE, Scale, scale_colours


class ScaleBar(QWidget):
    """Shown only while there is a scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.low, self.high = label("", "muted", wrap=True), label("", "muted", wrap=True)
        ends = QHBoxLayout()
        ends.addWidget(self.low)
        ends.addStretch(1)
        ends.addWidget(self.high)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        column.addWidget(_Band())
        column.addLayout(ends)
        self.hide()

    def show_scale(self, scale: Scale | None) -> None:
        """Name the ends; None hides the bar."""
        if scale is not None:
            self.low.setText(told(scale.low_text))
            self.high.setText(told(scale.high_text))
        self.setVisible(scale is not None)


class _Band(QWidget):
    """The colours from the low end to the high one."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(2 * SPACE)
        self.setMinimumWidth(80)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the same colours as the points have."""
        gradient = QLinearGradient(0, 0, self.width(), 0)
        stops = np.linspace(0, 1, len(SCALE))
        for stop, colour in zip(stops, scale_colours(stops), strict=True):
            gradient.setColorAt(float(stop), QColor(*map(int, colour)))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(0, 0, 0, 0))
        painter.setBrush(gradient)
        painter.drawRoundedRect(self.rect(), RADIUS / 2, RADIUS / 2)
        painter.end()
