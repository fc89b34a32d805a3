"""Shows what would be moved on the disk before anything is."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop.theme import SPACE
from desktop.views.widgets import button, label, shown
from engine.pipeline import Plan
from engine.workspace import History

COLUMNS = ("From", "To", "Why")
SIZE = (820, 520)
STAYS = "stays where it is"
RENAMED = "the name is taken"

Index = QModelIndex | QPersistentModelIndex


class PlanModel(QAbstractTableModel):
    """One row for each file: what cannot be moved first, then the moves."""

    def __init__(self, plan: Plan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._blocked, self._moves = plan.blocked, plan.moves

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return how many files there are."""
        return 0 if parent.isValid() else len(self._blocked) + len(self._moves)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the name of a column."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        is_name = role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal
        return COLUMNS[section] if is_name else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return shown(self._row(index.row())[index.column()])
        return None

    def _row(self, row: int) -> Sequence[str]:
        if row < len(self._blocked):
            blocked = self._blocked[row]
            return blocked.path, STAYS, blocked.reason
        move = self._moves[row - len(self._blocked)]
        return move.source, move.target, f"{move.reason}, {RENAMED}" if move.renamed else (
            move.reason
        )  # fmt: skip


class ApplyDialog(QDialog):
    """A table of moves; nothing is done before the button is pressed."""

    apply_wanted = Signal(bool)  # whether everything is moved back
    revert_wanted = Signal()  # to see what would be moved back

    def __init__(
        self,
        plan: Plan,
        back: bool,
        folder: Path,
        history: History,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Move all back" if back else "Apply to disk")
        self.says = label(_says(plan, back, folder), wrap=True)
        self.table = QTableView()
        self.table.setModel(PlanModel(plan, self))
        self.table.setAccessibleName("Files")
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.setWordWrap(False)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        files = "1 file" if len(plan.moves) == 1 else f"{len(plan.moves):,} files"
        self.apply_button = button(f"Move {files}", "primary")
        self.apply_button.setEnabled(bool(plan.moves))
        self.apply_button.setDefault(True)
        self.revert_button = button("Move all back…", tip="Undo every move made so far")
        self.revert_button.setVisible(not back and history.applied > 0)
        self.revert_button.setAutoDefault(False)
        cancel = button("Cancel")
        cancel.setAutoDefault(False)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        buttons.addWidget(self.revert_button)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.apply_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        column.addWidget(self.says)
        column.addWidget(self.table, 1)
        column.addLayout(buttons)
        self.apply_button.clicked.connect(self.accept)
        self.revert_button.clicked.connect(self._revert)
        cancel.clicked.connect(self.reject)
        self.accepted.connect(lambda: self.apply_wanted.emit(back))
        self.resize(*SIZE)

    def _revert(self) -> None:
        self.reject()
        self.revert_wanted.emit()


def _says(plan: Plan, back: bool, folder: Path) -> str:
    moves, blocked = len(plan.moves), len(plan.blocked)
    renamed = sum(move.renamed for move in plan.moves)
    where = f"in “{shown(folder.name)}”"
    if not moves:
        none = "The file to move" if blocked == 1 else f"None of {blocked:,} files"
        can = "cannot" if blocked == 1 else "can"
        return f"{none} {where} {can} be moved; the list says why."
    files, are = ("1 file", "is") if moves == 1 else (f"{moves:,} files", "are")
    listed = "it is listed" if blocked == 1 else "they are listed"
    said = [f"{blocked:,} cannot be moved: {listed} first."] if blocked else []
    said.append(
        f"{files} {where} {are} moved back to where they were first."
        if back
        else f"{files} {where} {are} moved into the folders of their classes; what is "
        "excluded goes into “_excluded”."
    )
    if renamed:
        said.append(f"{renamed:,} get another name, since theirs is taken.")
    said.append("No file is written over or deleted, and all can be moved back.")
    return " ".join(said)
