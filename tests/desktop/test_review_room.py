"""Beside the review the legend gets what its names need, and the map a third of the page."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget
from window_fixtures import SOON_MS

from desktop.theme import SPACE
from desktop.views.legend import Legend
from desktop.views.review_panel import LEAST_WIDTH, WIDTH
from desktop.views.review_room import SIDE_WIDTH, ReviewRoom
from desktop.views.widgets import splitter


@pytest.fixture
def page(qtbot) -> QSplitter:
    review = QWidget()
    review.setMinimumWidth(LEAST_WIDTH)
    review.hide()
    training, side, legend = QWidget(), QWidget(), Legend()
    training.hide()
    QVBoxLayout(side).addWidget(legend)
    across = Qt.Orientation.Horizontal
    page = splitter(across, (QWidget(), side, training, review), [900, 300, 0, 0], (0, 2, 3))
    qtbot.addWidget(page)
    page.room = ReviewRoom(page, side, legend, review)
    page.wanted = legend.least_width() + 2 * SPACE
    page.resize(1500, 400)
    page.show()
    qtbot.waitExposed(page, timeout=SOON_MS)
    return page


def test_the_legend_is_as_wide_as_its_names_while_the_review_is_as_wide_as_it_likes(page):
    page.room.open()
    room, side, _, review = page.sizes()
    assert side == page.wanted > SIDE_WIDTH
    assert review == WIDTH
    assert room > page.width() // 3


def test_in_a_narrow_window_legend_and_review_give_way_to_the_map(qtbot, page):
    page.room.open()
    for width, narrow in ((1100, SIDE_WIDTH), (1500, page.wanted)):
        page.resize(width, 400)
        page.room.fit()
        qtbot.waitUntil(lambda wanted=narrow: page.sizes()[1] == wanted, timeout=SOON_MS)
        room, _, _, review = page.sizes()
        assert review >= LEAST_WIDTH
        assert room >= page.width() // 3
    page.room.close()
    assert page.sizes()[1] == pytest.approx(300, abs=20)
    assert page.sizes()[3] == 0


def test_a_legend_that_had_no_room_comes_back_with_it(qtbot, page):
    page.resize(1280, 400)
    page.room.open()
    for width, is_seen in ((1000, False), (1280, True)):
        page.resize(width, 400)
        page.room.fit()
        qtbot.waitUntil(lambda seen=is_seen: (page.sizes()[1] >= SIDE_WIDTH) == seen)
    assert page.sizes()[0] >= page.width() // 3


def test_a_legend_that_was_hidden_when_the_review_was_opened_can_be_shown_beside_it(qtbot, page):
    page.room.show_side(False)
    page.room.open()
    page.room.show_side(True)
    qtbot.waitUntil(lambda: page.sizes()[1] == page.wanted)
    assert page.sizes()[0] >= page.width() // 3
