"""Whether more pictures would help: a question that can be asked, and its answer as a curve."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.theme import SPACE
from desktop.views.curve import Curve
from desktop.views.plot import Axis, Line, Plot
from desktop.views.widgets import button, label
from engine.learning_curve import LearningCurve

ASKS = (
    "The classifier is trained anew on a tenth up to all of the pictures that it may learn from, "
    "to see whether it would get better with more."
)


class Learning(QWidget):
    """A button; once it was pressed, the learning curve."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.says = label(ASKS, "muted", wrap=True)
        self.button = button("Find out")
        self.curve = Curve("Learning curve")
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
        self.says.setText(ASKS if found is None else found.says)
        if found is not None:
            self.curve.show_plot(plot(found), found.says)


def plot(found: LearningCurve) -> Plot:
    """Return accuracy by the number of pictures learnt from."""
    line = Line(
        "Accuracy",
        list(zip(found.sizes, found.accuracy, strict=True)),
        tips=[
            f"{size:,.0f} pictures learnt from: {accuracy:.1%} right, give or take {error:.1%}"
            for size, accuracy, error in zip(found.sizes, found.accuracy, found.error, strict=True)
        ],
    )
    return Plot(
        Axis("Pictures learnt from", low=0.0, whole=True),
        Axis("Accuracy", high=1.0, percent=True),
        [line],
    )
