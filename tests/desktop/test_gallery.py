"""The gallery: what is read when it is scrolled, and what is marked in it."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from window_fixtures import SOON_MS

from desktop.views.gallery import SIDE, Gallery

NAMES = tuple(f"{number}.png" for number in range(100_000))


@pytest.fixture
def gallery(qtbot) -> Gallery:
    gallery = Gallery()
    qtbot.addWidget(gallery)
    gallery.resize(600, 300)
    gallery.show_rows(np.arange(len(NAMES)), NAMES, "All")
    gallery.show()
    qtbot.waitExposed(gallery, timeout=SOON_MS)
    return gallery


def click(qtbot, gallery: Gallery, place: int, held=Qt.KeyboardModifier.NoModifier) -> None:
    rect = gallery.list.visualRect(gallery.model.index(place))
    button = Qt.MouseButton.LeftButton
    qtbot.mouseClick(gallery.list.viewport(), button, held, pos=rect.center())


def test_pictures_far_down_are_read_as_soon_as_those_at_the_top(qtbot, gallery):
    with qtbot.waitSignal(gallery.wanted, timeout=SOON_MS):
        pass
    with qtbot.waitSignal(gallery.wanted, timeout=SOON_MS) as asked:
        gallery.list.verticalScrollBar().setValue(gallery.list.verticalScrollBar().maximum())
    assert len(NAMES) - 1 in asked.args[0]


def test_a_click_picks_one_picture_and_marks_none(qtbot, gallery):
    marked = []
    gallery.marked.connect(marked.append)
    with qtbot.waitSignal(gallery.picked, timeout=SOON_MS) as picked:
        click(qtbot, gallery, 2)
    assert picked.args == [2]
    assert marked == []
    assert gallery.title.text() == "All"


def test_ctrl_and_shift_mark_several(qtbot, gallery):
    marked = []
    gallery.marked.connect(lambda rows: marked.append(rows.tolist()))
    click(qtbot, gallery, 1)
    click(qtbot, gallery, 3, Qt.KeyboardModifier.ControlModifier)
    assert gallery.title.text() == "All  ·  2 marked"
    click(qtbot, gallery, 6)
    click(qtbot, gallery, 8, Qt.KeyboardModifier.ShiftModifier)
    assert marked == [[1, 3], [6, 7, 8]]
    assert gallery.title.text() == "All  ·  3 marked"


def test_ctrl_a_marks_all_of_a_hundred_thousand(qtbot, gallery):
    marked = []
    gallery.marked.connect(marked.append)
    qtbot.keyClick(gallery.list, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(marked[-1]) == len(NAMES)
    gallery.show_rows(np.arange(5), NAMES, "5 of 100,000 selected")
    assert gallery.title.text() == "5 of 100,000 selected"


@pytest.mark.parametrize("width", [200, 366, 600, 812, 1196])
def test_the_pictures_of_a_row_share_its_whole_width(qtbot, gallery, width):
    gallery.resize(width, 300)

    def left_over() -> int:
        rects = [gallery.list.visualRect(gallery.model.index(place)) for place in range(20)]
        ends = [rect.right() for rect in rects if rect.top() == rects[0].top()]
        assert rects[0].width() >= SIDE
        return gallery.list.viewport().width() - max(ends)

    qtbot.waitUntil(lambda: 0 < left_over() <= SIDE // 6, timeout=SOON_MS)


def test_pictures_that_are_seen_are_read_whatever_their_size(qtbot, gallery):
    gallery.resize(366, 420)  # where they are much larger than at the least
    shown = gallery.list
    first_cell = gallery.model.index(0)
    qtbot.waitUntil(lambda: shown.visualRect(first_cell).width() > SIDE + 10, timeout=SOON_MS)
    with qtbot.waitSignal(gallery.wanted, timeout=SOON_MS) as asked:
        shown.verticalScrollBar().setValue(shown.verticalScrollBar().maximum() // 2)
    area = shown.viewport().rect()
    first, last = shown.indexAt(area.topLeft()), shown.indexAt(area.bottomLeft())
    assert set(range(first.row(), last.row() + 1)) <= set(asked.args[0])


def scroll_to(gallery: Gallery, share: float) -> None:
    bar = gallery.list.verticalScrollBar()
    bar.setValue(int(bar.maximum() * share))


def is_seen(gallery: Gallery, place: int) -> bool:
    rect = gallery.list.visualRect(gallery.model.index(place))
    return bool(rect.isValid() and gallery.list.viewport().rect().contains(rect))


def widen(qtbot, gallery: Gallery, width: int) -> None:
    """Resize the gallery, and wait until its pictures lie where they belong then."""

    def across() -> int:
        rects = [gallery.list.visualRect(gallery.model.index(place)) for place in range(30)]
        return sum(rect.top() == rects[0].top() for rect in rects)

    bar = gallery.list.verticalScrollBar().sizeHint().width()
    gallery.resize(width, gallery.height())
    expected = (gallery.list.width() - bar - 1) // (SIDE + 8)
    qtbot.waitUntil(lambda: across() == expected, timeout=SOON_MS)


@pytest.mark.parametrize("share", [0.4, 1.0])
def test_another_selection_begins_at_its_top(qtbot, gallery, share):
    qtbot.waitUntil(lambda: is_seen(gallery, 0), timeout=SOON_MS)
    scroll_to(gallery, share)
    for rows in (np.arange(500, 90_000), np.arange(40), np.arange(len(NAMES))):
        gallery.show_rows(rows, NAMES, "Some")
        qtbot.waitUntil(lambda: is_seen(gallery, 0), timeout=SOON_MS)
        assert gallery.list.verticalScrollBar().value() == 0
        scroll_to(gallery, share)


def test_images_that_are_added_move_nothing_away(qtbot, gallery):
    gallery.show_rows(np.arange(5_000), NAMES[:5_000], "All", is_other_images=True)
    qtbot.waitUntil(lambda: is_seen(gallery, 0), timeout=SOON_MS)
    scroll_to(gallery, 0.5)
    first = gallery.list.indexAt(gallery.list.viewport().rect().topLeft()).row()
    gallery.show_rows(np.arange(6_000), NAMES[:6_000], "All", is_other_images=True)
    assert gallery.list.indexAt(gallery.list.viewport().rect().topLeft()).row() == first


def test_the_picture_that_is_marked_stays_in_view_at_another_width(qtbot, gallery):
    qtbot.waitUntil(lambda: is_seen(gallery, 0), timeout=SOON_MS)
    gallery.mark(70_001)
    for width in (366, 1196, 240, 600):
        widen(qtbot, gallery, width)
        assert is_seen(gallery, 70_001)
    scroll_to(gallery, 0.1)
    place = gallery.list.indexAt(gallery.list.viewport().rect().center()).row()
    widen(qtbot, gallery, 812)
    assert abs(gallery.list.indexAt(gallery.list.viewport().rect().center()).row() - place) < 30, (
        "who has scrolled away from it looks at something else"
    )


def test_the_row_that_is_first_in_view_stays_so_at_another_width(qtbot, gallery):
    qtbot.waitUntil(lambda: is_seen(gallery, 0), timeout=SOON_MS)
    scroll_to(gallery, 0.5)
    bar = gallery.list.verticalScrollBar()
    first, value = gallery.list.indexAt(gallery.list.viewport().rect().topLeft()), bar.value()
    for width in (366, 1196, 240, 812, 600):
        widen(qtbot, gallery, width)
        rect = gallery.list.visualRect(first)
        assert rect.top() <= 0 < rect.bottom()
    assert abs(bar.value() - value) <= 1
