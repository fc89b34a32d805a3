"""Asks what to train and how to judge it."""

from dataclasses import dataclass

from PySide6.QtCore import QRegularExpression, Qt
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from desktop.language import tr
from desktop.theme import SPACE
from desktop.views.widgets import FieldLabel, padded
from engine.dense_head import HeadOptions
from engine.pipeline import ClassifierOptions, FinetuneOptions
from engine.wording import mark

DENSE, TUNED = "mlp", "finetune"
# What each is called, and its tip.
CLASSIFIERS = {
    "logistic": (mark("Logistic regression"), mark("Quick and hard to beat: begin with it")),
    "knn": (mark("Nearest neighbours"), mark("The class of the most similar pictures")),
    "svm": (mark("Support vector machine"), mark("Good with few pictures, slow with many")),
    "forest": (mark("Random forest"), mark("Many decision trees that vote")),
    DENSE: (mark("Dense layers (Keras)"), mark("A small network on the embeddings")),
    TUNED: (
        mark("Fine-tuned backbone (Keras)"),
        mark("The network itself learns from the pictures: slow"),
    ),
}
HOLDOUT = "holdout"
# What each is called, folds, share that is held out.
JUDGING = {
    "5-fold": (mark("5-fold cross-validation"), 5, 0.0),
    "10-fold": (mark("10-fold cross-validation"), 10, 0.0),
    HOLDOUT: (mark("Hold out 20 %"), 5, 0.2),
}
SOONER = mark("It ends earlier when it gets no better")


@dataclass(frozen=True, slots=True)
class TrainingChoices:
    """All that is chosen, also for classifiers other than the chosen one.

    judging: the name in `JUDGING` for all but a fine-tuned backbone.
    """

    classifier: str
    judging: str
    head: HeadOptions
    tuning: FinetuneOptions


