"""Every control can be reached by keys and has a name for those who do not see it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
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
