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

from desktop.language import tr
from desktop.licences import Library
from desktop.theme import SPACE
from desktop.views.widgets import button, fit_height, label
from engine.wording import mark

ABOUT = mark("Walk through a folder of images as a 3D map in which similar images lie together.")
LICENCE = mark(
    "MIT licence. Backbones and ImageNet weights by Keras Applications, Apache 2.0. Qt and PySide "
    "are used under the GNU Lesser General Public License, version 3."
)
PRIVACY = mark("Nothing leaves this computer; only weights that you choose are downloaded.")
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
        self.setWindowTitle(tr("About Image Embedding"))
        self._versions, self._libraries = versions, libraries
        icon = label()
        icon.setPixmap(QIcon(QApplication.windowIcon()).pixmap(ICON_SIDE, ICON_SIDE))
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * SPACE)
        grid.setVerticalSpacing(SPACE // 2)
        grid.setColumnStretch(1, 1)
        for row, (name, version) in enumerate(versions.items()):
            grid.addWidget(label(name, "muted"), row, 0)
            grid.addWidget(label(tr(version)), row, 1)  # which may be a word
        head = QVBoxLayout()
        head.addWidget(label("Image Embedding", "title"))
        head.addWidget(label(tr(ABOUT), wrap=True))
        top = QHBoxLayout()
        top.setSpacing(2 * SPACE)
        top.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(head, 1)
        self.copy_button = button(tr("Copy versions"))
        self.copy_button.clicked.connect(self._copy)
        tip = tr("Of every library that the program needs")
        self.licences_button = button(tr("Licences…"), tip=tip)
        self.licences_button.clicked.connect(self._show_licences)
        close = button(tr("Close"), "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * SPACE, 3 * SPACE, 3 * SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        column.addLayout(top)
        column.addLayout(grid)
        column.addWidget(label(tr(LICENCE), "muted", wrap=True))
        column.addWidget(label(tr(PRIVACY), "muted", wrap=True))
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
        self.setWindowTitle(tr("Licences"))
        self._libraries = libraries
        self.list = QTreeWidget()
        self.list.setHeaderLabels([tr("Library"), tr("Version"), tr("Licence")])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAccessibleName(tr("Libraries"))
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for library in libraries:
            line = [library.name, library.version, library.licence]
            self.list.addTopLevelItem(QTreeWidgetItem(line))
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName(tr("Text of the licence"))
        self.text.setTabChangesFocus(True)
        self.list.currentItemChanged.connect(self._show_text)
        both = QSplitter(Qt.Orientation.Horizontal)
        both.addWidget(self.list)
        both.addWidget(self.text)
        both.setSizes([SIZE[0] // 2, SIZE[0] // 2])
        close = button(tr("Close"), "primary")
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
