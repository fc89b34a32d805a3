"""What can be said of a finding: a button and a key each."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from desktop.key_guard import FIELDS
from desktop.language import tr
from desktop.theme import SPACE
from desktop.views.widgets import button
from engine.quality.findings import Finding
from engine.wording import mark

KEEP_IT, TAKE_IT, ASK, EXCLUDE, SKIP_IT, BACK = "keep", "take", "ask", "exclude", "skip", "back"
KEYS = {
    Qt.Key.Key_K: KEEP_IT,
    Qt.Key.Key_A: TAKE_IT,
    Qt.Key.Key_C: ASK,
    Qt.Key.Key_E: EXCLUDE,
    Qt.Key.Key_S: SKIP_IT,
    Qt.Key.Key_Backspace: BACK,
}
WORDS = {
    KEEP_IT: (mark("Keep"), "K", mark("It is fine as it is")),
    TAKE_IT: (mark("Accept"), "A", mark("Give it the suggested class")),
    ASK: (mark("Class…"), "C", mark("Give it another class")),
    EXCLUDE: (mark("Exclude"), "E", mark("Leave the image out")),
    SKIP_IT: (mark("Skip"), "S", mark("Decide later")),
    BACK: (mark("Back"), "⌫", mark("Take the last answer back")),
}
SIGNS = {"⌫": "Backspace"}  # what stands on keys that have no letter
IN_A_ROW = 3
DIGITS = tuple(Qt.Key(Qt.Key.Key_1 + number) for number in range(9))


class Answers(QWidget):
    """The buttons; their texts name their keys."""

    said = Signal(str)  # one of the commands above

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE)
        self.buttons = {}
        for place, (name, (text, key, tip)) in enumerate(WORDS.items()):
            named = f" ({SIGNS[key]})" if key in SIGNS else ""
            each = button(f"{tr(text)}   {key}", tip=f"{tr(tip)}{named}")
            each.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            each.clicked.connect(lambda _=False, name=name: self.said.emit(name))
            grid.addWidget(each, place // IN_A_ROW, place % IN_A_ROW)
            self.buttons[name] = each

    def show_finding(self, finding: Finding | None) -> None:
        """Offer what can be said of a finding."""
        for name, each in self.buttons.items():
            each.setEnabled(name == BACK or finding is not None)
        self.buttons[TAKE_IT].setEnabled(finding is not None and bool(finding.suggested))

    def allows(self, command: str) -> bool:
        """Whether a command can be given now."""
        return self.buttons[command].isEnabled()


def command_of(event: QKeyEvent) -> str:
    """Return the command that a key stands for, "1" to "9" for a class of the legend, or ""."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if held == Qt.KeyboardModifier.ControlModifier and event.key() in DIGITS:
        return str(DIGITS.index(Qt.Key(event.key())) + 1)
    if held or isinstance(QApplication.focusWidget(), FIELDS):
        return ""
    return KEYS.get(Qt.Key(event.key()), "")


def key_list() -> list[tuple[str, str]]:
    """Return (what, key) of each, for the help dialog."""
    return [(tr(tip), key) for _, key, tip in WORDS.values()]
