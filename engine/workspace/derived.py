"""What was computed from the embeddings of one run, and is found again while they are the same."""

import hashlib
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.files import whole_file
from engine.quality.findings import Quality
from engine.quality.quality_file import as_json, from_json
from engine.values import Clusters, KnnGraph, Projection

# What reading a file that is missing, cut off or not ours may raise: it is then made again.
UNUSABLE = (OSError, ValueError, EOFError, TypeError, KeyError, zipfile.BadZipFile)
CLUSTERS = "clusters.npz"
QUALITY = "quality.json"


class Derived:
    """What was computed from the vectors of one run, in the folder of these."""

    def __init__(self, folder: Path, run: str, entries: Sequence[tuple[str, str, int]]) -> None:
        """Use `Workspace.derived`; ``entries`` are (path, label, row) of what is embedded."""
        self._folder = folder
        self._run = run
        self._entries = entries
        # Changes whenever the embeddings do: which rows belong to which images.
        rows = [(path, row) for path, _, row in entries]
        self._content = hashlib.sha256(json.dumps(rows).encode()).hexdigest()

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
            "images": self._content,
            "classes": self._classes(projection.parameters),
        }
        with whole_file(points) as file:
            np.save(file, projection.points)
        with whole_file(points.with_suffix(".json")) as file:
            file.write(json.dumps(note, indent=1).encode())
        return points

    def projection(
        self, method: str, dims: int, parameters: dict[str, Any] | None = None
    ) -> Projection | None:
        """Return a kept projection, or None when there is none that fits today's embeddings.

        Parameters
        ----------
        method, dims
            Which one.
        parameters
            What it must have been made with; anything by default.
        """
        points = self.projection_file(method, dims)
        try:
            note = json.loads(points.with_suffix(".json").read_bytes())
            coordinates = np.load(points, allow_pickle=False)
            kept = dict(note["parameters"])
            is_wanted = (
                note["images"] == self._content
                and note.get("classes", "") == self._classes(kept)
                and kept.items() >= (parameters or {}).items()
            )
        except UNUSABLE:
            return None
        if not is_wanted or coordinates.shape != (len(self._entries), dims):
            return None
        return Projection(
            coordinates,
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
                images=np.array(self._content),
            )

    def graph(self, k: int, metric: str) -> KnnGraph | None:
        """Return the kept ``k`` nearest neighbours, or None when there are none that fit."""
        try:
            with np.load(self._graph_file(metric), allow_pickle=False) as kept:
                is_current = str(kept["images"]) == self._content
                indices, distances = kept["indices"].astype(np.int64), kept["distances"]
        except UNUSABLE:
            return None
        rows = len(self._entries)
        if not is_current or indices.shape != distances.shape or len(indices) != rows:
            return None
        graph = KnnGraph(indices, distances, metric)
        return graph.nearest(k) if graph.k >= min(k, rows - 1) else None

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
                images=np.array(self._content),
            )

    def clusters(self) -> Clusters | None:
        """Return the kept clusters, or None when there are none that fit."""
        try:
            with np.load(self._folder / CLUSTERS, allow_pickle=False) as kept:
                if str(kept["images"]) != self._content:
                    return None
                found = Clusters(kept["numbers"], kept["representatives"])
        except UNUSABLE:
            return None
        return found if len(found.numbers) == len(self._entries) else None

    def save_quality(self, quality: Quality) -> None:
        """Keep what may be wrong with the images.

        Raises
        ------
        EngineError
            When the disk is full or cannot be written to.
        """
        with whole_file(self._folder / QUALITY) as file:
            # Names that are no Unicode survive as escapes.
            text = json.dumps({"images": self._content, **as_json(quality)}, ensure_ascii=True)
            file.write(text.encode("ascii"))

    def quality(self) -> Quality | None:
        """Return what may be wrong, or None when it was not looked for in these images.

        Classes may have changed since.
        """
        try:
            kept = json.loads((self._folder / QUALITY).read_bytes())
            return from_json(kept) if kept.pop("images") == self._content else None
        except UNUSABLE:
            return None

    def _classes(self, parameters: dict[str, Any]) -> str:
        """Say which images are in the classes that a map was laid through; "" for other maps."""
        ends = list(parameters.get("axis") or ())
        if not ends:
            return ""
        members = [[path, label] for path, label, _ in self._entries if label in ends]
        return hashlib.sha256(json.dumps(members).encode()).hexdigest()

    def _graph_file(self, metric: str) -> Path:
        return self._folder / f"neighbors-{metric}.npz"
