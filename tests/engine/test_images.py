"""Picture files become pixels: upright, in sRGB, without transparency."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from helpers import as_root, open_to_all, paint, run_python
from PIL import Image, ImageCms, features

from engine.images import SUFFIXES, UnreadableImageError, read, read_square, read_thumbnail

SUFFIX_OF_FORMAT = {
    "JPEG": ".jpg",
    "PNG": ".png",
    "BMP": ".bmp",
    "GIF": ".gif",
    "WEBP": ".webp",
    "TIFF": ".tiff",
    "AVIF": ".avif",
}
# How an upright picture has to be turned so that the orientation of that number undoes it.
TURNED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
ORIENTATION = 0x0112
BLUE, RED = (20, 60, 200), (220, 40, 30)

formats = pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            name,
            marks=pytest.mark.skipif(
                name == "AVIF" and not features.check("avif"), reason="this Pillow lacks AVIF"
            ),
        )
        for name in SUFFIX_OF_FORMAT
    ],
)


def save(folder: Path, picture: Image.Image, name: str = "picture.png", **options) -> Path:
    picture.save(folder / name, **options)
    return folder / name


def two_halves(size: tuple[int, int] = (40, 20)) -> Image.Image:
    """A picture that is red above and blue below, with a white corner at the upper left."""
    picture = Image.new("RGB", size, RED)
    picture.paste(BLUE, (0, size[1] // 2, *size))
    picture.paste("white", (0, 0, 5, 5))
    return picture


def reason(path: Path) -> str:
    with pytest.raises(UnreadableImageError) as error:
        read(path)
    return str(error.value)


@formats
def test_format_becomes_rgb_pixels(tmp_path, name):
    path = save(tmp_path, two_halves(), f"picture{SUFFIX_OF_FORMAT[name]}", format=name)
    pixels = read(path)
    assert pixels.shape == (20, 40, 3)
    assert pixels.dtype == np.uint8
    assert np.abs(pixels[4, 20].astype(int) - RED).max() < 24
    assert np.abs(pixels[16, 20].astype(int) - BLUE).max() < 24


@formats
def test_format_is_known_to_a_fresh_process(tmp_path, name):
    path = save(tmp_path, two_halves(), f"picture{SUFFIX_OF_FORMAT[name]}", format=name)
    code = "import sys, pathlib; from engine.images import read; "
    done = run_python(code + "print(read(pathlib.Path(sys.argv[1])).shape)", path)
    assert done.stdout.strip() == "(20, 40, 3)", done.stderr


def test_suffixes_of_all_formats_are_taken_for_images():
    assert set(SUFFIX_OF_FORMAT.values()) <= SUFFIXES


def test_first_frame_of_an_animation_is_read(tmp_path):
    second = Image.new("RGB", (8, 8), BLUE)
    path = save(
        tmp_path,
        Image.new("RGB", (8, 8), RED),
        "animation.gif",
        save_all=True,
        append_images=[second],
    )
    assert read(path)[4, 4].tolist() == pytest.approx(list(RED), abs=8)


@pytest.mark.parametrize("orientation", TURNED)
def test_picture_is_turned_upright(tmp_path, orientation):
    upright, turn = two_halves(), TURNED[orientation]
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    stored = upright if turn is None else upright.transpose(turn)
    np.testing.assert_array_equal(
        read(save(tmp_path, stored, exif=exif.tobytes())), np.asarray(upright)
    )


def test_reduced_jpeg_is_turned_upright(tmp_path):
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    stored = two_halves((640, 640)).transpose(TURNED[6])
    square = read_square(save(tmp_path, stored, "photo.jpg", exif=exif.tobytes()), 16)
    assert square[3, 8].tolist() == pytest.approx(list(RED), abs=12)
    assert square[12, 8].tolist() == pytest.approx(list(BLUE), abs=12)


@pytest.mark.parametrize("size", [(1000, 700), (1800, 2400), (460, 460)])
def test_jpeg_that_is_decoded_at_a_reduced_size_looks_as_if_it_were_not(
    sample_folder, tmp_path, size
):
    """Every other format is decoded whole; both ways end in the same filter."""
    for number, file in enumerate(sorted(sample_folder.glob("*/*-01.jpg"))):
        large = Image.open(file).resize(size, Image.Resampling.BICUBIC)
        photo = save(tmp_path, large, f"{number}.jpg", quality=95)
        whole = save(tmp_path, Image.open(photo), f"{number}.bmp")
        difference = np.abs(read_square(photo, 224).astype(int) - read_square(whole, 224))
        assert difference.mean() < 1


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0garbage that is no TIFF header",
        b"Exif\0\0MM\0*\0\0",
        b"Exif\0\0MM\0*\0\0\0\x08\0\xff" + b"\x01\x12" * 20,
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x02\0\xff\xff\xff\xff\x1a\0\0\0",
    ],
)
@pytest.mark.filterwarnings("ignore:Corrupt EXIF", "ignore:Metadata Warning")
@pytest.mark.filterwarnings("ignore:Tag data larger", "ignore:Possibly corrupt EXIF")
def test_broken_exif_is_ignored(tmp_path, exif, suffix):
    path = save(tmp_path, two_halves(), f"picture{suffix}", exif=exif)
    assert read(path).shape == (20, 40, 3)


def test_cmyk_jpeg_keeps_its_colour(tmp_path):
    path = save(tmp_path, Image.new("RGB", (16, 16), RED).convert("CMYK"), "print.jpg")
    assert read(path)[8, 8].tolist() == pytest.approx(list(RED), abs=8)


def test_colour_profile_is_applied(tmp_path):
    # sRGB with the primaries of red and blue exchanged.
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"tXYZ").replace(b"bXYZ", b"rXYZ").replace(b"tXYZ", b"bXYZ")
    swapped = swapped.replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))
    path = save(tmp_path, Image.new("RGB", (8, 8), (255, 0, 0)), icc_profile=swapped)
    assert read(path)[4, 4].tolist() == pytest.approx([0, 0, 255], abs=40)


def test_broken_colour_profile_is_ignored(tmp_path):
    path = save(tmp_path, Image.new("RGB", (8, 8), RED), icc_profile=b"no profile")
    assert tuple(read(path)[4, 4]) == RED


@pytest.mark.parametrize(("level", "grey"), [(0, 0), (16384, 64), (32768, 128), (65535, 255)])
def test_16_bit_grey_keeps_its_levels(tmp_path, level, grey):
    path = save(tmp_path, Image.fromarray(np.full((8, 8), level, np.uint16)))
    assert read(path)[4, 4].tolist() == pytest.approx([grey] * 3, abs=1)


@pytest.mark.parametrize(("level", "grey"), [(0.0, 0), (0.5, 128), (1.0, 255)])
def test_float_tiff_from_0_to_1_keeps_its_levels(tmp_path, level, grey):
    path = save(tmp_path, Image.fromarray(np.full((8, 8), level, np.float32)), "float.tiff")
    assert read(path)[4, 4].tolist() == pytest.approx([grey] * 3, abs=1)


def test_float_tiff_with_values_that_are_no_numbers_is_read(tmp_path):
    values = np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8)
    values[0, 0], values[0, 1] = np.nan, np.inf
    grey = read(save(tmp_path, Image.fromarray(values), "float.tiff"))[:, :, 0]
    assert grey[4, 4].tolist() == pytest.approx(255 * values[4, 4], abs=2)


def test_float_tiff_of_any_range_uses_all_greys(tmp_path):
    values = np.linspace(-3000, 9000, 64, dtype=np.float32).reshape(8, 8)
    grey = read(save(tmp_path, Image.fromarray(values), "height.tiff"))
    assert (grey.min(), grey.max()) == (0, 255)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA", "P"])
def test_transparency_becomes_white(tmp_path, mode):
    picture = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    picture.paste((0, 0, 0, 255), (0, 4, 8, 8))
    if mode == "P":
        picture, options = picture.convert("RGB").quantize(2), {"transparency": 0}
        picture.putdata([0] * 32 + [1] * 32)
        picture.putpalette([9, 9, 9, 0, 0, 0])
    else:
        picture, options = picture.convert(mode), {}
    path = save(tmp_path, picture, "picture.tiff" if mode == "PA" else "picture.png", **options)
    pixels = read(path)
    assert tuple(pixels[1, 4]) == (255, 255, 255)
    assert tuple(pixels[6, 4]) == (0, 0, 0)


def test_half_transparent_picture_is_mixed_with_white(tmp_path):
    path = save(tmp_path, Image.new("RGBA", (8, 8), (0, 0, 0, 128)))
    assert read(path)[4, 4].tolist() == pytest.approx([127] * 3, abs=1)


def test_1_bit_picture_is_black_and_white(tmp_path):
    picture = Image.new("1", (8, 8), 0)
    picture.paste(1, (0, 0, 4, 8))
    pixels = read(save(tmp_path, picture))
    assert tuple(pixels[4, 1]) == (255, 255, 255)
    assert tuple(pixels[4, 6]) == (0, 0, 0)


def test_empty_file_is_unreadable(tmp_path):
    (tmp_path / "empty.png").touch()
    assert reason(tmp_path / "empty.png") == "is empty"


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tiff", ".bmp"])
def test_truncated_file_is_unreadable(tmp_path, suffix):
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    path = save(tmp_path, Image.fromarray(noise), f"half{suffix}")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert reason(path).startswith(("is damaged", "is not an image"))


def test_text_renamed_to_png_is_unreadable(tmp_path):
    (tmp_path / "text.png").write_text("This is no picture.")
    assert reason(tmp_path / "text.png") == "is not an image in a format that can be read"


def test_eps_renamed_to_jpg_is_unreadable(tmp_path):
    eps = io.BytesIO()
    Image.new("RGB", (8, 8), RED).save(eps, "EPS")
    (tmp_path / "drawing.jpg").write_bytes(eps.getvalue())
    assert reason(tmp_path / "drawing.jpg") == "is not an image in a format that can be read"


def test_missing_file_is_unreadable(tmp_path):
    assert reason(tmp_path / "gone.png") == "is no longer there"


def test_folder_named_like_an_image_is_unreadable(tmp_path):
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(UnreadableImageError):
        read(tmp_path / "folder.png")


@as_root
def test_forbidden_file_is_unreadable():
    code = """
