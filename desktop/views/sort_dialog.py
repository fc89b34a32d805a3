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

from desktop.theme import SPACE
from desktop.views.widgets import button, label, shown
from engine.errors import EngineError
from engine.pipeline import Trained
from engine.sorting import UNSURE, check_apart

WIDTH = 520
UNSURE_BELOW = 70  # per cent


class SortDialog(QDialog):
    """One form: source, target, threshold; *Sort* is offered once they make sense."""

    sort_requested = Signal(object, object, float)  # source, target, probability

    def __init__(self, trained: Trained, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trained = trained
        self.setWindowTitle("Sort a folder")
        self.source, self.target = QLineEdit(), QLineEdit()
        self.source.setAccessibleName("Folder of the pictures")
        self.target.setAccessibleName("Folder to copy them into")
        self.unsure = QSpinBox(minimum=0, maximum=100, value=UNSURE_BELOW, suffix=" %")
        self.says = label("", "muted", wrap=True)
        self.says.setMinimumWidth(1)  # a long path is broken, rather than that the dialog grows
        self.sort_button = button("Sort", "primary")
        self.sort_button.setDefault(True)
        cancel = button("Cancel")
        self._proposed = ""
        form = QFormLayout()
        form.setSpacing(SPACE)
        form.addRow("&Pictures in", self._with_choice(self.source, "The folder to be sorted"))
        form.addRow("&Copy into", self._with_choice(self.target, "A folder for the copies"))
        form.addRow("&Unsure below", self.unsure)
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
        choose = button("Choose…")
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
            self._proposed = f"{Path(source)} sorted" if source else ""
            self.target.setText(self._proposed)
        self._explain()

    def _explain(self) -> None:
        problem = self._problem()
        name, names = shown(self._trained.model.name), self._trained.training.classes
        self.sort_button.setEnabled(not problem)
        self.says.setText(
            problem
            or f"Each picture is copied into one of {len(names)} folders, one for each class that "
            f"“{name}” knows. Those that it is less than {self.unsure.value()} % sure of, and "
            f"those unlike anything it has learnt from, are copied into “{UNSURE}”. Nothing is "
            "moved or written over."
        )

        # A label that breaks its lines does not ask for their height by itself.
        room = max(self.width(), WIDTH) - 4 * SPACE
        self.says.setMinimumHeight(self.says.heightForWidth(room))

    def _problem(self) -> str:
        source, target = self.source.text(), self.target.text()
        if not source or not target:
            return "Choose the folder with the pictures, and one that their copies go into."
        if not Path(source).is_dir():
            return f"“{source}” is no folder."
        try:
            check_apart(Path(source), Path(target))
        except EngineError as error:
            return shown(error)
        return ""

    def _ask(self) -> None:
        share = self.unsure.value() / 100
        self.sort_requested.emit(Path(self.source.text()), Path(self.target.text()), share)
