"""The nearest neighbours of an image in each of some classes, to be looked at side by side."""

from collections.abc import Mapping, Sequence

import numpy as np

from engine.pipeline.similar import Neighbor, Similar


def nearest_in_classes(
    similar: Similar, path: str, classes: Sequence[str], k: int
) -> Mapping[str, list[Neighbor]]:
    """Find the images nearest to one among those of each of some classes.

    Parameters
    ----------
    similar
        Holds the embeddings of a run and the classes of its images.
    path
        Of an image that the run has embedded.
    classes
        Those that are searched; one without images has no neighbours.
    k
        How many of each class at most.

    Returns
    -------
    Mapping[str, list[Neighbor]]
        For each class, nearest first and without the image itself.

    Raises
    ------
    EngineError
        When the run has not embedded the image.
    """
    distances, labels = similar.distances_to(path), np.array(similar.labels, object)
    found = {}
    for name in dict.fromkeys(classes):
        rows = np.flatnonzero(labels == name)
        rows = rows[np.argsort(distances[rows], kind="stable")[: k + 1]]
        near = [Neighbor(similar.paths[row], name, float(distances[row])) for row in rows]
        found[name] = [each for each in near if each.path != path][:k]
    return found
