"""Pictures copied into class folders: nothing moved, written over or doubled."""

import csv
import json
import os
import shutil

import pytest
from helpers import as_root, paint, posix, run_python, sentence

from engine import pipeline
from engine.cli import main
from engine.errors import EngineError
from engine.pipeline import ClassifierOptions
from engine.progress import Cancelled, Progress
from engine.sorting import LIST, Named, SortedFolder, check_apart, class_folder

CLASSES = ("bricks", "fish", "trees")


@pytest.fixture(scope="module")
def model(embedded_folder, tmp_path_factory):
    root = tmp_path_factory.mktemp("sorting") / "pictures.embedding"
    shutil.copytree(embedded_folder.workspace, root, ignore=shutil.ignore_patterns("models"))
    return pipeline.train_classifier(root, ClassifierOptions("logistic", folds=2)).model


@pytest.fixture
def unknown(sample_folder, tmp_path):
    """Six pictures in a flat folder, a picture of noise and one that is broken."""
    folder = tmp_path / "unknown"
    folder.mkdir()
    for label in CLASSES:
        for number, file in enumerate(sorted((sample_folder / label).iterdir())[20:22]):
            shutil.copy2(file, folder / f"{label}-{number}{file.suffix}")
    (folder / "broken.png").write_text("no picture")
    return folder


@pytest.fixture
def target(tmp_path):
    return tmp_path / "sorted"


def copies(target) -> list[str]:
    """All files in a target but its list."""
    found = (path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())
    return sorted(name for name in found if name != LIST)


def listed(target) -> list[dict[str, str]]:
    with (target / LIST).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_picture_is_copied_into_the_folder_of_its_class(model, unknown, target):
    before = {file.name: file.read_bytes() for file in unknown.iterdir()}
    done = pipeline.sort_files(model, [unknown], target, unsure_below=0.0)
    assert {file.name: file.read_bytes() for file in unknown.iterdir()} == before
    assert sum(done.counts.values()) == 6
    for each in done.predictions:
        folder = "unsure" if each.unlike else each.label
        copy = target / folder / each.path.name
        assert copy.read_bytes() == each.path.read_bytes()
        assert copy.stat().st_mtime_ns == each.path.stat().st_mtime_ns
    assert [item.path for item in done.skipped] == [str(unknown / "broken.png")]
    rows = {row["path"]: row for row in listed(target)}
    assert len(rows) == 7
    first = done.predictions[0]
    assert rows[str(first.path)]["class"] == first.label
    assert float(rows[str(first.path)]["probability"]) == pytest.approx(first.probability, abs=1e-6)
    assert rows[str(unknown / "broken.png")]["problem"]
    assert rows[str(unknown / "broken.png")]["copy"] == ""


def test_what_is_less_probable_than_asked_for_is_unsure(model, unknown, target):
    done = pipeline.sort_files(model, [unknown], target, unsure_below=1.0)
    assert done.counts == {"unsure": 6}


def test_what_is_unlike_all_that_was_learnt_is_unsure(tmp_path, target):
    folder = SortedFolder(target, CLASSES)
    folder.take(Named(paint(tmp_path / "a.png"), "fish", 0.99, True), 0.5)
    assert copies(target) == ["unsure/a.png"]


def test_running_again_doubles_nothing_and_names_what_is_new(model, unknown, target, sample_folder):
    pipeline.sort_files(model, [unknown], target)
    before = copies(target)
    again = pipeline.sort_files(model, [unknown], target)
    assert (copies(target), again.predictions, again.already) == (before, (), 6)
    shutil.copy2(sorted((sample_folder / "fish").iterdir())[30], unknown / "new.jpg")
    more = pipeline.sort_files(model, [unknown], target)
    assert [each.path.name for each in more.predictions] == ["new.jpg"]
    assert sum(more.counts.values()) == 7


