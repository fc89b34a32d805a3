"""The nearest neighbours of pictures, as jobs that share what they read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.outside import Outside, OutsidePicture
from desktop.worker import Job
from engine import pipeline
from engine.images import read_thumbnail
from engine.pipeline import Opened
from engine.progress import Progress


class Neighbors:
    """Finds the nearest neighbours of pictures; holds the embeddings of the run asked for last."""

    def __init__(self) -> None:
        # Both at once: two jobs may be at it at the same time.
        self._held: _Held | None = None

    def to_image(self, opened: Opened, run: str, path: str, k: int) -> Job:
        """Find the ``k`` nearest to a picture of the dataset; gives a list of `Neighbor`."""

        def job(progress: Progress) -> list[pipeline.Neighbor]:
            return self._similar(opened, run, progress).to_image(path, k)

        return job

    def in_classes(
        self, opened: Opened, run: str, path: str, classes: Sequence[str], k: int
    ) -> Job:
        """Find the ``k`` nearest in each of some classes, or of all images where none is named.

        Gives the path with the neighbours by class, those of all images under "".
        """

        def job(progress: Progress) -> tuple[str, Mapping[str, list[pipeline.Neighbor]]]:
            similar = self._similar(opened, run, progress)
            if not classes:
                return path, {"": similar.to_image(path, k)}
            return path, pipeline.nearest_in_classes(similar, path, classes, k)

        return job

    def to_files(
        self,
        opened: Opened,
        run: str,
        paths: Sequence[Path],
        k: int,
        side: int,
        model: Path | None,
    ) -> Job:
        """Find the ``k`` nearest to each picture from elsewhere, and its class; gives `Outside`.

        ``side`` is that of the square into which the pictures are to fit.
        """

        def job(progress: Progress) -> Outside:
            similar = self._similar(opened, run, progress)
            found = pipeline.compare_files(similar, paths, k, model, progress)
            pictures = tuple(
                OutsidePicture(
                    each.file, read_thumbnail(each.file, side), each.neighbors, each.prediction
                )
                for each in found.compared
            )
            return Outside(pictures, 0, len(found.skipped), found.left_out)

        return job

    def _similar(self, opened: Opened, run: str, progress: Progress) -> pipeline.Similar:
        projection = opened.projection
        paths = projection.paths if projection is not None else ()
        labels = projection.labels if projection is not None else ()
        held = self._held
        # Files that changed make another map; new classes do not, and the embeddings stay.
        if held is None or held.run != (opened.workspace, run) or held.paths is not paths:
            similar = pipeline.Similar.open(opened.workspace, run, progress=progress)
            held = _Held((opened.workspace, run), paths, labels, similar)
        elif held.labels is not labels:
            now = dict(zip(paths, labels, strict=True))
            held = replace(held, labels=labels, similar=held.similar.relabelled(now))
        self._held = held
        return held.similar


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """run: workspace and name.    paths, labels: of the map that it was read for."""

    run: tuple[Path, str]
    paths: tuple[str, ...]
    labels: tuple[str, ...]
    similar: pipeline.Similar
