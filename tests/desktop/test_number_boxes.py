"""Number boxes look like the fields beside them."""

import re

import numpy as np
import pytest
from loading import CHECKOUT
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from desktop.views.widgets import padded


def first_ink(field: QWidget) -> int:
    """The first column within the frame in which something is written."""
    field.show()
    image = field.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    inside = rows[5:-5, 2 : image.width() - 30]
    return 2 + int(np.nonzero((inside < 128).any(axis=0))[0][0])


@pytest.mark.parametrize("kind", [QSpinBox, QDoubleSpinBox])
def test_a_number_begins_where_a_text_does(qtbot, kind):
    box, text = padded(kind(value=15)), QLineEdit("15")
    for field in (box, text):
        qtbot.addWidget(field)
        field.resize(120, 28)
    assert first_ink(box) == pytest.approx(first_ink(text), abs=1)


def test_no_number_is_cut_for_it(qtbot):
    box = padded(QSpinBox(minimum=1, maximum=100_000, value=100_000, suffix=" pixels"))
    qtbot.addWidget(box)
    box.show()
    field = box.lineEdit()
    room = field.width() - field.textMargins().left()
    assert field.fontMetrics().horizontalAdvance(field.text()) <= room


def test_every_number_box_of_the_window_is_such_a_one():
    for file in (CHECKOUT / "desktop").rglob("*.py"):
        made = re.findall(r"(\w+\()?Q(?:Double)?SpinBox\(", file.read_text(encoding="utf-8"))
        assert set(made) <= {"padded("}, file.name
