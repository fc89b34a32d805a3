"""The panel beside the map on which a classifier is trained and judged."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.theme import SPACE
from desktop.views.class_scores import ClassScores
from desktop.views.confusion_matrix import ConfusionMatrix
from desktop.views.epochs import Epochs
from desktop.views.learning import Learning
from desktop.views.models_table import ModelsTable
from desktop.views.reliability import Reliability
from desktop.views.section import Section
from desktop.views.training_options import TrainingOptions
from desktop.views.widgets import OneLine, button, card, label, shown
from engine.history import History
from engine.learning_curve import LearningCurve
from engine.pipeline import ClassifierOptions, FinetuneOptions, ModelSummary, Trained

SAYS = (
    "A classifier learns the classes from the embeddings. It is judged on pictures that it has "
    "not seen, and of which it has seen no copy."
)
TOO_FEW = "A classifier needs two classes or more: put the pictures of each into a subfolder."
CELLS = "Rows: what it is. Columns: what it was taken for. Click a cell to select its pictures."
NO_CELLS = (
    "Rows: what it is. Columns: what it was taken for. An earlier version trained this model: "
    "train again to select the pictures of a cell."
)
WIDTH = 380
NAMED = 5  # classes that are named in a sentence; more are counted


class TrainingPanel(QScrollArea):
    """Asks what to train; shows how good it is."""

    train_requested = Signal(object)  # ClassifierOptions or FinetuneOptions
    learning_curve_wanted = Signal(object)  # ClassifierOptions
    cell_chosen = Signal(int, int)  # true class, predicted class
    mistakes_requested = Signal()
    folder_requested = Signal()  # to see the model where it lies
    model_chosen = Signal(object)  # Path of a model whose report is wanted
    delete_wanted = Signal(object)  # Path of a model

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._busy, self._classes = False, 0
        self._trained: Trained | None = None
        self.says = label(SAYS, "muted", wrap=True)
        self.asks = TrainingOptions()
        self.classifier, self.judging = self.asks.classifier, self.asks.judging
        self.train_button = button("Train", "primary", "Train the classifier (Ctrl+T)")
        self.model = OneLine("heading")
        self.accuracy = label("", "title")
        self.facts = label("", "muted", wrap=True)
        self.matrix = ConfusionMatrix()
        self.hint = label(CELLS, "muted", wrap=True)
        self.scores = ClassScores()
        self.reliability = Reliability()
        self.epochs, self.learning = Epochs(), Learning()
        self.epochs_section = Section("How it got better", self.epochs, is_open=False)
        self.learning_section = Section("Would more pictures help?", self.learning, is_open=False)
        self.live = Epochs()
        self.models = ModelsTable()
        self.models_section = Section("Trained models", self.models, is_open=False)
        self.mistakes_button = button("Select the mistakes", tip="In the map and the gallery")
        self.folder_button = button("Show the model", tip="Open the folder that holds the model")
        self.report = self._report()
        self.listed = card(self.models_section, margin=SPACE + SPACE // 2)
        self.listed.hide()
        self.live.hide()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        column.setSpacing(SPACE)
        heading = label("Classifier", "heading")
        column.addWidget(
            card(
                heading,
                self.says,
                self.asks,
                self.train_button,
                self.live,
                margin=SPACE + SPACE // 2,
            )
        )
        column.addWidget(self.listed)
        column.addWidget(self.report)
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setMinimumWidth(WIDTH)
        self.setAccessibleName("Classifier")
        self.train_button.clicked.connect(self._ask)
        self.matrix.chosen.connect(self.cell_chosen)
        self.mistakes_button.clicked.connect(self.mistakes_requested)
        self.folder_button.clicked.connect(self.folder_requested)
        self.learning.wanted.connect(self._ask_for_curve)
        self.models.opened.connect(self.model_chosen)
        self.models.delete_wanted.connect(self.delete_wanted)
        self.show_trained(None)

    @property
    def options(self) -> ClassifierOptions | FinetuneOptions:
        """What is asked for."""
        return self.asks.options

    def show_classes(self, count: int) -> None:
        """Offer to train where there are classes to tell apart."""
        self._classes = count
        self.says.setText(SAYS if count > 1 else TOO_FEW)
        self.says.setVisible(self._trained is None or count < 2)
        self._enable()

    def set_busy(self, busy: bool) -> None:
        """Ask for nothing while a job runs."""
        self._busy = busy
        self.live.setVisible(busy and not self.live.isHidden())
        self._enable()

    def show_history(self, history: History) -> None:
        """Show how the network that is being trained gets better."""
        self.live.show_history(history)
        self.live.show()

    def show_learning_curve(self, found: LearningCurve | None) -> None:
        """Show how accuracy grows with the pictures; None: it is not known yet."""
        self.learning.show_curve(found)

    def show_models(self, models: Sequence[ModelSummary]) -> None:
        """List the trained models; unfolded where a dataset is opened that has some."""
        had_some = not self.listed.isHidden()
        self.models.show_models(models)
        self.models_section.set_title(f"Trained models ({len(models)})")
        self.listed.setVisible(bool(models))
        if not had_some or not models:
            self.models_section.set_open(bool(models) and self.report.isHidden())
        self._mark_open()

    def show_trained(self, trained: Trained | None) -> None:
        """Show how good a classifier is; None shows no report."""
        self.report.setVisible(trained is not None)
        self.says.setVisible(trained is None)
        self._trained = trained
        self._mark_open()
        if trained is None:
            return
        report, training = trained.report, trained.training
        low, high = report.interval
        self.accuracy.setText(f"{report.accuracy:.1%}")
        facts = [
            f"of {report.confusion.sum():,} pictures recognised, with 95 % confidence {low:.1%} to "
            f"{high:.1%}.",
            f"Macro F1 {report.macro_f1:.3f}, log loss {report.log_loss:.3f}, calibration error "
            f"{report.calibration_error:.1%}.",
        ]
        if training.flattered is not None and f"{training.flattered:.1%}" != self.accuracy.text():
            facts.append(f"Copies on both sides would flatter it: {training.flattered:.1%}.")
        if training.untuned is not None:
            facts.append(f"Before the backbone was tuned it was {training.untuned:.1%}.")
        if training.left_out:
            names = ", ".join(shown(name) for name in training.left_out[:NAMED])
            if len(training.left_out) > NAMED:
                names += f" and {len(training.left_out) - NAMED} more"
            facts.append(f"Not judged, for want of a second and different picture: {names}.")
        self.model.show_text(shown(trained.model.name))
        self.facts.setText("\n".join(facts))
        self.hint.setText(CELLS if training.paths else NO_CELLS)
        self.matrix.show_counts(report.confusion, training.classes)
        self.scores.show_scores(report.per_class)
        self.reliability.show_report(report)
        self.epochs_section.setVisible(training.history is not None)
        if training.history is not None:
            self.epochs.show_history(training.history)
        self.learning_section.setVisible(isinstance(training.options, ClassifierOptions))
        self.mistakes_button.setEnabled(bool(training.mistakes))

    def _report(self) -> QWidget:
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.mistakes_button)
        row.addWidget(self.folder_button)
        return card(
            self.model, self.accuracy, self.facts, buttons, self.hint, self.matrix,
            Section("Each class", self.scores),
            Section("How far it can be believed", self.reliability, is_open=False),
            self.learning_section, self.epochs_section,
            margin=SPACE + SPACE // 2,
        )  # fmt: skip

    def _enable(self) -> None:
        enabled = not self._busy and self._classes > 1
        self.train_button.setEnabled(enabled)
        self.learning.button.setEnabled(enabled)
        self.asks.set_enabled(enabled)

    def _mark_open(self) -> None:
        self.models.mark(self._trained.model if self._trained is not None else None)

    def _ask(self) -> None:
        self.train_requested.emit(self.options)

    def _ask_for_curve(self) -> None:
        if self._trained is not None:
            self.learning_curve_wanted.emit(self._trained.training.options)
