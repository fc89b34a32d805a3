"""Edits that are carried out on the disk, and taken back: nothing is lost, nothing is doubled."""

import errno
import json
import os
import shutil

import numpy as np
import pytest
from edited_folder import (
    NAMES,
    RECIPE,
    catalogued,
    counts,
    disk,
    in_memory,
    moved,
    numbers,
    pictures,
    read_again,
    workspace_of,
)
from helpers import (
    as_root,
    image_file,
    open_to_all,
    paint,
    posix,
    run_python,
    sentence,
)

from engine import pipeline
from engine.applying import CLASS, EXCLUDED, GONE, TAKEN_IN
from engine.dataset import read_dataset
from engine.errors import AllExcludedError, EngineError
from engine.pipeline import labels
from engine.progress import Cancelled, Progress
from engine.values import Clusters, KnnGraph, Projection
from engine.workspace import Thumbnails, Workspace


@pytest.fixture
def folder():
    with in_memory() as place:
        yield pictures(place)


@pytest.fixture
def root(folder):
    """Its workspace; the vector of image i of `NAMES` is (i, i, i)."""
    return workspace_of(folder)


def test_a_preview_tells_what_would_be_moved_and_moves_nothing(root, folder):
    before = disk(folder)
    labels.assign(root, ["dog/3.png", "5.png"], "cat")
    labels.exclude(root, ["cat/2.png"])
    plan = pipeline.plan_edits(root)
    assert [(move.source, move.target, move.reason) for move in plan.moves] == [
        ("5.png", "cat/5.png", CLASS),
        ("cat/2.png", "_excluded/cat/2.png", EXCLUDED),
        ("dog/3.png", "cat/3.png", CLASS),
    ]
    assert plan.blocked == ()
    assert disk(folder) == before
    assert counts(root) == (3, 0)


def test_images_are_moved_to_where_the_edits_say_and_back(root, folder):
    before = disk(folder)
    labels.assign(root, ["dog/3.png"], "emu/young")
    labels.assign(root, ["cat/1.png"], "")
    labels.exclude(root, ["cat/2.png", "5.png"])
    done = pipeline.apply_edits(root)
    assert moved(done) == {
        "dog/3.png": "emu/young/3.png",
        "cat/1.png": "1.png",
        "cat/2.png": "_excluded/cat/2.png",
        "5.png": "_excluded/5.png",
    }
    assert disk(folder) == {moved(done).get(path, path): data for path, data in before.items()}
    assert catalogued(root) == {"1.png": "", "dog/1.png": "dog", "emu/young/3.png": "emu/young"}
    assert counts(root) == (0, 4)
    read_again(root, folder)

    back = pipeline.revert_edits(root)
    assert moved(back) == {target: source for source, target in moved(done).items()}
    assert disk(folder) == before
    assert not (folder / "emu").exists()
    assert not (folder / "_excluded").exists()
    assert catalogued(root)["dog/3.png"] == "emu/young"  # the edits are as they were
    assert counts(root) == (4, 0)
    read_again(root, folder)
    assert moved(pipeline.apply_edits(root)) == moved(done)


def test_there_may_be_nothing_to_do(root, folder):
    before = disk(folder)
    assert pipeline.apply_edits(root) == pipeline.revert_edits(root)
    assert disk(folder) == before


def test_an_excluded_image_comes_back_when_that_is_undone(root, folder):
    before = disk(folder)
    labels.exclude(root, ["cat/2.png"])
    pipeline.apply_edits(root)
    assert "cat/2.png" not in catalogued(root)
    labels.undo(root)
    assert counts(root) == (1, 1)
    (move,) = pipeline.apply_edits(root).moves
    assert (move.source, move.target, move.reason) == ("_excluded/cat/2.png", "cat/2.png", TAKEN_IN)
    assert disk(folder) == before
    assert counts(root) == (0, 0)
    assert numbers(root)["cat/2.png"] == 2


def test_an_image_that_was_moved_out_is_taken_in_again_by_its_place(root, folder):
    labels.exclude(root, ["cat/2.png"])
    pipeline.apply_edits(root)
    read_again(root, folder)
    labels.exclude(root, ["_excluded/cat/2.png"], excluded=False)
    pipeline.apply_edits(root)
    assert catalogued(root)["cat/2.png"] == "cat"


