"""Asks what to train and how to judge it."""

from PySide6.QtCore import QRegularExpression, Qt
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop.theme import SPACE
from engine.dense_head import HeadOptions
from engine.pipeline import ClassifierOptions, FinetuneOptions

DENSE, TUNED = "mlp", "finetune"
CLASSIFIERS = {
    "logistic": ("Logistic regression", "Quick and hard to beat: begin with it"),
    "knn": ("Nearest neighbours", "The class of the most similar pictures"),
    "svm": ("Support vector machine", "Good with few pictures, slow with many"),
    "forest": ("Random forest", "Many decision trees that vote"),
    DENSE: ("Dense layers (Keras)", "A small network on the embeddings"),
    TUNED: ("Fine-tuned backbone (Keras)", "The network itself learns from the pictures: slow"),
}
HOLDOUT = "Hold out 20 %"
# text: (folds, share that is held out)
JUDGING = {
    "5-fold cross-validation": (5, 0.0),
    "10-fold cross-validation": (10, 0.0),
    HOLDOUT: (5, 0.2),
}


class TrainingOptions(QWidget):
    """The classifier, its validation, and what only dense layers and fine-tuning need."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.classifier = QComboBox()
        for place, (name, (text, tip)) in enumerate(CLASSIFIERS.items()):
            self.classifier.addItem(text, name)
            self.classifier.setItemData(place, tip, Qt.ItemDataRole.ToolTipRole)
        self.judging = QComboBox()
        self.judging.addItems(list(JUDGING))
        self.dense, self.tuning = _DenseForm(), _TuningForm()
        form = _form()
        form.addRow("&Classifier", self.classifier)
        form.addRow("&Judged by", self.judging)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addLayout(form)
        column.addWidget(self.dense)
        column.addWidget(self.tuning)
        self._judging_before = self.judging.currentText()
        self.classifier.currentIndexChanged.connect(self._show_forms)
        self._show_forms()

    @property
    def options(self) -> ClassifierOptions | FinetuneOptions:
        """What is asked for."""
        name = self.classifier.currentData()
        folds, holdout = JUDGING[self.judging.currentText()]
        if name == TUNED:
            return self.tuning.options(holdout)
        return ClassifierOptions(name, folds, holdout, head=self.dense.options())

    def set_enabled(self, enabled: bool) -> None:
        """Let the user choose, or not."""
        for each in (self.classifier, self.dense, self.tuning):
            each.setEnabled(enabled)
        self.judging.setEnabled(enabled and self.classifier.currentData() != TUNED)

    def _show_forms(self) -> None:
        """Show the options of the chosen one; a backbone is tuned once, not for each fold."""
        name = self.classifier.currentData()
        self.dense.setVisible(name == DENSE)
        self.tuning.setVisible(name == TUNED)
        if name == TUNED and self.judging.isEnabled():
            self._judging_before = self.judging.currentText()
            self.judging.setCurrentText(HOLDOUT)
        elif name != TUNED and not self.judging.isEnabled():
            self.judging.setCurrentText(self._judging_before)
        self.judging.setEnabled(name != TUNED)


class _DenseForm(QWidget):
    """How dense layers are built and trained."""

    def __init__(self) -> None:
        super().__init__()
        usual = HeadOptions()
        self.layers = QLineEdit(", ".join(map(str, usual.layers)))
        self.layers.setPlaceholderText("none: a bare softmax")
        self.layers.setToolTip("Units of each hidden layer, such as 512 or 256, 64")
        numbers = QRegularExpression(r"\s*([1-9]\d{0,4}\s*(,\s*[1-9]\d{0,4}\s*)*)?")
        self.layers.setValidator(QRegularExpressionValidator(numbers))
        self.dropout = QDoubleSpinBox(minimum=0.0, maximum=0.95, singleStep=0.05)
        self.dropout.setValue(usual.dropout)
        self.dropout.setToolTip("Share of the inputs that is left out at random while learning")
        self.epochs = _count(usual.epochs, "It ends earlier when it gets no better")
        self.batch_size = _count(usual.batch_size, "Images between two changes of the weights")
        self.patience = _count(usual.patience, "Epochs without a better one after which it ends")
        form = _form(self)
        form.addRow("&Layers", self.layers)
        form.addRow("&Dropout", self.dropout)
        form.addRow("&Epochs, at most", self.epochs)
        form.addRow("&Batch size", self.batch_size)
        form.addRow("&Patience", self.patience)

    def options(self) -> HeadOptions:
        words = self.layers.text().replace(",", " ").split()
        return HeadOptions(
            tuple(map(int, words)),
            self.dropout.value(),
            self.epochs.value(),
            self.batch_size.value(),
            self.patience.value(),
        )


class _TuningForm(QWidget):
    """How a backbone is tuned."""

    def __init__(self) -> None:
        super().__init__()
        usual = FinetuneOptions()
        self.unfreeze = _count(usual.unfreeze, "How many of the backbone's last layers learn")
        self.epochs = _count(usual.epochs, "It ends earlier when it gets no better")
        self.augment = QCheckBox("&Vary the pictures at random")
        self.augment.setToolTip("Shifts, turns, enlarges and brightens them a little each time")
        form = _form(self)
        form.addRow("&Layers that learn", self.unfreeze)
        form.addRow("&Epochs, at most", self.epochs)
        form.addRow("", self.augment)

    def options(self, holdout: float) -> FinetuneOptions:
        return FinetuneOptions(
            unfreeze=self.unfreeze.value(),
            epochs=self.epochs.value(),
            augment=self.augment.isChecked(),
            holdout=holdout,
        )


def _form(parent: QWidget | None = None) -> QFormLayout:
    form = QFormLayout(parent) if parent is not None else QFormLayout()
    form.setContentsMargins(0, 0, 0, 0)
    form.setSpacing(SPACE)
    return form


def _count(value: int, tip: str) -> QSpinBox:
    box = QSpinBox(minimum=1, maximum=100_000)
    box.setValue(value)
    box.setToolTip(tip)
    return box
