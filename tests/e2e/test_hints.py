"""Three hints for who sees a map for the first time, and never again."""

import pytest
from PySide6.QtCore import Qt
from window_fixtures import JOB_MS, open_and_wait

from desktop import settings_store
from desktop.main_window import MainWindow
from desktop.views.hints import HINTS, Hints

pytestmark = pytest.mark.gl


@pytest.fixture
def newcomer(qtbot, window) -> MainWindow:
    """The window of who has seen no map yet."""
    window.preferences.change(hinted=False)
    return window


def hints_of(window: MainWindow) -> Hints | None:
    return window.findChild(Hints)


def test_the_first_map_comes_with_three_hints_that_leave_the_map_alone(qtbot, newcomer, pictures):
    open_and_wait(qtbot, newcomer, pictures)
    hints, page = hints_of(newcomer), newcomer.pages.map
    assert hints.isVisible()
    assert not hints.isModal()
    assert newcomer.focusWidget() is page.map, "its keys hold"
    assert page.map.rect().contains(hints.geometry())
    seen = []
    for _ in HINTS:
        seen.append(hints.title.text())
        qtbot.mouseClick(hints.next_button, Qt.MouseButton.LeftButton)
    assert seen == ["Walk", "Select", "Repair"]
    assert not hints.isVisible()
    assert newcomer.focusWidget() is page.map


def test_hints_can_be_sent_away_and_never_come_again(qtbot, newcomer, pictures):
    open_and_wait(qtbot, newcomer, pictures)
    qtbot.mouseClick(hints_of(newcomer).close_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: hints_of(newcomer) is None, timeout=JOB_MS)
    assert settings_store.load().hinted
    newcomer._actions["close_folder"].trigger()
    open_and_wait(qtbot, newcomer, pictures)
    assert hints_of(newcomer) is None


def test_there_are_no_hints_before_there_is_a_map(qtbot, newcomer, small_folder):
    open_and_wait(qtbot, newcomer, small_folder)
    assert hints_of(newcomer) is None
    assert not settings_store.load().hinted