def test_edits_are_undone_and_redone_after_they_were_applied(root, folder):
    before = disk(folder)
    labels.assign(root, ["dog/3.png"], "cat")
    labels.exclude(root, ["5.png"])
    pipeline.apply_edits(root)
    applied = disk(folder)
    labels.undo(root)
    labels.undo(root)
    assert catalogued(root)["cat/3.png"] == "dog"
    pipeline.apply_edits(root)
    assert disk(folder) == before
    labels.redo(root)
    labels.redo(root)
    pipeline.apply_edits(root)
    assert disk(folder) == applied
    pipeline.revert_edits(root)
    assert disk(folder) == before


def test_several_applies_are_reverted_at_once(root, folder):
    before = disk(folder)
    path = "dog/3.png"
    for label in ("cat", "emu", "cat/young"):
        labels.assign(root, [path], label)
        (move,) = pipeline.apply_edits(root).moves
        path = move.target
    assert counts(root) == (0, 1)
    assert moved(pipeline.revert_edits(root)) == {"cat/young/3.png": "dog/3.png"}
    assert disk(folder) == before


def test_a_name_that_is_taken_becomes_another_one_and_returns(root, folder):
    before = disk(folder)
    labels.assign(root, ["dog/1.png"], "cat")
    paint(folder / "cat" / "1-2.png", (99, 0, 0))  # which the workspace does not know
    (move,) = pipeline.apply_edits(root).moves
    assert (move.target, move.renamed) == ("cat/1-3.png", True)
    assert disk(folder)["cat/1.png"] == before["cat/1.png"]
    (folder / "cat" / "1-2.png").unlink()
    labels.undo(root)
    pipeline.apply_edits(root)
    assert disk(folder) == before


def test_a_name_that_is_given_by_somebody_meanwhile_is_not_written_over(root, folder):
    labels.assign(root, ["dog/3.png"], "cat")

    def occupy(step):
        if step.stage == "Moving images" and step.done == 0:
            (folder / "cat" / "3.png").write_bytes(b"another")

    (move,) = pipeline.apply_edits(root, Progress(occupy)).moves
    assert (move.target, move.renamed) == ("cat/3-2.png", True)
    assert disk(folder)["cat/3.png"] == b"another"
    assert catalogued(root)["cat/3-2.png"] == "cat"


def test_names_that_differ_by_case_alone_are_not_brought_together(root, folder):
    paint(folder / "dog" / "2.PNG", (77, 0, 0))
    root = workspace_of(folder)
    labels.assign(root, ["dog/2.PNG"], "cat")
    assert moved(pipeline.apply_edits(root)) == {"dog/2.PNG": "cat/2-2.PNG"}


@posix
def test_classes_that_differ_by_case_alone_have_two_folders_where_the_disk_can(root, folder):
    labels.assign(root, ["dog/3.png"], "Cat")
    assert moved(pipeline.apply_edits(root)) == {"dog/3.png": "Cat/3.png"}
    read_again(root, folder)


def test_where_the_disk_does_not_tell_two_folders_apart_the_image_stays(root, folder, monkeypatch):
    there = os.path.lexists
    insensitive = lambda path: there(path) or there(str(path).replace("Cat", "cat"))  # noqa: E731
    monkeypatch.setattr(os.path, "lexists", insensitive)
    labels.assign(root, ["dog/3.png"], "Cat")
    done = pipeline.apply_edits(root)
    assert done.moves == ()
    assert "more than upper and lower case" in done.blocked[0].reason


def test_classes_that_change_places_keep_their_names_but_where_they_meet(root, folder):
    before = disk(folder)
    labels.rename_class(root, "cat", "x")
    labels.rename_class(root, "dog", "cat")
    labels.rename_class(root, "x", "dog")
    done = pipeline.apply_edits(root)
    assert moved(done) == {
        "cat/1.png": "dog/1-2.png",
        "dog/1.png": "cat/1.png",
        "cat/2.png": "dog/2.png",
        "dog/3.png": "cat/3.png",
    }
    read_again(root, folder)
    pipeline.revert_edits(root)
    assert disk(folder) == before