class TrainingOptions(QWidget):
    """The classifier, its validation, and what only dense layers and fine-tuning need."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.classifier = QComboBox()
        for place, (name, (text, tip)) in enumerate(CLASSIFIERS.items()):
            self.classifier.addItem(tr(text), name)
            self.classifier.setItemData(place, tr(tip), Qt.ItemDataRole.ToolTipRole)
        self.judging = QComboBox()
        for name, (text, _, _) in JUDGING.items():
            self.judging.addItem(tr(text), name)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(SPACE)
        form.addRow(FieldLabel(tr("&Classifier"), self.classifier), self.classifier)
        form.addRow(FieldLabel(tr("&Judged by"), self.judging), self.judging)
        self.dense, self.tuning = _DenseRows(form), _TuningRows(form)
        self._judging = self.judging.currentIndex()  # unless a backbone is tuned
        self.classifier.currentIndexChanged.connect(self._show_forms)
        self.judging.currentIndexChanged.connect(self._keep_judging)
        self._show_forms()

    @property
    def options(self) -> ClassifierOptions | FinetuneOptions:
        """What is asked for."""
        name = self.classifier.currentData()
        _, folds, holdout = JUDGING[self.judging.currentData()]
        if name == TUNED:
            return self.tuning.options(holdout)
        return ClassifierOptions(name, folds, holdout, head=self.dense.options())

    @property
    def choices(self) -> TrainingChoices:
        """All that is chosen."""
        _, _, holdout = JUDGING[HOLDOUT]
        return TrainingChoices(
            self.classifier.currentData(),
            self.judging.itemData(self._judging),
            self.dense.options(),
            self.tuning.options(holdout),
        )

    def choose(self, choices: TrainingChoices) -> None:
        """Show other choices."""
        self.dense.choose(choices.head)
        self.tuning.choose(choices.tuning)
        self._judging = self.judging.findData(choices.judging)
        self.classifier.setCurrentIndex(self.classifier.findData(choices.classifier))
        self._show_forms()

    def set_enabled(self, enabled: bool) -> None:
        """Let the user choose, or not."""
        self.classifier.setEnabled(enabled)
        for rows in (self.dense, self.tuning):
            rows.set_enabled(enabled)
        self._enable_judging()

    def _show_forms(self) -> None:
        """Show the options of the chosen one; a backbone is tuned once, not for each fold."""
        name = self.classifier.currentData()
        self.dense.set_visible(name == DENSE)
        self.tuning.set_visible(name == TUNED)
        shown = self.judging.findData(HOLDOUT) if name == TUNED else self._judging
        self.judging.setCurrentIndex(shown)
        self._enable_judging()

    def _keep_judging(self, place: int) -> None:
        if self.classifier.currentData() != TUNED:
            self._judging = place

    def _enable_judging(self) -> None:
        can_choose = self.classifier.isEnabledTo(self)
        self.judging.setEnabled(can_choose and self.classifier.currentData() != TUNED)


class _Rows:
    """Rows of the form that only some classifiers need."""

    def __init__(self, form: QFormLayout) -> None:
        self._form = form
        self._fields: list[QWidget] = []

    def set_visible(self, visible: bool) -> None:
        for field in self._fields:
            self._form.setRowVisible(field, visible)

    def set_enabled(self, enabled: bool) -> None:
        for field in self._fields:
            field.setEnabled(enabled)

    def _add(self, text: str, field: QWidget) -> None:
        self._form.addRow(FieldLabel(text, field), field)
        self._fields.append(field)


class _DenseRows(_Rows):
    """How dense layers are built and trained."""

    def __init__(self, form: QFormLayout) -> None:
        super().__init__(form)
        self.layers = QLineEdit()
        self.layers.setPlaceholderText(tr("none: a bare softmax"))
        self.layers.setToolTip(tr("Units of each hidden layer, such as 512 or 256, 64"))
        numbers = QRegularExpression(r"\s*([1-9]\d{0,4}\s*(,\s*[1-9]\d{0,4}\s*)*)?")
        self.layers.setValidator(QRegularExpressionValidator(numbers))
        self.dropout = padded(QDoubleSpinBox(minimum=0.0, maximum=0.95, singleStep=0.05))
        tip = tr("Share of the inputs that is left out at random while learning")
        self.dropout.setToolTip(tip)
        self.epochs = _count(tr(SOONER))
        self.batch_size = _count(tr("Images between two changes of the weights"))
        tip = tr("Epochs without a better one after which it ends")
        self.patience = _count(tip)
        self._add(tr("&Layers"), self.layers)
        self._add(tr("&Dropout"), self.dropout)
        self._add(tr("&Epochs, at most"), self.epochs)
        self._add(tr("&Batch size"), self.batch_size)
        self._add(tr("&Patience"), self.patience)
        self.choose(HeadOptions())

    def options(self) -> HeadOptions:
        words = self.layers.text().replace(",", " ").split()
        return HeadOptions(
            tuple(map(int, words)),
            self.dropout.value(),
            self.epochs.value(),
            self.batch_size.value(),
            self.patience.value(),
        )

    def choose(self, options: HeadOptions) -> None:
        self.layers.setText(", ".join(map(str, options.layers)))
        self.dropout.setValue(options.dropout)
        self.epochs.setValue(options.epochs)
        self.batch_size.setValue(options.batch_size)
        self.patience.setValue(options.patience)


class _TuningRows(_Rows):
    """How a backbone is tuned."""

    def __init__(self, form: QFormLayout) -> None:
        super().__init__(form)
        tip = tr("How many of the backbone's last layers learn")
        self.unfreeze = _count(tip)
        self.epochs = _count(tr(SOONER))
        self.augment = QCheckBox(tr("&Vary the pictures at random"))
        self.augment.setToolTip(tr("Shifts, turns, enlarges and brightens them a little each time"))
        self._add(tr("&Layers that learn"), self.unfreeze)
        self._add(tr("&Epochs, at most"), self.epochs)
        self._add("", self.augment)
        self.choose(FinetuneOptions())

    def options(self, holdout: float) -> FinetuneOptions:
        return FinetuneOptions(
            unfreeze=self.unfreeze.value(),
            epochs=self.epochs.value(),
            augment=self.augment.isChecked(),
            holdout=holdout,
        )

    def choose(self, options: FinetuneOptions) -> None:
        self.unfreeze.setValue(options.unfreeze)
        self.epochs.setValue(options.epochs)
        self.augment.setChecked(options.augment)


def _count(tip: str) -> QSpinBox:
    box = padded(QSpinBox(minimum=1, maximum=100_000))
    box.setToolTip(tip)
    return box
