"""Whoever tells something of images tells the same of them wherever they were moved to."""

import csv
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from edited_folder import in_memory, moved
from helpers import paint
from two_classes import imported, names, projected, two_classes

from engine import pipeline
from engine.pipeline import labels
from engine.quality.findings import DUPLICATE, Quality
from engine.workspace import Workspace

EXCLUDED = ("cat/2.png", "dog/5.png")  # the first is the copy that would stay
Told = dict[str, Any]  # by the paths of the images


@pytest.fixture(scope="module")
def judged() -> Iterator[Path]:
    """A folder of which all is known: copies, doubts, a classifier, a map. Copy it."""
    with in_memory() as place:
        folder = two_classes(place)
        for path in ("cat/2.png", "cat/3.png", "dog/3.png"):
            paint(folder / path, (0, 0, 90))
        root = imported(folder)
        pipeline.train_classifier(root)
        pipeline.find_quality(root)
        pipeline.project(root)
        yield folder


def by_csv(root: Path) -> Told:
    (file,) = pipeline.export_run(root, "csv").files
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    unlike = ("path", "class", "folder_class", "excluded")  # which edits change
    return {row["path"]: [row[name] for name in row if name not in unlike] for row in rows}


def by_report(root: Path) -> Told:
    (file,) = pipeline.export_run(root, "html").files
    page = file.read_text(encoding="utf-8")
    data = json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page)[1])
    (said,) = [each for each in data["facts"] if each["title"] == "Predicted"]
    predicted = [said["names"][number] for number in said["values"]]
    each = zip(predicted, said["shares"], data["pictures"], strict=True)
    return dict(zip(data["paths"], each, strict=True))


def by_projector(root: Path) -> Told:
    told = ("prediction", "confidence", "split")
    return {path: [row[name] for name in told] for path, row in projected(root).items()}


def by_import(root: Path) -> Told:
    done = pipeline.import_vectors(root.with_name("clip.npz"), root.with_name("pictures"), root)
    with Workspace.open(root) as workspace:
        embeddings = workspace.embeddings(done.recipe)
        assert len(workspace.runs()) == 1
    assert done.imported == len(embeddings.paths)
    return dict(zip(embeddings.paths, embeddings.vectors.tolist(), strict=True))


def by_report_of_training(root: Path) -> Told:
    training = pipeline.open_trained(root / "models" / "logistic").training
    return dict(zip(training.paths, training.probabilities.tolist(), strict=True))


def by_suspicion(root: Path) -> Told:
    return pipeline.kept_quality(root).suspicion


def copies_in(quality: Quality) -> Told:
    copies = {path: set(group) for group in quality.duplicates for path in group}
    for finding in quality.findings:
        if finding.kind == DUPLICATE:
            assert {finding.path, finding.twin} <= copies[finding.path]
    return copies


def by_kept_copies(root: Path) -> Told:
    return copies_in(pipeline.kept_quality(root))


def by_copies_found_again(root: Path) -> Told:
    return copies_in(pipeline.find_quality(root))


TELLERS = [
    by_csv, by_report, by_projector, by_import, by_report_of_training, by_suspicion, by_kept_copies,
    by_copies_found_again,
]  # fmt: skip


def relabel(root: Path) -> None:
    labels.assign(root, ["cat/0.png", "cat/3.png"], "dog")  # where these names are taken
    labels.assign(root, ["dog/0.png", "dog/1.png"], "emu")


def swap(root: Path) -> None:
    labels.assign(root, ["cat/0.png"], "dog")
    labels.assign(root, ["dog/0.png"], "cat")


def exclude(root: Path) -> None:
    labels.exclude(root, EXCLUDED)


def all_of_it(root: Path) -> None:
    swap(root)
    exclude(root)
    labels.assign(root, ["cat/3.png"], "emu")


def then_of(told: Told, before: dict[str, str]) -> Told:
    """What is told, by where images lay before; of those that are excluded nothing."""
    then = {}
    for path, said in told.items():
        if isinstance(said, set):
            said = {before[each] for each in said} - set(EXCLUDED)
        then[before[path]] = said
    return {path: said for path, said in then.items() if path not in EXCLUDED}


@pytest.mark.parametrize("teller", TELLERS)
@pytest.mark.parametrize("edit", [relabel, swap, exclude, all_of_it])
def test_the_same_is_told_of_an_image_before_and_after_it_was_moved_and_moved_back(
    judged, tmp_path, edit: Callable[[Path], None], teller: Callable[[Path], Told]
):
    shutil.copytree(judged.parent, tmp_path, dirs_exist_ok=True)
    root = tmp_path / "pictures.embedding"
    same = {name: name for name in names()}
    expected = then_of(teller(root), same)
    assert expected
    edit(root)
    now = moved(pipeline.apply_edits(root))
    assert then_of(teller(root), {now.get(name, name): name for name in names()}) == expected
    pipeline.revert_edits(root)
    assert then_of(teller(root), same) == expected