def test_classes_that_follow_one_another_keep_all_names(root, folder):
    labels.rename_class(root, "dog", "emu")
    labels.rename_class(root, "cat", "dog")
    done = pipeline.apply_edits(root)
    assert not any(move.renamed for move in done.moves)
    assert list(disk(folder)) == ["5.png", "dog/1.png", "dog/2.png", "emu/1.png", "emu/3.png"]


def test_what_is_gone_or_has_changed_stays_and_the_rest_goes_on(root, folder):
    labels.assign(root, ["cat/1.png", "cat/2.png", "5.png"], "dog")
    (folder / "cat" / "1.png").unlink()
    paint(folder / "cat" / "2.png", size=(30, 30))
    done = pipeline.apply_edits(root)
    assert moved(done) == {"5.png": "dog/5.png"}
    assert [(item.path, item.reason.partition(" since")[0]) for item in done.blocked] == [
        ("cat/1.png", GONE),
        ("cat/2.png", "has changed"),
    ]
    assert (folder / "cat" / "2.png").exists()


def test_what_goes_or_changes_between_plan_and_move_stays_too(root, folder):
    labels.assign(root, ["cat/1.png", "cat/2.png", "5.png"], "dog")

    def meddle(step):
        if step.stage == "Moving images" and step.done == 1:
            (folder / "cat" / "1.png").unlink(missing_ok=True)
            (folder / "cat" / "2.png").write_bytes(b"changed")

    done = pipeline.apply_edits(root, Progress(meddle))
    assert moved(done) == {"5.png": "dog/5.png"}
    assert [item.path for item in done.blocked] == ["cat/1.png", "cat/2.png"]
    assert (folder / "cat" / "2.png").read_bytes() == b"changed"
    assert counts(root) == (2, 1)


def test_reverting_leaves_what_was_changed_since(root, folder):
    labels.assign(root, ["dog/3.png", "5.png"], "cat")
    pipeline.apply_edits(root)
    paint(folder / "cat" / "3.png", size=(30, 30))
    back = pipeline.revert_edits(root)
    assert moved(back) == {"cat/5.png": "5.png"}
    assert [item.path for item in back.blocked] == ["cat/3.png"]
    assert (folder / "cat" / "3.png").exists()


def test_reverting_writes_over_nothing(root, folder):
    labels.assign(root, ["dog/3.png"], "cat")
    pipeline.apply_edits(root)
    paint(folder / "dog" / "3.png", (88, 0, 0))
    new = (folder / "dog" / "3.png").read_bytes()
    (move,) = pipeline.revert_edits(root).moves
    assert (move.target, move.renamed) == ("dog/3-2.png", True)
    assert (folder / "dog" / "3.png").read_bytes() == new


def test_folders_of_the_user_stay_even_when_they_are_empty(root, folder):
    (folder / "emu").mkdir()
    labels.assign(root, ["cat/1.png", "cat/2.png"], "emu")
    pipeline.apply_edits(root)
    assert (folder / "cat").is_dir()
    pipeline.revert_edits(root)
    assert (folder / "emu").is_dir()


def test_a_folder_that_was_made_and_holds_something_else_stays(root, folder):
    labels.assign(root, ["cat/1.png"], "emu")
    pipeline.apply_edits(root)
    (folder / "emu" / "notes.txt").write_text("mine")
    pipeline.revert_edits(root)
    assert (folder / "emu" / "notes.txt").read_text() == "mine"


def test_a_file_in_the_place_of_a_folder_is_reported(root, folder):
    (folder / "emu").write_text("a file")
    labels.assign(root, ["cat/1.png"], "emu")
    done = pipeline.apply_edits(root)
    assert "is a file" in done.blocked[0].reason
    assert (folder / "emu").read_text() == "a file"


