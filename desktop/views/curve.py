"""Lines in a small diagram: named, with markers, a legend and a dashed reference."""

from math import isfinite

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.theme import SPACE
from desktop.views.plot import NOTHING, Axis, Line, Plot, Point
from desktop.views.ticks import tick_text, ticks
from desktop.views.widgets import shown
from engine.palette import first_colours

HEIGHT = 200  # device-independent pixels, as all measures here
MARKER = 3.0  # radius
HIT = 8.0  # how near the cursor has to come to a marker
MARKERS_UP_TO = 40  # points of a line; more would cover it
PALER = 0.8  # share of the text size for ticks


class Curve(QWidget):
    """Draws a plot in the colours of the theme; a marker that is pointed at tells its numbers."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """``name`` is what a screen reader says; `show_plot` adds a description."""
        super().__init__(parent)
        self.plot = NOTHING
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_plot(self, plot: Plot, says: str = "") -> None:
        """Draw other lines; ``says`` tells in words what they show."""
        self.plot = plot
        self.setAccessibleDescription(says)
        self.updateGeometry()
        self.update()

    def place_of(self, point: Point) -> QPointF:
        """Return where a point of the axes lies in this widget."""
        (left, right), (low, high) = self._range("x"), self._range("y")
        area = self._area()
        return QPointF(
            area.left() + (point[0] - left) / (right - left) * area.width(),
            area.bottom() - (point[1] - low) / (high - low) * area.height(),
        )

    def tip_at(self, place: QPointF) -> str:
        """Return what is said of the marker at a place, "" where there is none."""
        nearest, least = "", HIT
        for line in self.plot.lines:
            for number, point in enumerate(line.points):
                apart = self.place_of(point) - place
                away = (apart.x() ** 2 + apart.y() ** 2) ** 0.5
                if _is_finite(point) and away <= max(least, self._radius(line, number)):
                    nearest, least = self._tip(line, number), min(away, least)
        return nearest

    # Qt calls the following methods.

    def sizeHint(self) -> QSize:
        """Wish to be as wide as the panel, with room for the legend."""
        return QSize(320, HEIGHT + len(self._legend_rows(self.width())) * self._row_height())

    def minimumSizeHint(self) -> QSize:
        """Never be lower than it wishes."""
        return QSize(160, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the legend as many rows as it needs now."""
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw axes, reference, lines and legend."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axes(painter)
        painter.save()
        # Whole markers at the edge, but no line beyond the axes.
        painter.setClipRect(self._area().adjusted(-2 * SPACE, -2 * SPACE, 2 * SPACE, SPACE))
        if self.plot.reference is not None:
            painter.setPen(QPen(self._muted(), 1.2, Qt.PenStyle.DashLine))
            self._paint_path(painter, self.plot.reference)
        for line, colour in zip(self.plot.lines, self._colours(), strict=True):
            painter.setPen(QPen(colour, 2))
            self._paint_path(painter, line)
            self._paint_markers(painter, line, colour)
        painter.restore()
        self._paint_legend(painter)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Say the numbers of the marker under the cursor."""
        if isinstance(event, QHelpEvent):
            text = self.tip_at(event.pos().toPointF())
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    # Where everything lies.

    def _range(self, axis: str) -> Point:
        """Return the ends of an axis, never the same number twice."""
        asked: Axis = getattr(self.plot, axis)
        number = "xy".index(axis)
        lines = [*self.plot.lines, *([self.plot.reference] if self.plot.reference else [])]
        values = [p[number] for line in lines for p in line.points if _is_finite(p)]
        low = asked.low if asked.low is not None else min(values, default=0.0)
        high = asked.high if asked.high is not None else max(values, default=1.0)
        return (low, high) if high > low else (low - 0.5, low + 0.5)

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * PALER)
        return font

    def _area(self) -> QRectF:
        """Return the rectangle between the axes."""
        metrics = QFontMetricsF(self._small())
        widest = max(metrics.horizontalAdvance(text) for _, text in self._ticks("y"))
        left = widest + 1.5 * SPACE
        top = metrics.height() + SPACE  # the title of the y axis stands above it
        below = 2 * metrics.height() + SPACE
        legend = len(self._legend_rows(self.width())) * self._row_height()
        right = 2.0 * SPACE
        return QRectF(
            left, top, max(self.width() - left - right, 1.0),
            max(self.height() - top - below - legend, 1.0),
        )  # fmt: skip

    def _ticks(self, axis: str) -> list[tuple[float, str]]:
        asked: Axis = getattr(self.plot, axis)
        low, high = self._range(axis)
        found = ticks(low, high, 6, asked.whole)
        return [(value, tick_text(value, asked.percent)) for value in found]

    def _colours(self) -> list[QColor]:
        following = first_colours(len(self.plot.lines))
        return [
            QColor(*(line.colour or colour))
            for line, colour in zip(self.plot.lines, following, strict=True)
        ]

    def _muted(self) -> QColor:
        return self.palette().placeholderText().color()

    def _radius(self, line: Line, number: int) -> float:
        return line.radii[number] if line.radii else MARKER

    def _tip(self, line: Line, number: int) -> str:
        if line.tips:
            return shown(line.tips[number])
        x, y = line.points[number]
        written = [
            f"{axis.title} {tick_text(round(value, 4), axis.percent)}"
            for axis, value in ((self.plot.x, x), (self.plot.y, y))
        ]
        return shown(f"{line.name}: {', '.join(written)}")

    # How it is drawn.

    def _paint_axes(self, painter: QPainter) -> None:
        area = self._area()
        painter.setFont(self._small())
        metrics = painter.fontMetrics()
        grid, text = self.palette().mid().color(), self._muted()
        height = float(metrics.height())
        for value, written in self._ticks("y"):
            y = self.place_of((self._range("x")[0], value)).y()
            painter.setPen(QPen(grid, 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(text)
            where = QRectF(0, y - height / 2, area.left() - SPACE / 2, height)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(where, flags, written)
        free = 0.0  # no two numbers touch
        for value, written in self._ticks("x"):
            x = self.place_of((value, self._range("y")[0])).x()
            painter.setPen(QPen(grid, 1))
            painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + SPACE / 2))
            width = float(metrics.horizontalAdvance(written))
            start = min(x - width / 2, self.width() - width)
            if start < free:
                continue
            free = start + width + SPACE / 2
            painter.setPen(text)
            where = QRectF(start, area.bottom() + SPACE / 2, width + 1, height)
            painter.drawText(where, Qt.AlignmentFlag.AlignLeft, written)
        below = QRectF(area.left(), area.bottom() + SPACE / 2 + height, area.width(), height)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.plot.x.title)
        above = QRectF(SPACE / 2, 0, self.width() - SPACE, height)
        painter.drawText(above, Qt.AlignmentFlag.AlignLeft, self.plot.y.title)

    def _paint_path(self, painter: QPainter, line: Line) -> None:
        part: list[QPointF] = []
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for point in [*line.points, (float("nan"), 0.0)]:
            if _is_finite(point):
                part.append(self.place_of(point))
            else:
                painter.drawPolyline(QPolygonF(part))
                part = []

    def _paint_markers(self, painter: QPainter, line: Line, colour: QColor) -> None:
        if not line.radii and len(line.points) > MARKERS_UP_TO:
            return
        painter.setPen(QPen(self.palette().base().color(), 1))
        painter.setBrush(colour)
        for number, point in enumerate(line.points):
            if _is_finite(point):
                radius = self._radius(line, number)
                painter.drawEllipse(self.place_of(point), radius, radius)

    def _row_height(self) -> int:
        return self.fontMetrics().height() + SPACE // 2

    def _legend_entries(self) -> list[tuple[str, QColor, Qt.PenStyle]]:
        """Return names with colours; one line alone needs no legend."""
        lines = self.plot.lines
        solid, dashed = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine
        entries = [
            (shown(line.name), colour, solid)
            for line, colour in zip(lines, self._colours(), strict=True)
        ]
        if self.plot.reference is not None and self.plot.reference.name:
            entries.append((shown(self.plot.reference.name), self._muted(), dashed))
        return entries if len(entries) > 1 else []

    def _legend_rows(self, width: int) -> list[list[tuple[str, QColor, Qt.PenStyle, float]]]:
        """Break the entries of the legend into rows; each has its width at the end."""
        rows: list[list[tuple[str, QColor, Qt.PenStyle, float]]] = []
        taken = 0.0
        metrics = self.fontMetrics()
        for name, colour, style in self._legend_entries():
            room = max(width - 5 * SPACE, 8 * SPACE)
            text = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room)
            needs = metrics.horizontalAdvance(text) + 5.0 * SPACE
            if not rows or taken + needs > width:
                rows.append([])
                taken = 0.0
            rows[-1].append((text, colour, style, needs))
            taken += needs
        return rows

    def _paint_legend(self, painter: QPainter) -> None:
        painter.setFont(self.font())
        rows = self._legend_rows(self.width())
        height = self._row_height()
        for number, row in enumerate(rows):
            x = float(SPACE)
            y = self.height() - (len(rows) - number) * height
            for text, colour, style, needs in row:
                painter.setPen(QPen(colour, 2, style))
                middle = y + height / 2
                painter.drawLine(QPointF(x, middle), QPointF(x + 2.5 * SPACE, middle))
                painter.setPen(self.palette().windowText().color())
                where = QRectF(x + 3 * SPACE, y, needs, height)
                flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(where, flags, text)
                x += needs


def _is_finite(point: Point) -> bool:
    return isfinite(point[0]) and isfinite(point[1])
