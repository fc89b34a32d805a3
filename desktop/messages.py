"""The only file that shows errors and other messages in a dialog."""

import logging
import traceback
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from desktop.actions import shortcut_groups
from desktop.language import told, tr
from desktop.log_file import log_file
from desktop.views.shortcuts_dialog import ShortcutsDialog
from desktop.views.widgets import shown
from engine.errors import EngineError
from engine.wording import mark

FAULT = "fault"
LOST_NOTHING = mark(
    "Something went wrong that should not. Nothing that was finished is lost, and you can go on "
    "working.\n\nPlease copy the details and report them: they name no file of yours but what the "
    "fault itself names."
)
CRASHED = mark("The program ended unexpectedly last time")
AFTER_CRASH = mark(
    "The program ended unexpectedly last time.\n\nWhat was finished before is kept: open the "
    "folder again and go on.\n\nPlease copy the details and report them: they name none of your "
    "files."
)

log = logging.getLogger(__name__)

TURN, ARROWS = mark("Turn the map"), mark("arrows")
ENGRAVED = ("Space", "Enter", "Delete")  # on the keys, whatever the language
MOUSE = (
    (TURN, mark("drag")),
    (mark("Move the map"), mark("right-drag")),
    (mark("Zoom"), mark("wheel")),
    (mark("Keep a picture"), mark("click")),
    (mark("Add to the selection"), mark("Shift+drag")),
    (mark("Take from the selection"), mark("Alt+drag")),
    (mark("Bring a point to the middle"), mark("double-click")),
)
KEYS = (
    (mark("Next control, the one before"), mark("Tab, Shift+Tab")),
    (TURN, ARROWS),
    (mark("Fold a part of a panel"), "Space"),
    (mark("Open a model of the list"), "Enter"),
    (mark("Delete a model of the list"), "Delete"),
    (mark("Walk through the confusion matrix"), ARROWS),
    (mark("Select the images of its cell"), "Enter"),
    (mark("Walk through the classes offered"), mark("Up, Down")),
)


def show_error(parent: QWidget, error: Exception) -> None:
    """Show what the user can do; anything but an `EngineError` is a fault and goes to the log.

    Of faults one is shown at a time: what fails in every frame would bury the window.
    """
    if isinstance(error, EngineError):
        box = _box(parent, QMessageBox.Icon.Warning, tr("That did not work"), shown(told(error)))
        _add_details(box, error)
        box.open()
        return
    if parent.findChild(QMessageBox, FAULT) is None:
        title = tr("A fault in the program")
        box = _box(parent, QMessageBox.Icon.Critical, title, tr(LOST_NOTHING))
        _add_details(box, error)
        box.setObjectName(FAULT)
        box.open()
    log.error("%s", "".join(traceback.format_exception(error)))


def show_crash(parent: QWidget, notes: str) -> None:
    """Say that the program ended by a crash the last time; ``notes`` tell where it was."""
    box = _box(parent, QMessageBox.Icon.Warning, tr(CRASHED), tr(AFTER_CRASH))
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
    groups = {
        tr("Mouse on the map"): _in_words(MOUSE),
        **shortcut_groups(),
        tr("Where the focus is"): _in_words(KEYS),
    }
    dialog = ShortcutsDialog(groups, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def _in_words(lines: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(tr(what), keys if keys in ENGRAVED else tr(keys)) for what, keys in lines]


def _add_details(box: QMessageBox, error: Exception | str) -> None:
    """Add buttons that leave the message where it is."""
    from desktop.details import details_of  # looks for the versions of what is installed

    copy = box.addButton(tr("Copy details"), QMessageBox.ButtonRole.ActionRole)
    show = box.addButton(tr("Show log"), QMessageBox.ButtonRole.ActionRole)
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
    # Qt finds none where there are other buttons; then neither Esc nor the frame would close it.
    box.setEscapeButton(QMessageBox.StandardButton.Ok)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return box
