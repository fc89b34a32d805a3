"""A dense head as bare arrays: Keras trains it, but using and keeping it needs no Keras."""

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.values import Vectors


@dataclass(frozen=True, slots=True)
class HeadOptions:
    """How a head is built and trained.

    layers:        units of each hidden layer; none for a bare softmax.
    dropout:       share of a layer's inputs that is left out at random while learning, below 1.
    epochs:        at most so many times every image is seen.
    batch_size:    images between two changes of the weights.
    patience:      epochs without a better one after which it ends.
    learning_rate: of Adam.
    """

    # Of 5 choices those of the lowest log loss on photographs of signs and drawn numerals.
    layers: tuple[int, ...] = (512,)
    dropout: float = 0.5
    epochs: int = 100
    batch_size: int = 64
    patience: int = 10
    learning_rate: float = 5e-4

    def check(self) -> None:
        """Make sure that the options make sense.

        Raises
        ------
        EngineError
            When not.
        """
        if any(units < 1 for units in self.layers):
            raise EngineError("A layer needs one unit or more.")
        if not 0 <= self.dropout < 1:
            raise EngineError("Leave out a share between 0 and below 1 of the inputs.")
        if min(self.epochs, self.batch_size, self.patience) < 1:
            raise EngineError("Epochs, batch size and patience need to be 1 or more.")
        if not self.learning_rate > 0:
            raise EngineError("The learning rate needs to be above 0.")


@dataclass(frozen=True, slots=True, eq=False)
class DenseHead:
    """Standardises vectors, then dense layers with ReLU between them and softmax at the end.

    mean, scale: (D,) float32; what is subtracted, and by what is divided then.
    layers:      of each its weights (I, O) and its bias (O,), float32.
    classes_:    (C,) int64 numbers of the classes in the order of the last layer's outputs.
    """

    mean: Vectors
    scale: Vectors
    layers: tuple[tuple[Vectors, Vectors], ...]
    classes_: NDArray[np.int64]

    def __post_init__(self) -> None:
        sizes = [len(self.mean), *(len(bias) for _, bias in self.layers)]
        shapes = [weights.shape for weights, _ in self.layers]
        if (
            not self.layers
            or self.mean.shape != self.scale.shape
            or shapes != list(itertools.pairwise(sizes))
            or self.classes_.shape != (sizes[-1],)
        ):
            raise ValueError(f"layers of {shapes} for {self.mean.shape} do not fit each other")

    def predict_proba(self, vectors: Vectors) -> Vectors:
        """Return (B, C) float32 probabilities for (B, D) vectors."""
        hidden = (vectors - self.mean) / self.scale
        for weights, bias in self.layers[:-1]:
            hidden = np.maximum(hidden @ weights + bias, 0)
        weights, bias = self.layers[-1]
        scores = hidden @ weights + bias
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(likely / likely.sum(axis=1, keepdims=True), np.float32)


def from_regression(pipeline: Any) -> DenseHead:
    """Return what a fitted scikit-learn pipeline of a standardiser and a regression calculates."""
    scaler, regression = pipeline[0], pipeline[-1]
    weights, bias = regression.coef_.T, regression.intercept_
    if len(regression.classes_) == 2:  # scikit-learn keeps the scores of the second one alone
        weights = np.hstack([np.zeros_like(weights), weights])
        bias = np.concatenate([np.zeros_like(bias), bias])
    return DenseHead(
        scaler.mean_.astype(np.float32),
        scaler.scale_.astype(np.float32),
        ((weights.astype(np.float32), bias.astype(np.float32)),),
        np.asarray(regression.classes_, np.int64),
    )


def without_standardising(head: DenseHead) -> DenseHead:
    """Return the same head with the standardisation inside its first layer."""
    (weights, bias), *others = head.layers
    scaled = weights / head.scale[:, None]
    first = (scaled, (bias - head.mean @ scaled).astype(np.float32))
    nothing, one = np.zeros_like(head.mean), np.ones_like(head.scale)
    return DenseHead(nothing, one, (first, *others), head.classes_)


def write_dense_head(head: DenseHead, file: BinaryIO) -> None:
    """Write a head as an ``.npz``."""
    arrays: dict[str, Any] = {"mean": head.mean, "scale": head.scale, "classes": head.classes_}
    for place, (weights, bias) in enumerate(head.layers):
        arrays |= {f"weights{place}": weights, f"bias{place}": bias}
    np.savez(file, allow_pickle=False, **arrays)


def read_dense_head(file: Path) -> DenseHead:
    """Read what `write_dense_head` wrote. Nothing in the file can run.

    Raises
    ------
    `engine.files.UNUSABLE`
        When it is damaged.
    """
    with np.load(file, allow_pickle=False) as arrays:
        count = sum(name.startswith("bias") for name in arrays)
        layers = tuple((arrays[f"weights{n}"], arrays[f"bias{n}"]) for n in range(count))
        return DenseHead(arrays["mean"], arrays["scale"], layers, arrays["classes"])
