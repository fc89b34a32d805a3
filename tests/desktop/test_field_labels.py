"""The label of a field is level with the text in it, and is not cut."""

import pytest
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QSpinBox, QWidget

from desktop.theme import SPACE
from desktop.views.training_options import DENSE, TUNED, TrainingOptions
from desktop.views.widgets import FieldLabel, padded


@pytest.mark.parametrize("make", [QComboBox, QLineEdit, lambda: padded(QSpinBox())])
def test_a_label_is_as_high_as_its_field(qtbot, make):
    whole, field = QWidget(), make()
    qtbot.addWidget(whole)
    form = QFormLayout(whole)
    label = FieldLabel("&Neighbours", field)
    form.addRow(label, field)
    whole.show()
    assert abs(label.geometry().center().y() - field.geometry().center().y()) <= 1


def test_a_label_with_an_underlined_letter_is_not_cut(qtbot):
    label = FieldLabel("&To", QComboBox())
    qtbot.addWidget(label)

    def ink() -> int:
        image = label.grab().toImage()
        paper = image.pixel(image.width() - 1, 0)
        across, down = range(image.width()), range(image.height())
        return sum(image.pixel(x, y) != paper for x in across for y in down)

    label.resize(label.sizeHint())
    at_its_size = ink()
    label.resize(label.width() + 4 * SPACE, label.height())
    assert at_its_size == ink() > 0


@pytest.mark.parametrize("name", [DENSE, TUNED])
def test_the_fields_of_a_network_stand_below_those_of_any_classifier(qtbot, name):
    options = TrainingOptions()
    qtbot.addWidget(options)
    options.classifier.setCurrentIndex(options.classifier.findData(name))
    options.show()
    fields = (*options.findChildren(QSpinBox), *options.findChildren(QLineEdit))
    seen = [field for field in fields if field.isVisible() and field.parent() is options]
    assert seen
    assert {field.x() for field in seen} == {options.classifier.x()}
