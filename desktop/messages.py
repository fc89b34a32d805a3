"""The only file that shows errors and other messages in a dialog."""

import logging
import traceback
from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from desktop.actions import shortcut_groups
from desktop.log_file import log_file
from desktop.views.shortcuts_dialog import ShortcutsDialog
from desktop.views.widgets import shown
from engine.errors import EngineError

FAULT = "fault"
LOST_NOTHING = (
    "Something went wrong that should not. Nothing that was finished is lost, and you can go on "
    "working.\n\nPlease copy the details and report them: they name no file of yours but what the "
    "fault itself names."
)
AFTER_CRASH = (
    "What was finished before is kept: open the folder again and go on.\n\nPlease copy the details "
    "and report them: they name none of your files."
)

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
KEYS = (
    ("Next control, the one before", "Tab, Shift+Tab"),
    ("Turn the map", "arrows"),
    ("Fold a part of a panel", "Space"),
    ("Open a model of the list", "Enter"),
    ("Delete a model of the list", "Delete"),
    ("Walk through the confusion matrix", "arrows"),
    ("Select the images of its cell", "Enter"),
    ("Walk through the classes offered", "Up, Down"),
)


def show_error(parent: QWidget, error: Exception) -> None:
    """Show what the user can do; anything but an `EngineError` is a fault and goes to the log.

    Of faults one is shown at a time: what fails in every frame would bury the window.
    """
    if isinstance(error, EngineError):
        box = _box(parent, QMessageBox.Icon.Warning, "That did not work", shown(error))
        _add_details(box, error)
        box.open()
        return
    if parent.findChild(QMessageBox, FAULT) is None:
        box = _box(parent, QMessageBox.Icon.Critical, "A fault in the program", LOST_NOTHING)
        _add_details(box, error)
        box.setObjectName(FAULT)
        box.open()
    log.error("%s", "".join(traceback.format_exception(error)))


def show_crash(parent: QWidget, notes: str) -> None:
    """Say that the program ended by a crash the last time; ``notes`` tell where it was."""
    title = "The program ended unexpectedly last time"
    box = _box(parent, QMessageBox.Icon.Warning, title, f"{title}.\n\n{AFTER_CRASH}")
    _add_details(box, notes)
    box.open()
    log.error("The program had crashed:\n%s", notes)


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
    """Show the versions and the licences."""
    # These read what is installed, which takes a moment.
    from desktop.licences import libraries
    from desktop.versions import versions
    from desktop.views.about_dialog import AboutDialog

    dialog = AboutDialog(versions(), libraries(), parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def show_shortcuts(parent: QWidget) -> None:
    """List every shortcut and what the mouse does."""
    groups = {"Mouse on the map": MOUSE, **shortcut_groups(), "Where the focus is": KEYS}
    dialog = ShortcutsDialog(groups, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def _add_details(box: QMessageBox, error: Exception | str) -> None:
    """Add buttons that leave the message where it is."""
    from desktop.details import details_of  # looks for the versions of what is installed

    copy = box.addButton("Copy details", QMessageBox.ButtonRole.ActionRole)
    show = box.addButton("Show log", QMessageBox.ButtonRole.ActionRole)
    for each in (copy, show):
        each.clicked.disconnect()  # Qt would close the message
    # Made now: what the log says of this and later things has nothing to do with it.
    details = shown(details_of(error))
    copy.clicked.connect(lambda: QApplication.clipboard().setText(details))
    show.clicked.connect(show_log)


def show_log() -> None:
    """Show the log in the program of the system for text files."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(shown(log_file())))


def _box(parent: QWidget, icon: QMessageBox.Icon, title: str, text: str) -> QMessageBox:
    box = QMessageBox(icon, title, text, QMessageBox.StandardButton.Ok, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return box
