"""Learning from few labels: which class the other images may have, and which to look at next.

The order is by what a label would settle: how unsure the classifier is of the image, times how much
of the dataset it speaks for that no label speaks for yet. While little is known that spreads over
the dataset; later it goes to where classes meet. Uncertainty is the margin between two classes:
Scheffer, Decomain and Wrobel, "Active hidden Markov models for information extraction", 2001. That
few labels ask for coverage and many for uncertainty: Bae, Noh and Sutherland, "Generalized
coverage for more robust low-budget active learning", 2024; walks among neighbours are our kernel.
"""

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.fitting import ClassifierOptions, fitted, predict
from engine.progress import Progress
from engine.values import Embeddings, KnnGraph, Vectors, natural_key

if TYPE_CHECKING:
    from scipy.sparse import csc_array

# So many are chosen one after the other, each knowing of those before; new labels come long before
# they are used up, so the rest simply follows by uncertainty.
SPREAD = 200
# However sure it is, a classifier knows nothing of a class that has no label yet: of three classes
# of the sample it took the third for the second with certainty, and would never have asked for it.
DOUBT = 0.1
# An answer is waited for: beyond so many labels, the same share of each class is learnt from.
MOST_LEARNT = 4_000
FEWEST_NEIGHBORS, NEAR = 2, 20  # neighbours of an image are at most one in `NEAR` of all


@dataclass(frozen=True, slots=True, eq=False)
class Suggestions:
    """What a classifier that learnt from the labelled images says of the U others.

    run:         name of the run whose embeddings it knows.
    classes:     what it learnt, in natural order; empty with fewer than two, when it says nothing.
    labelled:    how many images it learnt from.
    paths:       the U images without a class, in the order of the dataset.
    labels:      U suggested classes, "" where nothing is said.
    probability: (U,) float32 of the suggested class, 0 where nothing is said.
    uncertainty: (U,) float32 from 0 to 1: 1 less the margin between the two likeliest classes.
    order:       (U,) int64 numbers of the images, the one whose label helps most first.
    """

    run: str
    classes: tuple[str, ...]
    labelled: int
    paths: tuple[str, ...]
    labels: tuple[str, ...]
    probability: Vectors
    uncertainty: Vectors
    order: NDArray[np.int64]

    @property
    def confidence(self) -> float:
        """Mean probability of what is suggested, 0 when nothing is."""
        return float(self.probability.mean()) if self.classes and self.paths else 0.0


def suggest(
    embeddings: Embeddings, graph: KnnGraph, progress: Progress | None = None
) -> Suggestions:
    """Learn from the images that have a class what the others may be.

    Parameters
    ----------
    embeddings
        N images, of which some, all or none have a class.
    graph
        Their nearest neighbours.
    progress
        Hears the steps.

    Raises
    ------
    Cancelled
        From ``progress``.
    """
    progress = progress or Progress()
    is_labelled = np.array([label != "" for label in embeddings.labels], bool)
    is_out = np.array([path in embeddings.excluded for path in embeddings.paths], bool)
    others = np.flatnonzero(~is_labelled & ~is_out)
    classes = tuple(sorted({label for label in embeddings.labels if label}, key=natural_key))
    uncertainty = np.ones(len(is_labelled), np.float32)
    probability = np.zeros(len(others), np.float32)
    labels = ("",) * len(others)
    if len(classes) > 1 and len(others):
        progress.report("Learning from the labels")
        likely = _likely(embeddings, np.flatnonzero(is_labelled), classes)
        first_two = np.partition(likely, -2, axis=1)[:, -2:]
        uncertainty = 1 - (first_two[:, 1] - first_two[:, 0])
        labels = tuple(classes[number] for number in likely[others].argmax(axis=1))
        probability = likely[others].max(axis=1)
    progress.report("Choosing what to look at")
    order = _order(np.maximum(uncertainty, DOUBT), is_labelled, others, graph)
    return Suggestions(
        run=embeddings.run,
        classes=classes if len(classes) > 1 else (),
        labelled=int(is_labelled.sum()),
        paths=tuple(embeddings.paths[row] for row in others),
        labels=labels,
        probability=probability,
        uncertainty=uncertainty[others],
        order=np.searchsorted(others, order),
    )


def _likely(
    embeddings: Embeddings, labelled: NDArray[np.int64], classes: tuple[str, ...]
) -> Vectors:
    """Return (N, C) float32: how likely each class is, by what the labelled rows teach."""
    number = {name: place for place, name in enumerate(classes)}
    truth = np.array([number[embeddings.labels[row]] for row in labelled], np.int64)
    if len(labelled) > MOST_LEARNT:
        share = -(-MOST_LEARNT // len(classes))
        shuffled = np.random.default_rng(0).permutation(len(labelled))
        of_class = (shuffled[truth[shuffled] == place][:share] for place in range(len(classes)))
        some = np.sort(np.concatenate(list(of_class)))
        labelled, truth = labelled[some], truth[some]
    head = fitted(embeddings.vectors[labelled], truth, ClassifierOptions("logistic"))
    return predict(head, embeddings.vectors, len(classes))


def _order(
    uncertainty: Vectors,
    is_labelled: NDArray[np.bool_],
    others: NDArray[np.int64],
    graph: KnnGraph,
) -> NDArray[np.int64]:
    """Return the rows that want a label, ``others``, the one that settles most first.

    A label of a row settles another one as far as a walk of two steps among neighbours leads there.
    """
    # In a small dataset many neighbours would be most of it.
    near = graph.nearest(min(graph.k, max(FEWEST_NEIGHBORS, len(is_labelled) // NEAR)))
    settles = _two_steps(near)  # column: what a label of this row does for each row
    starts, rows_of, shares = settles.indptr, settles.indices, settles.data
    settled = np.zeros(len(is_labelled))

    def settle(row: int) -> None:
        some = slice(starts[row], starts[row + 1])
        np.maximum.at(settled, rows_of[some], shares[some])

    def gain(row: int) -> float:
        some = slice(starts[row], starts[row + 1])
        more = np.maximum(shares[some] - settled[rows_of[some]], 0)
        return float(uncertainty[row] * more.sum())

    for row in np.flatnonzero(is_labelled).tolist():
        settle(row)
    # A gain only falls while rows are chosen, so that one from before is a bound that saves asking
    # again (Minoux, "Accelerated greedy algorithms for maximizing submodular set functions", 1978).
    bounds: list[tuple[float, int]] = [(-gain(row), row) for row in others.tolist()]
    heapq.heapify(bounds)
    chosen: list[int] = []
    while bounds and len(chosen) < SPREAD:
        _, row = heapq.heappop(bounds)
        now = (-gain(row), row)
        if bounds and now > bounds[0]:
            heapq.heappush(bounds, now)
        else:
            chosen.append(row)
            settle(row)
    rest = np.setdiff1d(others, chosen)
    rest = rest[np.argsort(-uncertainty[rest], kind="stable")]
    return np.concatenate([np.array(chosen, np.int64), rest])


def _two_steps(graph: KnnGraph) -> "csc_array":
    """Return (N, N) how likely a walk of two steps from a row (first index) ends at another."""
    from scipy.sparse import csr_array, diags_array

    rows = len(graph.indices)
    starts = np.repeat(np.arange(rows), graph.k)
    links = csr_array((np.ones(len(starts)), (starts, graph.indices.ravel())), (rows, rows))
    links = ((links + links.T) > 0).astype(np.float64)
    ways = np.maximum(links.sum(axis=1), 1)
    step = diags_array(1 / ways) @ links
    return (step @ step).tocsc()
