"""The confusion matrix as a picture: what its cells show, for few and for many classes."""

import numpy as np
import pytest

from engine.colouring import RIGHT, VERDICTS, WRONG
from engine.confusion_image import EMPTY, MARGIN, cell_side, draw_confusion

CORNER = 3  # pixels from the corner of a cell, beside its count


def cell(picture, row: int, column: int, classes: int) -> tuple[int, int, int]:
    """The colour of a cell, which is found from the end of the picture."""
    side = cell_side(classes)
    first = picture.width - MARGIN - side * classes
    return picture.getpixel((first + column * side + CORNER, first + row * side + CORNER))


def test_cells_are_the_stronger_the_larger_their_share_of_the_row():
    counts = np.array([[10, 0, 0], [1, 3, 4], [0, 0, 0]])
    picture = draw_confusion(counts, ("cat", "dog", "owl"))
    assert cell(picture, 0, 0, 3) == VERDICTS[RIGHT]
    assert cell(picture, 0, 1, 3) == cell(picture, 2, 2, 3) == EMPTY
    weak, strong = cell(picture, 1, 0, 3), cell(picture, 1, 2, 3)
    assert VERDICTS[WRONG][2] < strong[2] < weak[2] < 255


@pytest.mark.parametrize("classes", [2, 10, 100, 300])
def test_it_is_square_and_bounded_whatever_the_number_of_classes(classes):
    names = tuple(
        f"a name so long that it takes most of the width of it {i}" for i in range(classes)
    )
    picture = draw_confusion(np.eye(classes, dtype=np.int64) * 7, names)
    assert picture.width == picture.height < 2500
    last = classes - 1
    assert cell(picture, last, last, classes) == VERDICTS[RIGHT]
    assert cell(picture, last, 0, classes) == EMPTY


@pytest.mark.parametrize("classes", [2, 100])
def test_counts_are_written_into_the_cells(classes):
    """A cell with a count has pixels of another colour in its middle."""
    counts = np.zeros((classes, classes), np.int64)
    counts[0] = 111
    picture = draw_confusion(counts, tuple(map(str, range(classes))))
    side = cell_side(classes)
    first = picture.width - MARGIN - side * classes
    shown = [picture.crop((first, y, first + side - 1, y + side - 1)).getcolors()
             for y in (first, first + side)]  # fmt: skip
    assert len(shown[0]) > 2
    assert len(shown[1]) == 1


def test_names_that_are_no_text_can_be_drawn():
    picture = draw_confusion(np.eye(2, dtype=np.int64), ("caf\udce9", "tea"))
    assert picture.width == picture.height
