"""One window for a dataset: whoever opens it again gets the window that has it.

Each window that shows a dataset listens on local sockets named after its folder and its workspace.
What a killed program leaves of them answers nobody and is replaced.
"""

import contextlib
import hashlib
import sys
import warnings
from pathlib import Path

import platformdirs
from PySide6.QtCore import QObject, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication, QWidget

ANSWER_MS = 2000  # a window may be held up for a moment
SHOWN = b"shown"


def show_other(path: Path) -> bool:
    """Bring the window to the front that has this folder or workspace open; tell whether one has.

    A window that does not answer counts as none.
    """
    socket = QLocalSocket()
    socket.connectToServer(_name(path))
    if not socket.waitForConnected(ANSWER_MS):
        return False
    return socket.waitForReadyRead(ANSWER_MS) and bytes(socket.readAll().data()) == SHOWN


class OneWindow(QObject):
    """Answers for the dataset that a window shows, until another one is claimed."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._servers: dict[str, QLocalServer] = {}

    def claim(self, *paths: Path) -> None:
        """Answer for these paths, of one dataset, and for no others."""
        names = {_name(path) for path in paths}
        if names == set(self._servers):
            return
        self.release()
        for name in names:
            server = QLocalServer(self)
            server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
            server.newConnection.connect(self._show)
            if not server.listen(name):
                QLocalServer.removeServer(name)  # left by a program that was killed
                server.listen(name)
            self._servers[name] = server

    def has(self, path: Path) -> bool:
        """Whether this window answers for a path itself."""
        return _name(path) in self._servers

    def release(self) -> None:
        """Answer for nothing."""
        for server in self._servers.values():
            server.close()
            server.deleteLater()
        self._servers = {}

    @Slot()
    def _show(self) -> None:
        for server in self._servers.values():
            while (socket := server.nextPendingConnection()) is not None:
                socket.write(SHOWN)
                socket.flush()
                socket.disconnected.connect(socket.deleteLater)
                socket.disconnectFromServer()
        window = self._window
        if window.isMinimized():
            window.showNormal()
        window.raise_()
        window.activateWindow()
        QApplication.alert(window)  # where a system lets no program come to the front by itself


def _name(path: Path) -> str:
    """Return the name of the socket for a path: another one for each user."""
    place = path
    with contextlib.suppress(OSError):
        place = path.resolve()
    whose = f"{Path.home()}\n{place}".encode("utf-8", "surrogateescape")
    name = f"image-embedding-{hashlib.sha256(whose).hexdigest()[:20]}"
    if sys.platform == "win32":
        return name
    with warnings.catch_warnings(action="ignore"):  # that the session has no folder for it
        folder = platformdirs.user_runtime_path("image-embedding", appauthor=False)
    with contextlib.suppress(OSError):  # then nobody can listen there, and nobody does
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return str(folder / name)
