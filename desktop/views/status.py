"""The bar at the foot of the window: what happened last, and what is open."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from desktop.language import tr
from desktop.views.widgets import button, shown


class Status(QStatusBar):
    """Says one thing at a time; may offer to open the folder that it speaks of."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = Path()
        self.folder_button = button(tr("Open the folder"), tip=tr("See what was just written"))
        self.folder_button.hide()
        self.folder_button.clicked.connect(self._open_folder)
        self.facts = QLabel()
        self.addPermanentWidget(self.folder_button)
        self.addPermanentWidget(self.facts)

    def say(self, text: str) -> None:
        """Say something else."""
        self.showMessage(text)
        self.folder_button.hide()

    def offer_folder(self, folder: Path) -> None:
        """Offer to look at what was written, until something else is said."""
        self._folder = folder
        self.folder_button.show()

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(shown(self._folder)))
