import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageFilter

from engine.dataset import read_dataset
from engine.quality.findings import ODD
from engine.quality.odd_pictures import find_odd_pictures
from engine.quality.picture_facts import read_facts
from engine.values import Skipped


def blank(picture):
    """A plain wall, with the noise of a camera."""
    grey = np.random.default_rng(0).normal(128, 3, (picture.height, picture.width, 3))
    return Image.fromarray(grey.clip(0, 255).astype(np.uint8))


CHANGES = {
    "dark": lambda picture: ImageEnhance.Brightness(picture).enhance(0.1),
    "bright": lambda picture: Image.blend(picture, Image.new("RGB", picture.size, "white"), 0.95),
    "blurred": lambda picture: picture.filter(ImageFilter.GaussianBlur(picture.width / 30)),
    "empty": blank,
    "aspect": lambda picture: picture.crop((0, 0, picture.width, picture.height // 5)),
    "small": lambda picture: picture.resize((picture.width // 5, picture.height // 5)),
}


def odd(folder, skipped=()):
    dataset = read_dataset(folder)
    return find_odd_pictures(dataset.images, read_facts(folder, dataset.images), skipped)


def a_picture(folder):
    return next(file for file in sorted(folder.rglob("*")) if file.is_file())


def change_all(folder, change):
    for file in folder.rglob("*.*"):
        with Image.open(file) as opened:
            picture = change(opened.convert("RGB"))
        picture.save(file, quality=95)


def test_in_the_sample_no_picture_is_odd(small_folder):
    assert odd(small_folder) == []


@pytest.mark.parametrize("issue", CHANGES)
def test_one_odd_picture_is_found_and_named(small_folder, issue):
    original = Image.open(a_picture(small_folder)).convert("RGB")
    CHANGES[issue](original).save(small_folder / "fish" / "odd.png")
    (finding,) = odd(small_folder)
    assert (finding.kind, finding.path, finding.issue) == (ODD, "fish/odd.png", issue)
    assert finding.given == "fish"
    assert 0.5 < finding.score <= 1
    assert finding.says


@pytest.mark.parametrize("issue", CHANGES)
def test_what_all_pictures_of_a_dataset_are_is_not_odd(small_folder, issue):
    change_all(small_folder, CHANGES[issue])
    assert issue not in {finding.issue for finding in odd(small_folder)}


def test_drawings_hold_little_and_only_the_blank_sheet_is_empty(tmp_path):
    rng = np.random.default_rng(0)
    for number in range(20):
        sheet = np.zeros((80, 80), np.uint8)
        for at in rng.integers(10, 70, 4):
            sheet[at - 3 : at + 3, 10 : 20 + at // 2] = 255
        Image.fromarray(sheet).save(tmp_path / f"{number}.png")
    Image.new("L", (80, 80)).save(tmp_path / "blank.png")
    (finding,) = odd(tmp_path)
    assert (finding.path, finding.issue) == ("blank.png", "dark")
    Image.new("L", (80, 80), 255).save(tmp_path / "blank.png")
    (finding,) = odd(tmp_path)
    assert (finding.path, finding.issue) == ("blank.png", "bright")
    Image.new("L", (80, 80), 128).save(tmp_path / "blank.png")
    (finding,) = odd(tmp_path)
    assert (finding.path, finding.issue) == ("blank.png", "empty")


def test_what_cannot_be_read_comes_first_with_the_reason(small_folder):
    CHANGES["dark"](Image.open(a_picture(small_folder)).convert("RGB")).save(
        small_folder / "fish" / "night.png"
    )
    (small_folder / "trees" / "broken.jpg").write_bytes(b"no picture")
    broken, night = odd(small_folder, (Skipped("some/folder", "may not be entered"),))
    assert (broken.path, broken.issue, broken.score) == ("trees/broken.jpg", "unreadable", 1.0)
    assert broken.says == "The file is not an image in a format that can be read."
    assert night.issue == "dark"


def test_what_was_unreadable_before_and_can_be_read_now_is_no_finding(small_folder):
    path = a_picture(small_folder).relative_to(small_folder).as_posix()
    assert odd(small_folder, (Skipped(path, "is damaged"),)) == []
