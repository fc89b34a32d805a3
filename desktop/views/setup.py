"""The second page: what is in the folder, and which backbone is to embed it."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QSpinBox,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.language import plural, told, tr
from desktop.theme import SPACE
from desktop.views.job_bar import in_words
from desktop.views.widgets import FieldLabel, button, card, label, padded, shown
from engine.backbones import BACKBONES, DEFAULT, Backbone, estimate_seconds
from engine.errors import EngineError
from engine.pipeline import ExtractOptions, Opened, size_note
from engine.weights import Availability, availability
from engine.wording import mark

POOLINGS = {"avg": mark("Average"), "max": mark("Maximum"), "flatten": mark("Flattened")}
PRECISIONS = {"auto": mark("Fast where as good"), "exact": mark("Exact"), "fast": mark("Fast")}
COLUMNS = (
    mark("Backbone"),
    mark("Weights"),
    mark("Input"),
    mark("Dimensions"),
    mark("Time for this folder"),
)
PRECISION_TIP = mark(
    "Exact calculates in 32 bits, as Keras does; fast in bfloat16, where the processor can."
)
CLASSES_SHOWN = 200
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
FIELD_WIDTH = 200


class SetupPage(QWidget):
    """Lets the user choose how to embed the folder that was opened."""

    start_requested = Signal(object)  # ExtractOptions
    back_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images = 0
        self.offered = DEFAULT  # the backbone that is chosen unless another one was before
        self._weights_file: Path | None = None
        self._title = label("", "title")
        self._summary = label("", "muted", wrap=True)
        self.backbones = self._backbone_list()
        self.classes = QTreeWidget()
        self.start_button = button(tr("Embed the images"), "primary")
        self.start_button.clicked.connect(self._start)
        back = button(tr("Back"))
        back.clicked.connect(self.back_requested)

        buttons = QHBoxLayout()
        buttons.addWidget(back)
        buttons.addStretch(1)
        buttons.addWidget(self.start_button)
        columns = QHBoxLayout()
        columns.setSpacing(2 * SPACE)
        columns.addWidget(self._folder_card(), 2)
        columns.addWidget(self._choice_card(), 5)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(4 * SPACE, 3 * SPACE, 4 * SPACE, 3 * SPACE)
        rows.setSpacing(SPACE)
        rows.addWidget(self._title)
        rows.addWidget(self._summary)
        rows.addSpacing(SPACE)
        rows.addLayout(columns, 1)
        rows.addSpacing(SPACE)
        rows.addLayout(buttons)

    def show_opened(self, opened: Opened) -> None:
        """Show what is in the folder, and the choice its latest run was made with."""
        dataset = opened.dataset
        self._images = len(dataset.images)
        self._title.setText(shown(dataset.folder.name))
        facts = [plural("{count:,} image", "{count:,} images", self._images)]
        if dataset.counts:
            facts.append(plural("{count} class", "{count} classes", len(dataset.counts)))
        else:
            facts.append(tr("no classes"))
        if dataset.skipped:
            facts.append(tr("{count} left out", count=len(dataset.skipped)))
        self._summary.setText(f"{', '.join(facts)} · {shown(dataset.folder)}")
        self._fill_classes(dataset.counts)
        before = opened.recipe.backbone if opened.recipe else self.offered
        self._fill_backbones(before if before in BACKBONES else self.offered)  # may be imported
        self._update_note()

    def options(self) -> ExtractOptions:
        """Return what is chosen."""
        return ExtractOptions(
            backbone=self._backbone().name,
            weights=str(self._weights_file) if self._weights_file else "",
            image_size=self.image_size.value(),
            pooling=self.pooling.currentData(),
            precision=self.precision.currentData(),
            live_map=True,
        )

    def choose(self, options: ExtractOptions) -> None:
        """Show other choices: what `options` said elsewhere."""
        self._weights_file = Path(options.weights) if options.weights else None
        self._fill_backbones(options.backbone)
        self.image_size.setValue(options.image_size)
        self.pooling.setCurrentIndex(self.pooling.findData(options.pooling))
        self.precision.setCurrentIndex(self.precision.findData(options.precision))
        self._update_note()

    def use_weights_file(self, file: Path | None) -> None:
        """Take the weights from a file of the user's; None takes ImageNet's again."""
        self._weights_file = file
        self._fill_backbones(self._backbone().name)
        self._update_note()

    def _folder_card(self) -> QFrame:
        self.classes.setHeaderLabels([tr("Class"), tr("Images")])
        self.classes.headerItem().setTextAlignment(1, RIGHT)
        self.classes.setRootIsDecorated(False)
        self.classes.setAccessibleName(tr("Classes"))
        self.classes.header().setStretchLastSection(False)
        self.classes.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.classes.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.classes.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.classes.setFrameShape(QFrame.Shape.NoFrame)
        return card(label(tr("In this folder"), "heading"), self.classes)

    def _choice_card(self) -> QFrame:
        self.image_size = padded(QSpinBox())
        self.image_size.setRange(0, 1024)
        self.image_size.setSpecialValueText(tr("the backbone's own"))
        self.image_size.setSuffix(f" {tr('pixels')}")
        self.image_size.valueChanged.connect(self._update_note)
        self.pooling = _chooser(POOLINGS)
        self.precision = _chooser(PRECISIONS)
        self.precision.setToolTip(tr(PRECISION_TIP))
        self._weights_button = button(
            tr("From a file…"), tip=tr("Weights that Keras saved (.h5, .keras)")
        )
        self._weights_button.clicked.connect(self._choose_weights)
        self._imagenet_button = button("ImageNet")
        self._imagenet_button.clicked.connect(lambda: self.use_weights_file(None))
        weights = QHBoxLayout()
        weights.addWidget(self._imagenet_button)
        weights.addWidget(self._weights_button)
        weights.addStretch(1)
        weights.setContentsMargins(0, 0, 0, 0)
        both = QWidget()
        both.setLayout(weights)
        for field in (self.image_size, self.pooling, self.precision):
            field.setFixedWidth(FIELD_WIDTH)
        form = QFormLayout()
        form.setHorizontalSpacing(2 * SPACE)
        form.setVerticalSpacing(SPACE)
        form.addRow(FieldLabel(tr("Image size"), self.image_size), self.image_size)
        form.addRow(FieldLabel(tr("Pooling"), self.pooling), self.pooling)
        form.addRow(FieldLabel(tr("Precision"), self.precision), self.precision)
        form.addRow(FieldLabel(tr("Weights"), both), both)
        form.setFormAlignment(Qt.AlignmentFlag.AlignLeft)
        options = QWidget()
        options.setLayout(form)
        form.setContentsMargins(0, SPACE, 0, 0)
        self._note = label("", "muted", wrap=True)
        return card(label(tr("Backbone"), "heading"), self.backbones, options, self._note)

    def _backbone_list(self) -> QTreeWidget:
        view = QTreeWidget()
        view.setHeaderLabels([tr(text) for text in COLUMNS])
        view.setRootIsDecorated(False)
        view.setUniformRowHeights(True)
        view.setAccessibleName(tr("Backbones"))
        view.setFrameShape(QFrame.Shape.NoFrame)
        header = view.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        view.itemSelectionChanged.connect(self._update_note)
        view.itemActivated.connect(self._start)
        return view

    def _fill_classes(self, counts: dict[str, int]) -> None:
        self.classes.clear()
        for name, count in list(counts.items())[:CLASSES_SHOWN]:
            item = QTreeWidgetItem([shown(name), f"{count:,}"])
            item.setTextAlignment(1, RIGHT)
            self.classes.addTopLevelItem(item)
        if len(counts) > CLASSES_SHOWN:
            more = len(counts) - CLASSES_SHOWN
            self.classes.addTopLevelItem(QTreeWidgetItem([tr("and {count} more", count=more)]))
        if not counts:
            row = [tr("(no subfolders)"), f"{self._images:,}"]
            item = QTreeWidgetItem(row)
            item.setTextAlignment(1, RIGHT)
            self.classes.addTopLevelItem(item)

    def _fill_backbones(self, selected: str) -> None:
        """List what works at once first; the order of the table otherwise."""
        self.backbones.blockSignals(True)
        self.backbones.clear()
        ranked = sorted(BACKBONES.values(), key=lambda b: list(Availability).index(availability(b)))
        for backbone in ranked:
            item = QTreeWidgetItem(self._row(backbone))
            item.setData(0, Qt.ItemDataRole.UserRole, backbone.name)
            self.backbones.addTopLevelItem(item)
            if backbone.name == selected:
                self.backbones.setCurrentItem(item)
        self.backbones.blockSignals(False)

    def _row(self, backbone: Backbone) -> list[str]:
        if self._weights_file is not None:
            weights = shown(self._weights_file.name)
        else:
            weights = told(availability(backbone))
            if availability(backbone) is Availability.TO_DOWNLOAD:
                size = backbone.weights_mb
                weights = tr("{weights} ({size:,.0f} MB)", weights=weights, size=size)
        seconds = estimate_seconds(backbone, self._images, backbone.native_size)
        return [
            backbone.name,
            weights,
            f"{backbone.native_size} x {backbone.native_size}",
            f"{backbone.dimensions:,}",
            tr("about {time}", time=in_words(seconds)),
        ]

    def _backbone(self) -> Backbone:
        item = self.backbones.currentItem()
        return BACKBONES[item.data(0, Qt.ItemDataRole.UserRole) if item else DEFAULT]

    def _update_note(self) -> None:
        try:
            note = told(size_note(self.options()))
        except EngineError as error:
            note = told(error)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._imagenet_button.setEnabled(self._weights_file is not None)

    def _choose_weights(self) -> None:
        files = f"{tr('Keras weights')} (*.h5 *.keras)"
        file, _ = QFileDialog.getOpenFileName(self, tr("Weights of the backbone"), "", files)
        if file:
            self.use_weights_file(Path(file))

    def _start(self) -> None:
        self.start_requested.emit(self.options())


def _chooser(choices: Mapping[str, str]) -> QComboBox:
    """Return a list of marked texts; its data are what they stand for."""
    field = QComboBox()
    for name, text in choices.items():
        field.addItem(tr(text), name)
    return field
