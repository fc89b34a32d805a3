"""Says how many changes are not on the disk yet, and offers to apply them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.language import plural, tr
from desktop.views.widgets import button, label
from engine.workspace import History


class DiskNote(QWidget):
    """Hidden while the files lie as the user left them."""

    apply_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = label("", "muted", wrap=True)
        self.button = button(tr("Apply to disk…"), tip=tr("Move the files as the classes say"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.text, 1)
        row.addWidget(self.button)
        self.button.clicked.connect(self.apply_wanted)
        self.hide()

    def show_history(self, history: History) -> None:
        """Show what is to be moved, else what was."""
        waiting, applied = history.unapplied, history.applied
        self.text.setText(
            plural(
                "{count:,} change not on the disk yet.",
                "{count:,} changes not on the disk yet.",
                waiting,
            )
            if waiting
            else plural(
                "{count:,} file was moved on the disk.",
                "{count:,} files were moved on the disk.",
                applied,
            )
        )
        self.setVisible(bool(waiting or applied))
