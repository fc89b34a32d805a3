"""Asks what is to be sorted into class folders, and says what will happen."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop.language import told, tr
from desktop.theme import SPACE
from desktop.views.widgets import FieldLabel, button, label, padded, shown
from engine.errors import EngineError
from engine.pipeline import Trained
from engine.sorting import UNSURE, check_apart
from engine.wording import mark

WIDTH = 520
UNSURE_BELOW = 70  # per cent
WHAT_HAPPENS = mark(
    "Each picture is copied into one of {count} folders, one for each class that “{name}” knows. "
    "Those that it is less than {share} % sure of, and those unlike anything it has learnt from, "
    "are copied into “{unsure}”. Nothing is moved or written over."
)


class SortDialog(QDialog):
    """One form: source, target, threshold; *Sort* is offered once they make sense."""

    sort_requested = Signal(object, object, float)  # source, target, probability

    def __init__(self, trained: Trained, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trained = trained
        self.setWindowTitle(tr("Sort a folder"))
        self.source, self.target = QLineEdit(), QLineEdit()
        self.source.setAccessibleName(tr("Folder of the pictures"))
        self.target.setAccessibleName(tr("Folder to copy them into"))
        self.unsure = padded(QSpinBox(minimum=0, maximum=100, value=UNSURE_BELOW, suffix=" %"))
        self.says = label("", "muted", wrap=True)
        self.says.setMinimumWidth(1)  # a long path is broken, rather than that the dialog grows
        self.sort_button = button(tr("Sort"), "primary")
        self.sort_button.setDefault(True)
        cancel = button(tr("Cancel"))
        self._proposed = ""
        form = QFormLayout()
        form.setSpacing(SPACE)
        source = self._with_choice(self.source, tr("The folder to be sorted"))
        target = self._with_choice(self.target, tr("A folder for the copies"))
        form.addRow(FieldLabel(tr("&Pictures in"), source), source)
        form.addRow(FieldLabel(tr("&Copy into"), target), target)
        form.addRow(FieldLabel(tr("&Unsure below"), self.unsure), self.unsure)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.sort_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        column.addLayout(form)
        column.addWidget(self.says, 1)
        column.addLayout(buttons)
        self.source.textChanged.connect(self._propose)
        self.target.textChanged.connect(self._explain)
        self.unsure.valueChanged.connect(self._explain)
        self.sort_button.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        self.accepted.connect(self._ask)
        self._explain()
        self.resize(WIDTH, self.sizeHint().height())

    def set_source(self, folder: Path) -> None:
        """Propose a folder to be sorted."""
        self.source.setText(shown(folder))

    def _with_choice(self, field: QLineEdit, title: str) -> QWidget:
        choose = button(tr("Choose…"))
        choose.setAccessibleName(title)
        choose.clicked.connect(lambda: self._choose(field, title))
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(field, 1)
        row.addWidget(choose)
        both.setFocusProxy(field)
        return both

    def _choose(self, field: QLineEdit, title: str) -> None:
        folder = QFileDialog.getExistingDirectory(self, title, field.text())
        if folder:
            field.setText(folder)

    def _propose(self) -> None:
        """Propose a target beside the source, unless another one was written."""
        if self.target.text() == self._proposed:
            source = self.source.text()
            self._proposed = tr("{folder} sorted", folder=Path(source)) if source else ""
            self.target.setText(self._proposed)
        self._explain()

    def _explain(self) -> None:
        problem = self._problem()
        self.sort_button.setEnabled(not problem)
        self.says.setText(
            problem
            or tr(
                WHAT_HAPPENS,
                count=len(self._trained.training.classes),
                name=shown(self._trained.model.name),
                share=self.unsure.value(),
                unsure=UNSURE,
            )
        )

        # A label that breaks its lines does not ask for their height by itself.
        room = max(self.width(), WIDTH) - 4 * SPACE
        self.says.setMinimumHeight(self.says.heightForWidth(room))

    def _problem(self) -> str:
        source, target = self.source.text(), self.target.text()
        if not source or not target:
            return tr("Choose the folder with the pictures, and one that their copies go into.")
        if not Path(source).is_dir():
            return tr("“{folder}” is no folder.", folder=source)
        try:
            check_apart(Path(source), Path(target))
        except EngineError as error:
            return shown(told(error))
        return ""

    def _ask(self) -> None:
        share = self.unsure.value() / 100
        self.sort_requested.emit(Path(self.source.text()), Path(self.target.text()), share)
