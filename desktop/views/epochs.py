"""How a network gets better, epoch by epoch: drawn while it learns and in its report."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.theme import SPACE
from desktop.views.curve import Curve
from desktop.views.plot import Axis, Line, Plot
from desktop.views.widgets import label
from engine.history import History


class Epochs(QWidget):
    """Two curves, of accuracy and of loss, with a sentence on them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.says = label("", "muted", wrap=True)
        self.accuracy, self.loss = Curve("Accuracy by epoch"), Curve("Loss by epoch")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        for widget in (self.says, self.accuracy, self.loss):
            column.addWidget(widget)

    def show_history(self, history: History) -> None:
        """Draw the epochs so far."""
        says = sentence(history)
        self.says.setText(says)
        epochs = history.epochs
        accuracy = Axis("Accuracy", high=1.0, percent=True)
        shares = [epoch.accuracy for epoch in epochs], [epoch.other_accuracy for epoch in epochs]
        self.accuracy.show_plot(_plot(accuracy, *shares), says)
        losses = [epoch.loss for epoch in epochs], [epoch.other_loss for epoch in epochs]
        self.loss.show_plot(_plot(Axis("Loss", low=0.0), *losses), says)


def sentence(history: History) -> str:
    """Say which epoch is the best one."""
    if not history.epochs:
        return ""
    best = history.epochs[history.best]
    count = len(history.epochs)
    return (
        f"{count} epoch{'s' if count > 1 else ''}; the best so far is number {history.best + 1}, "
        f"with {best.other_accuracy:.1%} of the pictures right that were held back to find it."
    )


def _plot(axis: Axis, learnt: list[float], other: list[float]) -> Plot:
    lines = [
        Line(name, [(float(number), value) for number, value in enumerate(values, start=1)])
        for name, values in (("Learnt from", learnt), ("Held back", other))
    ]
    return Plot(Axis("Epoch", whole=True), axis, lines)
