"""The map with its legend and the picture card."""

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from desktop.project import State
from desktop.theme import SPACE, Theme
from desktop.views.legend import Legend
from desktop.views.map_view import MapView
from desktop.views.picture_card import PictureCard
from engine.palette import point_colours
from engine.values import Projection, count_labels

PANEL_WIDTH = 280


class MapPage(QWidget):
    """Walk through the images. Indices in signals are rows of the projection that is shown."""

    pointed = Signal(object)  # the row under the cursor, else the picked one, else None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.map = MapView()
        self.legend = Legend()
        self.card = PictureCard()
        self._projection: Projection | None = None
        self._picked: int | None = None
        self._panel = QWidget()
        side = QVBoxLayout(self._panel)
        side.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        side.setSpacing(SPACE)
        side.addWidget(self.card)
        side.addWidget(self.legend, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.map)
        self.splitter.addWidget(self._panel)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setCollapsible(0, False)
        self.splitter.setSizes([900, PANEL_WIDTH])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.splitter)
        self.legend.changed.connect(self._show_classes)
        self.map.hovered.connect(self._hover)
        self.map.picked.connect(self._pick)

    def show_state(self, state: State) -> None:
        """Draw the projection of the state, or an empty map while there is none."""
        projection = state.projection
        if projection is self._projection and projection is not None:
            return
        is_other_map = (
            self._projection is None or projection is None or projection.run != self._projection.run
        )
        self._projection = projection
        self._picked = None
        classes = state.classes
        labels = projection.labels if projection else ()
        counts = count_labels(labels) if classes else {"": len(labels)}
        self.legend.show_classes(classes, counts)
        points = projection.points if projection else np.zeros((0, 3), np.float32)
        self.map.show_points(points, point_colours(labels, classes))
        self._show_classes(self.legend.hidden)
        if is_other_map:
            self.map.reset_camera()
            self.card.show_nothing()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.map.set_theme(theme)

    # Commands: see desktop.actions. A plain command's action passes on that it is not checked.

    def zoom_in(self, _: bool = False) -> None:
        """Come nearer."""
        self.map.zoom(1)

    def zoom_out(self, _: bool = False) -> None:
        """Go farther away."""
        self.map.zoom(-1)

    def reset_view(self, _: bool = False) -> None:
        """Return to the first view of the map."""
        self.map.reset_camera()

    def look_front(self, _: bool = False) -> None:
        """See the map from the front."""
        self.map.look_from(-90, 0)

    def look_side(self, _: bool = False) -> None:
        """See the map from the side."""
        self.map.look_from(0, 0)

    def look_top(self, _: bool = False) -> None:
        """See the map from above."""
        self.map.look_from(-90, 90)

    def larger_points(self, _: bool = False) -> None:
        """Draw the points larger."""
        self.map.scale_points(1.25)

    def smaller_points(self, _: bool = False) -> None:
        """Draw the points smaller."""
        self.map.scale_points(0.8)

    def show_grid(self, visible: bool) -> None:
        """Show or hide the floor of the map."""
        self.map.show_grid(visible)

    def show_panel(self, visible: bool) -> None:
        """Show or hide the legend and the picture."""
        self._panel.setVisible(visible)

    def _show_classes(self, hidden: frozenset[str]) -> None:
        labels = self._projection.labels if self._projection else ()
        self.map.show_only(np.array([label not in hidden for label in labels], bool))

    def _hover(self, index: int | None) -> None:
        self.pointed.emit(self._picked if index is None else index)

    def _pick(self, index: int | None) -> None:
        self._picked = index
        self.pointed.emit(index)
