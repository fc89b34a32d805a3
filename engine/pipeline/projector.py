"""A run becomes what TensorBoard's projector shows, unless it is there already."""

import hashlib
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.errors import EngineError
from engine.fitting import predict
from engine.model_file import load_model
from engine.pipeline.maps import project
from engine.pipeline.models import ModelSummary, judged_today, saved_models
from engine.pipeline.training import LOGS
from engine.progress import Progress
from engine.projection.options import METHODS, NAMES
from engine.projector import (
    Export,
    Map,
    Note,
    Predicted,
    exports,
    new_export,
    tile_side,
    write_bookmarks,
    write_metadata,
    write_sprite,
    write_tensors,
)
from engine.projector.folder import BOOKMARKS, SPRITE
from engine.sampling import stratified
from engine.tsv import METADATA
from engine.values import ImageFile, Pixels, Projection, Recipe, Vectors
from engine.wording import mark
from engine.workspace import Derived, Thumbnails, Workspace, read_view

FORMAT = 1  # of an export: a higher one makes all anew
BATCH = 64  # thumbnails
MOST = 100_000  # points that the projector's page asks its server for

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ProjectorExport:
    """What was written for TensorBoard's projector.

    logs:    the folder to start TensorBoard on.
    tensor:  the name under which its page lists this run.
    files:   all that was written.
    points:  how many images are shown; of: how many there are.
    model:   whose predictions are shown; "" for none.
    note:    for the user, why those of a model are not; "" where nothing is missing.
    """

    logs: Path
    run: str
    tensor: str
    files: tuple[Path, ...]
    points: int
    of: int
    model: str = ""
    note: str = ""

    @property
    def sampled(self) -> bool:
        """Whether some images were left out."""
        return self.points < self.of

    @property
    def text(self) -> str:
        """What the user reads."""
        if not self.sampled:
            return mark(f"{self.points:,} images")
        return mark(
            f"{self.points:,} of {self.of:,} images, of each class its share: TensorBoard's "
            "projector takes no more"
        )


def export_projector(
    root: Path, run: str | None = None, progress: Progress | None = None, out: Path | None = None
) -> ProjectorExport:
    """Export a run, the latest by default, for TensorBoard's projector.

    ``tensorboard --logdir LOGS`` of any installation shows it then, beside other runs that were
    exported before. An earlier export of the run is removed; whoever is looking at it starts
    TensorBoard again.

    Parameters
    ----------
    root
        The workspace.
    run
        Which embeddings; by default the latest.
    progress
        Hears the steps.
    out
        The folder of logs; by default that of the workspace, where those of trainings are.

    Raises
    ------
    EngineError
        When there is no workspace, no such run, nothing embedded, or the disk refuses.
    Cancelled
        From ``progress``. What there was before stays.
    """
    progress = progress or Progress()
    with Workspace.open(root) as workspace:
        return _export(workspace, workspace.run(run), out, progress)


def refresh_projector(
    root: Path, run: str | None = None, progress: Progress | None = None
) -> ProjectorExport:
    """Do what `export_projector` does, unless the workspace holds that very export.

    An export is made anew when images, classes, maps or the latest model are others.
    """
    progress = progress or Progress()
    with Workspace.open(root) as workspace:
        recipe = workspace.run(run)
        progress.report("Looking for what changed")
        logs = workspace.root / LOGS
        content = _content(workspace, recipe, _model_of(workspace.root, recipe))
        for export in exports(logs):
            if export.note.run == recipe.run and export.note.content == content:
                return _result(logs, export)
        return _export(workspace, recipe, None, progress)


def _export(
    workspace: Workspace, recipe: Recipe, out: Path | None, progress: Progress
) -> ProjectorExport:
    root = workspace.root
    logs = (out or root / LOGS).expanduser().absolute()
    is_own = logs.resolve() == (root / LOGS).resolve()
    first, _ = project(root, run=recipe.run, progress=progress)  # before the vectors are in memory
    progress.report("Reading the embeddings")
    embeddings = workspace.embeddings(recipe)
    summary = _model_of(root, recipe)
    content = _content(workspace, recipe, summary)
    known = {image.path: image for image in workspace.dataset().images}
    images = [known[path] for path in embeddings.paths]
    rows = stratified(embeddings.labels, MOST)
    vectors = embeddings.vectors if len(rows) == len(images) else embeddings.vectors[rows]
    maps = [
        Map(_title(each), each.method, each.points[rows])
        for each in _maps(workspace.derived(recipe.run), root) or [first]
    ]
    predicted, left_out = _predicted(summary, images, embeddings.vectors, progress)
    runs = {each.run for each in workspace.runs()}
    with new_export(logs, lambda name: not is_own or name in runs) as (part, finish):
        tensors = write_tensors(part, vectors, progress)
        write_metadata(part / METADATA, images, rows, predicted, progress)
        coloured = any(image.label for image in images)
        write_bookmarks(part / BOOKMARKS, maps, vectors.shape, coloured, progress)
        pictures = _pictures(workspace, [images[row] for row in rows.tolist()])
        write_sprite(part / SPRITE, len(rows), pictures, progress)
        note = Note(
            run=recipe.run,
            content=content,
            points=len(rows),
            of=len(images),
            dimensions=vectors.shape[1],
            side=tile_side(len(rows)),
            tensors=tensors,
            maps=tuple(each.title for each in maps),
            model=summary.name if summary is not None and predicted is not None else "",
        )
        return replace(_result(logs, finish(note)), note=left_out)


