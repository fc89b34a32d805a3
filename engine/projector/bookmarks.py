"""Our own maps as bookmarks of TensorBoard's projector.

A bookmark holds coordinates of all points; the page draws them without computing any, also where
it would compute those of some only. It knows PCA, UMAP, t-SNE and custom projections; whoever opens
a bookmark of its t-SNE starts it anew, so that all maps but PCA are shown where UMAPs are.

Source: ``State`` in ``vz_projector/data.ts`` of TensorBoard 2.21.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.progress import Progress
from engine.projector.metadata import CLASS
from engine.values import Vectors
from engine.wording import mark

CHUNK = 4_096  # points
STAGE = mark("Writing the maps")


@dataclass(frozen=True, slots=True, eq=False)
class Map:
    """A map to show. title: what the user reads. points: (N, 2) or (N, 3) float32."""

    title: str
    method: str
    points: Vectors


def write_bookmarks(
    file: Path, maps: Sequence[Map], shape: tuple[int, int], coloured: bool, progress: Progress
) -> None:
    """Write a list of bookmarks, one for each map.

    Parameters
    ----------
    file
        To write.
    maps
        All of the N points.
    shape
        N and D of the vectors that the page shows.
    coloured
        Whether there are classes to colour the points by.
    progress
        Hears the points.

    Raises
    ------
    OSError
        When the disk refuses.
    Cancelled
        From ``progress``.
    """
    total = sum(len(each.points) for each in maps)
    done = 0
    with file.open("w", encoding="utf-8", newline="\n") as written:
        for place, each in enumerate(maps):
            # All but the coordinates, of which there are too many for one string.
            state = json.dumps(_state(each, shape, coloured), ensure_ascii=True)
            written.write("," if place else "[")
            written.write(state[:-1] + ', "projections": [')
            for start in range(0, len(each.points), CHUNK):
                progress.report(STAGE, done + start, total)
                points = each.points[start : start + CHUNK]
                written.write(("," if start else "") + _coordinates(_tab(each.method), points))
            written.write("]}")
            done += len(each.points)
        written.write("]\n" if maps else "[]\n")
    progress.report(STAGE, total, total)


def _tab(method: str) -> str:
    return "pca" if method == "pca" else "umap"


def _coordinates(tab: str, points: Vectors) -> str:
    axes = range(points.shape[1])
    form = "{" + ",".join(f'"{tab}-{axis}":%.7g' for axis in axes) + "}"
    return ",".join(form % tuple(point) for point in points.tolist())


def _state(shown: Map, shape: tuple[int, int], coloured: bool) -> dict[str, Any]:
    dims = shown.points.shape[1]
    return {
        "label": shown.title,
        "isSelected": False,
        "selectedProjection": _tab(shown.method),
        "dataSetDimensions": list(shape),
        "tSNEIteration": 0,
        "tSNEPerplexity": 30,
        "tSNELearningRate": 10,
        "tSNEis3d": True,
        "umapIs3d": dims == 3,
        "umapNeighbors": 15,
        "umapMinDist": 0.1,
        "pcaComponentDimensions": list(range(dims if _tab(shown.method) == "pca" else 3)),
        "customXLeftText": "",
        "customXLeftRegex": False,
        "customXRightText": "",
        "customXRightRegex": False,
        "customYUpText": "",
        "customYUpRegex": False,
        "customYDownText": "",
        "customYDownRegex": False,
        "selectedPoints": [],
        "cameraDef": None,
        "selectedColorOptionName": CLASS if coloured else "No color map",
        "forceCategoricalColoring": False,
        "selectedLabelOption": CLASS if coloured else "path",
    }
