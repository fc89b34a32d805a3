"""Embeddings reduced to two or three coordinates that can be looked at."""

from dataclasses import replace

from engine.progress import Progress
from engine.projection.axes import class_axes
from engine.projection.growing import GrowingPca
from engine.projection.options import METHODS, METRICS, ProjectionOptions
from engine.projection.pca import pca
from engine.projection.tsne import tsne
from engine.projection.umap import umap
from engine.values import Embeddings, KnnGraph, Projection

__all__ = [
    "METHODS",
    "METRICS",
    "GrowingPca",
    "ProjectionOptions",
    "class_axes",
    "pca",
    "project",
    "tsne",
    "umap",
]


def project(
    embeddings: Embeddings,
    options: ProjectionOptions,
    graph: KnnGraph | None = None,
    progress: Progress | None = None,
) -> Projection:
    """Make the map that is asked for.

    Parameters
    ----------
    embeddings
        N vectors.
    options
        Which map.
    graph
        Their nearest neighbours, for the methods that need some.
    progress
        Hears the steps; UMAP and t-SNE send the map so far with each and listen to *finish*.

    Returns
    -------
    Projection
        The parameters hold those of the options, and what the method tells.

    Raises
    ------
    EngineError
        When the options make no sense for these embeddings.
    Cancelled
        From ``progress``.
    """
    progress = progress or Progress()
    if options.method == "pca":
        progress.report("Projecting with PCA")
        made = pca(embeddings, options.dims, options.seed)
    elif options.method == "axes":
        progress.report("Projecting onto two classes")
        made = class_axes(embeddings, options.axis, options.dims, options.seed)
    else:
        assert graph is not None, f"{options.method} needs the graph of neighbours"
        if options.method == "umap":
            made = umap(embeddings, graph, options.dims, options.min_dist, options.seed, progress)
        else:
            made = tsne(embeddings, graph, options.dims, options.perplexity, options.seed, progress)
    early = {"ended_early": True} if progress.finishing else {}
    return replace(made, parameters={**options.parameters, **made.parameters, **early})
