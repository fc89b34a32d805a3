"""How far the probabilities of a classifier can be believed: confidence against accuracy."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.theme import SPACE
from desktop.views.curve import Curve
from desktop.views.plot import Axis, Line, Plot
from desktop.views.widgets import label
from engine.evaluation import CalibrationBin, Report

SMALLEST, LARGEST = 2.5, 9.0  # radius of a marker, device-independent pixels
NEAR = 0.05  # a calibration error up to which the probabilities mean what they say
UNKNOWN = "An earlier version trained this model; its reliability is not kept."


class Reliability(QWidget):
    """A curve with a sentence on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.says = label("", "muted", wrap=True)
        self.curve = Curve("Reliability curve")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self.says)
        column.addWidget(self.curve)

    def show_report(self, report: Report) -> None:
        """Draw the bins; the larger a marker, the more images it stands for."""
        says = sentence(report)
        self.says.setText(says)
        self.curve.setVisible(bool(report.calibration))
        self.curve.show_plot(plot(report.calibration), says)


def sentence(report: Report) -> str:
    """Say what the curve shows."""
    if not report.calibration:
        return UNKNOWN
    sure = sum(each.count * each.confidence for each in report.calibration)
    sure /= sum(each.count for each in report.calibration)
    if report.calibration_error <= NEAR:
        verdict = "it can be believed"
    else:
        verdict = "it is too sure" if sure > report.accuracy else "it is less sure than it could be"
    return (
        f"When it says 90 %, it should be right in 90 % of the cases: the dashed line. It is "
        f"{report.calibration_error:.1%} beside it on average; {verdict}."
    )


def plot(bins: tuple[CalibrationBin, ...]) -> Plot:
    """Return confidence against accuracy, with areas of markers by the count."""
    most = max((each.count for each in bins), default=1)
    line = Line(
        "This classifier",
        [(each.confidence, each.accuracy) for each in bins],
        [max(SMALLEST, LARGEST * (each.count / most) ** 0.5) for each in bins],
        [
            f"{each.count:,} images: {each.confidence:.0%} sure, {each.accuracy:.0%} right"
            for each in bins
        ],
    )
    return Plot(
        Axis("How sure it is", 0.0, 1.0, percent=True),
        Axis("How often it is right", 0.0, 1.0, percent=True),
        [line] if bins else [],
        Line("As it should be", [(0.0, 0.0), (1.0, 1.0)]),
    )
