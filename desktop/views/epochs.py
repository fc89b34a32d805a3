"""How a network gets better, epoch by epoch: drawn while it learns and in its report."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.language import plural, tr
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
        self.accuracy = Curve(tr("Accuracy by epoch"))
        self.loss = Curve(tr("Loss by epoch"))
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
        accuracy = Axis(tr("Accuracy"), high=1.0, percent=True)
        shares = [epoch.accuracy for epoch in epochs], [epoch.other_accuracy for epoch in epochs]
        self.accuracy.show_plot(_plot(accuracy, *shares), says)
        losses = [epoch.loss for epoch in epochs], [epoch.other_loss for epoch in epochs]
        self.loss.show_plot(_plot(Axis(tr("Loss"), low=0.0), *losses), says)


def sentence(history: History) -> str:
    """Say which epoch is the best one."""
    if not history.epochs:
        return ""
    best = history.epochs[history.best]
    return plural(
        "{count} epoch; the best so far is number {best}, with {share:.1%} of the pictures right "
        "that were held back to find it.",
        "{count} epochs; the best so far is number {best}, with {share:.1%} of the pictures right "
        "that were held back to find it.",
        len(history.epochs),
        best=history.best + 1,
        share=best.other_accuracy,
    )


def _plot(axis: Axis, learnt: list[float], other: list[float]) -> Plot:
    lines = [
        Line(name, [(float(number), value) for number, value in enumerate(values, start=1)])
        for name, values in ((tr("Learnt from"), learnt), (tr("Held back"), other))
    ]
    return Plot(Axis(tr("Epoch"), whole=True), axis, lines)
