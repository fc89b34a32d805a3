"""The neighbours of all embeddings of a run, found once."""

from engine.neighbors import knn_graph
from engine.progress import Progress
from engine.values import Embeddings, KnnGraph
from engine.workspace import Derived


def neighbor_graph(
    derived: Derived, embeddings: Embeddings, k: int, metric: str, progress: Progress
) -> KnnGraph:
    """Return the ``k`` nearest neighbours of all embeddings, from the disk where they are kept."""
    k = min(k, len(embeddings.paths) - 1)
    graph = derived.graph(k, metric)
    if graph is None:
        graph = knn_graph(embeddings.vectors, k, metric, progress)
        derived.save_graph(graph)
    return graph
