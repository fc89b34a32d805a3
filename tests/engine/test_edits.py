"""Classes that the user gives: kept in the workspace, undone and redone, never on the disk."""

import os
import random
import shutil
import sqlite3
from datetime import UTC, datetime

import numpy as np
import pytest
from helpers import paint, recipe, sentence

from engine.class_names import new_class_name
from engine.dataset import read_dataset
from engine.errors import EngineError
from engine.pipeline import labels
from engine.quality.findings import DUPLICATE, LABEL, Finding
from engine.quality.review import KEEP, SKIP, is_open, verdict_on
from engine.values import ImageFile, Projection
from engine.workspace import Change, Workspace

RECIPE = recipe()
NAMES = ("cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png", "5.png")


@pytest.fixture
def folder(tmp_path):
    """Four pictures in two classes and one without a class."""
    for name in NAMES:
        paint(tmp_path / "pictures" / name)
    return tmp_path / "pictures"


@pytest.fixture
def workspace(folder):
    """Its workspace, in which all are embedded."""
    with Workspace.create(folder.with_name("pictures.embedding")) as workspace:
        dataset = read_dataset(folder)
        workspace.set_dataset(dataset)
        workspace.use_run(RECIPE)
        workspace.add(RECIPE, dataset.images, np.zeros((5, 3), np.float32))
        yield workspace


def classes(workspace: Workspace) -> dict[str, str]:
    return {image.path: image.label for image in workspace.dataset().images}


def test_an_edit_changes_the_class_everywhere_but_on_the_disk(workspace, folder):
    before = sorted(file.relative_to(folder) for file in folder.rglob("*"))
    edit = workspace.assign(["dog/1.png", "5.png"], "cat")
    assert edit.text == "dog, no class → cat, 2 images"
    assert abs((datetime.now(UTC) - edit.made).total_seconds()) < 600
    assert workspace.changes(edit) == [
        Change("5.png", "", "cat"),
        Change("dog/1.png", "dog", "cat"),
    ]
    assert workspace.dataset().counts == {"cat": 4, "dog": 1}
    assert classes(workspace)["dog/1.png"] == "cat"
    embeddings = workspace.embeddings(RECIPE)
    assert dict(zip(embeddings.paths, embeddings.labels, strict=True)) == classes(workspace)
    assert sorted(file.relative_to(folder) for file in folder.rglob("*")) == before


def test_the_class_of_the_folder_stays_known(workspace):
    workspace.assign(["dog/1.png"], "cat")
    (image,) = (image for image in workspace.dataset().images if image.path == "dog/1.png")
    assert (image.label, image.folder_label) == ("cat", "dog")


def test_an_empty_name_takes_the_class_away(workspace):
    assert workspace.assign(["dog/1.png"], "").text == "dog → no class, 1 image"
    assert classes(workspace)["dog/1.png"] == ""


def test_reading_the_folder_again_keeps_the_edits(workspace, folder):
    workspace.assign(["dog/1.png"], "cat")
    paint(folder / "dog" / "3.png")
    workspace.set_dataset(read_dataset(folder))
    assert workspace.dataset().counts == {"cat": 3, "dog": 2}
    # What the workspace tells of the images may be given back to it.
    workspace.set_dataset(workspace.dataset())
    workspace.undo()
    assert workspace.dataset().counts == {"cat": 2, "dog": 3}


def test_images_that_have_the_class_already_are_no_part_of_an_edit(workspace):
    edit = workspace.assign(["cat/1.png", "dog/1.png", "dog/1.png"], "cat")
    assert edit.text == "dog → cat, 1 image"
    assert workspace.assign(["cat/1.png"], "cat") is None
    assert len(workspace.edits()) == 1


def test_edits_are_undone_and_redone_after_a_restart(workspace):
    original = classes(workspace)
    first, second = workspace.assign(["dog/1.png"], "cat"), workspace.assign(["5.png"], "emu")
    edited = classes(workspace)
    assert workspace.undo().text == second.text
    with Workspace.open(workspace.root) as again:
        assert [edit.undone for edit in again.edits()] == [False, True]
        assert again.undo().number == first.number
        assert classes(again) == original
        assert again.undo() is None
    with Workspace.open(workspace.root) as again:
        assert [again.redo().text, again.redo().text] == [first.text, second.text]
        assert classes(again) == edited
        assert again.redo() is None


def test_a_new_edit_drops_those_that_are_undone(workspace):
    workspace.assign(["dog/1.png"], "cat")
    workspace.undo()
    workspace.assign(["dog/2.png"], "cat")
    assert workspace.redo() is None
    assert [edit.text for edit in workspace.edits()] == ["dog → cat, 1 image"]
    assert classes(workspace)["dog/1.png"] == "dog"


