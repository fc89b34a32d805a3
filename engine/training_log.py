"""What TensorBoard shows of a training: a folder of runs, written while the training goes on."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Self

from engine.evaluation import Report
from engine.event_file import EventFile, Hyperparameter
from engine.wording import mark

# Runs in the folder of a training. TensorBoard lays the curves of the same tag over one another,
# and makes a row of its dashboard of hyperparameters of a run, with all scalars in it.
WHOLE, SCORES, TRAIN, VALIDATION = "", "scores", "train", "validation"
OF_VALIDATION = "val_"  # begins the names that Keras gives to what was not learnt from


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a training came to.

    classes:         the C classes.
    report:          how good the classifier is.
    hyperparameters: what was chosen for it.
    network:         of a head that Keras trained: what its ``to_json`` says, read from JSON.
    """

    classes: tuple[str, ...]
    report: Report
    hyperparameters: Mapping[str, Hyperparameter] = field(default_factory=dict)
    network: Mapping[str, Any] | None = None


class TrainingLog:
    """The log of one training, ``folder / name``; what an earlier one left there is removed.

    To be used in a ``with`` block: a training that ends with an exception leaves no log. A disk
    that refuses ends the log and not the training; ``problem`` then tells the user so.

    Parameters
    ----------
    folder
        Of all logs, which TensorBoard is started on.
    name
        Of the model.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.problem = ""
        self._place, self._name = folder / name, name
        self._runs: dict[str, EventFile] = {}
        if self._place.exists():
            self._try(lambda: shutil.rmtree(self._place))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for run in self._runs.values():
            self._try(run.close)
        if kind is not None and self._runs:
            self._try(lambda: shutil.rmtree(self._place))

    def epoch(self, number: int, values: Mapping[str, float]) -> None:
        """Add a point to the curves, which TensorBoard shows at its next look.

        Parameters
        ----------
        number
            Of the epoch.
        values
            By the names that Keras gives, such as ``loss``, ``accuracy``, ``val_loss``.
        """
        known = {k: v for k, v in values.items() if not k.startswith(OF_VALIDATION)}
        unknown = {k: v for k, v in values.items() if k.startswith(OF_VALIDATION)}
        for run, of_run in ((TRAIN, known), (VALIDATION, unknown)):
            tags = {f"epoch/{name.removeprefix(OF_VALIDATION)}": v for name, v in of_run.items()}
            if tags:
                self._write(run, partial(EventFile.scalars, values=tags, step=number))

    def outcome(self, outcome: Outcome) -> None:
        """Add scores, hyperparameters, confusion matrix and graph."""
        report, network = outcome.report, outcome.network
        scores = {
            "scores/accuracy": report.accuracy,
            "scores/macro_f1": report.macro_f1,
            "scores/log_loss": report.log_loss,
            "scores/calibration_error": report.calibration_error,
        }
        of_classes = {f"f1/{each.label}": each.f1 for each in report.per_class if each.support}
        from engine.confusion_image import draw_confusion

        matrix = draw_confusion(report.confusion, outcome.classes)
        self._write(SCORES, lambda f: f.hyperparameters(outcome.hyperparameters, self._name))
        self._write(SCORES, lambda f: f.scalars(scores))
        self._write(WHOLE, lambda f: f.scalars(of_classes))
        self._write(WHOLE, lambda f: f.image("confusion_matrix", matrix))
        if network is not None:
            self._write(WHOLE, lambda f: f.network(network))

    def _write(self, run: str, write: Callable[[EventFile], None]) -> None:
        def attempt() -> None:
            if run not in self._runs:
                self._runs[run] = EventFile(self._place / run)
            write(self._runs[run])

        if not self.problem:
            self._try(attempt)

    def _try(self, attempt: Callable[[], None]) -> None:
        try:
            attempt()
        except OSError as error:
            self.problem = self.problem or mark(
                f"TensorBoard will not show all of this training, since “{self._place}” cannot be "
                f"written to ({error.strerror or error}); the classifier itself is complete, allow "
                "writing there and train again to have its log."
            )
