"""The predictions that a classifier was judged by, kept beside it in a file that runs nothing."""

import json
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.classifier import Training
from engine.errors import EngineError
from engine.files import DAMAGE
from engine.history import Epoch, History
from engine.values import Vectors

JUDGED = "judged.npz"


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What `engine.classifier.Training` says of the M images that a classifier was judged on.

    read: when their embeddings were read, which is when they lay where ``paths`` says: UTC, ISO
          8601; "" where that was not noted.
    """

    run: str
    rows: NDArray[np.int64]
    paths: tuple[str, ...]
    truth: NDArray[np.int64]
    probabilities: Vectors
    flattered: float | None
    left_out: tuple[str, ...]
    untuned: float | None = None
    history: History | None = None
    read: str = ""


def judged_of(training: Training, read: str) -> Judged:
    """Return what is kept of a training on embeddings that were read at a time."""
    return Judged(
        training.run,
        training.rows,
        training.paths,
        training.truth,
        training.probabilities,
        training.flattered,
        training.left_out,
        training.untuned,
        training.history,
        read,
    )


def write_judged(judged: Judged, folder: Path) -> None:
    """Write the predictions into the folder of a model."""
    words = {
        "run": judged.run,
        "paths": judged.paths,
        "flattered": judged.flattered,
        "left_out": judged.left_out,
        "untuned": judged.untuned,
        "read": judged.read,
        "epochs": [astuple(epoch) for epoch in judged.history.epochs] if judged.history else None,
    }
    # As text of JSON: names that are no Unicode survive, and NumPy needs no pickle for them.
    text = json.dumps(words, ensure_ascii=True).encode("ascii")
    with (folder / JUDGED).open("wb") as file:
        np.savez_compressed(
            file,
            words=np.frombuffer(text, np.uint8),
            rows=judged.rows,
            truth=judged.truth,
            probabilities=judged.probabilities.astype(np.float32),
        )


def read_judged(folder: Path, classes: int) -> Judged | None:
    """Read the predictions from the folder of a model with so many classes.

    Returns
    -------
    Judged or None
        None for a model that has none: those of earlier versions.

    Raises
    ------
    EngineError
        When they cannot be read or do not fit the model.
    """
    file = folder / JUDGED
    try:
        with np.load(file, allow_pickle=False) as arrays:
            words = json.loads(bytes(arrays["words"]))
            judged = Judged(
                run=str(words["run"]),
                rows=np.asarray(arrays["rows"], np.int64),
                paths=tuple(str(path) for path in words["paths"]),
                truth=np.asarray(arrays["truth"], np.int64),
                probabilities=np.asarray(arrays["probabilities"], np.float32),
                flattered=_number(words["flattered"]),
                left_out=tuple(str(name) for name in words["left_out"]),
                untuned=_number(words.get("untuned")),
                history=_history(words.get("epochs")),
                read=str(words.get("read", "")),
            )
        _check(judged, classes)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise EngineError(
            f"The predictions “{file}” cannot be read ({error.strerror or error}); allow reading "
            "them, or train the model again."
        ) from error
    except DAMAGE as error:
        raise EngineError(
            f"The predictions “{file}” are damaged; train the model again, or delete that file to "
            "see its scores alone."
        ) from error
    return judged


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _history(epochs: Any) -> History | None:
    if epochs is None:
        return None
    return History(tuple(Epoch(*map(float, epoch)) for epoch in epochs))


def _check(judged: Judged, classes: int) -> None:
    count = len(judged.paths)
    if not count or judged.rows.shape != (count,) or judged.truth.shape != (count,):
        raise ValueError("one row and one class for each path are expected")
    if judged.probabilities.shape != (count, classes):
        raise ValueError(f"{judged.probabilities.shape} probabilities")
    if not 0 <= judged.truth.min() <= judged.truth.max() < classes:
        raise ValueError("unknown classes")
    if not np.isfinite(judged.probabilities).all() or judged.probabilities.min() < 0:
        raise ValueError("these are no probabilities")
