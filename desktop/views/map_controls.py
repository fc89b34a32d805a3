"""The row above the map: which map, flat or not, what dragging does, colours, search."""

from dataclasses import dataclass

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from desktop.language import tr
from desktop.theme import SPACE
from desktop.views.arrange_form import ArrangeForm
from desktop.views.widgets import label, shown
from engine.colouring import (
    AGREEMENT,
    CLASSES,
    CLUSTERS,
    CONFIDENCE,
    OF_TRAINING,
    PREDICTED,
    SUGGESTED,
    SUSPICION,
    VERDICT,
)
from engine.projection.options import ProjectionOptions
from engine.wording import mark

METHODS = {"pca": "PCA", "umap": "UMAP", "tsne": "t-SNE", "axes": mark("Between two classes")}
DIMS = {"3": ("3D", mark("A map to turn (D)")), "2": ("2D", mark("A flat map (D)"))}
TOOLS = {
    "orbit": (mark("Turn"), mark("Drag to turn the map (V)")),
    "box": (mark("Box"), mark("Drag a box to select (B); Shift adds, Alt takes away")),
    "lasso": (mark("Lasso"), mark("Encircle to select (L); Shift adds, Alt takes away")),
}
COLOURINGS = {
    CLASSES: (mark("Class"), mark("The class that you gave, else the folder of each image")),
    SUGGESTED: (
        mark("Suggested class"),
        mark("Classes, and what they say of images without one"),
    ),
    CLUSTERS: (mark("Cluster"), mark("Groups that the embedding itself shows")),
    AGREEMENT: (
        mark("Map agreement"),
        mark("How many true neighbours lie near each point on this map"),
    ),
    PREDICTED: (
        mark("Predicted class"),
        mark("What a classifier says that had not seen the picture"),
    ),
    CONFIDENCE: (mark("Confidence"), mark("How sure the classifier is of it")),
    VERDICT: (mark("Right or wrong"), mark("Whether the classifier recognised the picture")),
    SUSPICION: (mark("Suspicion"), mark("How doubtful the class of each image is")),
}
LEAST_WIDTH = 110  # of the search; in a narrow window the list of maps gives way to it


@dataclass(frozen=True, slots=True)
class MapChoices:
    """tool: what dragging does.    search: what is written there.    form: of another map."""

    tool: str
    search: str
    form: ProjectionOptions


