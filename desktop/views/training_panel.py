"""The panel beside the map on which a classifier is trained and judged."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.language import tr
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
from engine.wording import mark

SAYS = mark(
    "A classifier learns the classes from the embeddings. It is judged on pictures that it has "
    "not seen, and of which it has seen no copy."
)
TOO_FEW = mark("A classifier needs two classes or more: put the pictures of each into a subfolder.")
CELLS = mark(
    "Rows: what it is. Columns: what it was taken for. Click a cell to select its pictures."
)
NO_CELLS = mark(
    "Rows: what it is. Columns: what it was taken for. An earlier version trained this model: "
    "train again to select the pictures of a cell."
)
WIDTH = 380
RECOGNISED = mark("of {count:,} pictures recognised, with 95 % confidence {low:.1%} to {high:.1%}.")
SCORES = mark("Macro F1 {f1:.3f}, log loss {loss:.3f}, calibration error {off:.1%}.")
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
        self.says = label(tr(SAYS), "muted", wrap=True)
        self.asks = TrainingOptions()
        self.classifier, self.judging = self.asks.classifier, self.asks.judging
        self.train_button = button(tr("Train"), "primary", tr("Train the classifier (Ctrl+T)"))
        self.model = OneLine("heading")
        self.accuracy = label("", "title")
        self.facts = label("", "muted", wrap=True)
        self.matrix = ConfusionMatrix()
        self.hint = label(tr(CELLS), "muted", wrap=True)
        self.scores = ClassScores()
        self.reliability = Reliability()
        self.epochs, self.learning = Epochs(), Learning()
        better, more = tr("How it got better"), tr("Would more pictures help?")
        self.epochs_section = Section(better, self.epochs, is_open=False)
        self.learning_section = Section(more, self.learning, is_open=False)
        self.live = Epochs()
        self.models = ModelsTable()
        self.models_section = Section(tr("Trained models"), self.models, is_open=False)
        self.mistakes_button = button(
            tr("Select the mistakes"), tip=tr("In the map and the gallery")
        )
        self.folder_button = button(
            tr("Show the model"), tip=tr("Open the folder that holds the model")
        )
        self.report = self._report()
        self.listed = card(self.models_section, margin=SPACE + SPACE // 2)
        self.listed.hide()
        self.live.hide()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        column.setSpacing(SPACE)
        heading = label(tr("Classifier"), "heading")
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
        self.setAccessibleName(tr("Classifier"))
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
        self.says.setText(tr(SAYS if count > 1 else TOO_FEW))
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
        self.models_section.set_title(tr("Trained models ({count})", count=len(models)))
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
        self.accuracy.setText(f"{report.accuracy:.1%}")
        self.model.show_text(shown(trained.model.name))
        self.facts.setText("\n".join(_facts(trained)))
        self.hint.setText(tr(CELLS if training.paths else NO_CELLS))
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
            Section(tr("Each class"), self.scores),
            Section(tr("How far it can be believed"), self.reliability, is_open=False),
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


def _facts(trained: Trained) -> list[str]:
    """Return what is said of a classifier under its accuracy."""
    report, training = trained.report, trained.training
    low, high = report.interval
    off = report.calibration_error
    facts = [
        tr(RECOGNISED, count=report.confusion.sum(), low=low, high=high),
        tr(SCORES, f1=report.macro_f1, loss=report.log_loss, off=off),
    ]
    flattered = training.flattered
    if flattered is not None and f"{flattered:.1%}" != f"{report.accuracy:.1%}":
        facts.append(tr("Copies on both sides would flatter it: {share:.1%}.", share=flattered))
    if training.untuned is not None:
        share = training.untuned
        facts.append(tr("Before the backbone was tuned it was {share:.1%}.", share=share))
    if training.left_out:
        names = ", ".join(shown(name) for name in training.left_out[:NAMED])
        more = len(training.left_out) - NAMED
        if more > 0:
            names = tr("{names} and {count} more", names=names, count=more)
        facts.append(
            tr("Not judged, for want of a second and different picture: {names}.", names=names)
        )
    return facts
