"""What the program is, what it is made of, and under which licences."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.licences import OF_QT, Library
from desktop.theme import SPACE
from desktop.views.widgets import button, fit_height, label

ABOUT = "Walk through a folder of images as a 3D map in which similar images lie together."
LICENCE = (
    "MIT licence. Backbones and ImageNet weights by Keras Applications, Apache 2.0. "
    f"{OF_QT.partition('. ')[0]}."
)
PRIVACY = "Nothing leaves this computer; only weights that you choose are downloaded."
ICON_SIDE = 64
WIDTH, SIZE = 520, (820, 560)


class AboutDialog(QDialog):
    """Names, versions, and a way to the licences."""

    def __init__(
        self,
        versions: Mapping[str, str],
        libraries: Sequence[Library],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("About Image Embedding")
        self._versions, self._libraries = versions, libraries
        icon = label()
        icon.setPixmap(QIcon(QApplication.windowIcon()).pixmap(ICON_SIDE, ICON_SIDE))
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * SPACE)
        grid.setVerticalSpacing(SPACE // 2)
        grid.setColumnStretch(1, 1)
        for row, (name, version) in enumerate(versions.items()):
            grid.addWidget(label(name, "muted"), row, 0)
            grid.addWidget(label(version), row, 1)
        head = QVBoxLayout()
        head.addWidget(label("Image Embedding", "title"))
        head.addWidget(label(ABOUT, wrap=True))
        top = QHBoxLayout()
        top.setSpacing(2 * SPACE)
        top.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(head, 1)
        self.copy_button = button("Copy versions")
        self.copy_button.clicked.connect(self._copy)
        self.licences_button = button("Licences…", tip="Of every library that the program needs")
        self.licences_button.clicked.connect(self._show_licences)
        close = button("Close", "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * SPACE, 3 * SPACE, 3 * SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        column.addLayout(top)
        column.addLayout(grid)
        column.addWidget(label(LICENCE, "muted", wrap=True))
        column.addWidget(label(PRIVACY, "muted", wrap=True))
        column.addLayout(_foot(self.copy_button, self.licences_button, close))

    def showEvent(self, event: QShowEvent) -> None:
        """Take the height that the texts need."""
        super().showEvent(event)
        fit_height(self, WIDTH)

    def _copy(self) -> None:
        lines = (f"{name}: {version}" for name, version in self._versions.items())
        QApplication.clipboard().setText("\n".join(lines))

    def _show_licences(self) -> None:
        dialog = LicencesDialog(self._libraries, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


class LicencesDialog(QDialog):
    """A list of libraries, and the licence of the one that is chosen."""

    def __init__(self, libraries: Sequence[Library], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Licences")
        self._libraries = libraries
        self.list = QTreeWidget()
        self.list.setHeaderLabels(["Library", "Version", "Licence"])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAccessibleName("Libraries")
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for library in libraries:
            line = [library.name, library.version, library.licence]
            self.list.addTopLevelItem(QTreeWidgetItem(line))
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName("Text of the licence")
        self.text.setTabChangesFocus(True)
        self.list.currentItemChanged.connect(self._show_text)
        both = QSplitter(Qt.Orientation.Horizontal)
        both.addWidget(self.list)
        both.addWidget(self.text)
        both.setSizes([SIZE[0] // 2, SIZE[0] // 2])
        close = button("Close", "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        column.addWidget(both, 1)
        column.addLayout(_foot(close))
        self.resize(*SIZE)
        if first := self.list.topLevelItem(0):
            self.list.setCurrentItem(first)

    def _show_text(self, item: QTreeWidgetItem) -> None:
        self.text.setPlainText(self._libraries[self.list.indexOfTopLevelItem(item)].text())


def _foot(*buttons: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    for each in buttons[:-1]:
        row.addWidget(each)
    row.addStretch(1)
    row.addWidget(buttons[-1])
    return row
