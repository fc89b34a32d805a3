import os
import shutil

import numpy as np
import pytest
from helpers import alter_header, open_to_all, posix, run_python
from PIL import Image

from engine.dataset import read_dataset
from engine.progress import Cancelled, Progress
from engine.quality.picture_facts import FILE, PictureFacts, read_facts, rows_of

ARRAYS = ("sizes", "brightness", "sharpness", "information", "hashes")


def assert_equal(one: PictureFacts, other: PictureFacts):
    assert one.paths == other.paths
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


class Listener:
    """Hears how many pictures are done; cancels after so many steps."""

    def __init__(self, cancel_after=None):
        self.done = []
        self._cancel_after = cancel_after
        self.progress = Progress(self._hear)

    def _hear(self, step):
        self.done.append((step.done, step.total))
        if len(self.done) == self._cancel_after:
            self.progress.cancel()


def facts_of(folder, kept=None, listener=None):
    images = read_dataset(folder).images
    return read_facts(folder, images, kept, listener.progress if listener else None)


def test_every_picture_is_measured_in_the_order_of_the_dataset(small_folder):
    facts = facts_of(small_folder)
    assert facts.paths == tuple(image.path for image in read_dataset(small_folder).images)
    assert facts.sizes.tolist() == [[128, 128]] * 24
    assert (np.diff(facts.brightness.astype(int), axis=1) >= 0).all()
    assert ((facts.sharpness > 0) & (facts.sharpness <= 1)).all()
    assert (facts.information > 0).all()
    assert len({hashes.tobytes() for hashes in facts.hashes}) == 24


def test_sizes_are_those_of_the_whole_upright_picture(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    Image.new("RGB", (1600, 900), "red").save(tmp_path / "turned.jpg", exif=exif)
    Image.new("RGB", (1600, 900), "red").save(tmp_path / "wide.jpg")
    assert facts_of(tmp_path).sizes.tolist() == [[900, 1600], [1600, 900]]


def test_a_second_look_reads_only_what_changed(small_folder, tmp_path):
    kept = tmp_path / FILE
    before = facts_of(small_folder, kept)
    assert_equal(facts_of(small_folder), before)
    changed = small_folder / before.paths[3]
    Image.new("RGB", (50, 40), "white").save(changed)
    listener = Listener()
    after = facts_of(small_folder, kept, listener)
    assert listener.done == [(24, 24)]  # one picture was left to do
    assert after.sizes[3].tolist() == [50, 40]
    assert_equal(facts_of(small_folder), after)


def test_a_cancelled_look_keeps_what_it_has(small_folder, tmp_path):
    kept = tmp_path / FILE
    with pytest.raises(Cancelled):
        facts_of(small_folder, kept, Listener(cancel_after=10))
    listener = Listener()
    assert_equal(facts_of(small_folder, kept, listener), facts_of(small_folder))
    assert listener.done[0] == (11, 24)


def test_what_was_measured_of_pictures_that_are_gone_is_dropped(small_folder, tmp_path):
    kept = tmp_path / FILE
    paths = facts_of(small_folder, kept).paths
    for path in paths[:10]:
        (small_folder / path).unlink()
    Image.new("RGB", (50, 40)).save(small_folder / "fish" / "new.png")
    facts_of(small_folder, kept)
    assert len(np.load(kept)) == 15


@pytest.mark.parametrize("content", [b"", b"no array", b"\x93NUMPY"])
def test_a_damaged_file_of_facts_is_made_again(small_folder, tmp_path, content):
    kept = tmp_path / FILE
    kept.write_bytes(content)
    assert_equal(facts_of(small_folder, kept), facts_of(small_folder))
    assert np.load(kept).shape == (24,)


def test_facts_with_an_altered_header_are_made_again(small_folder, tmp_path):
    facts_of(small_folder, tmp_path / FILE)
    alter_header(tmp_path / FILE)
    assert_equal(facts_of(small_folder, tmp_path / FILE), facts_of(small_folder))


def test_facts_that_are_something_else_are_made_again(small_folder, tmp_path):
    np.save(tmp_path / FILE, np.zeros((5, 3)))
    assert_equal(facts_of(small_folder, tmp_path / FILE), facts_of(small_folder))


@posix
def test_where_nothing_can_be_written_nothing_is_kept(small_folder):
    code = """
import sys
from pathlib import Path
from engine.dataset import read_dataset
from engine.quality.picture_facts import FILE, read_facts
pictures, closed = map(Path, sys.argv[1:])
images = read_dataset(pictures).images
print(len(read_facts(pictures, images, closed / FILE).paths), list(closed.iterdir()))
"""
    with open_to_all() as place:
        shutil.copytree(small_folder, place / "pictures")
        (place / "closed").mkdir(mode=0o555)  # which root would not mind
        is_root = os.geteuid() == 0
        done = run_python(code, place / "pictures", place / "closed", as_nobody=is_root)
    assert done.stdout.strip() == "24 []", done.stderr


def test_without_the_folder_of_the_workspace_nothing_is_kept(small_folder, tmp_path):
    assert len(facts_of(small_folder, tmp_path / "gone" / FILE).paths) == 24
    assert not (tmp_path / "gone").exists()


def test_a_picture_that_vanished_or_is_broken_is_said_and_ends_nothing(small_folder):
    images = read_dataset(small_folder).images
    (small_folder / images[2].path).unlink()
    (small_folder / images[5].path).write_bytes(b"broken")
    facts = read_facts(small_folder, images)
    assert len(facts.paths) == 22
    assert [(entry.path, entry.reason) for entry in facts.unreadable] == [
        (images[2].path, "is no longer there"),
        (images[5].path, "is not an image in a format that can be read"),
    ]


def test_pictures_of_one_pixel_or_one_row_are_measured(tmp_path):
    for name, size in {"pixel": (1, 1), "row": (300, 1), "column": (1, 3000)}.items():
        Image.new("L", size, 90).save(tmp_path / f"{name}.png")
    facts = facts_of(tmp_path)
    assert len(facts.paths) == 3
    assert np.isfinite(facts.sharpness).all()
    assert (facts.brightness == 90).all()


def test_a_folder_of_which_nothing_can_be_read_has_no_facts(tmp_path):
    (tmp_path / "a.png").write_bytes(b"")
    facts = facts_of(tmp_path)
    assert (facts.paths, facts.sizes.shape, facts.hashes.shape[0]) == ((), (0, 2), 0)


def test_rows_are_found_by_path():
    assert rows_of(("a", "b", "c"), ("c", "x", "a")).tolist() == [2, -1, 0]
