"""How the map is made: the parameters of each method, and the button that makes it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop.language import tr
from desktop.theme import SPACE
from desktop.views.widgets import FieldLabel, button, label, padded, shown
from engine.projection.options import METRICS, ProjectionOptions
from engine.wording import mark

SAYS = {
    "pca": mark(
        "The directions in which the images differ most. There at once; distances are true as far "
        "as they can be."
    ),
    "umap": mark(
        "Neighbours lie together, and groups apart. The sizes of groups and the distances between "
        "them mean little."
    ),
    "tsne": mark("Near images lie together, in even finer groups. Takes longer than UMAP."),
    "axes": mark("The first axis leads from the centre of one class to that of another."),
}
METRIC_NAMES = {"cosine": mark("cosine"), "euclidean": mark("euclidean")}
USES = {
    "pca": ("seed",),
    "umap": ("neighbors", "min_dist", "metric_box", "seed"),
    "tsne": ("perplexity", "metric_box", "seed"),
    "axes": ("axis_from", "axis_to"),
}


class ArrangeForm(QWidget):
    """Asks for the parameters that the chosen method listens to."""

    make_requested = Signal()
    resized = Signal()  # another method asks for more or less

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.method = "pca"
        self.says = label("", "muted", wrap=True)
        self.says.setMinimumWidth(260)
        self.neighbors = padded(QSpinBox(minimum=2, maximum=200, value=15))
        self.min_dist = padded(QDoubleSpinBox(minimum=0, maximum=1, value=0.1, singleStep=0.05))
        self.perplexity = padded(QDoubleSpinBox(minimum=2, maximum=200, value=30, decimals=0))
        self.metric_box = QComboBox()
        for metric in METRICS:
            self.metric_box.addItem(tr(METRIC_NAMES[metric]), metric)
        self.seed = padded(QSpinBox(minimum=0, maximum=2**31 - 1))
        self.axis_from, self.axis_to = QComboBox(), QComboBox()
        self.make_button = button(tr("Make the map"), "primary")
        self.make_button.clicked.connect(self.make_requested)
        self.form = QFormLayout()
        self.form.setSpacing(SPACE)
        for name, text in (
            ("neighbors", tr("&Neighbours")),
            ("min_dist", tr("&Least distance")),
            ("perplexity", tr("&Perplexity")),
            ("metric_box", tr("&Metric")),
            ("axis_from", tr("&From")),
            ("axis_to", tr("&To")),
            ("seed", tr("&Seed")),
        ):
            field = getattr(self, name)
            self.form.addRow(FieldLabel(text, field), field)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addWidget(self.says)
        column.addLayout(self.form)
        column.addWidget(self.make_button)
        self.show_method("pca")

    def show_method(self, method: str) -> None:
        """Ask for the parameters of a method."""
        self.method = method
        self.says.setText(tr(SAYS[method]))
        for names in USES.values():
            for name in names:
                self.form.setRowVisible(getattr(self, name), name in USES[method])
        self.adjustSize()
        self.resized.emit()

    def show_classes(self, classes: list[str]) -> None:
        """Offer the classes as ends of an axis."""
        for box, place in ((self.axis_from, 0), (self.axis_to, 1)):
            known = [box.itemData(index) for index in range(box.count())]
            if known != classes:
                box.clear()
                for name in classes:
                    box.addItem(shown(name), name)
                box.setCurrentIndex(min(place, len(classes) - 1))

    def choose(self, options: ProjectionOptions) -> None:
        """Show other parameters, all but the method: the map that is seen has one."""
        self.seed.setValue(options.seed)
        self.neighbors.setValue(options.neighbors)
        self.min_dist.setValue(options.min_dist)
        self.perplexity.setValue(options.perplexity)
        self.metric_box.setCurrentIndex(self.metric_box.findData(options.metric))
        for box, name in zip((self.axis_from, self.axis_to), options.axis, strict=True):
            box.setCurrentIndex(box.findData(name))

    def options(self, dims: int) -> ProjectionOptions:
        """Return what is asked for."""
        return ProjectionOptions(
            method=self.method,
            dims=dims,
            seed=self.seed.value(),
            neighbors=self.neighbors.value(),
            min_dist=round(self.min_dist.value(), 4),
            perplexity=self.perplexity.value(),
            metric=self.metric_box.currentData(),
            axis=(self.axis_from.currentData() or "", self.axis_to.currentData() or ""),
        )