@posix
def test_a_class_folder_on_another_disk_takes_copies(folder, tmp_path):
    if tmp_path.stat().st_dev == folder.stat().st_dev:
        pytest.skip("needs a second disk")
    before, elsewhere = disk(folder), tmp_path
    (folder / "emu").symlink_to(elsewhere)
    paint(folder / "emu" / "1.png", (66, 0, 0))
    there = disk(elsewhere)
    root = workspace_of(folder)
    labels.assign(root, ["dog/3.png"], "emu")
    labels.assign(root, ["emu/1.png"], "cat")
    times = {path: (folder / path).stat().st_mtime_ns for path in ("dog/3.png", "emu/1.png")}
    done = pipeline.apply_edits(root)
    assert moved(done) == {"dog/3.png": "emu/3.png", "emu/1.png": "cat/1-2.png"}
    assert list(disk(elsewhere)) == ["3.png"]
    assert (folder / "emu" / "3.png").read_bytes() == before["dog/3.png"]
    for source, target in moved(done).items():
        assert (folder / target).stat().st_mtime_ns == times[source]
    read_again(root, folder)
    pipeline.revert_edits(root)
    assert disk(elsewhere) == there
    assert disk(folder) == before


def test_a_disk_that_is_full_moves_what_it_can(root, folder, monkeypatch):
    """Copies are what may need space: they are forced, and one of them is refused."""

    def refuse(*_):
        raise OSError(errno.EXDEV, "another disk")

    def full(content, copy):
        raise OSError(errno.ENOSPC, "No space left on device")

    before = disk(folder)
    monkeypatch.setattr("engine.moving.os.link", refuse)
    monkeypatch.setattr("engine.moving.shutil.copyfileobj", full)
    labels.assign(root, ["dog/3.png"], "cat")
    done = pipeline.apply_edits(root)
    assert "No space left" in done.blocked[0].reason
    assert disk(folder) == before
    assert counts(root) == (1, 0)


@posix
def test_a_link_within_the_dataset_is_no_place_for_a_class(root, folder):
    (folder / "emu").symlink_to("cat")
    labels.assign(root, ["cat/1.png", "dog/3.png"], "emu")
    done = pipeline.apply_edits(root)
    assert done.moves == ()
    assert all("a link within the dataset" in item.reason for item in done.blocked)


@posix
def test_an_image_that_is_a_link_stays(root, folder):
    (folder / "cat" / "link.png").symlink_to("../dog/1.png")
    root = workspace_of(folder)
    labels.assign(root, ["cat/link.png"], "dog")
    assert "is a link to a file" in pipeline.apply_edits(root).blocked[0].reason


@posix
def test_names_that_are_no_unicode_are_moved(folder):
    name, label = os.fsdecode(b"\xff.png"), os.fsdecode(b"\xfe")
    paint(folder / label / name, (55, 0, 0))
    paint(folder / "cat" / name, (56, 0, 0))
    before = disk(folder)
    root = workspace_of(folder)
    labels.assign(root, [f"cat/{name}"], label)
    labels.exclude(root, [f"{label}/{name}"])
    done = pipeline.apply_edits(root)
    assert moved(done) == {
        f"{label}/{name}": f"_excluded/{label}/{name}",
        f"cat/{name}": f"{label}/{name}",
    }
    read_again(root, folder)
    pipeline.revert_edits(root)
    assert disk(folder) == before


@posix
def test_long_names_that_clash_are_shortened(folder):
    name = "ä" * 125 + "x.png"
    assert len(name.encode()) == 255
    paint(folder / "cat" / name, (55, 0, 0))
    paint(folder / "dog" / name, (56, 0, 0))
    before = disk(folder)
    root = workspace_of(folder)
    labels.assign(root, [f"dog/{name}"], "cat")
    (move,) = pipeline.apply_edits(root).moves
    assert move.target == f"cat/{'ä' * 124}-2.png"
    pipeline.revert_edits(root)
    assert disk(folder) == before


