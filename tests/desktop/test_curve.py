"""The small diagrams: round numbers on the axes, markers that tell their numbers, a legend."""

import math

import pytest
from PySide6.QtGui import QImage

from desktop.views.curve import Curve
from desktop.views.plot import Axis, Line, Plot
from desktop.views.reliability import Reliability, sentence
from desktop.views.ticks import tick_text, ticks
from engine.evaluation import CalibrationBin, Report

NAN = math.nan


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ((0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ((0, 100), [0, 20, 40, 60, 80, 100]),
        ((0.13, 0.48), [0.2, 0.3, 0.4]),
        ((-3, 3), [-2, 0, 2]),
        ((5, 5), [5]),
    ],
)
def test_the_numbers_of_an_axis_are_round(ends, expected):
    assert ticks(*ends, 6) == expected


@pytest.mark.parametrize("high", [1, 2, 3, 7, 12, 30, 99, 1234])
def test_epochs_are_counted_in_whole_numbers(high):
    found = ticks(0, high, 6, whole=True)
    assert 2 <= len(found) <= 6
    assert all(value == int(value) for value in found)


@pytest.mark.parametrize("ends", [(0, 1e-7), (3e8, 5e9), (-0.3, 12.7), (0.001, 0.0017)])
def test_no_axis_has_more_numbers_than_fit(ends):
    found = ticks(*ends, 6)
    assert 2 <= len(found) <= 6
    assert all(ends[0] - 1e-9 <= value <= ends[1] * (1 + 1e-9) for value in found)


def test_numbers_are_written_short():
    assert [tick_text(value) for value in (0.1 + 0.2, 3.0, 12000.0)] == ["0.3", "3", "12,000"]
    assert tick_text(0.07, percent=True) == "7 %"


@pytest.fixture
def curve(qtbot) -> Curve:
    made = Curve("Accuracy by epoch")
    qtbot.addWidget(made)
    made.resize(320, made.sizeHint().height())
    made.show()
    return made


LEARNING = [Line("learnt", [(1, 0.5), (2, 0.75), (3, 0.9)]), Line("judged", [(1, 0.4), (3, 0.8)])]


def colours_of(curve: Curve) -> set[str]:
    picture = QImage(curve.size(), QImage.Format.Format_RGB32)
    curve.render(picture)
    places = [(x, y) for x in range(picture.width()) for y in range(picture.height())]
    return {picture.pixelColor(*place).name() for place in places}


def test_a_curve_has_a_name_and_is_described(curve):
    curve.show_plot(Plot(Axis("Epoch", whole=True), Axis("Accuracy"), LEARNING), "It rises.")
    assert curve.accessibleName() == "Accuracy by epoch"
    assert curve.accessibleDescription() == "It rises."


def test_each_line_is_drawn_in_its_colour(curve):
    plot = Plot(Axis("x"), Axis("y"), [Line("a", [(0, 0), (1, 1)], colour=(12, 200, 34))])
    curve.show_plot(plot)
    assert "#0cc822" in colours_of(curve)


def test_a_marker_tells_its_numbers(curve):
    axes = Axis("Epoch", whole=True), Axis("Accuracy", 0, 1, percent=True)
    curve.show_plot(Plot(*axes, LEARNING))
    assert curve.tip_at(curve.place_of((2, 0.75))) == "learnt: Epoch 2, Accuracy 75 %"
    assert curve.tip_at(curve.place_of((1, 0.95))) == ""


def test_several_lines_have_a_legend_and_one_alone_has_none(curve):
    axes = Axis("Epoch"), Axis("Accuracy")
    curve.show_plot(Plot(*axes, LEARNING[:1]))
    alone = curve.sizeHint().height()
    curve.show_plot(Plot(*axes, LEARNING))
    assert curve.sizeHint().height() > alone


def test_what_is_not_known_yet_leaves_a_gap_and_one_value_is_enough(curve):
    for points in ([], [(1, 0.5)], [(1, 0.5), (2, NAN), (3, 0.5)], [(1, 0.5), (2, 0.5)]):
        curve.show_plot(Plot(Axis("Epoch"), Axis("Loss"), [Line("loss", points)]))
        assert not curve.grab().isNull()
        for point in points:
            if not math.isnan(point[1]):
                assert "Loss 0.5" in curve.tip_at(curve.place_of(point))


def report(*bins: CalibrationBin, accuracy: float = 0.8, error: float = 0.1) -> Report:
    nothing = (0.7, 0.9)
    return Report(accuracy, nothing, 0.8, 0.5, error, (), None, bins)


def test_the_reliability_is_told_in_a_sentence_and_drawn(qtbot):
    widget = Reliability()
    qtbot.addWidget(widget)
    widget.show_report(report(CalibrationBin(0.95, 0.85, 300), CalibrationBin(0.7, 0.5, 20)))
    assert "10.0% beside it on average; it is too sure" in widget.says.text()
    tip = widget.curve.tip_at(widget.curve.place_of((0.95, 0.85)))
    assert tip == "300 images: 95% sure, 85% right"
    assert not widget.curve.isHidden()


def test_the_sentence_knows_the_unsure_and_the_honest():
    assert "less sure than it could be" in sentence(report(CalibrationBin(0.6, 0.8, 10)))
    assert "can be believed" in sentence(report(CalibrationBin(0.79, 0.8, 10), error=0.01))
    assert "not kept" in sentence(report())
