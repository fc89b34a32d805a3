"""What the user can choose for the whole program, and what it keeps on this machine."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QUrl, Signal, SignalInstance
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.catalogue import LANGUAGES, SYSTEM
from desktop.language import told, tr
from desktop.settings_store import Settings
from desktop.theme import SPACE
from desktop.views.widgets import Scrolled, button, card, fit_height, label, shown
from engine import limits, memory
from engine.backbones import BACKBONES
from engine.caches import Cache
from engine.wording import mark

AS_SYSTEM = mark("As the system")
LANGUAGE = mark("Language")
THEMES = {"system": AS_SYSTEM, "light": mark("Light"), "dark": mark("Dark")}
PRIVACY = mark(
    "Telemetry: none. Nothing about you, your pictures or what you do leaves this computer, and "
    "the program never looks for anything by itself; only weights that you choose are downloaded."
)
ANEW = mark("The window is made anew in it")
ANEW_LATER = mark("The window is made anew in it when the running job has ended")
CORES = mark("That jobs may use, from the next one on")
MEMORY = mark("Maps, training and the like end when they take more; what was finished is kept")
WIDTH = 620
MB = 1e6
GB = 1000  # MB


class SettingsDialog(QDialog):
    """Every choice holds at once; there is nothing to confirm."""

    language_chosen = Signal(str)
    theme_chosen = Signal(str)
    backbone_chosen = Signal(str)
    cores_chosen = Signal(int)
    memory_chosen = Signal(int)  # MB
    clear_wanted = Signal(object)  # Cache
    log_wanted = Signal()

    def __init__(
        self, settings: Settings, caches: Sequence[Cache], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        languages = {SYSTEM: tr(AS_SYSTEM)} | LANGUAGES
        self.language = _chooser(languages, settings.language, self.language_chosen)
        self.language_note = _note()
        themes = {name: tr(text) for name, text in THEMES.items()}
        self.theme = _chooser(themes, settings.theme, self.theme_chosen)
        self.backbone = QComboBox()
        self.backbone.addItems(list(BACKBONES))
        self.backbone.setCurrentText(settings.backbone)
        self.backbone.textActivated.connect(self.backbone_chosen)
        self._rows: list[tuple[QWidget, QWidget]] = []  # what each choice is called, and its field
        self.cores = _chooser(_cores(), settings.cores, self.cores_chosen)
        sizes = _memory(settings.memory_mb)
        self.memory = _chooser(sizes, settings.memory_mb, self.memory_chosen)
        self._caches = tuple(caches)
        self._sizes = [label("", "muted") for _ in caches]
        self.clear_buttons = [self._clear_button(cache) for cache in caches]
        log = button(tr("Show log"), tip=tr("What went wrong so far, in a text file"))
        log.clicked.connect(self.log_wanted)
        close = button(tr("Close"), "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        for each in (log, close, *self.clear_buttons):
            each.setAutoDefault(each is close)
        foot = QHBoxLayout()
        foot.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, 2 * SPACE)
        foot.addWidget(log)
        foot.addStretch(1)
        foot.addWidget(close)
        cards = QWidget()
        column = QVBoxLayout(cards)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, SPACE)
        column.setSpacing(2 * SPACE)
        column.addWidget(self._general())
        column.addWidget(self._computing())
        column.addWidget(self._kept())
        column.addWidget(card(label(tr("Privacy"), "heading"), _note(tr(PRIVACY))))
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(Scrolled(cards), 1)
        whole.addLayout(foot)
        self.set_busy(False)

    def showEvent(self, event: QShowEvent) -> None:
        """Take the height that the texts need."""
        super().showEvent(event)
        for alike in zip(*self._rows, strict=True):  # as wide in each card
            for widget in alike:
                widget.setMinimumWidth(max(each.sizeHint().width() for each in alike))
        fit_height(self, WIDTH)

    def set_busy(self, busy: bool) -> None:
        """Clear nothing while a job may need it, and say what waits; look how much is kept."""
        self.language_note.setText(tr(ANEW_LATER if busy else ANEW))
        for cache, text, clear in zip(self._caches, self._sizes, self.clear_buttons, strict=True):
            size = cache.size
            text.setText(tr("{size:,.0f} MB", size=size / MB) if size else tr("nothing"))
            clear.setEnabled(not busy and size > 0)

    def _general(self) -> QWidget:
        first = tr("Offered first for folders that were not embedded yet")
        return self._choices(
            tr("General"),
            (language_title(), self.language, self.language_note),
            (tr("Colours"), self.theme, _note(tr("Of the window and the map"))),
            (tr("Backbone"), self.backbone, _note(first)),
        )

    def _computing(self) -> QWidget:
        return self._choices(
            tr("Computing"),
            (tr("Processor cores"), self.cores, _note(tr(CORES))),
            (tr("Memory of a job"), self.memory, _note(tr(MEMORY))),
        )

    def _choices(self, heading: str, *rows: tuple[str, QComboBox, QLabel]) -> QWidget:
        """Return a card with a row for each choice: its title, its field, and what it means."""
        grid = _grid()
        for row, (text, field, note) in enumerate(rows):
            title = label(text)
            title.setBuddy(field)
            field.setAccessibleName(text)
            grid.addWidget(title, row, 0)
            grid.addWidget(field, row, 1)
            grid.addWidget(note, row, 2)
            self._rows.append((title, field))
        return card(label(heading, "heading"), _holding(grid))

    def _kept(self) -> QWidget:
        grid = _grid()
        rows = zip(self._caches, self._sizes, self.clear_buttons, strict=True)
        for row, (cache, size, clear) in enumerate(rows):
            open_button = button(tr("Open"), tip=shown(cache.folder))
            open_button.setAccessibleName(tr("Open the folder: {what}", what=told(cache.title)))
            open_button.setAutoDefault(False)
            open_button.clicked.connect(lambda _=False, cache=cache: _open(cache))
            grid.addWidget(label(told(cache.title)), 2 * row, 0)
            grid.addWidget(size, 2 * row, 1, Qt.AlignmentFlag.AlignRight)
            both = QHBoxLayout()
            both.setSpacing(SPACE)
            both.addStretch(1)
            both.addWidget(open_button)
            both.addWidget(clear)
            grid.addLayout(both, 2 * row, 2)
            grid.addWidget(_note(told(cache.costs)), 2 * row + 1, 0, 1, 3)
        return card(label(tr("Kept on this computer"), "heading"), _holding(grid))

    def _clear_button(self, cache: Cache) -> QPushButton:
        clear = button(tr("Clear"), tip=told(cache.costs))
        clear.setAccessibleName(tr("Clear: {what}", what=told(cache.title)))
        clear.clicked.connect(lambda: self.clear_wanted.emit(cache))
        return clear


def language_title() -> str:
    """Return what the choice of the language is called, also for who cannot read this one."""
    return " · ".join(dict.fromkeys((tr(LANGUAGE), LANGUAGE)))


def _cores() -> dict[int, str]:
    """Return what may be chosen, from all cores down to one; 0 means all."""
    most = limits.available_cores()
    fewer = {number: f"{number}" for number in range(most - 1, 0, -1)}
    return {0: tr("All ({count:,})", count=most)} | fewer


def _memory(chosen: int) -> dict[int, str]:
    """Return sizes in MB, doubling up to what the machine has; also one that was chosen before."""
    sizes = [GB]
    while 2 * sizes[-1] < memory.machine_mb():
        sizes.append(2 * sizes[-1])
    sizes = sorted({0, *sizes, chosen})
    texts = {size: tr("{size:,g} GB", size=size / GB) for size in sizes}
    return texts | {0: tr("No limit")}


def _chooser(choices: Mapping[Any, str], chosen: object, signal: SignalInstance) -> QComboBox:
    """Return a list of texts that tells which one was chosen by its name or number."""
    field = QComboBox()
    for name, text in choices.items():
        field.addItem(text, name)
    field.setCurrentIndex(max(0, field.findData(chosen)))
    field.activated.connect(lambda: signal.emit(field.currentData()))
    return field


def _note(text: str = "") -> QLabel:
    return label(text, "muted", wrap=True)


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(2 * SPACE)
    grid.setVerticalSpacing(SPACE)
    grid.setColumnStretch(2, 1)
    return grid


def _holding(grid: QGridLayout) -> QWidget:
    whole = QWidget()
    whole.setLayout(grid)
    return whole


def _open(cache: Cache) -> None:
    """Show the folder, or the nearest one above it that is there."""
    folder = next(each for each in (cache.folder, *cache.folder.parents) if each.is_dir())
    QDesktopServices.openUrl(QUrl.fromLocalFile(shown(folder)))
