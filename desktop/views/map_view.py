"""The map in the window: a hand moves it, points at it and selects in it."""

from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip, QWidget

from desktop.language import tr
from desktop.views.map_outside import OutsideView
from desktop.views.map_overlay import Band
from desktop.views.map_points import Colours
from desktop.views.picking import How, combine
from engine.values import Vectors

HOVER_PERIOD_MS = 33
CLICK = 4  # device-independent pixels; what moves farther is a drag

Tool = Literal["orbit", "box", "lasso"]


class MapView(OutsideView):
    """The map as a user has it in the hand.

    Dragging turns the map, or selects with the tool that was chosen; with Shift it adds to the
    selection and with Alt it takes away. Rows in signals are those of the points shown last.
    """

    hovered = Signal(object)  # int or None
    picked = Signal(object)  # int or None
    ring_picked = Signal(int)  # number of a picture from elsewhere
    selected = Signal(object)  # int64 array: all rows that are selected after a box or lasso

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Map of the images"))
        self._tool: Tool = "orbit"
        self._hovered: int | None = None
        self._picked: int | None = None
        self._pressed_at = self.mousePos = QPointF()
        self._cursor: QPointF | None = None
        self._hover_timer = QTimer(self, singleShot=True, interval=HOVER_PERIOD_MS)
        self._hover_timer.timeout.connect(self._hover)
        self.rested.connect(self._hover)

    def show_points(self, points: Vectors, colours: Colours) -> None:
        """See `PointsView.show_points`."""
        self._hovered = self._picked = None
        self._drop_band()
        super().show_points(points, colours)

    def set_tool(self, tool: Tool) -> None:
        """Choose what dragging does: turn the map, or select in a box or a lasso."""
        self._tool = tool
        self._drop_band()
        if tool == "orbit":
            self.unsetCursor()
        else:
            self.setCursor(Qt.CursorShape.CrossCursor)

    def give_up(self) -> bool:
        """Give up the box or lasso that is being dragged; tell whether there was one."""
        was_dragged = self.overlay.band is not None
        self._drop_band()
        return was_dragged

    def pick(self, index: int | None) -> None:
        """Mark a point as the picked one."""
        self._picked = index
        self._mark()

    # Qt calls the following methods.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start to select, or remember where, to tell a click from a drag."""
        self._pressed_at = self.mousePos = event.position()
        self._flight.stop()
        if event.button() == Qt.MouseButton.LeftButton:
            self.overlay.band = self._band_for(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select, turn or move while a button is held, else hover."""
        moved = event.position() - self.mousePos
        self._cursor = self.mousePos = event.position()
        buttons, band = event.buttons(), self.overlay.band
        if buttons == Qt.MouseButton.NoButton:
            if not self._hover_timer.isActive():
                self._hover_timer.start()
        elif band is not None:
            band.path.append(event.position())
            self.overlay.refresh()
        elif buttons == Qt.MouseButton.LeftButton and not self._pans(event):
            self.orbit(-moved.x(), moved.y())
        else:
            self.pan(moved.x(), moved.y(), 0, relative="view")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Select what was encircled, or pick the point under a click; nothing there means none."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        band = self.overlay.band
        self._drop_band()
        if band is not None and band.is_drag:
            self._select(band)
        elif (event.position() - self._pressed_at).manhattanLength() < CLICK:
            self._click(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Bring the point under the cursor to the middle."""
        index = self._under(event.position())
        if index is not None:
            self.fly_to_middle(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up a selection that is being drawn; arrows turn the map."""
        if event.key() != Qt.Key.Key_Escape or not self.give_up():
            super().keyPressEvent(event)

    def leaveEvent(self, event: object) -> None:
        """Point at nothing."""
        self._cursor = None
        self._set_hovered(None)

    def _band_for(self, event: QMouseEvent) -> Band | None:
        """Return the selection that a press begins, if it begins one."""
        hows: dict[Qt.KeyboardModifier, How] = {
            Qt.KeyboardModifier.NoModifier: "replace",
            Qt.KeyboardModifier.ShiftModifier: "add",
            Qt.KeyboardModifier.AltModifier: "subtract",
        }
        how = hows.get(event.modifiers())
        if how is None or (self._tool == "orbit" and how == "replace"):
            return None
        return Band("box" if self._tool == "box" else "lasso", how, [event.position()])

    def _pans(self, event: QMouseEvent) -> bool:
        return self.is_flat or event.modifiers() == Qt.KeyboardModifier.ControlModifier

    def _select(self, band: Band) -> None:
        path = np.array([(place.x(), place.y()) for place in band.path], np.float32)
        if band.shape == "box":
            rows = self.rows_in_box(*path[0], *path[-1])
        else:
            rows = self.rows_in_polygon(path)
        self.select(combine(self.selected_rows, rows, band.how))
        self.selected.emit(self.selected_rows)

    def _drop_band(self) -> None:
        self.overlay.band = None
        self.overlay.refresh()

    def _click(self, place: QPointF) -> None:
        ring = self.ring_under(place)
        if ring is not None:
            self.ring_picked.emit(ring.number)
            return
        self.pick(self._under(place))
        self.picked.emit(self._picked)

    def _hover(self) -> None:
        # A map in motion has other places in every frame; it is asked when it has come to rest.
        if self._cursor is None or self.is_moving:
            return
        ring = self.ring_under(self._cursor)
        if ring is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(self.mapToGlobal(self._cursor).toPoint(), ring.tip, self)
        self._set_hovered(self._under(self._cursor) if ring is None else None)

    def _set_hovered(self, index: int | None) -> None:
        if index != self._hovered:
            self._hovered = index
            self._mark()
            self.hovered.emit(index)

    def _mark(self) -> None:
        self.mark([row for row in (self._hovered, self._picked) if row is not None])
