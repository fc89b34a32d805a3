"""The nearest neighbours of the picked picture, nearest first."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QToolButton, QVBoxLayout, QWidget

from desktop.language import tr
from desktop.theme import SPACE
from desktop.views.widgets import OneLine, pixmap, shown
from engine.values import Pixels

COLUMNS, ROWS = 5, 2
COUNT = COLUMNS * ROWS
# Device-independent pixels: of a picture, of one in a narrow panel, around one, between buttons.
SIDE, LEAST_SIDE, EDGE, GAP = 42, 18, 9, SPACE // 2


class NeighborsStrip(QWidget):
    """Buttons with small pictures; one that is pressed is picked in turn."""

    picked = Signal(object)  # row of the map

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = OneLine("muted")
        self.title.show_text(tr("Nearest among the embeddings"))
        self.buttons = [self._button(place) for place in range(COUNT)]
        self._rows: list[int] = []
        grid = QGridLayout()
        grid.setSpacing(GAP)
        for place, button in enumerate(self.buttons):
            grid.addWidget(button, place // COLUMNS, place % COLUMNS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self.title)
        column.addLayout(grid)
        self.hide()

    def show_nothing(self) -> None:
        """Show no neighbours."""
        self._rows = []
        self.hide()

    def show_neighbors(self, rows: Sequence[int], tips: Sequence[str]) -> None:
        """Show rows of the map, at most `COUNT`; their pictures follow.

        Parameters
        ----------
        rows
            Nearest first.
        tips
            What is said of each, such as its class and distance.
        """
        self._rows = list(rows)[:COUNT]
        for place, button in enumerate(self.buttons):
            button.setIcon(QIcon())
            button.setVisible(place < len(self._rows))
            if place < len(self._rows):
                tip = shown(tips[place])
                button.setToolTip(tip)
                name = tr("Neighbour {number}: {what}", number=place + 1, what=tip)
                button.setAccessibleName(name)
        self.setVisible(bool(self._rows))

    def add_pictures(self, rows: Sequence[int], pictures: Sequence[Pixels | str]) -> None:
        """Take the pictures of rows; those of rows that are not shown any more are dropped."""
        for row, picture in zip(rows, pictures, strict=True):
            if row in self._rows and not isinstance(picture, str):
                self.buttons[self._rows.index(row)].setIcon(QIcon(pixmap(picture)))

    def minimumSizeHint(self) -> QSize:
        """Return the size with the smallest pictures."""
        width = COLUMNS * (LEAST_SIDE + EDGE) + (COLUMNS - 1) * GAP
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the pictures of a row share the width."""
        super().resizeEvent(event)
        share = (self.width() - (COLUMNS - 1) * GAP) // COLUMNS - EDGE
        side = max(min(share, SIDE), LEAST_SIDE)
        for button in self.buttons:
            button.setIconSize(QSize(side, side))

    def _button(self, place: int) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setIconSize(QSize(SIDE, SIDE))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(tr("Neighbour {number}", number=place + 1))
        button.clicked.connect(lambda: self.picked.emit(self._rows[place]))
        return button
