"""Vectors from elsewhere become a run of a workspace, so that they can be explored like others."""

import hashlib
import re
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import EngineError
from engine.foreign.named_vectors import NamedVectors
from engine.foreign.vector_file import file_of_names, read_vectors
from engine.pipeline.folder import read_folder, refuse_other_folder
from engine.pipeline.named_images import images_named
from engine.progress import Progress
from engine.values import IMPORTED, Dataset, Recipe, Skipped, Vectors
from engine.wording import mark
from engine.workspace import Workspace, default_root

AT_ONCE = 4096  # rows that are kept before the next are looked at
NAME_MAX = 40


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did.

    workspace: where the vectors are.    recipe:   their run.
    images:    in the folder.            imported: how many of them have a vector now.
    unmatched: names in the file that no image of the folder has.
    missing:   paths of the images for which the file has no vector.
    skipped:   images whose vector cannot be used, with the reasons.
    seconds:   all of it.
    """

    workspace: Path
    recipe: Recipe
    images: int
    imported: int
    unmatched: tuple[str, ...]
    missing: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    seconds: float


def import_vectors(
    file: Path,
    folder: Path,
    root: Path | None = None,
    paths: Path | None = None,
    name: str = "",
    progress: Progress | None = None,
) -> Imported:
    """Make a run of vectors that another program computed from the images of a folder.

    The same vectors of the same images make the same run, whatever their file is called; when they
    are imported again, only images that are new or have changed are added. Images that were moved
    since are found by the paths that they had, too.

    Parameters
    ----------
    file, paths
        As `engine.foreign.vector_file.read_vectors` takes them.
    folder
        The dataset folder. It is only read.
    root
        The workspace; by default where `engine.workspace.default_root` says.
    name
        What the run is called after; by default the file.
    progress
        Hears the steps.

    Raises
    ------
    EngineError
        When the file cannot be used, has a vector for none of the images or two for one, or a name
        in it may mean two of them.
    Cancelled
        From ``progress``. What was kept until then is not kept again.
    """
    progress, started = progress or Progress(), time.perf_counter()
    file, paths = file.expanduser(), paths.expanduser() if paths else None
    read = read_vectors(file, paths, progress)
    dataset = read_folder(folder, root, progress)
    images = [image.path for image in dataset.images]
    root = root or default_root(dataset.folder)
    found = images_named(read.names, file_of_names(file, paths), dataset, root)
    rows = {path: row for row, path in enumerate(found) if path is not None}
    _check_matches(file, read, found, dataset)
    usable = {path: row for path, row in rows.items() if np.isfinite(read.vectors[row]).all()}
    if not usable:
        raise EngineError(f"“{file}” has no vector of finite numbers; save it again.")
    wanted = Recipe(_safe_name(name or file.stem), _hash(read), 0, IMPORTED, read.vectors.shape[1])
    with Workspace.create(root) as workspace, workspace.writing():
        refuse_other_folder(workspace, dataset)
        workspace.set_dataset(dataset)
        recipe = _known(workspace, wanted) or wanted
        workspace.use_run(recipe)
        _keep(workspace, recipe, read.vectors, usable, progress)
        place, embedded = workspace.root, workspace.embedded(recipe.run)
    return Imported(
        workspace=place,
        recipe=recipe,
        images=len(images),
        imported=len(embedded),
        unmatched=tuple(name for name, path in zip(read.names, found, strict=True) if path is None),
        missing=tuple(path for path in images if path not in rows),
        skipped=tuple(
            Skipped(path, mark("has a vector that is not all finite numbers"))
            for path in images
            if path in rows and path not in usable
        ),
        seconds=time.perf_counter() - started,
    )


def _check_matches(
    file: Path, read: NamedVectors, found: list[str | None], dataset: Dataset
) -> None:
    counts = Counter(path for path in found if path is not None)
    if not counts:
        raise EngineError(
            f"“{file}” speaks of “{read.names[0]}” and the like, but “{dataset.folder.name}” has "
            f"“{dataset.images[0].path}” and the like; choose the folder that was embedded."
        )
    path, count = counts.most_common(1)[0]
    if count > 1:
        raise EngineError(f"“{file}” has {count} vectors for “{path}”; save one for each image.")


def _known(workspace: Workspace, wanted: Recipe) -> Recipe | None:
    """Return the run of the same vectors, whatever it was called when they were imported."""
    imported = (recipe for recipe in workspace.runs() if recipe.is_imported)
    return next((each for each in imported if each.weights_hash == wanted.weights_hash), None)


def _keep(
    workspace: Workspace,
    recipe: Recipe,
    vectors: Vectors,
    usable: dict[str, int],
    progress: Progress,
) -> None:
    pending = [image for image in workspace.pending(recipe.run) if image.path in usable]
    for start in range(0, len(pending), AT_ONCE):
        progress.report("Keeping the vectors", start, len(pending))
        some = pending[start : start + AT_ONCE]
        workspace.add(recipe, some, vectors[[usable[image.path] for image in some]])
    progress.report("Keeping the vectors", len(pending), len(pending))


def _hash(read: NamedVectors) -> str:
    """Return what the vectors and the images they are of are known by."""
    names = "\0".join(read.names).encode("utf-8", "surrogateescape")
    digest = hashlib.sha256(f"{read.vectors.shape}\0".encode() + names)
    digest.update(np.ascontiguousarray(read.vectors).data)
    return digest.hexdigest()


def _safe_name(name: str) -> str:
    """Return a name that can be that of a folder on every system."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip(".-")[:NAME_MAX] or "vectors"
