"""One image file to pixels: turned upright, in sRGB colours, without transparency.

The map, the gallery and the backbones all read pictures through this module, so what a person
sees is what the network gets.
"""

import contextlib
import functools
import io
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, UnidentifiedImageError

from engine.values import Pixels
from engine.wording import mark

if TYPE_CHECKING:
    from PIL import ImageCms

SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".bmp", ".dib", ".gif", ".webp"}
    | {".tif", ".tiff", ".avif"}
)
WHITE = (255, 255, 255, 255)


class UnreadableImageError(Exception):
    """The file is no picture that can be read; ``str(error)`` is the reason the user reads."""


def read(path: Path) -> Pixels:
    """Read a picture at its full size.

    Returns
    -------
    Pixels
        (H, W, 3) uint8, sRGB, upright. The first frame where the file has several.

    Raises
    ------
    UnreadableImageError
        With the reason.
    """
    return np.asarray(_open(path))


def read_square(path: Path, side: int, enlarge_to: int | None = None) -> Pixels:
    """Read a picture squeezed to a square, as a backbone takes it.

    The whole picture is kept, so its proportions are not.

    Parameters
    ----------
    path
        An image file.
    side
        Pixels to which the picture is reduced (or enlarged).
    enlarge_to
        Then enlarge the square to this side: for backbones that refuse squares as small as
        ``side``.

    Returns
    -------
    Pixels
        (S, S, 3) uint8 with S = ``enlarge_to`` or ``side``.

    Raises
    ------
    UnreadableImageError
        With the reason.
    """
    picture = _open(path, side)
    # Across first, then down. Asked for both at once, Pillow 12 does that, too, but Pillow 13 takes
    # the order that is less work, and as it rounds in between, other pixels come of it.
    across = picture.resize((side, picture.height), Image.Resampling.BILINEAR)
    square = across.resize((side, side), Image.Resampling.BILINEAR)
    if enlarge_to is not None and enlarge_to != side:
        square = square.resize((enlarge_to, enlarge_to), Image.Resampling.BILINEAR)
    return np.asarray(square)


def read_thumbnail(path: Path, side: int) -> Pixels:
    """Read a picture so that it fits into a square, proportions kept.

    Returns
    -------
    Pixels
        (H, W, 3) uint8, neither H nor W above ``side``. Small pictures are not enlarged.

    Raises
    ------
    UnreadableImageError
        With the reason.
    """
    picture = _open(path, side)
    picture.thumbnail((side, side), Image.Resampling.BILINEAR)
    return np.asarray(picture)


def read_measured(path: Path, side: int) -> tuple[Pixels, tuple[int, int]]:
    """Read a picture as `read_thumbnail` does, and how large it is in full.

    Returns
    -------
    Pixels, (int, int)
        (H, W, 3) uint8, neither H nor W above ``side``; width and height of the upright picture.

    Raises
    ------
    UnreadableImageError
        With the reason.
    """
    picture, size = _open_measured(path, side)
    picture.thumbnail((side, side), Image.Resampling.BILINEAR)
    return np.asarray(picture), size


def _open(path: Path, side: int | None = None) -> Image.Image:
    """Decode; with ``side`` a JPEG may come reduced, never below twice that side."""
    return _open_measured(path, side)[0]


def _open_measured(path: Path, side: int | None) -> tuple[Image.Image, tuple[int, int]]:
    """Decode as `_open` does; return also the width and height of the upright picture in full."""
    from engine.image_formats import FORMATS

    try:
        with Image.open(path, formats=FORMATS) as picture:
            width, height = picture.size
            if side is not None:
                picture.draft("RGB", (2 * side, 2 * side))
            lying = picture.size
            _turn_upright(picture)
            is_turned = picture.size != lying
            return _to_rgb(picture), (height, width) if is_turned else (width, height)
    except UnidentifiedImageError:
        raise UnreadableImageError(_why_unidentified(path)) from None
    except Image.DecompressionBombError:
        raise UnreadableImageError("has too many pixels to be opened safely") from None
    except PermissionError:
        raise UnreadableImageError("may not be read: permission denied") from None
    except FileNotFoundError:
        raise UnreadableImageError("is no longer there") from None
    # Decoders meet hostile bytes; what they raise besides OSError is not documented.
    except Exception as error:
        raise UnreadableImageError(f"is damaged: {str(error) or type(error).__name__}") from error


def _why_unidentified(path: Path) -> str:
    try:
        empty = path.stat().st_size == 0
    except OSError as error:
        return mark(f"cannot be read: {error.strerror}")
    return mark("is empty" if empty else "is not an image in a format that can be read")


def _turn_upright(picture: Image.Image) -> None:
    """Turn as EXIF says; an EXIF block that cannot be understood turns nothing."""
    from PIL import ImageOps

    picture.load()
    with contextlib.suppress(
        ValueError, TypeError, KeyError, SyntaxError, ArithmeticError, OSError, struct.error
    ):
        ImageOps.exif_transpose(picture, in_place=True)


def _to_rgb(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I;16"):
        return _from_range(np.asarray(picture).astype(np.float32), 0, 65535)
    if picture.mode in ("I", "F"):
        return _from_wide(np.asarray(picture).astype(np.float32))
    if picture.has_transparency_data:
        return _on_white(picture)
    return _to_srgb(picture)


def _from_wide(values: np.ndarray) -> Image.Image:
    """Scale 32-bit grey by the range it seems to use: 0-1, 8 bit, 16 bit, else its own."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
    values = np.nan_to_num(values, nan=low, posinf=high, neginf=low)
    if low >= 0:
        for top in (1, 255, 65535):
            if high <= top:
                return _from_range(values, 0, top)
    return _from_range(values, low, high)


def _from_range(values: np.ndarray, low: float, high: float) -> Image.Image:
    scaled = (values - low) * (255.0 / max(high - low, 1e-9))
    return Image.fromarray(np.clip(scaled + 0.5, 0, 255).astype(np.uint8)).convert("RGB")


def _on_white(picture: Image.Image) -> Image.Image:
    layer = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, WHITE), layer).convert("RGB")


def _to_srgb(picture: Image.Image) -> Image.Image:
    """Convert to sRGB by the embedded colour profile, or plainly where there is none that works."""
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "CMYK"):
        transform = _srgb_transform(profile, picture.mode)
        if transform is not None:
            from PIL import ImageCms

            return ImageCms.applyTransform(picture, transform) or picture
    return picture.convert("RGB")


@functools.lru_cache(maxsize=32)
def _srgb_transform(profile: bytes, mode: str) -> "ImageCms.ImageCmsTransform | None":
    """Transform to sRGB; None where the profile is sRGB already, of another mode or broken."""
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).lower():
            return None
        return ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, OSError):
        return None
