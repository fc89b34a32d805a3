"""Which labels are wrong, by a classifier that has not seen the image and by its neighbours."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.fitting import FEW_NUMBERS
from engine.progress import Progress
from engine.quality.discriminant import Folds, deal, in_folds, reduced, unseen_evidence
from engine.quality.findings import LABEL, Finding
from engine.quality.label_noise import (
    TRIES,
    Votes,
    Witnesses,
    fit_noise,
    neighbor_votes,
    true_classes,
)
from engine.splits import Rows, copy_groups, groups_of_each
from engine.values import Embeddings, KnnGraph, Vectors, natural_key, printable
from engine.wording import mark

STAGE = mark("Judging the labels")
FOLDS = 10
# The classifier first learns from the labels as they are, then from what they are likely to be.
PASSES = 3
DOUBTFUL = 0.5  # what is more suspicious than this is more likely wrong than right


@dataclass(frozen=True, slots=True, eq=False)
class LabelIssues:
    """What is thought of the labels of M images.

    rows:      (M,) int64 their rows of the embeddings.
    classes:   the C classes that were told apart, in natural order.
    truth:     (M,) int64 their labels, numbered.
    suspicion: (M,) float64 0 to 1, how likely the label is wrong.
    suggested: (M,) int64 the likeliest other class.
    notes:     for the user: what could not be judged, and why.
    """

    rows: Rows
    classes: tuple[str, ...]
    truth: Rows
    suspicion: NDArray[np.float64]
    suggested: Rows
    notes: tuple[str, ...] = ()

    @property
    def worst_first(self) -> Rows:
        """(M,) numbers of the judged images, the most suspicious first."""
        return np.asarray(np.argsort(-self.suspicion, kind="stable"), np.int64)


def label_issues(
    embeddings: Embeddings, graph: KnnGraph, progress: Progress | None = None
) -> LabelIssues:
    """Say of each image that has a class how likely it is wrong, and which one it would rather be.

    Parameters
    ----------
    embeddings
        N images; those without a class are left out.
    graph
        Their nearest neighbours by cosine distance.
    progress
        Hears the parts that are judged.

    Raises
    ------
    Cancelled
        From ``progress``.
    """
    from threadpoolctl import threadpool_limits

    progress = progress or Progress()
    progress.report(STAGE)
    groups = _groups(graph)
    rows, classes, truth, notes = _judgeable(embeddings.labels, groups)
    if len(classes) < 2:
        nothing = np.zeros(0)
        return LabelIssues(rows[:0], (), truth[:0], nothing, truth[:0], notes)
    vectors = embeddings.vectors[rows]
    with threadpool_limits(1 if vectors.size <= FEW_NUMBERS else None):
        folds = in_folds(reduced(vectors), deal(truth, groups[rows], FOLDS))
        votes = neighbor_votes(graph, rows, truth, groups, len(classes))
        for each in passes(folds, votes, truth, progress):
            suspicion, suggested = each.suspicion, each.suggested
            del each  # its evidence is large, and the next pass makes its own
    return LabelIssues(rows, classes, truth, suspicion, suggested, notes)


@dataclass(frozen=True, slots=True, eq=False)
class Pass:
    """What is thought of the labels of M images after a pass.

    evidence:  (M, C) float32 log-likelihoods by classifiers that had not seen the image, up to a
               constant of each row.
    suspicion: (M,) float64 how likely the label is wrong.
    suggested: (M,) int64 the likeliest other class.
    """

    evidence: Vectors
    suspicion: NDArray[np.float64]
    suggested: Rows


def passes(
    folds: Folds, votes: Votes, truth: Rows, progress: Progress | None = None
) -> Iterator[Pass]:
    """Judge M labels `PASSES` times, each time by what the pass before thinks the classes are.

    Parameters
    ----------
    folds
        The images in parts.
    votes
        (M, C) of their neighbours.
    truth
        (M,) their labels, numbered.
    progress
        Hears the parts that are judged.

    Raises
    ------
    Cancelled
        From ``progress``.
    """
    progress = progress or Progress()
    shares = np.zeros(votes.shape, np.float32)
    shares[np.arange(len(truth)), truth] = 1
    steps, done = PASSES * (len(folds.rows) + TRIES), 0

    def step() -> None:
        nonlocal done
        done += 1
        progress.report(STAGE, done, steps)

    for _ in range(PASSES):
        yield _pass(folds, votes, truth, shares, step)


def _pass(
    folds: Folds, votes: Votes, truth: Rows, shares: Vectors, step: Callable[[], None]
) -> Pass:
    evidence = np.empty_like(shares)
    for part, likely in unseen_evidence(folds, shares):
        evidence[part] = likely
        step()
    return Pass(evidence, *judged(Witnesses(evidence, votes), truth, shares, step))


def judged(
    witnesses: Witnesses,
    truth: Rows,
    shares: Vectors | None = None,
    tried: Callable[[], None] = lambda: None,
) -> tuple[NDArray[np.float64], Rows]:
    """Return (M,) suspicions and (M,) suggestions by what two witnesses say of M images.

    Parameters
    ----------
    witnesses
        Of the M images and C classes.
    truth
        (M,) their labels, numbered.
    shares
        (M, C), is filled with how likely each class is the true one.
    tried
        As for `fit_noise`.
    """
    noise = fit_noise(witnesses, truth, tried=tried)
    suspicion, suggested = np.empty(len(truth)), np.empty(len(truth), np.int64)
    for block, likely in true_classes(witnesses, truth, noise):
        if shares is not None:
            shares[block] = likely
        likely[np.arange(len(likely)), truth[block]] = 0
        suspicion[block] = np.minimum(likely.sum(axis=1), 1)
        suggested[block] = likely.argmax(axis=1)
    return suspicion, suggested


def label_findings(issues: LabelIssues, paths: tuple[str, ...]) -> tuple[Finding, ...]:
    """Return a finding for each label that is more likely wrong than right, the worst first.

    Parameters
    ----------
    issues
        What is thought of the labels.
    paths
        Of all images of the embeddings.
    """
    found = []
    for number in issues.worst_first:
        suspicion = float(issues.suspicion[number])
        if suspicion <= DOUBTFUL:
            break
        given = issues.classes[issues.truth[number]]
        suggested = issues.classes[issues.suggested[number]]
        says = mark(f"It looks like “{printable(suggested)}” rather than “{printable(given)}”.")
        path = paths[issues.rows[number]]
        found.append(Finding(LABEL, path, suspicion, given, suggested, says=says))
    return tuple(found)


def _groups(graph: KnnGraph) -> Rows:
    """Give copies of a picture one number, unless most of the images would be one picture."""
    groups = copy_groups(graph)
    return np.arange(len(groups)) if np.bincount(groups).max() > len(groups) / 2 else groups


def _judgeable(
    labels: tuple[str, ...], groups: Rows
) -> tuple[Rows, tuple[str, ...], Rows, tuple[str, ...]]:
    """Return rows, classes and numbered labels of what can be judged, and notes on the rest."""
    names = np.array(labels, object)
    rows = np.flatnonzero(names != "")
    all_classes = sorted(set(names[rows]), key=natural_key)
    number = {name: place for place, name in enumerate(all_classes)}
    truth = np.array([number[name] for name in names[rows]], np.int64)
    if not all_classes:
        note = mark("No image has a class, so that no label can be wrong.")
        return rows, (), truth, (note,)
    pictures = groups_of_each(truth, groups[rows], len(all_classes))
    is_known = pictures >= 2
    notes = []
    if np.count_nonzero(is_known) < 2:
        notes.append(
            mark("Labels are judged where two classes have two different pictures or more.")
        )
    elif not is_known.all():
        left_out = [name for name, known in zip(all_classes, is_known, strict=True) if not known]
        alone = ", ".join(f"“{name}”" for name in left_out)
        notes.append(mark(f"The labels of classes with a single picture are not judged: {alone}."))
    kept = is_known[truth]
    classes = tuple(name for name, known in zip(all_classes, is_known, strict=True) if known)
    renumbered = np.cumsum(is_known) - 1
    return rows[kept], classes, renumbered[truth[kept]], tuple(notes)
