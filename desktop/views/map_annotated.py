"""A view that writes on its points: names, pictures, marks, lines and axes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.theme import LIGHT, Theme
from desktop.views.map_names import Label, Name, Where, as_names, place_names
from desktop.views.map_overlay import Overlay
from desktop.views.map_points import NO_ROWS, Colours, PointsView, Target
from desktop.views.map_scene import AXES
from desktop.views.map_snapshot import Region, render
from desktop.views.picking import Rows
from engine.values import Vectors


class AnnotatedView(PointsView):
    """Adds to the points what says which ones they are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: list[Name] = []
        self._names_visible = True
        self._marked: list[int] = []
        self._lines: tuple[int | None, Rows] = (None, NO_ROWS)
        self.overlay = Overlay(self, self._places)
        self.flat_changed.connect(self._name_axes)
        self.set_theme(LIGHT)

    def show_points(self, points: Vectors, colours: Colours) -> None:
        """See `PointsView.show_points`."""
        self._names, self._marked, self._lines = [], [], (None, NO_ROWS)
        self._scene.pictures.show(NO_ROWS, np.zeros((0, 1, 1, 3), np.uint8))
        super().show_points(points, colours)

    def mark(self, rows: Sequence[int]) -> None:
        """Draw these points larger, with a rim."""
        self._marked = sorted(set(rows))
        self._draw_marks()

    def show_lines(self, start: int | None, ends: Rows) -> None:
        """Draw lines from a point to others, such as to its true neighbours; None draws none."""
        self._lines = (start, ends)
        self._draw_lines()

    def show_labels(self, labels: Sequence[tuple[str, Where]]) -> None:
        """Write names at the middle of their visible points.

        Parameters
        ----------
        labels
            Names, each with the (N,) mask of its points or with its place, (3,) in the
            coordinates of the map. Where names collide, that of more points stays.
        """
        self._names = as_names(labels)
        self._draw_names()

    def set_labels_visible(self, visible: bool) -> None:
        """Show or hide the names."""
        self._names_visible = visible
        self._draw_names()

    def show_pictures(self, rows: Rows, thumbnails: NDArray[np.uint8]) -> None:
        """Draw pictures on some points in place of those drawn before.

        Parameters
        ----------
        rows
            K rows, the most important first; `picture_choice.choose_pictures` finds good ones.
        thumbnails
            (K, S, S, 3) uint8. S of 64 suits most screens.
        """
        self._scene.pictures.show(rows, thumbnails)
        self._draw_pictures()

    def show_axes(self, visible: bool) -> None:
        """Show or hide the three axes of the projection."""
        self._scene.axes.setVisible(visible)
        self._name_axes()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().set_theme(theme)
        self.overlay.theme = theme
        self.overlay.refresh()
        self._draw_marks()
        self._draw_lines()

    def snapshot(self, width: int, height: int) -> QImage:
        """Return the map as it is seen, with all its points, in any size."""
        if not self.isValid():
            self.grabFramebuffer()  # a view that was never shown has no OpenGL yet
        return render(self, width, height)

    def paint_tile(self, ratio: float, region: Region, whole: Region) -> None:
        """Draw a part of a picture: for `map_snapshot`, which prepares what is drawn on."""
        self._scene.cloud.limit = None
        self.target = Target(ratio, region[2], region[3])
        self.paint(region=region, viewport=whole)

    # Qt calls the following methods.

    def paintGL(self) -> None:
        """Draw the points, and over them what is written."""
        self._scene.pictures.set_distance(self.opts["distance"])
        super().paintGL()
        self.overlay.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the overlay as large as the view."""
        super().resizeEvent(event)
        self.overlay.resize(self.size())

    def _redraw_on_points(self) -> None:
        self._draw_marks()
        self._draw_lines()
        self._draw_names()
        self._draw_pictures()

    def _name_axes(self) -> None:
        # From straight above, the third axis is a point.
        seen = AXES[:2] if self.is_flat else AXES
        ends = [Label(name, np.array(end, np.float32), np.inf) for name, end in seen]
        self.overlay.axis_labels = ends if self._scene.axes.visible() else []
        self.overlay.refresh()

    def _draw_marks(self) -> None:
        rows = [row for row in self._marked if self._visible[row]]
        self._scene.set_marks(self._points[rows], self._colours[rows])

    def _draw_lines(self) -> None:
        start, ends = self._lines
        seen = ends[self._visible[ends]] if start is not None and self._visible[start] else NO_ROWS
        self._scene.set_lines(self._points[start or 0 : (start or 0) + 1], self._points[seen])

    def _draw_pictures(self) -> None:
        self._scene.pictures.place(self._points, self._colours, self._visible)

    def _draw_names(self) -> None:
        names = self._names if self._names_visible else []
        self.overlay.labels = place_names(names, self._points, self._visible)
        self.overlay.refresh()

    def _under(self, place: QPointF) -> int | None:
        """Return the row of the picture, else of the point, under a place."""
        size = self.width(), self.height()
        pictured = self._scene.pictures.under(place, self.transform(), size, self.depth_reference)
        return super()._under(place) if pictured is None else pictured
