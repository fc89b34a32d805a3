"""Small pictures under the name of their class."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from desktop.language import tr
from desktop.theme import SPACE
from desktop.views.widgets import OneLine, dot, label, pixmap, shown
from engine.palette import Colour
from engine.pipeline import Neighbor
from engine.values import Pixels

COLUMNS, ROWS = 3, 2
COUNT = COLUMNS * ROWS
SIDE, LEAST_SIDE = 52, 44  # device-independent pixels; the latter in a narrow panel
GAP = SPACE // 2


class SimilarGrid(QWidget):
    """Buttons with pictures; one that is pressed is looked at on the map."""

    chosen = Signal(str)  # path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dot = QLabel()
        self.title = OneLine()
        self.none = label(tr("No other picture of it"), "muted", wrap=True)
        self.buttons = [self._button(place) for place in range(COUNT)]
        self._paths: list[str] = []
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(self._dot)
        head.addWidget(self.title, 1)
        grid = QGridLayout()
        grid.setSpacing(GAP)
        for place, button in enumerate(self.buttons):
            grid.addWidget(button, place // COLUMNS, place % COLUMNS)
        grid.setColumnStretch(COLUMNS, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addLayout(head)
        column.addWidget(self.none)
        column.addLayout(grid)
        column.addStretch(1)
        # The room stays the same while the pictures of the next image are looked for.
        self.setFixedHeight(self.title.sizeHint().height() + ROWS * (SIDE + GAP) + 2 * SPACE)

    @property
    def paths(self) -> tuple[str, ...]:
        """What is shown."""
        return tuple(self._paths)

    def show_title(self, title: str, colour: Colour | None) -> None:
        """Head the grid; its pictures follow."""
        self.title.show_text(shown(title))
        spot = QPixmap() if colour is None else dot(colour, ratio=self.devicePixelRatioF())
        self._dot.setPixmap(spot)
        self._dot.setVisible(colour is not None)
        self._show((), ())
        self.none.hide()

    def show_neighbors(self, found: Sequence[Neighbor]) -> None:
        """Show neighbours, nearest first, at most `COUNT`. Their pictures follow."""
        tips = [shown(f"{_says(each)}\n{each.path}") for each in found[:COUNT]]
        self._show([each.path for each in found[:COUNT]], tips)
        self.none.setVisible(not found)

    def add_pictures(self, pictures: Mapping[str, Pixels | str]) -> None:
        """Take the pictures of paths; others are dropped."""
        for path, button in zip(self._paths, self.buttons, strict=False):
            picture = pictures.get(path, "")
            if not isinstance(picture, str):
                button.setIcon(QIcon(pixmap(picture)))

    def minimumSizeHint(self) -> QSize:
        """Return the size with the smallest pictures."""
        width = COLUMNS * LEAST_SIDE + (COLUMNS - 1) * GAP
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the pictures of a row share the width."""
        super().resizeEvent(event)
        share = (self.width() - (COLUMNS - 1) * GAP) // COLUMNS
        for button in self.buttons:
            _set_side(button, max(min(share, SIDE), LEAST_SIDE))

    def _show(self, paths: Sequence[str], tips: Sequence[str]) -> None:
        self._paths = list(paths)
        for place, button in enumerate(self.buttons):
            button.setIcon(QIcon())
            button.setVisible(place < len(paths))
            if place < len(paths):
                button.setToolTip(tips[place])
                name = tr("Neighbour {number}: {what}", number=place + 1, what=tips[place])
                button.setAccessibleName(name)

    def _button(self, place: int) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        _set_side(button, SIDE)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self.chosen.emit(self._paths[place]))
        return button


def _set_side(button: QToolButton, side: int) -> None:
    button.setIconSize(QSize(side - GAP, side - GAP))
    button.setFixedSize(side, side)


def _says(found: Neighbor) -> str:
    name, distance = found.label or found.path, found.distance
    return tr("{name}, distance {distance:.3f}", name=name, distance=distance)
