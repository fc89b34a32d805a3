"""Lists keys and what they do, menu by menu, in columns of about the same length."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.language import tr
from desktop.theme import SPACE
from desktop.views.widgets import button, label

COLUMNS = 3
HEADING_LINES = 3  # that a heading takes as much room as
SIZE = (1060, 640)


class ShortcutsDialog(QDialog):
    """Scrolls where the screen is small."""

    def __init__(
        self, groups: Mapping[str, Sequence[tuple[str, str]]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard and mouse"))
        inside = QWidget()
        across = QHBoxLayout(inside)
        across.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        across.setSpacing(4 * SPACE)
        for names in _columns(groups):
            column = QVBoxLayout()
            column.setSpacing(2 * SPACE)
            for name in names:
                column.addWidget(_group(name, groups[name]))
            column.addStretch(1)
            across.addLayout(column, 1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        close = button(tr("Close"), "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.setContentsMargins(2 * SPACE, 0, 2 * SPACE, 2 * SPACE)
        foot.addStretch(1)
        foot.addWidget(close)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area, 1)
        whole.addLayout(foot)
        self.resize(QSize(*SIZE).boundedTo(self.screen().availableGeometry().size()))


def _group(name: str, lines: Sequence[tuple[str, str]]) -> QWidget:
    whole = QWidget()
    grid = QGridLayout(whole)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(SPACE // 2)
    grid.addWidget(label(name, "heading"), 0, 0, 1, 2)
    for row, (what, keys) in enumerate(lines, start=1):
        grid.addWidget(label(what), row, 0)
        grid.addWidget(label(keys, "muted"), row, 1, Qt.AlignmentFlag.AlignRight)
    grid.setColumnStretch(0, 1)
    return whole


def _columns(groups: Mapping[str, Sequence[object]]) -> list[list[str]]:
    """Spread groups over columns in their order, each filled before the next is begun."""
    heights = {name: len(lines) + HEADING_LINES for name, lines in groups.items()}
    most = sum(heights.values()) / COLUMNS
    columns: list[list[str]] = [[]]
    height = 0
    for name, lines in heights.items():
        if height and height + lines / 2 > most and len(columns) < COLUMNS:
            columns.append([])
            height = 0
        columns[-1].append(name)
        height += lines
    return columns