def test_any_walk_through_the_edits_gives_the_classes_it_should(workspace):
    chance = random.Random(0)
    line, place = [classes(workspace)], 0  # the classes after each edit, and where we are
    for _ in range(200):
        deed = chance.choice(("assign", "assign", "undo", "redo"))
        if deed == "assign":
            paths = chance.sample(NAMES, chance.randint(1, 5))
            label = chance.choice(("", "cat", "dog", "emu", "birds/owl"))
            after = line[place] | dict.fromkeys(paths, label)
            if workspace.assign(paths, label) is not None:
                line, place = [*line[: place + 1], after], place + 1
        elif deed == "undo":
            assert (workspace.undo() is None) == (place == 0)
            place = max(place - 1, 0)
        else:
            assert (workspace.redo() is None) == (place == len(line) - 1)
            place = min(place + 1, len(line) - 1)
        assert classes(workspace) == line[place]


def test_a_class_is_renamed(workspace):
    assert workspace.rename_class("dog", "wolf").text == "dog renamed wolf, 2 images"
    assert workspace.dataset().counts == {"cat": 2, "wolf": 2}
    assert workspace.rename_class("wolf", "wolf") is None
    workspace.undo()
    assert workspace.dataset().counts == {"cat": 2, "dog": 2}


def test_renaming_to_a_class_that_there_is_makes_one_of_the_two(workspace):
    assert workspace.rename_class("dog", "cat").text == "dog merged into cat, 2 images"
    assert workspace.dataset().counts == {"cat": 4}


@pytest.mark.parametrize(("old", "new"), [("emu", "bird"), ("", "bird"), ("dog", " ")])
def test_a_class_that_is_not_there_or_a_name_that_is_none_is_refused(workspace, old, new):
    with pytest.raises(EngineError) as error:
        workspace.rename_class(old, new)
    sentence(error)
    assert workspace.edits() == []


def test_an_image_that_is_not_in_the_folder_any_more_is_refused(workspace, folder):
    (folder / "5.png").unlink()
    workspace.set_dataset(read_dataset(folder))
    for path in ("5.png", "nothing.png"):
        with pytest.raises(EngineError) as error:
            workspace.assign(["cat/1.png", path], "dog")
        assert "read the folder again" in sentence(error)
    assert workspace.edits() == []


def test_an_image_that_comes_back_has_the_class_that_it_was_given(workspace, folder, tmp_path):
    workspace.assign(["5.png"], "emu")
    shutil.move(folder / "5.png", tmp_path / "5.png")
    workspace.set_dataset(read_dataset(folder))
    assert "emu" not in workspace.dataset().counts
    shutil.move(tmp_path / "5.png", folder / "5.png")
    workspace.set_dataset(read_dataset(folder))
    assert classes(workspace)["5.png"] == "emu"


def test_while_another_program_writes_no_class_is_changed(workspace):
    with Workspace.open(workspace.root) as other, other.writing():
        for change in (
            lambda: workspace.assign(["5.png"], "cat"),
            lambda: workspace.rename_class("dog", "cat"),
            workspace.undo,
            workspace.redo,
        ):
            with pytest.raises(EngineError) as error:
                change()
            assert "wait until it has finished or stop it" in sentence(error)


@pytest.mark.parametrize(
    "name",
    ["..", "a/../b", "a//b", "/a", "a/", ".hidden", "a.embedding", "a:b", "a\\b", "what?", "tab\tb",
     "con", "LPT1.x", "end.", "a /b", "x" * 201, "ä" * 101, "\udc80"],
)  # fmt: skip
def test_a_name_that_no_folder_could_have_is_refused_in_one_sentence(workspace, name):
    with pytest.raises(EngineError) as error:
        workspace.assign(["5.png"], name)
    assert sentence(error).startswith("The class name")
    assert workspace.edits() == []


@pytest.mark.parametrize("name", ["fish", "birds/owl", "Ñandú", "v1.2", "a b", "犬", "console"])
def test_a_name_that_a_folder_can_have_is_taken(name):
    assert new_class_name(f"  {name} ") == name


def test_names_that_look_the_same_are_the_same():
    assert new_class_name("e\u0301") == new_class_name("\u00e9")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such folders")
def test_a_class_that_a_folder_has_may_be_given_whatever_its_name(workspace, folder):
    paint(folder / "a:b" / "1.png")
    workspace.set_dataset(read_dataset(folder))
    workspace.assign(["5.png"], "a:b")
    assert workspace.dataset().counts["a:b"] == 2


@pytest.mark.parametrize(("method", "parameters", "is_kept"), [
    ("pca", {"seed": 0}, True),
    ("axes", {"axis": ["cat", "dog"]}, False),
    ("axes", {"axis": ["cat", "emu"]}, True),
])  # fmt: skip
def test_a_map_between_two_classes_is_dropped_when_one_of_them_changes(
    workspace, method, parameters, is_kept
):
    workspace.assign(["5.png"], "emu")
    entries = workspace.embeddings(RECIPE)
    points = np.zeros((5, 2), np.float32)
    derived = workspace.derived(RECIPE.run)
    derived.save_projection(
        Projection(points, entries.paths, entries.labels, method, RECIPE.run, parameters)
    )
    assert workspace.derived(RECIPE.run).projection(method, 2) is not None
    workspace.assign(["dog/1.png"], "")
    kept = workspace.derived(RECIPE.run).projection(method, 2)
    assert (kept is not None) == is_kept
    if kept is not None:  # with the classes as they are now
        assert dict(zip(kept.paths, kept.labels, strict=True)) == classes(workspace)


