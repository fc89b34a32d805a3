"""A folder of pictures is read as a dataset."""

import os
import shutil
from pathlib import Path

import pytest
from helpers import as_root, open_to_all, paint, posix, run_python, sentence

from engine.dataset import read_dataset
from engine.errors import EngineError
from engine.progress import Cancelled, Progress

PRINT_DATASET = """
import sys
from pathlib import Path
from engine.dataset import read_dataset
from engine.errors import EngineError
try:
    dataset = read_dataset(Path(sys.argv[1]))
    print([image.path for image in dataset.images])
    print([(item.path, item.reason) for item in dataset.skipped])
except EngineError as error:
    print("EngineError", error)
"""


def paths(folder: Path) -> list[str]:
    return [image.path for image in read_dataset(folder).images]


def test_subfolders_are_the_classes(tmp_path):
    for name in ("cat/1.png", "cat/2.png", "dog/1.png"):
        paint(tmp_path / name)
    dataset = read_dataset(tmp_path)
    assert dataset.counts == {"cat": 2, "dog": 1}
    assert [image.label for image in dataset.images] == ["cat", "cat", "dog"]


def test_nested_classes_are_joined_with_a_slash(tmp_path):
    paint(tmp_path / "animals" / "cats" / "1.png")
    assert read_dataset(tmp_path).counts == {"animals/cats": 1}


def test_flat_folder_has_no_classes(tmp_path):
    paint(tmp_path / "1.png")
    dataset = read_dataset(tmp_path)
    assert dataset.images[0].label == ""
    assert dataset.counts == {}


def test_image_in_the_folder_itself_has_no_class_when_others_have_one(tmp_path):
    paint(tmp_path / "loose.png")
    paint(tmp_path / "cat" / "1.png")
    assert [image.label for image in read_dataset(tmp_path).images] == ["", "cat"]


def test_image_file_tells_its_size_and_time(tmp_path):
    file = paint(tmp_path / "1.png")
    os.utime(file, ns=(5, 1_234_567_890_123_456_700))
    (image,) = read_dataset(tmp_path).images
    assert image.size == file.stat().st_size
    assert image.mtime_ns == file.stat().st_mtime_ns


@pytest.mark.parametrize(
    "ignored",
    [
        ".hidden.png",
        ".git/1.png",
        "__MACOSX/1.png",
        "pictures.embedding/1.png",
        "cat/.thumbnails/1.png",
        "notes.txt",
        "png",
        "archive.zip",
    ],
)
def test_what_is_no_picture_of_the_user_is_passed_over(tmp_path, ignored):
    paint(tmp_path / "cat" / "1.png")
    (tmp_path / ignored).parent.mkdir(exist_ok=True)
    shutil.copy(tmp_path / "cat" / "1.png", tmp_path / ignored)
    dataset = read_dataset(tmp_path)
    assert [image.path for image in dataset.images] == ["cat/1.png"]
    assert dataset.skipped == ()


def test_suffixes_may_be_upper_case(tmp_path):
    paint(tmp_path / "PHOTO.JPG")
    assert paths(tmp_path) == ["PHOTO.JPG"]


def test_images_are_in_natural_order(tmp_path):
    for name in ("10.png", "2.png", "B.png", "a.png", "1.png"):
        paint(tmp_path / name)
    assert paths(tmp_path) == ["1.png", "2.png", "10.png", "a.png", "B.png"]


def test_classes_are_in_natural_order(tmp_path):
    for label in ("class 10", "class 2", "Class 1"):
        paint(tmp_path / label / "1.png")
    assert list(read_dataset(tmp_path).counts) == ["Class 1", "class 2", "class 10"]


@posix
def test_symlink_loop_ends(tmp_path):
    paint(tmp_path / "cat" / "1.png")
    (tmp_path / "cat" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "itself").symlink_to(tmp_path / "itself")
    assert paths(tmp_path) == ["cat/1.png"]


@posix
def test_linked_folder_outside_is_followed(tmp_path):
    paint(tmp_path / "elsewhere" / "1.png")
    (tmp_path / "dataset").mkdir()
    (tmp_path / "dataset" / "cat").symlink_to(tmp_path / "elsewhere")
    assert paths(tmp_path / "dataset") == ["cat/1.png"]


@posix
def test_folder_reached_twice_counts_once_under_its_own_name(tmp_path):
    paint(tmp_path / "zebra" / "1.png")
    (tmp_path / "a link").symlink_to(tmp_path / "zebra")
    assert paths(tmp_path) == ["zebra/1.png"]


