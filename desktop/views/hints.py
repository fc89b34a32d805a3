"""A few hints on the map for who sees it for the first time."""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from desktop.language import tr
from desktop.theme import SPACE
from desktop.views.widgets import button, label
from engine.wording import mark

HINTS = (
    (
        mark("Walk"),
        mark(
            "Drag to turn the map, right-drag to move it, turn the wheel to come nearer. Point at "
            "a dot to see its picture."
        ),
    ),
    (
        mark("Select"),
        mark(
            "Press B and drag a box around dots, or L for a lasso. C gives the selected images a "
            "class, Ctrl+Z takes that back."
        ),
    ),
    (
        mark("Repair"),
        mark(
            "F6 opens the review: it looks for wrong labels, copies and odd pictures, and one key "
            "answers each. F1 lists all keys."
        ),
    ),
)
WIDTH = 380


class Hints(QFrame):
    """One hint at a time at the foot of the map; the map can be used meanwhile."""

    ended = Signal()

    def __init__(self, map_view: QWidget) -> None:
        super().__init__(map_view)
        self._map = map_view
        self.setProperty("card", True)
        self.setAutoFillBackground(True)
        self._number = 0
        self.title = label("", "heading")
        self.text = label("", "muted", wrap=True)
        self.where = label("", "muted")
        self.next_button = button(tr("Next"), "primary")
        self.next_button.clicked.connect(self._go_on)
        self.close_button = QToolButton(autoRaise=True)
        self.close_button.setText("✕")
        self.close_button.setToolTip(tr("Show no more hints"))
        self.close_button.setAccessibleName(tr("Show no more hints"))
        self.close_button.clicked.connect(self.end)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button)
        foot = QHBoxLayout()
        foot.addWidget(self.where, 1)
        foot.addWidget(self.next_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, SPACE, SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addLayout(head)
        column.addWidget(self.text)
        column.addLayout(foot)
        self.setFixedWidth(WIDTH)
        map_view.installEventFilter(self)
        self._show_hint()

    def end(self) -> None:
        """Show no more of them."""
        had_focus = self.window().focusWidget() in (self.next_button, self.close_button)
        self.hide()
        if had_focus:
            self._map.setFocus()
        self.ended.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the foot of the map."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _go_on(self) -> None:
        self._number += 1
        if self._number == len(HINTS):
            self.end()
        else:
            self._show_hint()

    def _show_hint(self) -> None:
        title, text = HINTS[self._number]
        self.title.setText(tr(title))
        self.text.setText(tr(text))
        number, count = self._number + 1, len(HINTS)
        self.where.setText(tr("{number} of {count}", number=number, count=count))
        self.next_button.setText(tr("Done" if number == count else "Next"))
        self._place()

    def _place(self) -> None:
        self.setFixedHeight(self.heightForWidth(WIDTH))
        around = self._map.rect()
        self.move(2 * SPACE, max(0, around.height() - self.height() - 2 * SPACE))
