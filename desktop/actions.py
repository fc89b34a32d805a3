"""Makes menus and shortcuts of the commands of the window."""

from collections.abc import Callable, Mapping

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMainWindow, QMenu

from desktop import theme
from desktop.commands import COMMANDS, Has
from desktop.language import tr, without_key
from desktop.views.answers import key_list
from engine.wording import mark

LABELS = mark("&Labels")  # the menu in which the window lists the first classes as well


def build_actions(
    window: QMainWindow, carry_out: Mapping[str, Callable[..., object]]
) -> dict[str, QAction]:
    """Create the menus and connect each command to what carries it out, by its name."""
    actions = {}
    menus = {}
    for command in COMMANDS:
        if command.menu not in menus:
            menus[command.menu] = window.menuBar().addMenu(tr(command.menu))
        menu = menus[command.menu]
        if command.separator:
            menu.addSeparator()
        action = QAction(tr(command.text), window)
        action.setObjectName(command.name)
        action.setShortcut(command.shortcut)
        action.setStatusTip(tr(command.tip))
        if command.checked is None:
            action.triggered.connect(carry_out[command.name])
        else:
            action.setCheckable(True)
            action.setChecked(command.checked)
            action.toggled.connect(carry_out[command.name])
        menu.addAction(action)
        actions[command.name] = action
    return actions


def add_theme_menu(
    window: QMainWindow, chosen: str, choose: Callable[[str], None]
) -> dict[str, QAction]:
    """Add the menu of colours before the last one; ``choose`` gets a name of `theme.CHOICES`."""
    menu = QMenu(tr("C&olours"), window)
    window.menuBar().insertMenu(window.menuBar().actions()[-1], menu)
    group = QActionGroup(window)
    texts = {"system": tr("As the &system"), "light": tr("&Light"), "dark": tr("&Dark")}
    actions = {}
    for name in theme.CHOICES:
        action = menu.addAction(texts[name])
        action.setCheckable(True)
        action.setChecked(name == chosen)
        action.setData(name)
        actions[name] = group.addAction(action)
    group.triggered.connect(lambda action: choose(action.data()))
    return actions


def insert_menu(before: QAction, menu: QMenu) -> None:
    """Add a menu to the one that has this action."""
    holder = before.associatedObjects()[0]
    assert isinstance(holder, QMenu)
    holder.insertMenu(before, menu)


def enable_actions(actions: dict[str, QAction], available: Has) -> None:
    """Enable the commands whose needs are met."""
    for command in COMMANDS:
        actions[command.name].setEnabled(command.needs in available)


def shortcut_groups() -> dict[str, list[tuple[str, str]]]:
    """Return (what, keys) of each command that has a shortcut, by menu, for the help dialog."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for command in COMMANDS:
        if command.shortcut:
            what = without_key(tr(command.text)).rstrip("…")
            groups.setdefault(command.menu, []).append((what, command.shortcut))
    groups[LABELS].append((tr("First classes of the legend"), "Ctrl+1 … Ctrl+9"))
    by_title = {without_key(tr(menu)): listed for menu, listed in groups.items()}
    return {**by_title, tr("In the panel of the review"): key_list()}
