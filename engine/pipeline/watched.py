"""What a training tells TensorBoard, while it goes on and when it has ended."""

from dataclasses import asdict
from typing import Any

from engine.classifier import Training
from engine.dense_head import DenseHead, HeadOptions
from engine.evaluation import Report
from engine.event_file import Hyperparameter
from engine.history import History
from engine.training_log import Outcome, TrainingLog
from engine.values import Recipe


class Epochs:
    """Writes each epoch into a log once, however often it hears of it."""

    def __init__(self, log: TrainingLog) -> None:
        self._log, self._written = log, 0

    def hear(self, history: History) -> None:
        """Write the epochs that are new."""
        for number, epoch in enumerate(history.epochs[self._written :], start=self._written):
            values = {
                "loss": epoch.loss,
                "accuracy": epoch.accuracy,
                "val_loss": epoch.other_loss,
                "val_accuracy": epoch.other_accuracy,
            }
            self._log.epoch(number, values)
        self._written = len(history.epochs)


def outcome_of(training: Training, report: Report, recipe: Recipe) -> Outcome:
    """Return what the log of a training ends with; ``recipe`` is that of the embeddings."""
    head, options = training.head, training.options
    network = None
    if isinstance(head, DenseHead):
        dropout = getattr(options, "head", HeadOptions()).dropout
        network = _described(head, dropout)
    return Outcome(training.classes, report, _hyperparameters(asdict(options), recipe), network)


def _hyperparameters(options: dict[str, Any], recipe: Recipe) -> dict[str, Hyperparameter]:
    """Return what was chosen, by names that tell the options from the recipe."""
    chosen = {"classifier": options.pop("name")}
    of_head = options.pop("head", {})
    chosen |= options | (of_head if chosen["classifier"] == "mlp" else {})
    recipes = ("backbone", "image_size", "pooling", "precision")
    chosen |= {name: getattr(recipe, name) for name in recipes}
    return {
        name: value if isinstance(value, Hyperparameter) else str(value)
        for name, value in chosen.items()
    }


def _described(head: DenseHead, dropout: float) -> dict[str, Any]:
    """Describe a head as Keras's ``to_json`` does a network."""
    layers: list[tuple[str, dict[str, Any]]] = [
        ("InputLayer", {"name": "embedding"}),
        ("Normalization", {"name": "standardise"}),
    ]
    for place, (_, bias) in enumerate(head.layers):
        is_last = place == len(head.layers) - 1
        activation = "softmax" if is_last else "relu"
        layers += [
            ("Dropout", {"name": f"dropout_{place + 1}", "rate": dropout}),
            ("Dense", {
                "name": "classes" if is_last else f"dense_{place + 1}",
                "units": len(bias),
                "activation": activation,
            }),
        ]  # fmt: skip
    described = [{"class_name": kind, "config": config} for kind, config in layers]
    return {"class_name": "Sequential", "config": {"name": "head", "layers": described}}
