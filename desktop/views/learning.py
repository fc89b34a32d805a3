"""Whether more pictures would help: a question that can be asked, and its answer as a curve."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.language import told, tr
from desktop.theme import SPACE
from desktop.views.curve import Curve
from desktop.views.plot import Axis, Line, Plot
from desktop.views.widgets import button, label
from engine.learning_curve import LearningCurve
from engine.wording import mark

ASKS = mark(
    "The classifier is trained anew on a tenth up to all of the pictures that it may learn from, "
    "to see whether it would get better with more."
)
OF_A_SIZE = mark("{size:,.0f} pictures learnt from: {accuracy:.1%} right, give or take {error:.1%}")


class Learning(QWidget):
    """A button; once it was pressed, the learning curve."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.says = label(tr(ASKS), "muted", wrap=True)
        self.button = button(tr("Find out"))
        self.curve = Curve(tr("Learning curve"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        for widget in (self.says, self.button, self.curve):
            column.addWidget(widget)
        self.button.clicked.connect(self.wanted)
        self.show_curve(None)

    def show_curve(self, found: LearningCurve | None) -> None:
        """Draw a curve; None asks whether it is wanted."""
        self.button.setVisible(found is None)
        self.curve.setVisible(found is not None)
        says = tr(ASKS) if found is None else told(found.says)
        self.says.setText(says)
        if found is not None:
            self.curve.show_plot(plot(found), says)


def plot(found: LearningCurve) -> Plot:
    """Return accuracy by the number of pictures learnt from."""
    line = Line(
        tr("Accuracy"),
        list(zip(found.sizes, found.accuracy, strict=True)),
        tips=[
            tr(OF_A_SIZE, size=size, accuracy=accuracy, error=error)
            for size, accuracy, error in zip(found.sizes, found.accuracy, found.error, strict=True)
        ],
    )
    return Plot(
        Axis(tr("Pictures learnt from"), low=0.0, whole=True),
        Axis(tr("Accuracy"), high=1.0, percent=True),
        [line],
    )