@as_root
def test_folders_that_may_not_be_written_to_are_reported_and_nothing_is_lost():
    code = """
import json, sys
from pathlib import Path
from engine import pipeline
done = pipeline.apply_edits(Path(sys.argv[1]))
print(json.dumps([[move.target for move in done.moves], [item.reason for item in done.blocked]]))
"""
    with open_to_all() as parent:
        folder = parent / "pictures"
        for name in NAMES:
            paint(folder / name)
        root = workspace_of(folder)
        labels.assign(root, ["cat/1.png", "5.png"], "dog")
        labels.assign(root, ["cat/2.png"], "")
        for place in (parent, folder, folder / "cat", root, *root.rglob("*")):
            place.chmod(0o777)
        (folder / "dog").chmod(0o555)  # of root, for everybody else to read
        first = run_python(code, root, as_nobody=True)
        (folder / "dog").chmod(0o777)
        (folder / "cat").chmod(0o555)
        second = run_python(code, root, as_nobody=True)
        files = list(disk(folder))
    targets, reasons = json.loads(first.stdout)
    assert targets == ["2.png"]
    assert reasons == ["would be moved to “dog”, which may not be written to; allow it"] * 2
    targets, reasons = json.loads(second.stdout)
    assert targets == ["dog/5.png"]
    assert reasons == ["lies in a folder that may not be written to; allow it"]
    assert files == ["2.png", "cat/1.png", "dog/1.png", "dog/3.png", "dog/5.png"]


def test_cancelling_keeps_what_was_moved(root, folder):
    before = disk(folder)
    labels.assign(root, ["cat/1.png", "cat/2.png", "5.png"], "emu")
    progress = Progress(lambda step: step.done == 2 and progress.cancel())
    with pytest.raises(Cancelled):
        pipeline.apply_edits(root, progress)
    assert counts(root) == (1, 2)
    read_again(root, folder)
    pipeline.apply_edits(root)
    assert counts(root) == (0, 3)
    pipeline.revert_edits(root)
    assert disk(folder) == before


def test_nothing_is_computed_again(root, folder):
    """Embeddings, maps, neighbours, clusters and thumbnails go with the images."""
    vectors = numbers(root)
    with Workspace.open(root) as workspace:
        derived = workspace.derived(RECIPE.run)
        entries = workspace.embeddings(RECIPE)
        points = np.arange(10, dtype=np.float32).reshape(5, 2)
        derived.save_projection(
            Projection(points, entries.paths, entries.labels, "umap", RECIPE.run, {"seed": 0})
        )
        nearest = np.array([[1], [2], [3], [4], [0]])
        derived.save_graph(KnnGraph(nearest, np.zeros((5, 1), np.float32), "cosine"))
        derived.save_clusters(Clusters(np.array([0, 0, 1, 1, -1]), np.array([1, 3])))
    with Thumbnails(root, folder) as thumbnails:
        thumbnails.read([image_file(folder, name) for name in NAMES])
    labels.assign(root, ["5.png"], "emu")  # it was the first one and is the last one now
    (move,) = pipeline.apply_edits(root).moves
    read_again(root, folder)
    assert numbers(root) == {moved_path(path, move): row for path, row in vectors.items()}
    with Workspace.open(root) as workspace:
        assert workspace.pending(RECIPE.run) == []
        derived = workspace.derived(RECIPE.run)
        kept = derived.projection("umap", 2, {"seed": 0})
        graph, clusters = derived.graph(1, "cosine"), derived.clusters()
    paths = (*NAMES[1:], "emu/5.png")
    assert kept.paths == paths
    np.testing.assert_array_equal(kept.points, np.roll(points, -1, axis=0))
    assert [paths[row] for (row,) in graph.indices] == [*NAMES[2:], "emu/5.png", "cat/1.png"]
    assert clusters.numbers.tolist() == [0, 1, 1, -1, 0]
    assert [paths[row] for row in clusters.representatives] == ["cat/1.png", "dog/1.png"]
    shutil.rmtree(folder)
    with Thumbnails(root, folder) as thumbnails, Workspace.open(root) as workspace:
        kept = thumbnails.read(workspace.dataset().images)
    assert not any(isinstance(thumbnail, str) for thumbnail in kept)


def moved_path(path: str, move) -> str:
    return move.target if path == move.source else path


