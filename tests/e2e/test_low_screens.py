"""On a low screen all of the window can be reached, and nothing is drawn over anything else."""

import itertools

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget
from window_fixtures import SOON_MS, wait_for_job

from desktop.main_window import MainWindow
from desktop.views.picture_card import PictureCard
from engine.colouring import AGREEMENT, CLASSES

pytestmark = pytest.mark.gl

HIGH, LOW = 840, 640  # device-independent pixels; what a screen of 720 has left for a window


def pick(qtbot, window: MainWindow) -> PictureCard:
    """Click the first picture of the gallery, and wait for its neighbours."""
    page = window.pages.map
    view = page.gallery.list
    place = view.visualRect(view.model().index(0, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(page.card.neighbors.isVisible, timeout=SOON_MS)
    return page.card


def colour_by(qtbot, window: MainWindow, title: str) -> None:
    box = window.pages.map.controls.colour
    box.setCurrentIndex(box.findData(title))
    box.activated.emit(box.currentIndex())
    wait_for_job(qtbot, window)


def stand_apart(card: PictureCard) -> bool:
    """Tell whether the pieces of the card have their height, one below the other."""
    column = (card.picture, card.name, card.place, card.facts, card.neighbors, card.folder_button)
    seen = [piece for piece in column if piece.isVisible()]
    places = [QRect(piece.mapTo(card, QPoint()), piece.size()) for piece in seen]
    return all(piece.height() >= _least(piece) for piece in seen) and all(
        above.bottom() < below.top() for above, below in itertools.pairwise(places)
    )


def _least(piece: QWidget) -> int:
    return max(piece.minimumSizeHint().height(), piece.minimumHeight())


@pytest.mark.parametrize("height", [HIGH, LOW])
@pytest.mark.parametrize("title", [CLASSES, AGREEMENT])
def test_what_is_said_of_a_picture_stands_below_it(qtbot, embedded, height, title):
    embedded.resize(1280, height)
    colour_by(qtbot, embedded, title)
    card = pick(qtbot, embedded)
    qtbot.waitUntil(lambda: stand_apart(card), timeout=SOON_MS)
