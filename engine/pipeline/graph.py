"""The embeddings of a run, and the neighbours of all of them, found once."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from engine.files import for_speed_alone
from engine.neighbors import knn_graph
from engine.progress import Progress
from engine.values import Embeddings, KnnGraph, Recipe
from engine.workspace import Derived, Workspace

NEIGHBORS = 15  # of each image: for everything that does not ask for another number
METRIC = "cosine"


@dataclass(frozen=True, slots=True, eq=False)
class KnownRun:
    """A run as a classifier learns from it.

    root:       its workspace.
    folder:     the dataset folder.
    recipe:     how it was made.
    embeddings: of all its images.
    graph:      the `NEIGHBORS` nearest of each by `METRIC`.
    derived:    what is kept of it, by the paths of ``embeddings``.
    read:       when it was read, UTC in ISO 8601: images may have been moved since.
    """

    root: Path
    folder: Path
    recipe: Recipe
    embeddings: Embeddings
    graph: KnnGraph
    derived: Derived
    read: str


def read_run(root: Path, run: str | None, progress: Progress) -> KnownRun:
    """Read a run, the latest by default; its neighbours are found if they were not before.

    Raises
    ------
    EngineError
        When there is no workspace, no such run, or nothing embedded.
    Cancelled
        From ``progress``. Neighbours that were found are kept.
    """
    with Workspace.open(root) as workspace:
        recipe = workspace.run(run)
        progress.report("Reading the embeddings")
        read = datetime.now(UTC).isoformat(timespec="microseconds")
        derived = workspace.derived(recipe.run)  # first: reading the vectors takes a while
        embeddings = workspace.embeddings(recipe)
        graph = neighbor_graph(derived, embeddings, NEIGHBORS, METRIC, progress)
        return KnownRun(workspace.root, workspace.folder, recipe, embeddings, graph, derived, read)


def neighbor_graph(
    derived: Derived, embeddings: Embeddings, k: int, metric: str, progress: Progress
) -> KnnGraph:
    """Return the ``k`` nearest neighbours of all embeddings, from the disk where they are kept."""
    k = min(k, len(embeddings.paths) - 1)
    graph = derived.graph(k, metric)
    if graph is None:
        graph = knn_graph(embeddings.vectors, k, metric, progress)
        with for_speed_alone("the graph of neighbours"):
            derived.save_graph(graph)
    return graph
