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

from desktop.language import plural, told, tr
from desktop.theme import SPACE
from desktop.views.widgets import button, label, shown
from engine.pipeline import Plan
from engine.wording import mark
from engine.workspace import History

COLUMNS = (mark("From"), mark("To"), mark("Why"))
SIZE = (820, 520)

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
        return tr(COLUMNS[section]) if is_name else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return shown(self._row(index.row())[index.column()])
        return None

    def _row(self, row: int) -> Sequence[str]:
        if row < len(self._blocked):
            blocked = self._blocked[row]
            return blocked.path, tr("stays where it is"), told(blocked.reason)
        move = self._moves[row - len(self._blocked)]
        why = told(move.reason)
        if move.renamed:
            why = tr("{why}, the name is taken", why=why)
        return move.source, move.target, why


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
        self.setWindowTitle(tr("Move all back") if back else tr("Apply to disk"))
        self.says = label(_says(plan, back, folder), wrap=True)
        self.table = QTableView()
        self.table.setModel(PlanModel(plan, self))
        self.table.setAccessibleName(tr("Files"))
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.setWordWrap(False)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        move = plural("Move {count:,} file", "Move {count:,} files", len(plan.moves))
        self.apply_button = button(move, "primary")
        self.apply_button.setEnabled(bool(plan.moves))
        self.apply_button.setDefault(True)
        self.revert_button = button(tr("Move all back…"), tip=tr("Undo every move made so far"))
        self.revert_button.setVisible(not back and history.applied > 0)
        self.revert_button.setAutoDefault(False)
        cancel = button(tr("Cancel"))
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
    where = shown(folder.name)
    if not moves:
        return (
            tr("The file to move in “{folder}” cannot be moved; the list says why.", folder=where)
            if blocked == 1
            else tr(
                "None of {count:,} files in “{folder}” can be moved; the list says why.",
                count=blocked,
                folder=where,
            )
        )
    said = []
    if blocked:
        said.append(
            plural(
                "{count:,} cannot be moved: it is listed first.",
                "{count:,} cannot be moved: they are listed first.",
                blocked,
            )
        )
    if back:
        said.append(
            plural(
                "{count:,} file in “{folder}” is moved back to where it was first.",
                "{count:,} files in “{folder}” are moved back to where they were first.",
                moves,
                folder=where,
            )
        )
    else:
        said.append(
            plural(
                "{count:,} file in “{folder}” is moved into the folder of its class; what is "
                "excluded goes into “_excluded”.",
                "{count:,} files in “{folder}” are moved into the folders of their classes; what "
                "is excluded goes into “_excluded”.",
                moves,
                folder=where,
            )
        )
    if renamed:
        said.append(
            plural(
                "{count:,} gets another name, since its own is taken.",
                "{count:,} get another name, since theirs is taken.",
                renamed,
            )
        )
    said.append(tr("No file is written over or deleted, and all can be moved back."))
    return " ".join(said)
