"""A small flat map of one run, on which images are selected."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.language import tr
from engine.colouring import NOTHING
from engine.palette import WITHOUT_CLASS, Colour
from engine.values import Projection, Vectors

SIDE, LEAST = 220, 140  # device-independent pixels
MARGIN = 10
REACH = 8  # pixels around a click
FAINT = 70  # opacity of what is not selected while something is

Rows = NDArray[np.int64]


def fitted(points: Vectors, width: int, height: int) -> NDArray[np.float64]:
    """Return (N, 2) pixels of (N, 2) points: as large as fits, upright, proportions kept."""
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.array([width, height]) - 2 * MARGIN
    scale = float((room / np.maximum(high - low, 1e-9)).min())
    centred = (points - (low + high) / 2) * scale * (1, -1)
    return np.asarray(centred + np.array([width, height]) / 2, np.float64)


def rows_within(places: NDArray[np.float64], box: QRect) -> Rows:
    """Return the rows in a box; of a box that is but a click, the one that is nearest to it."""
    if max(box.width(), box.height()) <= 3:
        away = np.hypot(*(places - (box.center().x(), box.center().y())).T)
        nearest = int(away.argmin())
        return np.array([nearest] if away[nearest] <= REACH else [], np.int64)
    low, high = (box.left(), box.top()), (box.right(), box.bottom())
    return np.flatnonzero(((places >= low) & (places <= high)).all(axis=1))


class SmallMap(QWidget):
    """Points in the colours of their classes; a click or a box selects images."""

    selected = Signal(object)  # tuple of paths, empty to end the selection

    def __init__(
        self,
        projection: Projection,
        colours: Mapping[str, Colour],
        name: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._projection = projection
        self._rows = {path: row for row, path in enumerate(projection.paths)}
        self._groups = _by_colour(projection.labels, colours)
        self._chosen = np.zeros(len(projection.paths), bool)
        self._box: QRect | None = None
        self.setMinimumSize(LEAST, LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Map of {name}", name=name))
        self.setCursor(Qt.CursorShape.CrossCursor)

    @property
    def chosen(self) -> tuple[str, ...]:
        """Paths of the images that are shown as selected."""
        return tuple(self._projection.paths[row] for row in np.flatnonzero(self._chosen))

    @property
    def paths(self) -> tuple[str, ...]:
        """Paths of all images on the map."""
        return self._projection.paths

    @property
    def places(self) -> NDArray[np.float64]:
        """(N, 2) where each image lies, pixels."""
        return fitted(self._projection.points, self.width(), self.height())

    def choose(self, paths: tuple[str, ...]) -> None:
        """Show images as selected, those that are on this map."""
        self._chosen[:] = False
        self._chosen[[self._rows[path] for path in paths if path in self._rows]] = True
        self.update()

    def recolour(self, labels: tuple[str, ...], colours: Mapping[str, Colour]) -> None:
        """Show the classes that the images have now, in the order of `paths`."""
        self._groups = _by_colour(labels, colours)
        self.update()

    def sizeHint(self) -> QSize:
        """Square."""
        return QSize(SIDE, SIDE)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a box."""
        if event.button() == Qt.MouseButton.LeftButton:
            place = event.position().toPoint()
            self._box = QRect(place, QSize(1, 1))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the box larger."""
        if self._box is not None:
            self._box.setBottomRight(event.position().toPoint())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Select what lies in the box."""
        box, self._box = self._box, None
        if box is not None and event.button() == Qt.MouseButton.LeftButton:
            box.setBottomRight(event.position().toPoint())
            rows = rows_within(self.places, box.normalized())
            self.selected.emit(tuple(self._projection.paths[row] for row in rows))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the points, the selected ones last."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places = self.places
        size = float(np.clip(90 / np.sqrt(len(places)), 2.0, 7.0))
        some = bool(self._chosen.any())
        for colour, rows in self._groups:
            self._draw(painter, places[rows], QColor(*colour, FAINT if some else 255), size)
        for colour, rows in self._groups if some else ():
            chosen = rows[self._chosen[rows]]
            self._draw(painter, places[chosen], QColor(*colour), size + 2)
        if self._box is not None:
            painter.setPen(QPen(self.palette().highlight().color(), 1))
            painter.drawRect(QRectF(self._box.normalized()))
        painter.end()

    def _draw(
        self, painter: QPainter, places: NDArray[np.float64], colour: QColor, size: float
    ) -> None:
        round_cap = Qt.PenCapStyle.RoundCap
        painter.setPen(QPen(colour, size, Qt.PenStyle.SolidLine, round_cap))
        painter.drawPoints(QPolygonF([QPointF(x, y) for x, y in places]))


def _by_colour(labels: tuple[str, ...], colours: Mapping[str, Colour]) -> list[tuple[Colour, Rows]]:
    """Return the rows of each class with its colour; those without one come first."""
    names = np.array(labels)
    if not colours:
        return [(WITHOUT_CLASS, np.arange(len(names)))]
    groups = [(colour, np.flatnonzero(names == name)) for name, colour in colours.items()]
    return [(NOTHING, np.flatnonzero(~np.isin(names, list(colours)))), *groups]
