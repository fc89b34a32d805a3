"""What was computed from the embeddings of one run, and is found again while they are the same.

What is kept notes the rows of ``vectors.npy`` it was made of, in their order. An image that is
moved on the disk keeps its row: what is kept is then put into the order of today.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.files import UNUSABLE, whole_file
from engine.quality.findings import Quality
from engine.quality.quality_file import as_json, from_json, with_paths
from engine.values import Clusters, KnnGraph, Projection

CLUSTERS = "clusters.npz"
QUALITY = "quality.json"


class Derived:
    """What was computed from the vectors of one run, in the folder of these."""

    def __init__(
        self,
        folder: Path,
        run: str,
        entries: Sequence[tuple[str, str, int]],
        aside: Iterable[int] = (),
        others: Mapping[int, str] | None = None,
    ) -> None:
        """Use `Workspace.derived`.

        Parameters
        ----------
        folder, run
            Of the vectors.
        entries
            (path, label, row) of what is embedded, in the order of the dataset.
        aside
            Rows of the excluded images that were moved out of the dataset.
        others
            Paths of the images that are not embedded, by their numbers in the catalogue.
        """
        self._folder = folder
        self._run = run
        self._entries = entries
        self._rows = np.array([row for _, _, row in entries], np.int64)
        self._aside = frozenset(aside)
        self._others = dict(others or {})

    @property
    def entries(self) -> Sequence[tuple[str, str, int]]:
        """(path, label, row) of each embedded image, in the order of the dataset."""
        return self._entries

    def projection_file(self, method: str, dims: int) -> Path:
        """Return where the points of a projection are kept."""
        return self._folder / f"{method}-{dims}d.npy"

    def save_projection(self, projection: Projection) -> Path:
        """Keep a projection; return the ``.npy`` file with its points.

        Raises
        ------
        EngineError
            When the disk is full or cannot be written to.
        """
        points = self.projection_file(projection.method, projection.dims)
        note = {
            "method": projection.method,
            "parameters": projection.parameters,
            "classes": self._classes(projection.parameters),
            "rows": self._rows.tolist(),
        }
        with whole_file(points) as file:
            np.save(file, projection.points)
        with whole_file(points.with_suffix(".json")) as file:
            file.write(json.dumps(note).encode())
        return points

    def projection(
        self, method: str, dims: int, parameters: dict[str, Any] | None = None
    ) -> Projection | None:
        """Return a kept projection, or None when there is none that fits today's embeddings.

        It still fits when excluded images were moved out of the dataset since it was made.

        Parameters
        ----------
        method, dims
            Which one.
        parameters
            What it must have been made with; anything by default.
        """
        file = self.projection_file(method, dims)
        try:
            note = json.loads(file.with_suffix(".json").read_bytes())
            coordinates = np.load(file, allow_pickle=False)
            kept = dict(note["parameters"])
            is_wanted = (
                note["classes"] == self._classes(kept)
                and kept.items() >= (parameters or {}).items()
            )
            rows = np.array(note["rows"], np.int64)
            places = self._places(rows, may_lack=self._aside)
            if not is_wanted or places is None or coordinates.shape != (len(rows), dims):
                return None
            points = np.asarray(coordinates[places], np.float32)
        except UNUSABLE:
            return None
        return Projection(
            points,
            tuple(path for path, _, _ in self._entries),
            tuple(label for _, label, _ in self._entries),
            method,
            self._run,
            kept,
        )

    def save_graph(self, graph: KnnGraph) -> None:
        """Keep the nearest neighbours of all embeddings.

        Raises
        ------
        EngineError
            When the disk is full or cannot be written to.
        """
        with whole_file(self._graph_file(graph.metric)) as file:
            np.savez(
                file,
                indices=graph.indices.astype(np.int32),
                distances=graph.distances,
                rows=self._rows,
            )

    def graph(self, k: int, metric: str) -> KnnGraph | None:
        """Return the kept ``k`` nearest neighbours, or None when there are none that fit."""
        try:
            with np.load(self._graph_file(metric), allow_pickle=False) as kept:
                places = self._places(kept["rows"])
                indices, distances = kept["indices"].astype(np.int64), kept["distances"]
            count = len(self._entries)
            if places is None or indices.shape != distances.shape or len(indices) != count:
                return None
            graph = KnnGraph(np.argsort(places)[indices[places]], distances[places], metric)
        except UNUSABLE:
            return None
        return graph.nearest(k) if graph.k >= min(k, count - 1) else None

    def save_clusters(self, clusters: Clusters) -> None:
        """Keep the clusters of the embeddings.

        Raises
        ------
        EngineError
            When the disk is full or cannot be written to.
        """
        with whole_file(self._folder / CLUSTERS) as file:
            np.savez(
                file,
                numbers=clusters.numbers,
                representatives=clusters.representatives,
                rows=self._rows,
            )

    def clusters(self) -> Clusters | None:
        """Return the kept clusters, or None when there are none that fit."""
        try:
            with np.load(self._folder / CLUSTERS, allow_pickle=False) as kept:
                places = self._places(kept["rows"])
                numbers, representatives = kept["numbers"], kept["representatives"]
            if places is None or len(numbers) != len(places):
                return None
            return Clusters(numbers[places], np.argsort(places)[representatives])
        except UNUSABLE:
            return None

    def _places(
        self, kept: NDArray[np.int64], may_lack: Collection[int] = ()
    ) -> NDArray[np.int64] | None:
        """Say at which place of what is kept each image of today is.

        Parameters
        ----------
        kept
            The rows that something was made of, in their order.
        may_lack
            Those of them that need not be among the images of today.

        Returns
        -------
        array or None
            (N,) int64; None when it was not made of these images.
        """
        place_of = {row: place for place, row in enumerate(kept.tolist())}
        gone = place_of.keys() - set(self._rows.tolist())
        if not gone <= set(may_lack) or len(place_of) - len(gone) != len(self._rows):
            return None
        return np.array([place_of[row] for row in self._rows.tolist()], np.int64)

    def save_quality(self, quality: Quality) -> None:
        """Keep what may be wrong with the images.

        Raises
        ------
        EngineError
            When the disk is full or cannot be written to.
        """
        with whole_file(self._folder / QUALITY) as file:
            # Names that are no Unicode survive as escapes.
            kept = {
                "rows": self._rows.tolist(),
                "paths": [path for path, _, _ in self._entries],
                "others": list(self._others.items()),
                "found": as_json(quality),
            }
            file.write(json.dumps(kept, ensure_ascii=True).encode("ascii"))

    def quality(self) -> Quality | None:
        """Return what may be wrong, or None when it was not looked for in these images.

        Classes may have changed since. Images that were moved have the paths of today; what was
        found of those that are no longer in the dataset is left out.
        """
        try:
            kept = json.loads((self._folder / QUALITY).read_bytes())
            found, rows, paths = from_json(kept["found"]), kept["rows"], kept["paths"]
            others = [(int(item), str(path)) for item, path in kept.get("others", ())]
            if self._places(np.array(rows, np.int64), self._aside) is None:
                return None
            now = {row: path for path, _, row in self._entries}
            moved = {path: now.get(row, "") for path, row in zip(paths, rows, strict=True)}
            moved |= {path: self._others.get(item, "") for item, path in others}
            return with_paths(found, moved)
        except UNUSABLE:
            return None

    def _classes(self, parameters: dict[str, Any]) -> str:
        """Say which images are in the classes that a map was laid through; "" for other maps."""
        ends = list(parameters.get("axis") or ())
        if not ends:
            return ""
        members = sorted([row, label] for _, label, row in self._entries if label in ends)
        return hashlib.sha256(json.dumps(members).encode()).hexdigest()

    def _graph_file(self, metric: str) -> Path:
        return self._folder / f"neighbors-{metric}.npz"