def test_a_cancelled_sorting_keeps_what_was_copied_and_goes_on(model, unknown, target):
    progress = Progress(
        lambda step: progress.cancel() if step.done == 3 else None  # broken.png and two others
    )
    with pytest.raises(Cancelled):
        pipeline.sort_files(model, [unknown], target, progress=progress)
    assert len(copies(target)) == 2
    done = pipeline.sort_files(model, [unknown], target)
    assert done.already == 2
    assert len(copies(target)) == 6


def test_what_was_moved_on_by_hand_is_not_copied_again(model, unknown, target):
    done = pipeline.sort_files(model, [unknown], target, unsure_below=1.0)
    moved = done.predictions[0].path.name
    (target / "unsure" / moved).rename(target / moved)
    pipeline.sort_files(model, [unknown], target, unsure_below=1.0)
    assert not (target / "unsure" / moved).exists()


def test_a_name_that_is_taken_gets_a_number(tmp_path, target):
    one = paint(tmp_path / "a" / "same.png", (255, 0, 0))
    two = paint(tmp_path / "b" / "same.png", (0, 255, 0))
    foreign = paint(target / "fish" / "same.png", (0, 0, 255))
    before = foreign.read_bytes()
    folder = SortedFolder(target, CLASSES)
    for file in (one, two):
        folder.take(Named(file, "fish", 1.0, False), 0.5)
    assert copies(target) == ["fish/same-2.png", "fish/same-3.png", "fish/same.png"]
    assert foreign.read_bytes() == before
    assert (target / "fish" / "same-3.png").read_bytes() == two.read_bytes()


def test_equal_pictures_of_one_name_are_both_copied(tmp_path, target):
    files = [paint(tmp_path / name / "same.png") for name in "ab"]
    folder = SortedFolder(target, CLASSES)
    for file in files:
        folder.take(Named(file, "fish", 1.0, False), 0.5)
    assert copies(target) == ["fish/same-2.png", "fish/same.png"]


def test_a_copy_that_a_killed_run_did_not_list_is_not_doubled(tmp_path, target):
    named = Named(paint(tmp_path / "a.png"), "fish", 1.0, False)
    SortedFolder(target, CLASSES).take(named, 0.5)
    again = SortedFolder(target, CLASSES)
    assert not again.is_done(named.file)
    again.take(named, 0.5)
    assert again.counts == {"fish": 1}
    assert copies(target) == ["fish/a.png"]


def test_a_picture_that_changed_is_sorted_again_beside_the_old_one(tmp_path, target):
    file = paint(tmp_path / "a.png")
    folder = SortedFolder(target, CLASSES)
    folder.take(Named(file, "fish", 1.0, False), 0.5)
    folder.save()
    paint(file, size=(30, 30))
    os.utime(file, ns=(0, 10**18))
    again = SortedFolder(target, CLASSES)
    assert not again.is_done(file)
    again.take(Named(file, "trees", 1.0, False), 0.5)
    assert copies(target) == ["fish/a.png", "trees/a.png"]


@pytest.mark.parametrize(
    ("source", "goal"), [("a", "a/b"), ("a/b", "a"), ("a", "a"), ("a/x.png", "a")]
)
def test_source_and_target_must_not_lie_in_one_another(tmp_path, source, goal):
    with pytest.raises(EngineError, match="in one another") as error:
        check_apart(tmp_path / source, tmp_path / goal)
    sentence(error)


