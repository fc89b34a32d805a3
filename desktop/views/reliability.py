"""How far the probabilities of a classifier can be believed: confidence against accuracy."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.language import plural, tr
from desktop.theme import SPACE
from desktop.views.curve import Curve
from desktop.views.plot import Axis, Line, Plot
from desktop.views.widgets import label
from engine.evaluation import CalibrationBin, Report
from engine.wording import mark

SMALLEST, LARGEST = 2.5, 9.0  # radius of a marker, device-independent pixels
NEAR = 0.05  # a calibration error up to which the probabilities mean what they say
UNKNOWN = mark("An earlier version trained this model; its reliability is not kept.")
IDEAL = mark("When it says 90 %, it should be right in 90 % of the cases: the dashed line.")
BELIEVED = mark("It is {off:.1%} beside it on average; it can be believed.")
TOO_SURE = mark("It is {off:.1%} beside it on average; it is too sure.")
TOO_MODEST = mark("It is {off:.1%} beside it on average; it is less sure than it could be.")


class Reliability(QWidget):
    """A curve with a sentence on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.says = label("", "muted", wrap=True)
        self.curve = Curve(tr("Reliability curve"))
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
        return tr(UNKNOWN)
    sure = sum(each.count * each.confidence for each in report.calibration)
    sure /= sum(each.count for each in report.calibration)
    if report.calibration_error <= NEAR:
        verdict = BELIEVED
    else:
        verdict = TOO_SURE if sure > report.accuracy else TOO_MODEST
    return " ".join((tr(IDEAL), tr(verdict, off=report.calibration_error)))


def plot(bins: tuple[CalibrationBin, ...]) -> Plot:
    """Return confidence against accuracy, with areas of markers by the count."""
    most = max((each.count for each in bins), default=1)
    line = Line(
        tr("This classifier"),
        [(each.confidence, each.accuracy) for each in bins],
        [max(SMALLEST, LARGEST * (each.count / most) ** 0.5) for each in bins],
        [
            plural(
                "{count:,} image: {sure:.0%} sure, {right:.0%} right",
                "{count:,} images: {sure:.0%} sure, {right:.0%} right",
                each.count,
                sure=each.confidence,
                right=each.accuracy,
            )
            for each in bins
        ],
    )
    return Plot(
        Axis(tr("How sure it is"), 0.0, 1.0, percent=True),
        Axis(tr("How often it is right"), 0.0, 1.0, percent=True),
        [line] if bins else [],
        Line(tr("As it should be"), [(0.0, 0.0), (1.0, 1.0)]),
    )
