"""On a low screen all of the window can be reached, and nothing is drawn over anything else."""

import itertools

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget
from review_fixtures import doubts, show
from window_fixtures import SOON_MS, wait_for_job, when_it_grows

from desktop.main_window import MainWindow
from desktop.views.picture_card import PictureCard
from desktop.views.review_room import SIDE_WIDTH
from engine.colouring import AGREEMENT, CLASSES

pytestmark = pytest.mark.gl

HIGH = 840  # device-independent pixels
LOW = 600  # what a screen of 720 leaves a window between its title and a high task bar


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


def test_the_map_keeps_its_width_when_a_picture_is_picked(qtbot, embedded):
    page = embedded.pages.map
    before = page.splitter.sizes()
    pick(qtbot, embedded)
    qtbot.wait(100)
    assert page.splitter.sizes() == before


def in_sight(window: MainWindow, piece: QWidget) -> bool:
    """Tell whether the whole of a piece is in the low window, which has not grown for it."""
    place = QRect(piece.mapTo(window, QPoint()), piece.size())
    is_low = window.height() == LOW and window.minimumSizeHint().height() <= LOW
    return is_low and piece.isVisible() and window.rect().contains(place)


def can_be_scrolled_to(card: PictureCard, piece: QWidget) -> bool:
    card.part.ensureWidgetVisible(piece, 0, 0)
    room = card.part.viewport()
    return room.rect().contains(QRect(piece.mapTo(room, QPoint()), piece.size()))


def test_dropped_pictures_fit_on_a_low_screen(qtbot, embedded, sample_folder):
    strangers = sorted((sample_folder / "fish").iterdir())[12:18]
    embedded.pages.map.files_chosen.emit(strangers)
    wait_for_job(qtbot, embedded)
    embedded.resize(1280, LOW)
    card = embedded.pages.map.card
    assert card.outside.isVisible()
    for piece in (card.picture, card.outside, card.neighbors):
        qtbot.waitUntil(lambda it=piece: can_be_scrolled_to(card, it), timeout=SOON_MS)
    assert in_sight(embedded, embedded.status)
    assert embedded.pages.map.legend.list.viewport().height() > 40


def test_a_job_can_be_stopped_on_a_low_screen_while_a_picture_is_looked_at(qtbot, embedded):
    pick(qtbot, embedded)
    embedded._actions["show_training"].trigger()
    embedded.resize(1280, LOW)
    seen, button = [], embedded.parts.job_bar.cancel_button
    when_it_grows(embedded, lambda: seen.append(in_sight(embedded, button)))
    embedded._actions["make_umap"].trigger()
    wait_for_job(qtbot, embedded)
    assert seen == [True]


def test_findings_can_be_answered_on_a_low_screen(qtbot, reviewed):
    reviewed.resize(1280, LOW)
    review = show(reviewed, *doubts(reviewed))
    for button in review.answers.buttons.values():
        qtbot.waitUntil(lambda it=button: in_sight(reviewed, it), timeout=SOON_MS)
    assert in_sight(reviewed, reviewed.status)


def test_the_set_up_page_fits_on_a_low_screen(qtbot, embedded):
    pick(qtbot, embedded)
    embedded._actions["set_up"].trigger()
    embedded.resize(1280, LOW)
    qtbot.waitUntil(lambda: in_sight(embedded, embedded.pages.setup.start_button), timeout=SOON_MS)


def test_in_a_narrow_window_nothing_of_picture_and_finding_is_cut(qtbot, reviewed):
    page = reviewed.pages.map
    reviewed.resize(1100, LOW)
    review = show(reviewed, *doubts(reviewed))
    qtbot.waitUntil(lambda: bool(review.view.given.paths), timeout=SOON_MS)
    qtbot.mouseClick(review.view.given.buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.card.neighbors.isVisible, timeout=SOON_MS)
    qtbot.waitUntil(lambda: page.panel.width() == SIDE_WIDTH, timeout=SOON_MS)
    for part in (page.card.part, review.part):
        assert part.minimumSizeHint().width() <= part.viewport().width()
