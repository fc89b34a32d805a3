"""What a projection is asked for."""

import math
from dataclasses import dataclass
from typing import Any

from engine.errors import EngineError

NAMES = {"pca": "PCA", "umap": "UMAP", "tsne": "t-SNE", "axes": "Classes as axes"}
METHODS = tuple(NAMES)
METRICS = ("cosine", "euclidean")


@dataclass(frozen=True, slots=True)
class ProjectionOptions:
    """Which map to make.

    method:     name in `METHODS`; "axes" lays the first axis through two class centres.
    dims:       2 or 3.
    seed:       the same one gives the same map.
    neighbors:  UMAP: how many neighbours make a neighbourhood; more shows more of the whole.
    min_dist:   UMAP: how near to each other points may lie, 0 to 1.
    perplexity: t-SNE: about how many neighbours count.
    metric:     name in `METRICS`: what "near" means among embeddings.
    axis:       "axes": the classes from whose centre and to whose centre the first axis leads.
    """

    method: str = "pca"
    dims: int = 3
    seed: int = 0
    neighbors: int = 15
    min_dist: float = 0.1
    perplexity: float = 30.0
    metric: str = "cosine"
    axis: tuple[str, str] = ("", "")

    @property
    def parameters(self) -> dict[str, Any]:
        """Those that the method listens to, ready for JSON: equal ones give an equal map."""
        names = {
            "pca": ("seed",),
            "umap": ("neighbors", "min_dist", "metric", "seed"),
            "tsne": ("perplexity", "metric", "seed"),
            "axes": ("axis", "seed"),
        }[self.method]
        chosen = {name: getattr(self, name) for name in names}
        return {name: list(v) if isinstance(v, tuple) else v for name, v in chosen.items()}

    @property
    def neighbors_needed(self) -> int:
        """How many neighbours of each embedding the method must know; 0 when it asks for none."""
        if self.method == "umap":
            return self.neighbors - 1  # it counts the image itself among them
        return math.ceil(3 * self.perplexity) if self.method == "tsne" else 0

    def check(self) -> None:
        """Make sure that the choices make sense.

        Raises
        ------
        EngineError
            With the first that does not.
        """
        if self.method not in METHODS:
            raise EngineError(f"There is no method “{self.method}”; choose {', '.join(METHODS)}.")
        if self.metric not in METRICS:
            raise EngineError(f"There is no metric “{self.metric}”; choose {', '.join(METRICS)}.")
        if self.dims not in (2, 3):
            raise EngineError(f"A map has 2 or 3 dimensions, not {self.dims}.")
        if not 2 <= self.neighbors <= 200:
            raise EngineError(f"{self.neighbors} neighbours are out of range; choose 2 to 200.")
        if not 0 <= self.min_dist <= 1:
            raise EngineError(f"A min-dist of {self.min_dist} is out of range; choose 0 to 1.")
        if not 2 <= self.perplexity <= 200:
            raise EngineError(
                f"A perplexity of {self.perplexity} is out of range; choose 2 to 200."
            )
