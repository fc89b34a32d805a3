"""Small pictures that are made once."""

import numpy as np
import pytest
from helpers import image_file, paint

from engine.workspace import Thumbnails


@pytest.fixture
def folder(tmp_path):
    paint(tmp_path / "pets" / "red.png", (200, 30, 30), size=(400, 200))
    paint(tmp_path / "pets" / "blue.png", (30, 30, 200))
    (tmp_path / "pets" / "broken.png").write_bytes(b"no picture")
    return tmp_path / "pets"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "pets.embedding").mkdir()
    return tmp_path / "pets.embedding"


def read(root, folder, *names):
    with Thumbnails(root, folder) as thumbnails:
        return thumbnails.read([image_file(folder, name) for name in names])


def test_large_pictures_are_reduced_and_small_ones_left(root, folder):
    red, blue = read(root, folder, "red.png", "blue.png")
    assert red.shape == (64, 128, 3)
    assert blue.shape == (8, 8, 3)
    assert np.abs(red.astype(int) - (200, 30, 30)).max() < 12


def test_picture_that_cannot_be_read_has_the_reason_instead(root, folder):
    reason, red = read(root, folder, "broken.png", "red.png")
    assert isinstance(reason, str)
    assert red.shape == (64, 128, 3)


def test_a_thumbnail_is_made_once(root, folder):
    wanted = [image_file(folder, "red.png")]
    with Thumbnails(root, folder) as thumbnails:
        thumbnails.read(wanted)
    (folder / "red.png").unlink()
    with Thumbnails(root, folder) as thumbnails:
        assert thumbnails.read(wanted)[0].shape == (64, 128, 3)


def test_a_changed_picture_gets_another_one(root, folder):
    read(root, folder, "red.png")
    paint(folder / "red.png", (30, 200, 30), size=(300, 300))
    assert read(root, folder, "red.png")[0].shape == (128, 128, 3)


def test_a_damaged_file_is_made_anew(root, folder):
    read(root, folder, "red.png")
    (root / "thumbnails.sqlite").write_bytes(b"no database at all" * 100)
    assert read(root, folder, "red.png")[0].shape == (64, 128, 3)


def test_without_a_place_to_keep_them_they_are_made_each_time(tmp_path, folder):
    assert read(tmp_path / "absent", folder, "red.png")[0].shape == (64, 128, 3)
    assert not (tmp_path / "absent").exists()
