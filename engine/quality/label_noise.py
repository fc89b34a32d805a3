"""How labels go wrong, learnt from what two witnesses say of each image, and which ones did.

An image has a true class; its label was given by someone who takes each class for each other one at
some rate. The rates are first counted as confident learning does (Northcutt, Jiang and Chuang,
"Confident learning: estimating uncertainty in dataset labels", 2021), with a threshold for each
class, and then fitted by expectation and maximisation (Dawid and Skene, 1979) to all images in
shares. What an image is likely to be then follows by Bayes' rule from its label, the rates, and the
witnesses. How far each witness is believed is fitted too, to the labels that were given: where
classes are clouds the classifier tells more, where they lie in pieces the neighbours do.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.quality.discriminant import blocks
from engine.splits import Rows
from engine.values import KnnGraph, Vectors

BELIEF_IN_CLASSIFIER = (0.18, 0.25, 0.35, 0.5, 0.7, 1.0)  # times its log-likelihoods
BELIEF_IN_NEIGHBORS = (0.0, 0.5, 1.0, 2.0)  # times the logarithms of their votes
# So many images of each class are thought to go wrong as images do on average, beside those that
# there are: with few each pair of classes has a rate of its own, with many all have the same.
ALIKE = (2.0, 20.0, 200.0, 2_000.0)
SLACK = 1.0  # standard errors by which labels may be less likely; see `_surest`
NO_VOTE = 0.1  # what a class without votes counts: neighbours are few
TRIED_ON, FITTED_ON = 4_000, 20_000  # images, at most; fewer where there are many classes:
TRIED_NUMBERS, FITTED_NUMBERS = 200_000, 2_000_000  # images times classes
FEWEST = 1_000  # images, however many classes there are
TRIES = len(BELIEF_IN_CLASSIFIER) * len(BELIEF_IN_NEIGHBORS) + len(ALIKE)  # in all
TRIED_STEPS, FITTED_STEPS = 10, 30
NEAREST = 0.02  # cosine distance up to which neighbours count about the same

Rates = NDArray[np.float64]
Votes = Any  # a scipy.sparse.csr_array of (N, C) shares


@dataclass(frozen=True, slots=True, eq=False)
class Witnesses:
    """What speaks for the class of N images, of C, without their own label.

    evidence: (N, C) float32 log-likelihoods by a classifier that did not learn from the image, up
              to a constant of each row.
    votes:    (N, C) sparse: shares of the classes among its neighbours.
    """

    evidence: Vectors
    votes: Votes


@dataclass(frozen=True, slots=True, eq=False)
class LabelNoise:
    """rates: (C, C) how often an image of the class of the row is given that of the column.

    sizes:         (C,) the shares of the true classes.
    in_classifier: how far the classifier is believed.
    in_neighbors:  how far the neighbours are.
    """

    rates: Rates
    sizes: Rates
    in_classifier: float
    in_neighbors: float


def neighbor_votes(graph: KnnGraph, rows: Rows, truth: Rows, groups: Rows, classes: int) -> Votes:
    """Return the votes of the neighbours on M images, the nearer the weightier.

    A copy with the same label is no witness for it, since both may be wrong; with another it is one
    against it.

    Parameters
    ----------
    graph
        Neighbours of N images by cosine distance.
    rows
        (M,) of those that are judged; the others have no vote.
    truth
        (M,) their labels, numbered.
    groups
        (N,) the same number for copies of one picture.
    classes
        How many there are.
    """
    from scipy.sparse import csr_array

    label = np.full(len(graph.indices), -1)
    label[rows] = truth
    others = graph.indices[rows]
    said = label[others]
    same = (groups[others] == groups[rows][:, None]) & (said == truth[:, None])
    weights = np.where((said < 0) | same, 0, 1 / (np.maximum(graph.distances[rows], 0) + NEAREST))
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-12)
    place = np.repeat(np.arange(len(rows)), graph.k)
    values = weights.astype(np.float32).ravel()
    return csr_array((values, (place, np.maximum(said, 0).ravel())), shape=(len(rows), classes))


def fit_noise(
    witnesses: Witnesses,
    truth: Rows,
    seed: int = 0,
    tried: Callable[[], None] = lambda: None,
) -> LabelNoise:
    """Learn how labels go wrong, and how far each witness is to be believed.

    Parameters
    ----------
    witnesses
        Of M images.
    truth
        (M,) their labels, numbered; any may be wrong.
    seed
        Decides which images are looked at where they are very many.
    tried
        Is called after each of `TRIES`; may raise, to end this.
    """
    classes = witnesses.evidence.shape[1]
    fitted = min(FITTED_ON, max(FEWEST, FITTED_NUMBERS // classes))
    shuffled = np.random.default_rng(seed).permutation(len(truth))[:fitted]
    few = shuffled[: min(TRIED_ON, max(FEWEST, TRIED_NUMBERS // classes))]
    beliefs = [(one, two) for one in BELIEF_IN_CLASSIFIER for two in BELIEF_IN_NEIGHBORS]
    chances, sureness = [], []
    for each in beliefs:
        said = _said(witnesses, few, *each)
        chances.append(_chances_of_halves(said, truth[few], ALIKE[1]))
        sureness.append(float(said.max(axis=1).mean()))
        tried()
    belief = beliefs[_surest(chances, sureness)]
    said, given = _said(witnesses, shuffled, *belief), truth[shuffled]
    chances = []
    for alike in ALIKE:
        chances.append(_chances_of_halves(said, given, alike))
        tried()
    alike = ALIKE[int(np.argmax([each.mean() for each in chances]))]
    taken, sizes = _expect_and_maximise(said, given, FITTED_STEPS, alike)
    return LabelNoise(np.ascontiguousarray(taken.T), sizes, *belief)


def _surest(chances: Sequence[Rates], sureness: Sequence[float]) -> int:
    """Return which belief explains the labels, the surest of those that do so about as well.

    Unsure witnesses of right labels explain them nearly as well as sure witnesses of labels that
    went wrong at random, so that chance would decide. The rule of one standard error (Breiman,
    Friedman, Olshen and Stone, "Classification and regression trees", 1984) does, for the surest.

    Parameters
    ----------
    chances
        Of each belief: (M,) log-likelihoods of the same labels.
    sureness
        Of each belief: how sure the witnesses are of a class, on average.
    """
    best = chances[int(np.argmax([each.mean() for each in chances]))]
    good = []
    for place, each in enumerate(chances):
        worse = best - each
        if worse.mean() <= SLACK * worse.std() / np.sqrt(len(worse)):
            good.append(place)
    return max(good, key=lambda place: sureness[place])


def _chances_of_halves(likely: Rates, truth: Rows, alike: float) -> Rates:
    """Return how likely each label is, a logarithm, by what is learnt from the other half."""
    halves = np.arange(len(truth)) % 2
    chances = np.empty(len(truth))
    for half in (0, 1):
        learnt = _expect_and_maximise(
            likely[halves != half], truth[halves != half], TRIED_STEPS, alike
        )
        chances[halves == half] = _chances(likely[halves == half], truth[halves == half], *learnt)
    return chances


def true_classes(
    witnesses: Witnesses, truth: Rows, noise: LabelNoise
) -> Iterator[tuple[slice, Rates]]:
    """Yield, some rows at a time, (B, C) how likely each class is the true one."""
    taken = np.ascontiguousarray(noise.rates.T)
    for block in blocks(len(truth)):
        rows = np.arange(len(truth))[block]
        said = _said(witnesses, rows, noise.in_classifier, noise.in_neighbors)
        yield block, _given_labels(said, truth[rows], taken, noise.sizes)


def confident_joint(likely: Rates, truth: Rows) -> Rates:
    """Return (C, C) how many images of each class have each label, by those that are clear.

    An image counts for the likeliest of the classes that are as likely for it as they are on
    average for the images that have their label.

    Parameters
    ----------
    likely
        (M, C) probabilities by witnesses that do not know the label.
    truth
        (M,) the labels, numbered.
    """
    classes = likely.shape[1]
    sizes = np.bincount(truth, minlength=classes)
    own = np.bincount(truth, likely[np.arange(len(truth)), truth], minlength=classes)
    thresholds = own / np.maximum(sizes, 1)
    clear = np.where(likely >= np.maximum(thresholds, 1e-6), likely, 0)
    rows = np.flatnonzero(clear.any(axis=1))
    counts = np.zeros((classes, classes))
    np.add.at(counts, (clear[rows].argmax(axis=1), truth[rows]), 1)
    return counts


def _expect_and_maximise(
    likely: Rates, truth: Rows, steps: int, alike: float
) -> tuple[Rates, Rates]:
    """Return the rates, a row for each label that is given, under which the labels are likeliest.

    With them come the sizes of the classes.
    """
    from scipy.sparse import csr_array

    count, classes = likely.shape
    of_label = csr_array((np.ones(count), (truth, np.arange(count))), shape=(classes, count))
    taken = _rates(confident_joint(likely, truth).T, alike)
    sizes = np.full(classes, 1 / classes)
    for _ in range(steps):
        shares = _given_labels(likely, truth, taken, sizes)
        taken = _rates(of_label @ shares, alike)
        sizes = (shares.sum(axis=0) + 1) / (count + classes)  # a rare one may not be among these
    return taken, sizes


def _given_labels(likely: Rates, truth: Rows, taken: Rates, sizes: Rates) -> Rates:
    """Return (B, C) how likely each class is for images that have these labels."""
    shares = taken[truth]  # whole rows, which lie together
    shares *= sizes
    shares *= likely
    shares /= shares.sum(axis=1, keepdims=True)
    return shares


def _chances(likely: Rates, truth: Rows, taken: Rates, sizes: Rates) -> Rates:
    """Return the log-likelihood of each label."""
    shares = likely * sizes
    of_labels = np.einsum("ij,ij->i", shares, taken[truth])
    return np.asarray(np.log(of_labels / shares.sum(axis=1)))


def _rates(counts: Rates, alike: float) -> Rates:
    """Return rates by counts, to which so many images of each class are added that err alike.

    Both have a row for each label and a column for each class.
    """
    classes, total = len(counts), counts.sum()
    wrong = (total - np.trace(counts) + 1) / (total + 2)
    rates = counts + alike * wrong / (classes - 1)
    rates[np.diag_indices(classes)] = counts.diagonal() + alike * (1 - wrong)
    rates /= rates.sum(axis=0)
    return np.asarray(rates)


def _said(witnesses: Witnesses, rows: Rows, in_classifier: float, in_neighbors: float) -> Rates:
    """Return (B, C) what both witnesses together say, as probabilities."""
    likely = witnesses.evidence[rows].astype(np.float64)  # logarithms, up to a constant of a row
    likely *= in_classifier
    if in_neighbors:
        votes = witnesses.votes[rows].astype(np.float64)
        votes.data = in_neighbors * np.log1p(votes.data / NO_VOTE)  # and 0 where there is no vote
        likely += votes.toarray()
    likely -= likely.max(axis=1, keepdims=True)
    np.exp(likely, out=likely)
    np.maximum(likely, 1e-30, out=likely)  # so that nothing is impossible
    likely /= likely.sum(axis=1, keepdims=True)
    return np.asarray(likely)
