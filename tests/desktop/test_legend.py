"""The legend divides its width: names are read before pictures are seen."""

import numpy as np
import pytest

from desktop import language
from desktop.catalogue import LANGUAGES
from desktop.views.legend import COUNT, NAME, PICTURE, WITHOUT, Legend
from engine.colouring import PREDICTED, SUGGESTED, Colouring, by_class
from engine.excluded import with_excluded
from engine.palette import class_colours

NARROW, WIDE = 190, 500  # device-independent pixels


@pytest.fixture
def legend(qtbot) -> Legend:
    legend = Legend()
    qtbot.addWidget(legend)
    legend.show()
    return legend


def in_classes(*labels: str) -> Colouring:
    return by_class(labels, class_colours(labels, {}))


def some_left_out(**representatives: int) -> Colouring:
    colouring = with_excluded(in_classes("fish", "trees", "fish"), np.array([2]))
    return Colouring(
        colouring.title,
        colouring.colours,
        colouring.groups,
        colouring.palette,
        representatives=representatives,
    )


def show(legend: Legend, colouring: Colouring, width: int) -> None:
    legend.resize(width, 300)
    legend.show_colouring(colouring, dict.fromkeys(colouring.palette, 1))


def test_without_pictures_the_names_have_their_room(legend):
    show(legend, some_left_out(), NARROW)
    assert legend.list.isColumnHidden(PICTURE)
    assert legend.list.topLevelItem(2).text(NAME) == "(excluded)"


def test_pictures_give_way_where_names_would_be_cut(qtbot, legend):
    show(legend, some_left_out(fish=0, trees=1), WIDE)
    assert not legend.list.isColumnHidden(PICTURE)
    legend.resize(NARROW, 300)
    qtbot.waitUntil(lambda: legend.list.isColumnHidden(PICTURE))
    legend.resize(WIDE, 300)
    qtbot.waitUntil(lambda: not legend.list.isColumnHidden(PICTURE))


@pytest.fixture(params=LANGUAGES)
def spoken(request):
    language.use(request.param)
    language.add_fonts()
    yield
    language.use("en")


@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize("title", WITHOUT)
def test_at_its_least_width_no_name_of_its_own_is_cut(qtbot, title):
    legend = Legend()
    qtbot.addWidget(legend)
    legend.show()
    colouring = with_excluded(in_classes("", ""), np.array([0]))
    own = Colouring(title, colouring.colours, colouring.groups, colouring.palette)
    legend.resize(legend.least_width(), 300)
    legend.show_colouring(own, dict.fromkeys(own.palette, 99_999))
    for column in (NAME, COUNT):
        assert 0 < legend.list.sizeHintForColumn(column) <= legend.list.columnWidth(column)


def test_a_name_that_is_cut_is_told_in_its_tip(legend):
    name = "a class of a very long name"
    show(legend, in_classes(name), NARROW)
    assert legend.list.sizeHintForColumn(NAME) > legend.list.columnWidth(NAME)
    assert legend.list.topLevelItem(0).toolTip(NAME).splitlines()[0] == name


def test_equal_groups_of_another_colouring_are_named_and_ticked_anew(legend):
    plain = in_classes("fish", "")
    legend.show_colouring(plain, {})
    legend.show_all_but(frozenset({"fish"}))
    other = Colouring(PREDICTED, plain.colours, plain.groups, plain.palette)
    legend.show_colouring(other, {})
    names = [item.text(NAME) for item in map(legend.list.topLevelItem, range(2))]
    assert "(not judged)" in names
    assert legend.hidden == frozenset()


def test_a_button_that_would_cut_the_title_stands_below_it(qtbot, legend):
    colouring = in_classes("fish")
    long = Colouring(SUGGESTED, colouring.colours, colouring.groups, colouring.palette)
    for width, is_below in ((WIDE, False), (NARROW, True)):
        show(legend, long, width)
        qtbot.waitUntil(
            lambda below=is_below: (
                (legend.all_button.y() >= legend.title.geometry().bottom()) == below
            )
        )
