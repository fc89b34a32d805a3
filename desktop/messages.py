"""The only file that shows errors and other messages in a dialog."""

import logging
import traceback
from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from desktop.actions import shortcut_groups
from desktop.log_file import log_file
from desktop.views.shortcuts_dialog import ShortcutsDialog
from desktop.views.widgets import shown
from engine import __version__
from engine.errors import EngineError

log = logging.getLogger(__name__)

MOUSE = (
    ("Turn the map", "drag"),
    ("Move the map", "right-drag"),
    ("Zoom", "wheel"),
    ("Keep a picture", "click"),
    ("Add to the selection", "Shift+drag"),
    ("Take from the selection", "Alt+drag"),
    ("Bring a point to the middle", "double-click"),
)


def show_error(parent: QWidget, error: Exception) -> None:
    """Show what the user can do; anything but an `EngineError` is a fault and goes to the log."""
    if isinstance(error, EngineError):
        _box(parent, QMessageBox.Icon.Warning, "That did not work", shown(error)).open()
        return
    details = "".join(traceback.format_exception(error))
    log.error("%s", details)
    box = _box(
        parent,
        QMessageBox.Icon.Critical,
        "A fault in the program",
        "Something went wrong that should not. Nothing that was finished is lost.\n\n"
        f"The details are in {log_file()}.",
    )
    copy = box.addButton("Copy details", QMessageBox.ButtonRole.ActionRole)
    copy.clicked.connect(lambda: QApplication.clipboard().setText(shown(details)))
    box.open()


def ask(
    parent: QWidget, title: str, text: str, choices: Mapping[str, Callable[[], object]]
) -> None:
    """Ask what is to be done: a button for each choice, and *Cancel*, which does nothing."""
    box = _box(parent, QMessageBox.Icon.Question, title, text)
    box.setStandardButtons(QMessageBox.StandardButton.Cancel)
    for words, act in choices.items():
        box.addButton(words, QMessageBox.ButtonRole.AcceptRole).clicked.connect(act)
    box.open()


def show_about(parent: QWidget) -> None:
    """Show the version and the licence."""
    text = (
        f"Image Embedding {__version__}\n\nWalk through a folder of images as a 3D map.\n"
        "MIT licence. Backbones and ImageNet weights by Keras Applications, Apache 2.0.\n\n"
        "Nothing leaves this computer; only weights that you choose are downloaded."
    )
    _box(parent, QMessageBox.Icon.NoIcon, "About Image Embedding", text).open()


def show_shortcuts(parent: QWidget) -> None:
    """List every shortcut and what the mouse does."""
    dialog = ShortcutsDialog({"Mouse on the map": MOUSE, **shortcut_groups()}, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def _box(parent: QWidget, icon: QMessageBox.Icon, title: str, text: str) -> QMessageBox:
    box = QMessageBox(icon, title, text, QMessageBox.StandardButton.Ok, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return box