def _result(logs: Path, export: Export) -> ProjectorExport:
    files = tuple(sorted(file for file in export.folder.iterdir()))
    note = export.note
    return ProjectorExport(logs, note.run, export.tensor, files, note.points, note.of, note.model)


def _content(workspace: Workspace, recipe: Recipe, summary: ModelSummary | None) -> str:
    """Say by one number all that an export depends on."""
    derived = workspace.derived(recipe.run)
    maps = [
        (each.method, each.dims, derived.projection_file(each.method, each.dims).stat().st_mtime_ns)
        for each in _maps(derived, workspace.root)
    ]
    model = (summary.name, summary.trained) if summary is not None else None
    excluded = [image.path for image in workspace.dataset().images if image.excluded]
    parts = (FORMAT, recipe.run, list(derived.entries), excluded, maps, model)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _maps(derived: Derived, root: Path) -> list[Projection]:
    """Return the maps that are kept, first the one that was seen last."""
    kept = [derived.projection(method, dims) for method in METHODS for dims in (3, 2)]
    view = read_view(root)
    return sorted(
        (each for each in kept if each is not None),
        key=lambda each: (each.method, each.dims) != (view.method, view.dims),
    )


def _title(shown: Projection) -> str:
    ends = shown.parameters.get("axis") or ("", "")
    name = f"From {ends[0]} to {ends[1]}" if ends[0] else NAMES[shown.method]
    return f"{name}, {shown.dims}D"


def _pictures(workspace: Workspace, images: Sequence[ImageFile]) -> Iterator[Pixels | str]:
    with Thumbnails(workspace.root, workspace.folder) as thumbnails:
        for start in range(0, len(images), BATCH):
            yield from thumbnails.read(images[start : start + BATCH])


def _model_of(root: Path, recipe: Recipe) -> ModelSummary | None:
    """Return the latest model that takes the vectors of the run, if there is one."""
    listed = (each for each in saved_models(root) if each.run == recipe.run and not each.problem)
    return next(listed, None)


def _predicted(
    summary: ModelSummary | None, images: Sequence[ImageFile], vectors: Vectors, progress: Progress
) -> tuple[Predicted | None, str]:
    """Return what the model says of all images, of those it was judged by what it said then.

    And what the user reads where it is damaged: then all else is shown.
    """
    if summary is None:
        return None, ""
    progress.report("Asking the classifier")
    try:
        model = load_model(summary.folder)
        judged = judged_today(summary.folder, len(model.classes))
    except EngineError as error:
        log.warning("no predictions of %s: %s", summary.name, error)
        return None, f"Predictions are left out: {error}"
    classes = np.array([*model.classes, ""], dtype=object)
    numbers = np.full(len(images), len(model.classes))
    confidence = np.zeros(len(images), np.float32)
    # Of a cross-validation all that was learnt from was judged, too, where that is known.
    learnt = set(model.classes) if judged is None or model.classifier.get("holdout") else set()
    split = ["learnt" if image.label in learnt else "new" for image in images]
    if model.weights is None:  # else it takes the vectors of a tuned backbone
        likely = predict(model.head, vectors, len(model.classes))
        numbers, confidence = likely.argmax(axis=1), likely.max(axis=1)
    else:
        split = [""] * len(images)
    if judged is not None:
        row_of = {image.path: row for row, image in enumerate(images)}
        for path, likely_of in zip(judged.paths, judged.probabilities, strict=True):
            row = row_of.get(path)
            if row is not None:
                numbers[row], confidence[row] = likely_of.argmax(), likely_of.max()
                split[row] = "judged"
    return Predicted([str(name) for name in classes[numbers]], confidence, split), ""