import sys, pathlib
from engine.images import UnreadableImageError, read
try:
    read(pathlib.Path(sys.argv[1]))
except UnreadableImageError as error:
    print(error)
"""
    with open_to_all() as folder:
        path = paint(folder / "1.png")
        path.chmod(0o600)
        printed = run_python(code, path, as_nobody=True).stdout
    assert printed.strip() == "may not be read: permission denied"


def test_picture_with_too_many_pixels_is_unreadable(tmp_path):
    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    path = paint(tmp_path / "bomb.png")
    data = path.read_bytes()
    start = data.index(b"IHDR") + 4
    crc = struct.pack(">I", zlib.crc32(b"IHDR" + header))
    path.write_bytes(data[:start] + header + crc + data[start + len(header) + 4 :])
    assert reason(path) == "has too many pixels to be opened safely"


@pytest.mark.parametrize("size", [(300, 100), (10, 10), (1, 500)])
def test_square_has_the_size_asked_for(tmp_path, size):
    assert read_square(paint(tmp_path / "1.png", RED, size), 32).shape == (32, 32, 3)


def test_square_keeps_the_whole_picture(tmp_path):
    square = read_square(save(tmp_path, two_halves((400, 100))), 32)
    assert tuple(square[8, 16]) == RED
    assert tuple(square[24, 16]) == BLUE
    assert tuple(square[24, 0]) == tuple(square[24, 31]) == BLUE


def test_square_is_reduced_first_when_it_is_to_be_enlarged(tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (128, 128, 3), dtype=np.uint8)
    path = save(tmp_path, Image.fromarray(noise))
    enlarged = read_square(path, 8, enlarge_to=32)
    small = Image.fromarray(read_square(path, 8))
    assert enlarged.shape == (32, 32, 3)
    np.testing.assert_array_equal(
        enlarged, np.asarray(small.resize((32, 32), Image.Resampling.BILINEAR))
    )


@pytest.mark.parametrize("size", [(20, 300), (300, 20), (30, 31), (200, 100)])
def test_square_is_squeezed_across_first_whatever_the_version_of_pillow(tmp_path, size):
    rng = np.random.default_rng(0)
    noise = Image.fromarray(rng.integers(0, 256, (*size, 3), dtype=np.uint8))
    across = noise.resize((32, noise.height), Image.Resampling.BILINEAR)
    expected = across.resize((32, 32), Image.Resampling.BILINEAR)
    np.testing.assert_array_equal(read_square(save(tmp_path, noise), 32), np.asarray(expected))


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_thumbnail_keeps_the_proportions(tmp_path, suffix):
    path = paint(tmp_path / f"1{suffix}", RED, (1000, 500))
    assert read_thumbnail(path, 100).shape == (50, 100, 3)


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_thumbnail_never_enlarges(tmp_path, suffix):
    path = paint(tmp_path / f"1{suffix}", RED, (30, 20))
    assert read_thumbnail(path, 100).shape == (20, 30, 3)


def test_thumbnail_of_a_thin_line_keeps_a_pixel(tmp_path):
    assert read_thumbnail(paint(tmp_path / "1.png", RED, (2000, 1)), 100).shape == (1, 100, 3)
