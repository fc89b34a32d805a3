"""Images that were moved on the disk stay the images that all the rest of the program knows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from edited_folder import in_memory, moved
from helpers import paint, sentence
from two_classes import imported, names, projected, save, two_classes

from engine import pipeline
from engine.errors import EngineError
from engine.pipeline import labels
from engine.progress import Progress
from engine.quality.copies import sentence_of
from engine.quality.findings import DUPLICATE, Finding
from engine.workspace import Workspace


@pytest.fixture
def folder():
    with in_memory() as place:
        yield two_classes(place)


@pytest.fixture
def root(folder) -> Path:
    return imported(folder)


def during(stage: str, deed: Callable[[], object]) -> Progress:
    """Do something once, while a stage of something else goes on."""
    done = []

    def hear(step) -> None:
        if step.stage == stage and not done:
            done.append(deed())

    return Progress(hear)


def test_the_projector_knows_what_a_moved_image_was_taken_for_when_it_was_judged(root):
    pipeline.train_classifier(root)
    before = projected(root)
    labels.assign(root, ["cat/0.png", "cat/1.png"], "emu")
    for source, target in moved(pipeline.apply_edits(root)).items():
        after = projected(root)[target]
        assert after["split"] == before[source]["split"] == "judged"
        assert after["confidence"] == before[source]["confidence"]


class Later(datetime):
    """Time as it is when a training has taken an hour."""

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + timedelta(hours=1)


def test_a_report_knows_the_images_that_were_moved_while_it_was_made(root, monkeypatch):
    monkeypatch.setattr("engine.model_file.datetime", Later)
    labels.assign(root, ["cat/0.png"], "dog")
    moving = during("Saving the model", lambda: pipeline.apply_edits(root))
    place = pipeline.train_classifier(root, progress=moving).model
    judged = pipeline.open_trained(place).training
    assert set(judged.paths) == {image.path for image in pipeline.open_folder(root).dataset.images}
    truth = dict(zip(judged.paths, judged.truth.tolist(), strict=True))
    assert judged.classes[truth["dog/0-2.png"]] == "dog"


def found(quality) -> dict[str, str]:
    """What is said of each odd picture and copy."""
    return {each.path: each.issue for each in quality.findings if each.issue}


def test_what_is_found_while_images_are_moved_is_found_of_them_where_they_lie(folder, root):
    paint(folder / "dog" / "0.png", (0, 250, 0))  # as cat/0.png is
    imported(folder)
    labels.assign(root, ["dog/0.png", "dog/1.png"], "emu")
    moving = during("Looking for what is unlike the rest", lambda: pipeline.apply_edits(root))
    quality = pipeline.find_quality(root, progress=moving)
    assert quality == pipeline.kept_quality(root)
    assert quality.duplicates == (("cat/0.png", "emu/0.png"),)
    (copy,) = [each for each in quality.findings if each.kind == DUPLICATE]
    assert (copy.path, copy.twin) == ("emu/0.png", "cat/0.png")
    assert "emu/1.png" in quality.suspicion


def test_a_file_that_cannot_be_read_is_told_where_it_lies_now(folder, root):
    (folder / "cat" / "bad.png").write_bytes(b"no picture")
    imported(folder)
    assert found(pipeline.find_quality(root))["cat/bad.png"] == "unreadable"
    labels.assign(root, ["cat/bad.png"], "dog")
    pipeline.apply_edits(root)
    assert found(pipeline.kept_quality(root))["dog/bad.png"] == "unreadable"
    labels.exclude(root, ["dog/bad.png"])
    pipeline.apply_edits(root)
    assert "unreadable" not in found(pipeline.kept_quality(root)).values()


def copies_of(root: Path) -> list[Finding]:
    return [each for each in pipeline.kept_quality(root).findings if each.kind == DUPLICATE]


def test_a_copy_is_told_by_where_its_twin_lies_and_by_what_class_that_has_now(folder, root):
    paint(folder / "dog" / "0.png", (0, 250, 0))  # as cat/0.png is
    imported(folder)
    pipeline.find_quality(root)
    labels.assign(root, ["cat/0.png"], "emu")
    pipeline.apply_edits(root)
    images = {image.path: image for image in pipeline.open_folder(root).dataset.images}
    (copy,) = copies_of(root)
    assert sentence_of(copy, images) == ("The same file as “emu/0.png”, which is in class “emu”.")


def test_of_copies_whose_twin_was_moved_out_the_next_one_would_stay(folder, root):
    paint(folder / "cat" / "1.png", (0, 250, 0))
    paint(folder / "dog" / "0.png", (0, 250, 0))
    imported(folder)
    pipeline.find_quality(root)
    assert {each.twin for each in copies_of(root)} == {"cat/0.png"}
    labels.exclude(root, ["cat/0.png"])
    pipeline.apply_edits(root)
    (copy,) = copies_of(root)
    assert (copy.path, copy.twin, copy.issue) == ("dog/0.png", "cat/1.png", "exact")
    labels.exclude(root, ["cat/1.png"])
    pipeline.apply_edits(root)
    assert copies_of(root) == []
    pipeline.revert_edits(root)
    assert {each.twin for each in copies_of(root)} == {"cat/0.png"}


def swap(root: Path) -> dict[str, str]:
    """Let two images change their classes, of which one gets the place of the other.

    Returns where each image of `names` lies now.
    """
    labels.assign(root, ["cat/0.png"], "dog")
    labels.assign(root, ["dog/0.png"], "cat")
    done = moved(pipeline.apply_edits(root))
    assert set(done) & set(done.values())
    return {name: done.get(name, name) for name in names()}


def vectors_of(done: pipeline.Imported) -> dict[str, list[float]]:
    with Workspace.open(done.workspace) as workspace:
        embeddings = workspace.embeddings(done.recipe)
    return dict(zip(embeddings.paths, embeddings.vectors.tolist(), strict=True))


def in_file(file: Path) -> list[list[float]]:
    with np.load(file) as arrays:
        return arrays["vectors"].tolist()


def import_again(folder: Path, file: Path) -> dict[str, list[float]]:
    done = pipeline.import_vectors(file, folder)
    assert (done.images, done.imported) == (24, 24)
    assert (done.missing, done.unmatched, done.skipped) == ((), (), ())
    return vectors_of(done)


def test_vectors_saved_before_images_were_moved_find_them_again(folder, root):
    file, other = folder.with_name("clip.npz"), save(folder.with_name("new.npz"), names(), 2)
    now = swap(root)
    with Workspace.open(root) as workspace:
        run = workspace.run()
    for each in (file, other):
        expected = dict(zip(now.values(), in_file(each), strict=True))
        assert import_again(folder, each) == expected
    assert pipeline.import_vectors(file, folder).recipe == run  # the very same run
    pipeline.revert_edits(root)
    assert import_again(folder, other) == dict(zip(names(), in_file(other), strict=True))


def test_vectors_saved_after_images_were_moved_are_of_those_that_lie_there_now(folder, root):
    now = list(swap(root).values())
    file = save(folder.with_name("new.npz"), now)
    assert import_again(folder, file) == dict(zip(now, in_file(file), strict=True))


def test_a_list_of_paths_tells_by_its_own_age_what_its_paths_mean(folder, root):
    listed = folder.with_name("paths.txt")
    listed.write_text("".join(f"{name}\n" for name in names()))
    now = swap(root)
    vectors = np.arange(72, dtype=np.float32).reshape(24, 3)
    np.save(folder.with_name("new.npy"), vectors)
    done = pipeline.import_vectors(folder.with_name("new.npy"), folder, paths=listed)
    assert vectors_of(done) == dict(zip(now.values(), vectors.tolist(), strict=True))


def test_old_paths_in_a_new_file_are_refused_where_they_may_mean_two_images(folder, root):
    swap(root)
    file = save(folder.with_name("new.npz"), names(), 2)
    with pytest.raises(EngineError, match="paths of today") as error:
        pipeline.import_vectors(file, folder)
    sentence(error)


def test_old_paths_in_a_new_file_find_images_that_alone_can_be_meant(folder, root):
    labels.assign(root, ["cat/0.png"], "emu")
    pipeline.apply_edits(root)
    file = save(folder.with_name("new.npz"), names(), 2)
    found = import_again(folder, file)
    assert found["emu/0.png"] == in_file(file)[0]
