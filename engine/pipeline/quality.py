"""What is wrong with a dataset: each kind is looked for by a stage, and the answer is kept."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.errors import EngineError
from engine.neighbors import graph_among
from engine.pipeline.graph import KnownRun, read_run
from engine.progress import Progress
from engine.quality.duplicates import find_duplicates
from engine.quality.findings import KINDS, Quality
from engine.quality.label_issues import label_findings, label_issues
from engine.quality.odd_pictures import find_odd_pictures
from engine.quality.outliers import find_outliers
from engine.quality.picture_facts import FILE, read_facts
from engine.values import Dataset, Embeddings
from engine.wording import mark
from engine.workspace import Workspace

# Finds some kinds, and knows nothing of the others.
Stage = Callable[[KnownRun, Dataset, Progress], Quality]


def find_quality(root: Path, run: str | None = None, progress: Progress | None = None) -> Quality:
    """Find what may be wrong with the images of a run, the latest by default, and keep it.

    Excluded images count for nothing: the others are judged as if these were not there.
    Where it cannot be kept a note of the answer says so.

    Parameters
    ----------
    root
        The workspace.
    run
        Of which embeddings; by default the latest.
    progress
        Hears the steps.

    Raises
    ------
    EngineError
        When there is no workspace, no such run, or nothing embedded.
    Cancelled
        From ``progress``. Neighbours that were found and pictures that were measured are kept.
    """
    started = time.perf_counter()
    progress = progress or Progress()
    with Workspace.open(root) as workspace:
        dataset = workspace.dataset()
    known = read_run(root, run, progress)
    counted = _without_excluded(known, progress)
    parts = (
        [stage(counted, dataset, progress) for stage in STAGES] if counted else [_nothing(known)]
    )
    quality = Quality(
        run=known.recipe.run,
        findings=tuple(
            finding
            for kind in KINDS
            for part in parts
            for finding in part.findings
            if finding.kind == kind
        ),
        duplicates=tuple(group for part in parts for group in part.duplicates),
        suspicion={path: value for part in parts for path, value in part.suspicion.items()},
        seconds=time.perf_counter() - started,
        notes=tuple(note for part in parts for note in part.notes),
    )
    try:
        known.derived.save_quality(quality)
    except EngineError as error:
        return replace(quality, notes=(*quality.notes, mark(f"This is not kept: {error}")))
    # Images may have been moved meanwhile.
    return kept_quality(root, quality.run) or quality


def kept_quality(root: Path, run: str | None = None) -> Quality | None:
    """Return what was found last in a run, None when nobody looked or the images have changed.

    Classes may have been edited since: each finding tells which one was judged.

    Parameters
    ----------
    root
        The workspace.
    run
        Of which embeddings; by default the latest.

    Raises
    ------
    EngineError
        When there is no workspace or no such run.
    """
    with Workspace.open(root) as workspace:
        return workspace.derived(workspace.run(run).run).quality()


def _without_excluded(known: KnownRun, progress: Progress) -> KnownRun | None:
    """Return what is known of the images that count, and their neighbours among them."""
    all_of_them = known.embeddings
    counts = np.array([path not in all_of_them.excluded for path in all_of_them.paths])
    if counts.all():
        return known
    rows = np.flatnonzero(counts)
    if not len(rows):
        return None
    embeddings = Embeddings(
        all_of_them.vectors[rows],
        tuple(all_of_them.paths[row] for row in rows),
        tuple(all_of_them.labels[row] for row in rows),
        all_of_them.run,
    )
    graph = graph_among(embeddings.vectors, rows, known.graph, progress)
    return replace(known, embeddings=embeddings, graph=graph)


def _nothing(known: KnownRun) -> Quality:
    return Quality(known.recipe.run, (), notes=(mark("All images are excluded: none is judged."),))


def _wrong_labels(known: KnownRun, dataset: Dataset, progress: Progress) -> Quality:
    issues = label_issues(known.embeddings, known.graph, progress)
    paths = known.embeddings.paths
    judged = [paths[row] for row in issues.rows]
    return Quality(
        known.recipe.run,
        label_findings(issues, paths),
        suspicion=dict(zip(judged, issues.suspicion.tolist(), strict=True)),
        notes=issues.notes,
    )


def _odd_pictures(known: KnownRun, dataset: Dataset, progress: Progress) -> Quality:
    images = [image for image in dataset.images if not image.excluded]
    facts = read_facts(dataset.folder, images, known.root / FILE, progress)
    copies = find_duplicates(dataset.folder, images, known.embeddings, known.graph, facts, progress)
    odd = find_odd_pictures(images, facts, dataset.skipped)
    return Quality(known.recipe.run, (*copies.findings, *odd), copies.groups)


def _strays(known: KnownRun, dataset: Dataset, progress: Progress) -> Quality:
    progress.report("Looking for what is unlike the rest")
    return Quality(known.recipe.run, tuple(find_outliers(known.embeddings, known.graph)))


STAGES: tuple[Stage, ...] = (_wrong_labels, _odd_pictures, _strays)
