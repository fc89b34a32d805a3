"""Heads as arrays, so that they can become part of an exported model."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.dense_head import DenseHead, from_regression
from engine.errors import EngineError
from engine.values import Vectors


@dataclass(frozen=True, slots=True, eq=False)
class NeighborHead:
    """Lets the nearest of M vectors vote by cosine distance, each with the inverse of its own.

    vectors:  (M, D) float32 of length 1.
    truth:    (M,) int64 places in ``classes_`` of their classes.
    k:        how many vote.
    classes_: numbers of the classes.
    """

    vectors: Vectors
    truth: NDArray[np.int64]
    k: int
    classes_: NDArray[np.int64]


def exportable(head: Any) -> DenseHead | NeighborHead:
    """Return a head that says the same, as bare arrays.

    Raises
    ------
    EngineError
        When the head is of a kind that cannot be exported.
    """
    if isinstance(head, DenseHead):
        return head
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    if isinstance(head, KNeighborsClassifier) and _votes_by_cosine(head):
        return _neighbors(head)
    if isinstance(head, Pipeline):
        parts = [part for _, part in head.steps]
        if [type(part) for part in parts] == [StandardScaler, LogisticRegression]:
            return from_regression(head)
    raise EngineError(
        "Support vector machines and random forests cannot be exported; train one of these: "
        "logistic regression, nearest neighbours, a fine-tuned or dense head."
    )


def _votes_by_cosine(head: Any) -> bool:
    return (head.metric, head.weights) == ("cosine", "distance")


def _neighbors(head: Any) -> NeighborHead:
    from sklearn.preprocessing import normalize

    vectors = normalize(np.asarray(head._fit_X, np.float32))
    return NeighborHead(vectors, head._y.astype(np.int64), head.n_neighbors, head.classes_)
