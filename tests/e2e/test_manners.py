"""What a desktop program is expected to do: settings, what it remembers, how it is left."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QMessageBox
from window_fixtures import JOB_MS, SOON_MS, open_and_wait

from desktop import settings_store
from desktop.main_window import MainWindow
from desktop.views.settings_dialog import SettingsDialog
from engine import converted, limits

pytestmark = pytest.mark.gl
CTRL = Qt.KeyboardModifier.ControlModifier


def dialog_of(qtbot, window: MainWindow, kind: type[QDialog]) -> QDialog:
    qtbot.waitUntil(lambda: window.findChild(kind) is not None, timeout=SOON_MS)
    found = window.findChild(kind)
    assert found is not None
    return found


def close(qtbot, window: MainWindow) -> None:
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=JOB_MS)


@pytest.fixture
def settings(qtbot, window) -> SettingsDialog:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=SOON_MS)
    qtbot.keyClick(window, Qt.Key.Key_Comma, CTRL)
    return dialog_of(qtbot, window, SettingsDialog)


@pytest.fixture
def another(qtbot, window):
    """Opens the window of the next start, with what is remembered."""
    opened = []

    def start() -> MainWindow:
        opened.append(MainWindow(settings_store.load()))
        opened[-1].show()
        return opened[-1]

    yield start
    for each in opened:
        close(qtbot, each)
        each.deleteLater()


def test_the_theme_is_chosen_in_the_settings_and_kept(qtbot, window, settings):
    settings.theme.setFocus()
    qtbot.keyClick(settings.theme, Qt.Key.Key_End)
    assert window.pages.theme.is_dark
    assert settings_store.load().theme == "dark"
    assert window._themes["dark"].isChecked(), "the menu says so, too"
    qtbot.keyClick(settings.theme, Qt.Key.Key_Home)
    qtbot.keyClick(settings.theme, Qt.Key.Key_Down)
    assert not window.pages.theme.is_dark
    qtbot.keyClick(settings, Qt.Key.Key_Escape)


def test_the_backbone_of_the_settings_is_offered_first(qtbot, window, settings, small_folder):
    settings.backbone.setFocus()
    qtbot.keyClicks(settings.backbone, "VGG16")
    qtbot.keyClick(settings, Qt.Key.Key_Escape)
    assert settings_store.load().backbone == "VGG16"
    open_and_wait(qtbot, window, small_folder)
    assert window.pages.setup.options().backbone == "VGG16"


def test_cores_and_memory_of_the_settings_hold_and_are_kept(qtbot, window, settings):
    qtbot.keyClick(settings.memory, Qt.Key.Key_Down)
    assert settings.memory.currentText() == "1 GB"
    assert limits.memory_mb() == settings_store.load().memory_mb == 1000
    qtbot.keyClick(settings.cores, Qt.Key.Key_End)
    chosen = 1 if limits.available_cores() > 1 else 0
    assert limits.chosen_cores() == settings_store.load().cores == chosen
    qtbot.keyClick(settings.cores, Qt.Key.Key_Home)
    qtbot.keyClick(settings.memory, Qt.Key.Key_Home)
    assert settings.memory.currentText() == "No limit"
    assert (limits.chosen_cores(), limits.memory_mb()) == (0, 0)
    qtbot.keyClick(settings, Qt.Key.Key_Escape)


def test_the_settings_fit_on_the_screen_and_can_be_scrolled(qtbot, window, settings):
    room = settings.screen().availableGeometry()
    assert settings.height() <= room.height()
    settings.clear_buttons[-1].setEnabled(True)
    settings.setMinimumHeight(0)
    settings.resize(settings.width(), 300)
    settings.clear_buttons[-1].setFocus()
    qtbot.keyClick(settings.clear_buttons[-1], Qt.Key.Key_Backtab)
    focused = settings.focusWidget()
    place = focused.mapTo(settings, focused.rect().bottomLeft())
    assert 0 < place.y() < 300
    qtbot.keyClick(settings, Qt.Key.Key_Escape)


def test_converted_backbones_are_cleared_when_that_is_confirmed(qtbot, window, settings):
    file = converted.cache_folder() / "kept.bin"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(bytes(3_000_000))
    settings.set_busy(False)
    clear = settings.clear_buttons[0]
    qtbot.mouseClick(clear, Qt.MouseButton.LeftButton)
    box = dialog_of(qtbot, window, QMessageBox)
    assert "made again" in box.text()
    next(b for b in box.buttons() if b.text() == "Clear").click()
    assert not file.exists()
    assert not clear.isEnabled()
    qtbot.keyClick(settings, Qt.Key.Key_Escape)


def test_nothing_is_cleared_while_a_job_runs(qtbot, window, settings):
    settings.set_busy(True)
    assert not any(button.isEnabled() for button in settings.clear_buttons)


def test_the_page_of_the_map_has_its_size_before_panels_are_brought_back(qtbot, window, pictures):
    sizes = []
    window.pages.map_made.connect(lambda: sizes.append(window.pages.map.size()))
    open_and_wait(qtbot, window, pictures)
    assert sizes == [window.pages.size()], "else the review takes less room at every start"


def test_panels_and_splitters_are_as_they_were_left(qtbot, embedded, pictures, another):
    page = embedded.pages.map
    embedded._actions["show_gallery"].trigger()
    embedded._actions["show_training"].trigger()
    page.splitter.setSizes([500, 320, 400, 0])
    sizes = page.splitter.sizes()
    close(qtbot, embedded)
    window = another()
    open_and_wait(qtbot, window, pictures)
    assert window.pages.map.gallery.isHidden()
    assert window.pages.map.training.isVisible()
    assert not window._actions["show_gallery"].isChecked()
    # The map takes what the screen leaves it.
    assert window.pages.map.splitter.sizes()[1:] == pytest.approx(sizes[1:], abs=3)


def test_the_panel_of_the_review_is_open_again_and_the_map_has_the_keys(
    qtbot, embedded, pictures, another
):
    embedded._actions["show_review"].trigger()
    close(qtbot, embedded)
    window = another()
    window.activateWindow()
    open_and_wait(qtbot, window, pictures)
    assert window.pages.map.review.isVisible()
    assert window.focusWidget() is window.pages.map.map


def test_a_recent_folder_is_opened_from_the_menu_and_the_list_can_be_cleared(
    qtbot, embedded, pictures
):
    embedded._actions["close_folder"].trigger()
    menu = embedded.recent_menu
    menu.aboutToShow.emit()
    assert menu.actions()[0].text() == "&1  pictures"
    menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: embedded.project.state.opened is not None, timeout=JOB_MS)
    menu.aboutToShow.emit()
    menu.actions()[-1].trigger()
    assert settings_store.load().recent == ()
    menu.aboutToShow.emit()
    assert [action.isEnabled() for action in menu.actions()] == [False]