def test_a_map_stays_when_excluded_images_leave_the_dataset(root, folder):
    with Workspace.open(root) as workspace:
        entries = workspace.embeddings(RECIPE)
        points = np.arange(10, dtype=np.float32).reshape(5, 2)
        workspace.derived(RECIPE.run).save_projection(
            Projection(points, entries.paths, entries.labels, "umap", RECIPE.run)
        )
    labels.exclude(root, ["cat/1.png"])
    pipeline.apply_edits(root)
    read_again(root, folder)
    with Workspace.open(root) as workspace:
        kept = workspace.derived(RECIPE.run).projection("umap", 2)
        assert kept.paths == ("5.png", "cat/2.png", "dog/1.png", "dog/3.png")
        np.testing.assert_array_equal(kept.points, points[[0, 2, 3, 4]])
        assert workspace.derived(RECIPE.run).graph(1, "cosine") is None


def test_paths_of_an_earlier_time_are_followed(root, folder):
    with Workspace.open(root) as workspace:
        start = "2000-01-01T00:00:00+00:00"
        labels.rename_class(root, "cat", "x")
        labels.rename_class(root, "dog", "cat")
        labels.rename_class(root, "x", "dog")
        now = moved(pipeline.apply_edits(root))
        assert workspace.moves.current_paths(NAMES, start) == tuple(now.get(p, p) for p in NAMES)
        later = "2999-01-01T00:00:00+00:00"
        assert workspace.moves.current_paths(NAMES, later) == NAMES
        pipeline.revert_edits(root)
        assert workspace.moves.current_paths(NAMES, start) == NAMES


def test_the_report_of_a_model_speaks_of_the_places_of_today(embedded_folder, tmp_path):
    folder = shutil.copytree(embedded_folder.workspace.with_suffix(""), tmp_path / "pictures")
    root = tmp_path / "pictures.embedding"
    shutil.copytree(embedded_folder.workspace, root, ignore=shutil.ignore_patterns("models"))
    trained = pipeline.train_classifier(root, pipeline.ClassifierOptions("logistic", folds=2))
    path = trained.training.paths[0]
    labels.assign(root, [path], "trees")
    (move,) = pipeline.apply_edits(root).moves
    paths = pipeline.open_trained(trained.model).training.paths
    assert paths == (move.target, *trained.training.paths[1:])
    assert pipeline.extract(folder).embedded == 0


def test_while_another_program_writes_nothing_is_moved(root, folder):
    labels.assign(root, ["5.png"], "emu")
    before = disk(folder)
    with Workspace.open(root) as workspace, workspace.writing():
        for deed in (pipeline.apply_edits, pipeline.revert_edits):
            with pytest.raises(EngineError) as error:
                deed(root)
            sentence(error)
    assert disk(folder) == before


def test_a_folder_that_is_not_there_is_an_error(root, folder):
    labels.assign(root, ["5.png"], "emu")
    shutil.move(folder, folder.with_name("elsewhere"))
    for deed in (pipeline.apply_edits, pipeline.revert_edits, pipeline.plan_edits):
        with pytest.raises(EngineError) as error:
            deed(root)
        assert "does not exist" in sentence(error)
    shutil.move(folder.with_name("elsewhere"), folder)
    assert len(pipeline.apply_edits(root).moves) == 1


def test_where_all_images_are_excluded_it_is_said_how_they_come_back(root, folder):
    with Workspace.open(root) as workspace:
        workspace.exclude(image.path for image in workspace.dataset().images)
    pipeline.apply_edits(root)
    with pytest.raises(AllExcludedError) as error:
        pipeline.open_folder(folder)
    assert error.value.root == root
    assert "lie in “_excluded”; move them back with: image-embedding edits revert" in sentence(
        error
    )
    pipeline.revert_edits(root)
    assert len(pipeline.open_folder(folder).dataset.images) == len(NAMES)


def test_what_no_workspace_has_moved_none_can_move_back(tmp_path):
    paint(tmp_path / "pets" / "_excluded" / "cat" / "1.png")
    with pytest.raises(AllExcludedError) as error:
        pipeline.open_folder(tmp_path / "pets")
    assert error.value.root is None


def test_the_folder_of_the_excluded_is_no_class(root, folder):
    with pytest.raises(EngineError) as error:
        labels.assign(root, ["5.png"], "_excluded/cat")
    assert "where excluded images go" in sentence(error)
    paint(folder / "cat" / "_excluded" / "9.png")
    assert "cat/_excluded" in read_dataset(folder).counts  # only that of the dataset folder
