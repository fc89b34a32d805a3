"""Every control can be reached by keys and has a name for those who do not see it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSplitter,
    QWidget,
)
from window_fixtures import SOON_MS, open_and_wait

pytestmark = pytest.mark.gl
INNER = (QSplitter, QScrollArea)


def name_of(widget: QWidget) -> str:
    """What a screen reader says of a widget."""
    labels = [
        label.text() for label in widget.window().findChildren(QLabel) if label.buddy() is widget
    ]
    if isinstance(widget, QAbstractButton) and widget.text():
        return widget.text()
    return widget.accessibleName() or "".join(labels)


def is_part_of_field(widget: QWidget) -> bool:
    """Whether it is the inner part of a field, whose name is the field's."""
    fields = (QAbstractSpinBox, QComboBox, QAbstractItemView)
    if widget.objectName().startswith("qt_"):
        return True
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, fields):
            return True
        parent = parent.parentWidget()
    return False


def focusable(root: QWidget) -> list[QWidget]:
    return [
        widget
        for widget in (root, *root.findChildren(QWidget))
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not isinstance(widget, INNER)
        and not is_part_of_field(widget)
        and not (isinstance(widget, QLineEdit) and widget.isReadOnly())
    ]


def nameless(root: QWidget) -> list[str]:
    found = []
    for widget in focusable(root):
        if not name_of(widget):
            parents, each = [], widget
            while each is not None:
                parents.append(type(each).__name__)
                each = each.parentWidget()
            found.append(" < ".join(parents[:5]))
    return found


def test_every_control_of_the_first_pages_has_a_name(qtbot, window, small_folder):
    assert nameless(window) == []
    open_and_wait(qtbot, window, small_folder)
    assert nameless(window) == []


def test_every_control_of_the_map_and_its_panels_has_a_name(qtbot, embedded):
    embedded._actions["show_training"].trigger()
    embedded._actions["show_review"].trigger()
    assert len(focusable(embedded.pages.map)) > 40
    assert nameless(embedded) == []


def unmarked(root: QWidget, but_not: tuple[QWidget, ...] = ()) -> list[str]:
    """Controls that look the same with the focus and without it."""
    found = []
    for widget in focusable(root):
        if not (widget.isVisible() and widget.isEnabled()) or widget in but_not:
            continue
        if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            continue
        root.setFocus()
        widget.clearFocus()
        before = widget.grab().toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        if widget.grab().toImage() == before:
            found.append(f"{type(widget).__name__} {name_of(widget)}")
    return found


def activate(qtbot, window) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=SOON_MS)


def test_what_has_the_focus_on_the_first_pages_is_seen(qtbot, window, small_folder):
    activate(qtbot, window)
    assert unmarked(window.pages.welcome) == []
    open_and_wait(qtbot, window, small_folder)
    assert unmarked(window.pages.setup) == []


def test_what_has_the_focus_on_the_map_and_its_panels_is_seen(qtbot, embedded):
    activate(qtbot, embedded)
    page = embedded.pages.map
    for panel in ("show_training", "show_review"):
        embedded._actions[panel].trigger()
        # The map has it whenever nothing else has, and its keys hold everywhere.
        assert unmarked(page, but_not=(page.map,)) == []


def by_tab(qtbot, root: QWidget) -> list[QWidget]:
    """Controls in the order in which the Tab key reaches them, once around."""
    window = root.window()
    reached: list[QWidget] = []
    while (now := window.focusWidget()) not in reached:
        reached.append(now)
        qtbot.keyClick(now, Qt.Key.Key_Tab)
    return reached


@pytest.mark.parametrize("command", ["show_settings", "show_about", "show_shortcuts"])
def test_a_dialog_is_walked_through_by_tab_and_left_by_escape(qtbot, window, command):
    activate(qtbot, window)
    window._actions[command].trigger()
    qtbot.waitUntil(lambda: window.findChild(QDialog) is not None, timeout=SOON_MS)
    dialog = window.findChild(QDialog)
    activate(qtbot, dialog)
    assert nameless(dialog) == []
    wanted = [each for each in focusable(dialog) if each.isVisible() and each.isEnabled()]
    assert {name_of(each) for each in wanted} <= {name_of(each) for each in by_tab(qtbot, dialog)}
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(QDialog) is None, timeout=SOON_MS)


def test_tab_goes_through_the_first_page_from_top_to_bottom(qtbot, window, small_folder):
    window.preferences.remember(small_folder)
    activate(qtbot, window)
    page = window.pages.welcome
    page.drop_area.open_button.setFocus()
    names = [name_of(each) for each in by_tab(qtbot, page)]
    assert names == ["Open a folder…", "pictures\n" + str(small_folder.parent), "Try the sample"]


def test_tab_goes_through_the_choice_of_a_backbone_from_left_to_right_and_down(
    qtbot, window, small_folder
):
    activate(qtbot, window)
    open_and_wait(qtbot, window, small_folder)
    window.pages.setup.classes.setFocus()
    names = [name_of(each) for each in by_tab(qtbot, window.pages.setup)]
    assert names == [
        "Classes", "Backbones", "Image size", "Pooling", "Precision", "From a file…", "Back",
        "Embed the images",
    ]  # fmt: skip


def test_tab_goes_from_the_controls_over_the_map_to_the_panels(qtbot, embedded):
    activate(qtbot, embedded)
    embedded._actions["show_training"].trigger()
    page = embedded.pages.map
    page.controls.setFocus()
    reached = by_tab(qtbot, page)
    parts = [page.controls, page.map, page.gallery, page.card, page.legend, page.training]
    firsts = [
        next(place for place, each in enumerate(reached) if part is each or part.isAncestorOf(each))
        for part in parts
        if part is not page.card  # it shows nothing that can be chosen yet
    ]
    assert firsts == sorted(firsts)
