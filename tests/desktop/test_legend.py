"""The legend divides its width: names are read before pictures are seen."""

import numpy as np
import pytest

from desktop.views.legend import NAME, PICTURE, Legend
from engine.colouring import Colouring, by_class
from engine.excluded import with_excluded
from engine.palette import class_colours

NARROW, WIDE = 190, 500  # device-independent pixels


@pytest.fixture
def legend(qtbot) -> Legend:
    legend = Legend()
    qtbot.addWidget(legend)
    legend.show()
    return legend


def some_left_out(**representatives: int) -> Colouring:
    classes = ("fish", "trees")
    colours = class_colours(classes, {})
    colouring = with_excluded(by_class((*classes, "fish"), colours), np.array([2]))
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
