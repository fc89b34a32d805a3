"""Joins the command and the page of TensorBoard to what serves it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from desktop.pages import Pages
from desktop.tensorboard import TensorBoard


class TensorBoardBinding(QObject):
    """Makes the page when it is first wanted, and ends it with the window."""

    def __init__(
        self,
        board: TensorBoard,
        pages: Pages,
        show_map: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._board, self._pages, self._show_map = board, pages, show_map
        board.changed.connect(self._show_state)

    def toggle(self) -> None:
        """Show TensorBoard, or the map where it is shown."""
        if self._pages.on_board:
            self._show_map()
            return
        if self._pages.board is None:
            self._make()
        self._pages.show_board()
        self._board.open()

    def close(self) -> None:
        """End the page and the server."""
        if self._pages.board is not None:
            self._pages.board.leave()
        self._board.close()

    def _make(self) -> None:
        from desktop.views.tensorboard_page import TensorBoardPage

        page = TensorBoardPage()
        page.set_dark(self._pages.theme.is_dark)
        page.back_wanted.connect(self._show_map)
        page.reload_wanted.connect(self._board.open)
        page.stop_wanted.connect(self._board.stop)
        page.browser_wanted.connect(self._board.open_in_browser)
        page.link_followed.connect(self._follow)
        page.said.connect(self._board.said)
        self._pages.add_board(page)

    def _show_state(self) -> None:
        if self._pages.board is not None:
            self._pages.board.show_state(self._board.state)

    def _follow(self, url: QUrl) -> None:
        QDesktopServices.openUrl(url)
