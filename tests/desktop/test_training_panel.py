"""The panel of the classifier with many classes and with long names."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint

from desktop.views.confusion_matrix import ConfusionMatrix
from desktop.views.widgets import OneLine


@pytest.fixture
def matrix(qtbot) -> ConfusionMatrix:
    made = ConfusionMatrix()
    qtbot.addWidget(made)
    made.resize(320, 340)
    return made


def show(matrix: ConfusionMatrix, names: list[str]) -> None:
    matrix.show_counts(np.eye(len(names), dtype=np.int64), names)
    matrix.resize(320, matrix.heightForWidth(320))


def test_few_classes_have_their_names_at_the_left(matrix):
    show(matrix, ["fish", "trees"])
    assert matrix.cell_at(QPoint(3, 10)) is None


def test_classes_too_many_to_be_named_leave_the_room_to_the_cells(matrix):
    show(matrix, [f"class {number}" for number in range(60)])
    assert matrix.cell_at(QPoint(1, 1)) == (0, 0)
    assert matrix.cell_at(QPoint(317, 317)) == (59, 59)
    assert matrix.height() == 320
    assert "class 59" in matrix.says((59, 59))


def test_a_long_name_loses_its_middle_and_the_tip_says_all(qtbot):
    line = OneLine("heading")
    qtbot.addWidget(line)
    line.resize(100, 30)
    name = "a model whose name does not end " * 3
    line.show_text(name)
    assert "…" in line.text()
    assert line.toolTip() == line.accessibleName() == name
    line.resize(5_000, 30)
    line.show()
    assert line.text() == name
