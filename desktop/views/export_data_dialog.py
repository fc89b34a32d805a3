"""Asks in which format the embeddings are to be written, and where to."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop.language import told, tr
from desktop.theme import SPACE
from desktop.views.save_dialog import ask_for_file
from desktop.views.widgets import button, label, padded, shown
from engine.map_image import DPI
from engine.pipeline import EXPORTS, PRINT_DPI
from engine.wording import mark

WIDTH = 560
# What each format is good for.
SAYS = {
    "tsv": mark(
        "Vectors and metadata in two files, as TensorBoard and the projector's site take them."
    ),
    "tensorboard": mark(
        "Vectors, classes, pictures and your maps, for any installation of TensorBoard."
    ),
    "csv": mark("Paths, classes, predictions and places on the maps, for table programs."),
    "parquet": mark(
        "Vectors and all that is known of them, for pandas, Polars, DuckDB and others."
    ),
    "npz": mark("Vectors and all that is known of them, for NumPy."),
    "png": mark("The map with its legend, as large as a sheet of A4."),
    "html": mark("A page that needs no network: map, scores, confusion matrix, worst labels."),
}


class ExportDataDialog(QDialog):
    """One button for each format; *Export…* asks for the place."""

    export_requested = Signal(str, object, int)  # format, Path, dots per inch

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        """Propose names beside a dataset folder."""
        super().__init__(parent)
        self._folder = folder
        self.setWindowTitle(tr("Export"))
        self.choices = {kind: QRadioButton(told(EXPORTS[kind].name)) for kind in EXPORTS}
        self.dpi = padded(QSpinBox(minimum=DPI[0], maximum=DPI[1], value=PRINT_DPI))
        self.dpi.setSuffix(f" {tr('dpi')}")
        self.dpi.setAccessibleName(tr("Resolution"))
        self.export_button = button(tr("Export…"), "primary")
        self.export_button.setDefault(True)
        cancel = button(tr("Cancel"))
        self._group = QButtonGroup(self)
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * SPACE)
        grid.setVerticalSpacing(SPACE)
        grid.setColumnStretch(1, 1)
        for row, (kind, choice) in enumerate(self.choices.items()):
            self._group.addButton(choice)
            says = label(tr(SAYS.get(kind, "")), "muted", wrap=True)
            choice.setAccessibleDescription(says.text())
            grid.addWidget(choice, row, 0)
            grid.addWidget(self._with_resolution(says) if kind == "png" else says, row, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.export_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        column.addLayout(grid, 1)
        column.addLayout(buttons)
        next(iter(self.choices.values())).setChecked(True)
        self._group.buttonToggled.connect(self._show_resolution)
        self._show_resolution()
        self.export_button.clicked.connect(self._ask_place)
        cancel.clicked.connect(self.reject)
        self.resize(WIDTH, self.sizeHint().height())

    @property
    def kind(self) -> str:
        """The format that is chosen."""
        return next(kind for kind, choice in self.choices.items() if choice.isChecked())

    def _with_resolution(self, says: QWidget) -> QWidget:
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(says, 1)
        row.addWidget(self.dpi)
        return both

    def _show_resolution(self) -> None:
        self.dpi.setEnabled(self.kind == "png")

    def _ask_place(self) -> None:
        kind, suffix = self.kind, EXPORTS[self.kind].suffix
        title = tr("Export: {what}", what=told(EXPORTS[kind].name))
        beside = self._folder.parent
        if suffix:
            start = beside / f"{self._folder.name}{suffix}"
            ask_for_file(self, title, start, lambda place: self._export(kind, place))
            return
        name = QFileDialog.getExistingDirectory(self, title, shown(beside))
        if name:
            self._export(kind, Path(name))

    def _export(self, kind: str, place: Path) -> None:
        self.export_requested.emit(kind, place, self.dpi.value())
        self.accept()