def test_a_link_does_not_hide_that_they_do(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    with pytest.raises(EngineError, match="in one another"):
        check_apart(tmp_path / "link", tmp_path / "a" / "sorted")


@pytest.mark.parametrize(
    ("label", "folder"),
    [
        ("animals/cats", "animals/cats"),
        ("../../etc", "_/_/etc"),
        ("/etc", "_/etc"),
        (".hidden", "_.hidden"),
        ("a:b?", "a_b_"),
        ("con", "_con"),
        ("", "_"),
    ],
)
def test_the_folder_of_a_class_lies_in_the_target_whatever_it_is_called(label, folder):
    assert class_folder(label).as_posix() == folder


def test_a_class_called_unsure_keeps_its_folder(tmp_path, target):
    folder = SortedFolder(target, ("sure", "Unsure"))
    folder.take(Named(paint(tmp_path / "a.png"), "sure", 0.1, False), 0.5)
    assert copies(target) == ["unsure-2/a.png"]


def test_no_cell_of_the_list_can_be_a_formula_and_it_is_read_back(tmp_path, target):
    file = paint(tmp_path / "a.png")
    folder = SortedFolder(target, ("=1+1", "'quoted"))
    folder.take(Named(file, "=1+1", 0.9, False), 0.5)
    folder.save()
    (row,) = listed(target)
    assert row["class"] == "'=1+1"
    assert row["copy"] == "'=1+1/a.png"
    again = SortedFolder(target, ("=1+1",))
    assert again.is_done(file)
    assert again.counts == {"=1+1": 1}


@posix
def test_names_that_are_no_unicode_are_sorted(tmp_path, target):
    file = paint(tmp_path / "a.png").rename(tmp_path / "\udcff.png")
    folder = SortedFolder(target, CLASSES)
    folder.take(Named(file, "fish", 0.9, False), 0.5)
    folder.save()
    assert SortedFolder(target, CLASSES).is_done(file)


def test_a_file_that_vanished_is_listed(tmp_path, target):
    folder = SortedFolder(target, CLASSES)
    folder.take(Named(tmp_path / "gone.png", "fish", 0.9, False), 0.5)
    folder.save()
    assert listed(target)[0]["problem"].startswith("cannot be read")
    assert copies(target) == []


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "path,class,probability,unlike,copy,problem\nx\n"])
def test_a_foreign_list_is_not_written_over(target, text):
    target.mkdir()
    (target / LIST).write_text(text)
    with pytest.raises(EngineError, match="not the list of an earlier sorting") as error:
        SortedFolder(target, CLASSES)
    sentence(error)
    assert (target / LIST).read_text() == text


def test_a_file_is_no_target(tmp_path):
    with pytest.raises(EngineError, match="is a file"):
        SortedFolder(paint(tmp_path / "a.png"), CLASSES)


@as_root
def test_a_target_that_cannot_be_written_to_is_explained():
    code = (
        "from engine.sorting import SortedFolder; from pathlib import Path; import sys\n"
        "try: SortedFolder(Path('/usr/nobodys'), ())\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    out = run_python(code, as_nobody=True).stdout
    assert out.startswith("EngineError “/usr/nobodys” cannot be written to")


def test_command(model, unknown, target, capsys):
    command = ["predict", str(model), str(unknown), "--sort-into", str(target)]
    assert main([*command, "--unsure-below", "0.5", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"predictions", "skipped", "sorted"}
    assert sum(told["sorted"].values()) == len(told["predictions"]) == 6
    assert main(command) == 0
    assert "sorted: " in capsys.readouterr().out
    assert main([*command, "--unsure-below", "2"]) == 1
    assert "between 0 and 1" in capsys.readouterr().err
    assert main(["predict", str(model), str(unknown), "--sort-into", str(unknown / "in")]) == 1
    assert "in one another" in capsys.readouterr().err
    assert not (unknown / "in").exists()


def test_what_a_killed_run_left_half_written_is_not_taken_for_a_copy(model, unknown, target):
    for folder in ("bricks", "fish", "trees", "unsure"):
        (target / folder).mkdir(parents=True)
        (target / folder / f".{os.getpid()}.part").write_bytes(b"half of another picture")
    pipeline.sort_files(model, [unknown], target)
    sources = {file.read_bytes() for file in unknown.rglob("*.jpg")}
    assert {file.read_bytes() for file in target.rglob("*.jpg")} == sources