@posix
def test_folder_keeps_its_own_name_when_a_link_lies_deeper_and_earlier(tmp_path):
    paint(tmp_path / "animals" / "1.png")
    paint(tmp_path / "zebra" / "1.png")
    (tmp_path / "animals" / "link").symlink_to(tmp_path / "zebra")
    assert paths(tmp_path) == ["animals/1.png", "zebra/1.png"]


@posix
def test_broken_link_is_skipped_with_a_reason(tmp_path):
    paint(tmp_path / "1.png")
    (tmp_path / "2.png").symlink_to(tmp_path / "gone.png")
    (skipped,) = read_dataset(tmp_path).skipped
    assert (skipped.path, skipped.reason) == ("2.png", "cannot be read: No such file or directory")


@posix
def test_fifo_named_like_an_image_is_skipped_without_being_opened(tmp_path):
    paint(tmp_path / "cat" / "1.png")
    os.mkfifo(tmp_path / "cat" / "x.jpg")  # opening it would wait for ever
    dataset = read_dataset(tmp_path)
    assert len(dataset.images) == 1
    assert dataset.skipped[0].path == "cat/x.jpg"
    assert dataset.skipped[0].reason == "is not a regular file"


@pytest.mark.skipif(os.name == "nt", reason="names are always Unicode on Windows")
def test_name_that_is_not_valid_utf8_survives(tmp_path):
    file = paint(tmp_path / "1.png")
    raw = os.fsencode(tmp_path) + b"/\xff.png"
    try:
        os.link(file, raw)
    except OSError:
        pytest.skip("this file system takes only names that are valid UTF-8")
    dataset = read_dataset(tmp_path)
    assert b"\xff.png" in [os.fsencode(image.path) for image in dataset.images]


@posix
@pytest.mark.parametrize("name", ["two\nlines", "smile 😀", "naïve — “quoted”", "a\\b"])
def test_unusual_names_survive(tmp_path, name):
    paint(tmp_path / name / f"{name}.png")
    (image,) = read_dataset(tmp_path).images
    assert image.path == f"{name}/{name}.png"
    assert image.label == name


@as_root
def test_unreadable_subfolder_becomes_a_skipped_entry():
    with open_to_all() as folder:
        paint(folder / "cat" / "1.png")
        paint(folder / "secret" / "1.png")
        (folder / "secret").chmod(0o700)
        printed = run_python(PRINT_DATASET, folder, as_nobody=True).stdout
    assert "['cat/1.png']" in printed
    assert "[('secret', 'cannot be listed: Permission denied')]" in printed


@as_root
def test_unreadable_folder_is_refused():
    with open_to_all() as folder:
        paint(folder / "1.png")
        folder.chmod(0o711)
        printed = run_python(PRINT_DATASET, folder, as_nobody=True).stdout
    assert printed.startswith("EngineError")
    assert "cannot be read (Permission denied)" in printed


@as_root
def test_folder_inside_an_unreadable_folder_is_refused():
    with open_to_all() as outer:
        paint(outer / "inner" / "1.png")
        outer.chmod(0o700)
        done = run_python(PRINT_DATASET, outer / "inner", as_nobody=True)
    assert done.stdout.startswith("EngineError")
    assert "Permission denied" in done.stdout


def test_missing_folder_is_refused(tmp_path):
    with pytest.raises(EngineError) as error:
        read_dataset(tmp_path / "nowhere")
    assert "nowhere” does not exist" in sentence(error)


def test_file_instead_of_a_folder_is_refused(tmp_path):
    with pytest.raises(EngineError) as error:
        read_dataset(paint(tmp_path / "1.png"))
    assert "1.png” is a file; choose the folder" in sentence(error)


def test_name_too_long_for_the_system_is_refused(tmp_path):
    with pytest.raises(EngineError) as error:
        read_dataset(tmp_path / ("x" * 300))
    assert "check its name" in sentence(error)


def test_empty_folder_is_refused(tmp_path):
    with pytest.raises(EngineError) as error:
        read_dataset(tmp_path)
    assert "No images were found" in sentence(error)


def test_folder_without_images_is_refused(tmp_path):
    (tmp_path / "cat").mkdir()
    (tmp_path / "cat" / "notes.txt").write_text("no picture")
    with pytest.raises(EngineError) as error:
        read_dataset(tmp_path)
    assert "choose a folder that holds pictures" in sentence(error)


def test_reading_stops_when_the_user_cancels(tmp_path):
    paint(tmp_path / "1.png")
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        read_dataset(tmp_path, progress)
