"""The picture of the point under the cursor, or of the one that was clicked."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.language import told, tr
from desktop.theme import SPACE
from desktop.views.fitted_picture import FittedPicture
from desktop.views.neighbors_strip import NeighborsStrip
from desktop.views.outside_list import OutsideList
from desktop.views.widgets import OneLine, PathLabel, button, card, label, shown
from desktop.views.yielding import Yielding
from engine.values import Pixels
from engine.wording import mark

# Device-independent pixels: of the picture, on a low screen, and of the card on a lower one.
PICTURE_SIDE, LEAST_SIDE, LEAST_HEIGHT = 240, 88, 140
MARGIN = SPACE + SPACE // 2
MOST = 12  # times as large as it is: small pictures are looked at here
HINT = mark("Point at the map to see a picture; click to keep it here.")


class PictureCard(QWidget):
    """Shows one picture with its class, its place on disk and its nearest neighbours.

    On a low screen the picture becomes smaller, and then the rest is scrolled.
    """

    folder_requested = Signal()  # to see the file where it lies

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = FittedPicture(tr("Picture"), LEAST_SIDE, MOST)
        self.name = OneLine("heading")
        self.place = PathLabel(tr("Path of the picture"), "muted")
        self.facts = label("", "muted", wrap=True)
        self.outside = OutsideList()
        self.neighbors = NeighborsStrip()
        self.folder_button = button(
            tr("Show in folder"), tip=tr("Open the folder that holds the file")
        )
        self.folder_button.clicked.connect(self.folder_requested)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        for each in (self.picture, self.name, self.place, self.facts, self.outside):
            column.addWidget(each)
        column.addWidget(self.neighbors)
        column.addWidget(self.folder_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.part = Yielding(inside, LEAST_HEIGHT)
        whole.addWidget(card(self.part, margin=MARGIN))
        self.show_nothing()

    def show_nothing(self) -> None:
        """Show the hint."""
        self.picture.show_picture(tr(HINT))
        self.name.show_text("")
        self.place.show_text("")
        self.facts.hide()
        self.folder_button.hide()
        self.neighbors.show_nothing()

    def show_item(self, path: str, label_text: str, facts: str = "", kept: bool = False) -> None:
        """Show the class and path at once; the picture and the neighbours follow.

        Parameters
        ----------
        path
            Relative to the dataset folder.
        label_text
            The class, "" for none.
        facts
            What else is known of the picture.
        kept
            Whether the picture was picked, and stays while the cursor moves on.
        """
        self.name.show_text(shown(label_text) or shown(Path(path).name))
        self.place.show_text(shown(path))
        self.facts.setText(facts)
        self.facts.setVisible(bool(facts))
        self.folder_button.setVisible(kept)
        self.neighbors.show_nothing()

    def show_picture(self, picture: Pixels | str) -> None:
        """Show pixels, or the reason why there are none."""
        is_text = isinstance(picture, str)
        self.picture.show_picture(
            tr("This picture {why}.", why=told(picture)) if is_text else picture
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for no higher a picture than the card is wide."""
        super().resizeEvent(event)
        side = min(PICTURE_SIDE, self.width() - 2 * MARGIN)
        self.part.ask_for(max(side - LEAST_SIDE, 0))
