"""The page of TensorBoard: what goes on until it is there, then TensorBoard itself."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.language import told, tr
from desktop.tensorboard import BoardState
from desktop.theme import SPACE
from desktop.views.widgets import button, card, label
from engine.wording import mark

if TYPE_CHECKING:
    from engine.pipeline import Board

ZOOMS = (0.5, 0.67, 0.75, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
WIDTH = 520  # of what is said in the middle, in device-independent pixels
NO_WEBGL = mark("This computer draws no 3D in web pages: the projector stays empty here.")
BROKEN = mark("The page ended unexpectedly, perhaps for lack of memory.")
NO_DOWNLOADS = mark("Nothing is saved from here: open TensorBoard in the browser for that.")


class TensorBoardPage(QWidget):
    """Shows a state of TensorBoard and says what the user wants."""

    back_wanted = Signal()
    reload_wanted = Signal()
    stop_wanted = Signal()
    browser_wanted = Signal()
    link_followed = Signal(QUrl)
    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view: Any = None  # not before it can be shown: it is large
        self._shown: tuple[Board, bool] | None = None
        self._state = BoardState()
        self._is_dark = False
        self._zoom = ZOOMS.index(1.0)
        self._broken = False
        self.back_button = button(tr("Back to the map"), tip=tr("Return to the map (Ctrl+B)"))
        self.reload_button = button(
            tr("Reload"), tip=tr("Export what has changed and load again (F5)")
        )
        self.smaller_button = button("–", tip=tr("Smaller (Ctrl+-)"))
        self.zoom_button = button("100 %", tip=tr("As large as it was made (Ctrl+0)"))
        self.larger_button = button("+", tip=tr("Larger (Ctrl++)"))
        self.browser_button = button(tr("Open in the browser"))
        self.note = label("", "muted")
        self.title, self.text = label("", "heading"), label("", "muted", wrap=True)
        self.bar = QProgressBar()
        self.again_button = button(tr("Try again"), "primary")
        self.stop_button = button(tr("Stop"))
        self.other_button = button(tr("Open in the browser"), "primary")
        self._pages = QStackedWidget()
        self._build()
        self._connect()
        self.show_state(self._state)

    def show_state(self, state: BoardState) -> None:
        """Show where the start is, what went wrong, or TensorBoard."""
        self._state = state
        is_there = state.board is not None and state.step is None
        self.browser_button.setEnabled(is_there)
        self.reload_button.setEnabled(state.step is None and not state.obstacle)
        if is_there and not state.obstacle and not self._broken:
            self._show_view()
            return
        self._say()
        self._pages.setCurrentIndex(0)

    def set_dark(self, is_dark: bool) -> None:
        """Use dark or light colours from the next load on."""
        self._is_dark = is_dark
        if self._shown is not None:
            self.show_state(self._state)

    def reload(self) -> None:
        """Load the page again as soon as it is served, also where nothing has changed."""
        self._shown, self._broken = None, False
        self.reload_wanted.emit()

    def leave(self) -> None:
        """End the page, before the window is deleted."""
        view, self.view, self._shown = self.view, None, None
        if view is not None:
            view.leave()
            view.deleteLater()

    def _show_view(self) -> None:
        board = self._state.board
        assert board is not None
        if self.view is None:
            self._make_view()
        if self._shown != (board, self._is_dark):
            self._shown = (board, self._is_dark)
            self.note.setText("")
            self.view.show_board(board.address, board.export.tensor, self._is_dark)
        self._pages.setCurrentWidget(self.view)
        self._allow_zoom(True)

    def _make_view(self) -> None:
        from desktop.views.web_view import WebView

        self.view = WebView()
        self.view.link_followed.connect(self.link_followed)
        self.view.download_refused.connect(lambda: self.said.emit(tr(NO_DOWNLOADS)))
        self.view.without_webgl.connect(lambda: self.note.setText(tr(NO_WEBGL)))
        self.view.broken.connect(self._break)
        self._pages.addWidget(self.view)
        self._set_zoom(self._zoom)

    def _break(self) -> None:
        """Say that the page has ended; what it is shown in is made anew."""
        self.leave()
        self._broken = True
        self.show_state(self._state)

    def _say(self) -> None:
        """Say in the middle what there is to say in place of the page."""
        state = self._state
        starts, is_there = state.step is not None, state.board is not None
        if state.step is not None:
            title, text = tr("TensorBoard is being opened"), f"{told(state.step.stage)}…"
            self.bar.setRange(0, state.step.total)
            self.bar.setValue(state.step.done)
        elif state.error:
            title, text = tr("TensorBoard could not be opened"), told(state.error)
        elif state.obstacle and is_there:
            way_out = tr("It runs all the same: open it in the browser.")
            text = f"{told(state.obstacle)} {way_out}"
            title = tr("TensorBoard cannot be shown in this window")
        elif self._broken:
            title, text = tr("TensorBoard is no longer shown"), tr(BROKEN)
        else:
            title, text = tr("TensorBoard is not open"), tr("It was stopped before it was there.")
        self.title.setText(title)
        self.text.setText(text)
        self.bar.setVisible(starts)
        self.stop_button.setVisible(starts)
        self.other_button.setVisible(bool(state.obstacle) and is_there and not starts)
        self.again_button.setVisible(not starts and not self.other_button.isVisibleTo(self))
        self._allow_zoom(False)

    def _allow_zoom(self, is_seen: bool) -> None:
        for each in (self.smaller_button, self.zoom_button, self.larger_button):
            each.setEnabled(is_seen)

    def _set_zoom(self, place: int) -> None:
        self._zoom = min(max(place, 0), len(ZOOMS) - 1)
        self.zoom_button.setText(f"{ZOOMS[self._zoom]:.0%}".replace("%", " %"))
        if self.view is not None:
            self.view.setZoomFactor(ZOOMS[self._zoom])

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        row.setSpacing(SPACE)
        for each in (self.back_button, self.reload_button):
            row.addWidget(each)
        row.addSpacing(SPACE)
        for each in (self.smaller_button, self.zoom_button, self.larger_button):
            row.addWidget(each)
        row.addWidget(self.note, 1)
        row.addWidget(self.browser_button)
        self.bar.setTextVisible(False)
        buttons = QHBoxLayout()
        buttons.addWidget(self.stop_button)
        buttons.addWidget(self.again_button)
        buttons.addWidget(self.other_button)
        buttons.addStretch()
        middle = card(self.title, self.text, self.bar, margin=3 * SPACE)
        middle.setFixedWidth(WIDTH)
        inside = middle.layout()
        assert isinstance(inside, QVBoxLayout)
        inside.addLayout(buttons)
        message = QWidget()
        around = QVBoxLayout(message)
        around.addWidget(middle, 0, Qt.AlignmentFlag.AlignCenter)
        self._pages.addWidget(message)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self.back_button.clicked.connect(self.back_wanted)
        self.stop_button.clicked.connect(self.stop_wanted)
        self.browser_button.clicked.connect(self.browser_wanted)
        self.other_button.clicked.connect(self.browser_wanted)
        for pressed, keys, act in (
            (self.reload_button, "F5", self.reload),
            (self.again_button, "", self.reload),
            (self.smaller_button, "Ctrl+-", lambda: self._set_zoom(self._zoom - 1)),
            (self.zoom_button, "Ctrl+0", lambda: self._set_zoom(ZOOMS.index(1.0))),
            (self.larger_button, "Ctrl++", lambda: self._set_zoom(self._zoom + 1)),
        ):
            pressed.clicked.connect(act)
            if keys:
                self._add_keys(keys, pressed)

    def _add_keys(self, keys: str, pressed: QPushButton) -> None:
        """Let keys press a button while this page is seen."""
        inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence(keys), self, pressed.click, context=inside)
