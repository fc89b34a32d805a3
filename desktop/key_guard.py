"""Keys that a field takes are no shortcuts while it has the focus."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit

FIELDS = (QLineEdit, QComboBox, QAbstractSpinBox)
OF_LABELS = (Qt.Key.Key_Z, *(Qt.Key(Qt.Key.Key_1 + number) for number in range(9)))
HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
HELD |= Qt.KeyboardModifier.MetaModifier


def belongs_to_field(event: QEvent) -> bool:
    """Tell whether a key that may be a shortcut is to go to the field that has the focus.

    Letters and digits are: a list of choices is searched by typing. So are the keys that change
    classes: who writes does not mean the images.
    """
    if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
        return False
    if not isinstance(QApplication.focusWidget(), FIELDS):
        return False
    return (event.text().isprintable() and event.text() != "" and not event.modifiers() & HELD) or (
        event.key() in OF_LABELS and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    )
