"""A map whose first axis leads from the centre of one class to that of another."""

import numpy as np

from engine.errors import EngineError
from engine.projection.pca import fit, widen
from engine.values import Embeddings, Projection


def class_axes(
    embeddings: Embeddings, axis: tuple[str, str], dims: int = 3, seed: int = 0
) -> Projection:
    """Show how far each image has gone from one class to another.

    Parameters
    ----------
    embeddings
        N vectors with classes.
    axis
        Two classes. The first axis is 0 at the centre of the first and 1 at that of the second.
    dims
        2 or 3; the further axes are a PCA of what the first does not tell, in the same unit.
    seed
        For the randomised solver that very large sets use.

    Raises
    ------
    EngineError
        When a class does not exist, or the two centres are the same.
    """
    first, second = (_centre(embeddings, name) for name in axis)
    way = second - first
    length = float(np.linalg.norm(way))
    if length == 0:
        raise EngineError(
            f"The classes “{axis[0]}” and “{axis[1]}” have the same centre; choose two others."
        )
    along = (embeddings.vectors - first) @ (way / length)
    rest = embeddings.vectors - first - np.outer(along, way / length)
    model = fit(rest, dims - 1, seed)
    others = widen(model.transform(rest), dims - 1)
    return Projection(
        (np.column_stack([along, others]) / length).astype(np.float32),
        embeddings.paths,
        embeddings.labels,
        "axes",
        embeddings.run,
        {},
    )


def _centre(embeddings: Embeddings, name: str) -> np.ndarray:
    member = np.array([label == name for label in embeddings.labels], bool)
    if not member.any() or not name:
        known = ", ".join(sorted({label for label in embeddings.labels if label})) or "none"
        raise EngineError(f"There is no class “{name}” to lay an axis through; there are: {known}.")
    return np.asarray(embeddings.vectors[member].mean(axis=0))
