"""The window speaks other languages, and changes between them while it runs."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from language_fixtures import dialog_of, speak
from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QWidget,
)
from window_fixtures import JOB_MS, SOON_MS, at_the_start, open_and_wait, wait_for_job

from desktop import settings_store
from desktop.commands import COMMANDS
from desktop.main_window import MainWindow
from desktop.program import LOOK_MS
from desktop.recent_menu import RecentMenu
from desktop.views.settings_dialog import SettingsDialog
from engine.backbones import BACKBONES
from engine.pipeline import extract

pytestmark = pytest.mark.gl
CLASSES = {"bricks": "ইট", "fish": "মাছ", "trees": "গাছ"}
BENGALI = re.compile(r"[\u0980-\u09ff]")
ENGLISH = re.compile(r"\b[A-Za-z]{3,}\b")
# What is called so in every language: names, keys, formats, units.
NAMES = (
    *BACKBONES,
    *("Image Embedding", "VGG", "UMAP", "PCA", "t-SNE", "SVM", "TensorBoard", "TensorFlow", "Lite"),
    *("Keras", "ONNX", "OpenVINO", "bfloat16", "AdamW", "ImageNet", "Qt", "Python", "Linux"),
    *("pandas", "Polars", "DuckDB", "NumPy", "CSV", "TSV", "NPZ", "NPY", "Parquet", "PNG", "HTML"),
    *("JSON", "SVG", "PDF", "English", "Language", "MIT", "Apache", "BSD", "LGPL", "GNU"),
    *("Ctrl", "Shift", "Alt", "Enter", "Return", "Tab", "Space", "Delete", "Esc", "Backspace"),
    *("PgUp", "PgDown", "Home", "End", "Left", "Right", "Up", "Down"),
    # Of the user's data: a model, a run, folders, those of the sample among them.
    *("logistic", "avg", "home"),
    *("balloons", "bricks", "butterflies", "clocks", "fish", "flowers", "stars", "trees"),
)


@pytest.fixture(scope="session")
def bengali_original(sample_folder, tmp_path_factory) -> Path:
    """24 pictures of three classes, in which no name has a letter of the Latin alphabet."""
    folder = tmp_path_factory.mktemp("0") / "চিত্র"
    for name, bengali in CLASSES.items():
        (folder / bengali).mkdir(parents=True)
        for number, file in enumerate(sorted((sample_folder / name).iterdir())[:8]):
            shutil.copy2(file, folder / bengali / f"{number}.jpg")
    extract(folder)
    return folder


@pytest.fixture
def bengali_folder(bengali_original, tmp_path) -> Path:
    """A copy of that folder with its workspace."""
    name = bengali_original.name
    shutil.copytree(bengali_original.with_name(f"{name}.embedding"), tmp_path / f"{name}.embedding")
    return Path(shutil.copytree(bengali_original, tmp_path / name))


@pytest.fixture
def bengali(qtbot, program) -> MainWindow:
    """A window that speaks Bengali."""
    speak(qtbot, program, "bn")
    return program.window


def texts_of(root: QWidget) -> Iterator[str]:
    """Yield what can be read, or heard of a screen reader, in a window or dialog."""
    yield root.windowTitle()
    for action in root.findChildren(QAction):
        yield from (action.text(), action.statusTip())
    for widget in (root, *root.findChildren(QWidget)):
        if widget.objectName().startswith("qt_"):
            continue
        yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
        if isinstance(widget, (QLabel, QAbstractButton)):
            yield widget.text()
        elif isinstance(widget, QLineEdit):
            yield from (widget.placeholderText(), widget.text())
        elif isinstance(widget, QComboBox):
            yield from (widget.itemText(place) for place in range(widget.count()))
        elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from texts_of_model(widget)


def texts_of_model(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    # What is a list has no columns of its own to ask for.
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())
    for column in range(columns):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for row in range(min(model.rowCount(QModelIndex()), 50)):
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                yield str(model.index(row, column).data(role) or "")


def english_in(root: QWidget) -> list[str]:
    """Return the texts in which words are English."""
    found = []
    for text in dict.fromkeys(texts_of(root)):
        rest = text.replace("&", "")
        for name in sorted(NAMES, key=len, reverse=True):
            rest = re.sub(rf"\b{re.escape(name)}", " ", rest)
        rest = re.sub(r"\S*[/\\]\S*|\w+\.jpg|[*\w]*\.[a-z]+", " ", rest)  # paths
        if ENGLISH.search(rest):
            found.append(text)
    return found


def test_another_language_holds_at_once_and_at_the_next_start(qtbot, program):
    speak(qtbot, program, "bn")
    menus = [action.text() for action in program.window.menuBar().actions()]
    assert all(BENGALI.search(text) for text in menus), menus
    assert settings_store.load().language == "bn"
    speak(qtbot, program, "en")
    assert "&File" in [action.text() for action in program.window.menuBar().actions()]


def test_what_is_open_and_selected_stays_so_in_another_language(qtbot, program, bengali_folder):
    open_and_wait(qtbot, program.window, bengali_folder)
    program.window.project.select(np.array([3, 5, 8]))
    speak(qtbot, program, "bn")
    state = program.window.project.state
    assert state.opened.dataset.folder == bengali_folder
    assert state.selections.present.tolist() == [3, 5, 8]
    assert program.window.pages.on_map


def test_the_language_waits_for_a_job(qtbot, program, bengali_folder):
    window = program.window
    open_and_wait(qtbot, window, bengali_folder)
    window.pages.map.controls.choose("umap")
    assert window.runner.busy
    window.preferences.change(language="bn")
    assert program.window is window
    qtbot.waitUntil(lambda: program.window is not window, timeout=JOB_MS)
    wait_for_job(qtbot, program.window)
    assert program.window.project.state.projection.method == "umap", "the job was not cut short"


def test_the_settings_say_that_a_language_waits_while_a_job_runs(qtbot, program, bengali_folder):
    window = program.window
    open_and_wait(qtbot, window, bengali_folder)
    at_the_start(window, window._actions["pause_job"].trigger)
    window.pages.map.controls.choose("umap")
    window._actions["show_settings"].trigger()
    dialog = dialog_of(qtbot, window)
    assert "when the running job has ended" in dialog.language_note.text()
    assert not any(button.isEnabled() for button in dialog.clear_buttons)
    window._actions["pause_job"].trigger()
    wait_for_job(qtbot, window)
    assert dialog.language_note.text() == "The window is made anew in it"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_one_window_takes_the_place_of_the_other(qtbot, program):
    before = set(shown_windows())
    assert program.window in before
    old = program.window
    speak(qtbot, program, "bn")
    qtbot.waitUntil(
        lambda: set(shown_windows()) == before - {old} | {program.window}, timeout=SOON_MS
    )
    assert QApplication.quitOnLastWindowClosed(), "the program ends with the new one"


def shown_windows() -> list[QWidget]:
    windows = (each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow))
    return [each for each in windows if each.isVisible()]


def test_first_pages_are_in_bengali(qtbot, bengali, small_folder):
    assert english_in(bengali) == []
    open_and_wait(qtbot, bengali, small_folder)
    bengali.set_up()
    recent = [text for text in english_in(bengali) if small_folder.name in text]
    assert english_in(bengali) == recent


def test_the_map_and_its_panels_are_in_bengali(qtbot, bengali, bengali_folder):
    open_and_wait(qtbot, bengali, bengali_folder)
    for name in ("show_training", "show_review", "train", "find_quality"):
        bengali._actions[name].trigger()
        wait_for_job(qtbot, bengali)
    bengali.project.select(np.arange(6))
    bengali.project.pick(2)
    page = bengali.pages.map
    assert not page.training.report.isHidden()
    assert english_in(bengali) == []
    for title in [page.controls.colour.itemData(place) for place in range(8)]:
        page.controls.colouring_chosen.emit(title)
        wait_for_job(qtbot, bengali)
        assert english_in(page.legend) == [], title


@pytest.mark.parametrize(
    "name",
    ["show_settings", "show_shortcuts", "export_data", "compare_backbones", "apply_edits",
     "export_model", "rename_class", "label_images", "import_vectors", "sort_folder"],
)  # fmt: skip
def test_dialogs_are_in_bengali(qtbot, bengali, bengali_folder, name):
    open_and_wait(qtbot, bengali, bengali_folder)
    if name in ("export_model", "sort_folder"):
        bengali._actions["train"].trigger()
        wait_for_job(qtbot, bengali)
    bengali.project.select(np.arange(6))
    found: list[str] = []

    def look() -> None:
        """Read what has opened and close it: some dialogs hold up whoever opens them."""
        try:
            found.extend(english_in(bengali))
        finally:
            for dialog in bengali.findChildren(QDialog):
                dialog.close()

    timer = QTimer(interval=500, singleShot=True)
    timer.timeout.connect(look)
    timer.start()
    bengali._actions[name].trigger()
    qtbot.waitUntil(lambda: not timer.isActive(), timeout=SOON_MS)
    wait_for_job(qtbot, bengali)
    assert found == []


def test_every_command_has_a_letter_of_its_own_in_its_menu(bengali):
    for menu in dict.fromkeys(command.menu for command in COMMANDS):
        names = [command.name for command in COMMANDS if command.menu == menu]
        letters = [bengali._actions[name].text().partition("&")[2][:1].lower() for name in names]
        assert len(set(letters)) == len(letters), (menu, letters)


def test_an_error_of_the_engine_is_told_in_the_language(qtbot, bengali, tmp_path):
    bengali.open_path(tmp_path / "0")
    qtbot.waitUntil(lambda: bengali.findChild(QMessageBox) is not None, timeout=SOON_MS)
    box = bengali.findChild(QMessageBox)
    assert english_in(box) == []
    assert box.button(QMessageBox.StandardButton.Ok) is not None
    box.close()


def test_letters_come_along_with_the_program(bengali):
    from PySide6.QtGui import QFontDatabase, QRawFont

    assert "Noto Sans Bengali" in QFontDatabase.families(QFontDatabase.WritingSystem.Bengali)
    assert QRawFont.fromFont(bengali.font(), QFontDatabase.WritingSystem.Bengali).supportsCharacter(
        ord("ক")
    )


def test_what_came_of_a_job_is_read_before_the_language_changes(qtbot, program, tmp_path):
    window = program.window
    window.open_path(tmp_path / "0")
    window.preferences.change(language="bn")
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is not None, timeout=SOON_MS)
    qtbot.wait(LOOK_MS * 2)
    assert program.window is window
    qtbot.keyClick(window.findChild(QMessageBox), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: program.window is not window, timeout=SOON_MS)
    assert program.window.findChild(SettingsDialog) is None, "it was not changed from there"


def test_no_menu_of_the_window_before_is_left(qtbot, program):
    speak(qtbot, program, "bn")
    qtbot.waitUntil(lambda: [menu.parent() for menu in recent_menus()] == [program.window])


def recent_menus() -> list[RecentMenu]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, RecentMenu)]
