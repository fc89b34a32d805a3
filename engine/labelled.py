"""The images that have a class: what a classifier may learn from, and how it is judged on them."""

from dataclasses import dataclass

import numpy as np

from engine.errors import EngineError
from engine.splits import Rows, Split, copy_groups, groups_of_each, splits
from engine.values import Embeddings, KnnGraph, Vectors, natural_key


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """N images that have one of C classes.

    rows:     (N,) int64 their rows of the embeddings.
    vectors:  (N, D).
    classes:  the C classes in natural order.
    truth:    (N,) int64 the class of each, numbered.
    groups:   (N,) int64 the same number for copies of one picture.
    pictures: (C,) int64 how many different pictures each class has.
    """

    rows: Rows
    vectors: Vectors
    classes: tuple[str, ...]
    truth: Rows
    groups: Rows
    pictures: Rows

    @property
    def has_copies(self) -> bool:
        """Whether some of the images are copies of others."""
        return len(np.unique(self.groups)) < len(self.groups)

    @property
    def left_out(self) -> tuple[str, ...]:
        """The classes that cannot be judged: they have a single picture."""
        return tuple(
            name for name, count in zip(self.classes, self.pictures, strict=True) if count < 2
        )

    def parts(
        self, folds: int, holdout: float, seed: int, copies_apart: bool = False
    ) -> list[Split]:
        """Return the splits that a classifier is judged by.

        Images whose class cannot be judged are learnt from in every one.

        Parameters
        ----------
        folds, holdout, seed
            As `engine.splits.splits` takes them.
        copies_apart
            Whether copies of one picture may lie on both sides.
        """
        is_judged = self.pictures[self.truth] >= 2
        judged, always = np.flatnonzero(is_judged), np.flatnonzero(~is_judged)
        groups = np.arange(len(judged)) if copies_apart else self.groups[judged]
        most = int(self.pictures.max())
        folds, holdout = min(folds, most), max(holdout, 1 / most) if holdout > 0 else 0.0
        return [
            (np.concatenate([judged[learn], always]), judged[judge])
            for learn, judge in splits(self.truth[judged], groups, folds, holdout, seed)
        ]


def labelled(embeddings: Embeddings, graph: KnnGraph) -> Labelled:
    """Leave out the images without a class.

    Parameters
    ----------
    embeddings
        Of all images.
    graph
        Their nearest neighbours by cosine distance, which tell what is a copy.

    Raises
    ------
    EngineError
        When there are fewer than two classes that can be judged.
    """
    return grouped(embeddings, copy_groups(graph))


def grouped(embeddings: Embeddings, groups: Rows) -> Labelled:
    """Do what `labelled` does where it is known what is a copy: the (N,) ``groups`` of copies."""
    rows = np.flatnonzero([label != "" for label in embeddings.labels])
    names = [embeddings.labels[row] for row in rows]
    classes = tuple(sorted(set(names), key=natural_key))
    number = {name: place for place, name in enumerate(classes)}
    truth = np.array([number[name] for name in names], np.int64)
    groups = groups[rows]
    pictures = groups_of_each(truth, groups, len(classes))
    _check_classes(classes, pictures)
    return Labelled(rows, embeddings.vectors[rows], classes, truth, groups, pictures)


def _check_classes(classes: tuple[str, ...], pictures: Rows) -> None:
    if not classes:
        raise EngineError(
            "No image has a class; put the pictures of each class into a folder of its own."
        )
    if len(classes) < 2:
        raise EngineError(
            f"All images are of the class “{classes[0]}”; a classifier needs at least two classes."
        )
    if np.count_nonzero(pictures >= 2) < 2:
        raise EngineError(
            "At least two classes need two different pictures or more, to learn from one and to be "
            "judged on the other; add pictures."
        )