class MapControls(QWidget):
    """Says what the user wants; shows what is."""

    arrange_requested = Signal(object)  # ProjectionOptions
    tool_chosen = Signal(str)
    colouring_chosen = Signal(str)
    search_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.method = QComboBox()
        for name, text in METHODS.items():
            self.method.addItem(tr(text), name)
        self.method.setAccessibleName(tr("How the map is made"))
        self.form = ArrangeForm()
        self.options_button = QToolButton()
        self.options_button.setText(tr("Options"))
        self.options_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self)
        holder = QWidgetAction(self.menu)
        holder.setDefaultWidget(self.form)
        self.menu.addAction(holder)
        # A menu measures what is in it once, until that changes.
        self.form.resized.connect(lambda: holder.setData(self.form.sizeHint()))
        self.options_button.setMenu(self.menu)
        self.dims = self._group(DIMS)
        self.tools = self._group(TOOLS)
        self.colour = QComboBox()
        self.colour.setAccessibleName(tr("Colour by"))
        for name, (text, tip) in COLOURINGS.items():
            self.colour.addItem(tr(text), name)
            place = self.colour.count() - 1
            self.colour.setItemData(place, tr(tip), Qt.ItemDataRole.ToolTipRole)
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.setPlaceholderText(tr("Find by name or class"))
        self.search.setAccessibleName(tr("Find images by name or class"))
        self._completions = QStringListModel(self)
        completer = QCompleter(self._completions, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.search.setCompleter(completer)
        for chooser in (self.method, self.colour):
            # Not by the mouse: after a choice letters are keys of the map again.
            chooser.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.method.setMinimumWidth(LEAST_WIDTH)
        self.search.setMinimumWidth(LEAST_WIDTH)
        self.show_trained(False)
        self.show_judged(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE, SPACE // 2, SPACE, SPACE // 2)
        row.setSpacing(SPACE)
        row.addWidget(self.method)
        row.addWidget(self.options_button)
        for group in (self.dims, self.tools):
            row.addSpacing(SPACE)
            for each in group.buttons():
                row.addWidget(each)
        row.addSpacing(SPACE)
        row.addWidget(label(tr("Colour by"), "muted"))
        row.addWidget(self.colour)
        row.addStretch(1)
        row.addWidget(self.search, 2)
        self.method.activated.connect(self._choose_method)
        self.dims.idClicked.connect(self._choose_dims)
        self.tools.buttonClicked.connect(
            lambda pressed: self.tool_chosen.emit(pressed.objectName())
        )
        self.colour.activated.connect(
            lambda place: self.colouring_chosen.emit(self.colour.itemData(place))
        )
        self.form.make_requested.connect(self._make)
        self.search.returnPressed.connect(lambda: self.search_requested.emit(self.search.text()))
        self.search.textChanged.connect(self._forget_search)

    @property
    def wanted_dims(self) -> int:
        """2 or 3, as the buttons say."""
        return 2 if self.dims.buttons()[1].isChecked() else 3

    @property
    def choices(self) -> MapChoices:
        """What is chosen, apart from what the map shows already."""
        tool = next(each.objectName() for each in self.tools.buttons() if each.isChecked())
        return MapChoices(tool, self.search.text(), self.form.options(self.wanted_dims))

    def show_choices(self, choices: MapChoices) -> None:
        """Show other choices; nothing is searched, and no map is made."""
        self.choose_tool(choices.tool)
        self.search.setText(choices.search)
        self.form.choose(choices.form)

    def set_busy(self, busy: bool) -> None:
        """Ask for no other map and no other colours while a job runs."""
        for each in self._choosers:
            each.setEnabled(not busy)

    @property
    def is_chosen_from(self) -> bool:
        """Whether something has the focus that is not to be used while a job runs."""
        return self.window().focusWidget() in self._choosers

    @property
    def _choosers(self) -> tuple[QWidget, ...]:
        return (self.method, self.options_button, self.colour, *self.dims.buttons())

    def show_map(self, method: str, dims: int) -> None:
        """Show which map is seen."""
        self.method.setCurrentIndex(self.method.findData(method))
        self.form.show_method(method)
        self.dims.buttons()[0 if dims == 3 else 1].setChecked(True)

    def show_classes(self, classes: list[str]) -> None:
        """Offer the classes to the search and as ends of an axis."""
        self.form.show_classes(classes)
        self._completions.setStringList([shown(name) for name in classes])
        model = self.method.model()
        item = model.item(self.method.findData("axes"))  # type: ignore[attr-defined]
        item.setEnabled(len(classes) > 1)

    def show_trained(self, is_trained: bool) -> None:
        """Offer the colourings of a classifier where there is one."""
        model = self.colour.model()
        for title in OF_TRAINING:
            item = model.item(self.colour.findData(title))  # type: ignore[attr-defined]
            item.setEnabled(is_trained)

    def show_judged(self, is_judged: bool) -> None:
        """Offer the colouring by doubtful labels where they were looked for."""
        model = self.colour.model()
        item = model.item(self.colour.findData(SUSPICION))  # type: ignore[attr-defined]
        item.setEnabled(is_judged)

    def show_colouring(self, title: str) -> None:
        """Show what the colours say: the title of a colouring."""
        self.colour.setCurrentIndex(self.colour.findData(title))

    def choose(self, method: str) -> None:
        """Ask for a map, as if it had been chosen from the list."""
        self.method.setCurrentIndex(self.method.findData(method))
        self._choose_method(self.method.currentIndex())

    def flip_dims(self) -> None:
        """Ask for the flat map, or for the deep one."""
        self.dims.buttons()[1 if self.wanted_dims == 3 else 0].click()

    def choose_tool(self, name: str) -> None:
        """Choose what dragging does."""
        next(each for each in self.tools.buttons() if each.objectName() == name).click()

    def _choose_method(self, place: int) -> None:
        self.form.show_method(self.method.itemData(place))
        self._make()

    def _choose_dims(self, _: int) -> None:
        self._make()

    def _make(self) -> None:
        self.menu.close()
        self.arrange_requested.emit(self.form.options(self.wanted_dims))

    def _forget_search(self, text: str) -> None:
        if not text:
            self.search_requested.emit("")

    def _group(self, choices: dict[str, tuple[str, str]]) -> QButtonGroup:
        """Return buttons of which one is down, the first at the start."""
        group = QButtonGroup(self)
        for place, (name, (text, tip)) in enumerate(choices.items()):
            each = QToolButton()
            each.setText(tr(text))
            each.setToolTip(tr(tip))
            each.setObjectName(name)
            each.setCheckable(True)
            each.setChecked(place == 0)
            group.addButton(each, place)
        return group
