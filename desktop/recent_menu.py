"""The menu of the folders that were opened lately."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QMenu, QWidget

from desktop.language import tr
from desktop.views.widgets import shown


class RecentMenu(QMenu):
    """Lists the folders that are still there; asked for anew each time it is opened."""

    def __init__(
        self,
        folders: Callable[[], tuple[str, ...]],
        open_path: Callable[[Path], None],
        clear: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Open &recent"), parent)
        self._folders, self._open_path, self._clear = folders, open_path, clear
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """List them."""
        self.clear()
        folders = self._folders()
        for number, folder in enumerate(map(Path, folders), start=1):
            name = shown(folder.name).replace("&", "&&")
            action = self.addAction(f"&{number}  {name}")
            action.setStatusTip(shown(folder))
            action.triggered.connect(lambda _=False, folder=folder: self._open_path(folder))
        if folders:
            self.addSeparator()
        clear = self.addAction(tr("&Clear"))
        clear.setStatusTip(tr("Forget them; the folders themselves stay"))
        clear.setEnabled(bool(folders))
        clear.triggered.connect(lambda: self._clear())
