import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps

from engine.images import read_thumbnail
from engine.quality.perceptual_hash import (
    BANDS,
    BITS,
    WORDS,
    bands,
    bits_apart,
    mirrored,
    perceptual_hashes,
)

ORIENTATION = 0x0112
LIMIT = 32  # bits


@pytest.fixture(scope="module")
def picture(sample_folder):
    return Image.open(sorted((sample_folder / "butterflies").iterdir())[0]).convert("RGB")


def hashes_of(picture):
    return perceptual_hashes(np.asarray(picture))


def apart(one, other):
    return int(bits_apart(hashes_of(one)[0], hashes_of(other)[0]))


@pytest.mark.parametrize(
    "change",
    [
        lambda picture: picture.resize((picture.width // 2, picture.height // 2)),
        lambda picture: picture.resize((picture.width * 3, picture.height * 3)),
        lambda picture: ImageEnhance.Brightness(picture).enhance(0.8),
        lambda picture: ImageEnhance.Contrast(picture).enhance(1.2),
        lambda picture: picture.convert("L").convert("RGB"),
    ],
    ids=["half", "larger", "darker", "more contrast", "grey"],
)
def test_a_changed_copy_keeps_almost_all_bits(picture, change):
    assert apart(picture, change(picture)) <= LIMIT


def test_two_pictures_of_one_kind_differ_in_many_bits(sample_folder):
    one, other = sorted((sample_folder / "butterflies").iterdir())[:2]
    assert apart(Image.open(one).convert("RGB"), Image.open(other).convert("RGB")) > 2 * LIMIT


def test_the_hash_of_the_mirrored_picture_follows_from_the_hash(picture):
    of_mirrored = hashes_of(ImageOps.mirror(picture))
    assert bits_apart(mirrored(hashes_of(picture)), of_mirrored).max() <= 4
    assert bits_apart(hashes_of(picture)[0], of_mirrored[0]) > 2 * LIMIT
    assert (mirrored(mirrored(of_mirrored)) == of_mirrored).all()


def test_a_border_is_left_out_of_the_inner_hash(picture):
    framed = ImageOps.expand(picture, picture.width // 30, (200, 30, 30))
    assert bits_apart(hashes_of(picture)[0], hashes_of(framed)[1]) <= LIMIT
    assert apart(picture, framed) > LIMIT


def test_a_picture_turned_by_its_camera_has_the_hash_of_the_upright_one(tmp_path, picture):
    upright, turned = tmp_path / "upright.png", tmp_path / "turned.png"
    picture.save(upright)
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # to be turned right by a quarter
    picture.transpose(Image.Transpose.ROTATE_90).save(turned, exif=exif)
    one, other = (perceptual_hashes(read_thumbnail(file, 256)) for file in (upright, turned))
    assert (one == other).all()


def test_equal_hashes_are_no_bits_apart_and_opposite_ones_all():
    zeros = np.zeros((3, WORDS), np.uint64)
    assert bits_apart(zeros, zeros).tolist() == [0, 0, 0]
    assert bits_apart(zeros, ~zeros).tolist() == [BITS, BITS, BITS]


def test_hashes_a_few_bits_apart_share_a_band():
    rng = np.random.default_rng(0)
    hashes = rng.integers(0, 2**63, (200, WORDS), dtype=np.uint64)
    changed = np.unpackbits(hashes.view(np.uint8), axis=1)
    for row in changed:
        row[rng.choice(BITS, BANDS - 1, replace=False)] ^= 1
    others = np.packbits(changed, axis=1).view(np.uint64)
    assert (bits_apart(hashes, others) == BANDS - 1).all()
    assert (bands(hashes) == bands(others)).any(axis=1).all()