def test_a_workspace_without_edits_is_brought_up_to_date(workspace):
    before = classes(workspace)
    with sqlite3.connect(workspace.root / "workspace.sqlite") as db:  # back to version 2
        db.executescript(
            "DROP TABLE moves; DROP TABLE made_folders; ALTER TABLE items DROP COLUMN aside;"
            "DROP TABLE changes; DROP TABLE edits; ALTER TABLE items DROP COLUMN edited;"
            "ALTER TABLE items DROP COLUMN excluded; ALTER TABLE items DROP COLUMN reviewed;"
            "PRAGMA user_version=2"
        )
    db.close()
    with Workspace.open(workspace.root) as updated:
        assert classes(updated) == before
        assert updated.assign(["5.png"], "cat") is not None
    with Workspace.open(workspace.root) as again:
        assert classes(again)["5.png"] == "cat"


def image(workspace: Workspace, path: str) -> ImageFile:
    return next(image for image in workspace.dataset().images if image.path == path)


def test_an_excluded_image_counts_for_no_class_and_stays_on_the_map(workspace):
    edit = workspace.exclude(["cat/1.png", "5.png"])
    assert edit.text == "Excluded, 2 images"
    assert workspace.dataset().counts == {"cat": 1, "dog": 2}
    assert image(workspace, "cat/1.png").excluded
    embeddings = workspace.embeddings(RECIPE)
    assert embeddings.excluded == {"cat/1.png", "5.png"}
    assert dict(zip(embeddings.paths, embeddings.labels, strict=True))["cat/1.png"] == ""
    workspace.undo()
    assert image(workspace, "cat/1.png").label == "cat"
    workspace.redo()
    assert workspace.exclude(["5.png"]) is None
    assert workspace.exclude(["cat/1.png"], excluded=False).text == "No longer excluded, 1 image"
    assert image(workspace, "cat/1.png").label == "cat"


def test_an_excluded_image_may_be_given_a_class_and_has_it_when_it_is_taken_in_again(workspace):
    workspace.exclude(["cat/1.png"])
    workspace.assign(["cat/1.png"], "dog")
    assert image(workspace, "cat/1.png").label == ""
    workspace.exclude(["cat/1.png"], excluded=False)
    assert image(workspace, "cat/1.png").label == "dog"


def test_a_class_of_which_all_images_are_excluded_is_not_forgotten(workspace):
    workspace.exclude(["cat/1.png", "cat/2.png"])
    workspace.assign(["cat/1.png"], "fox")
    dataset = workspace.dataset()
    assert list(dataset.counts) == ["dog"]
    assert dataset.classes == ("cat", "dog", "fox")


def test_what_is_said_of_findings_is_kept_and_taken_back(workspace):
    doubted = Finding(LABEL, "cat/1.png", 0.9, given="cat", suggested="dog")
    copy = Finding(DUPLICATE, "cat/1.png", 1.0, given="cat", twin="cat/2.png")
    workspace.review(["cat/1.png"], LABEL, SKIP)
    said = image(workspace, "cat/1.png")
    assert is_open(doubted, said)
    assert verdict_on(said.reviewed, LABEL) == SKIP
    workspace.review(["cat/1.png"], LABEL, KEEP)
    workspace.review(["cat/1.png"], DUPLICATE, SKIP)
    said = image(workspace, "cat/1.png")
    assert (verdict_on(said.reviewed, LABEL), verdict_on(said.reviewed, DUPLICATE)) == (KEEP, SKIP)
    assert not is_open(doubted, said)
    assert is_open(copy, said)
    workspace.undo()
    workspace.undo()
    assert is_open(doubted, image(workspace, "cat/1.png"))
    assert workspace.edits()[0].text == "Skipped, 1 image"


def test_a_doubted_class_is_settled_by_another_class_and_all_findings_by_leaving_out(workspace):
    doubted = Finding(LABEL, "cat/1.png", 0.9, given="cat", suggested="dog")
    copy = Finding(DUPLICATE, "cat/1.png", 1.0, given="cat", twin="cat/2.png")
    workspace.assign(["cat/1.png"], "dog")
    assert not is_open(doubted, image(workspace, "cat/1.png"))
    assert is_open(copy, image(workspace, "cat/1.png"))
    workspace.undo()
    workspace.exclude(["cat/1.png"])
    assert not is_open(doubted, image(workspace, "cat/1.png"))
    assert not is_open(copy, image(workspace, "cat/1.png"))


def test_each_edit_tells_the_images_that_it_changed_as_they_are_now(workspace):
    root = workspace.root
    done = labels.exclude(root, ["cat/1.png"])
    assert done.images["cat/1.png"].excluded
    done = labels.review(root, ["dog/1.png"], LABEL, KEEP)
    assert list(done.images) == ["dog/1.png"]
    assert done.images["dog/1.png"].reviewed == "label:keep"
    done = labels.undo(root)
    assert done.images["dog/1.png"].reviewed == ""
    assert not labels.undo(root).images["cat/1.png"].excluded
