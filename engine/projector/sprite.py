"""All pictures in one, which TensorBoard's projector cuts into its points.

Its page takes at most 8,192 pixels a side, and finds a picture's line by the number of *columns*:
the grid must be square. A pixel without opacity is not drawn, so that pictures keep their shape.
"""

import math
from collections.abc import Iterable
from pathlib import Path

from PIL import Image

from engine.progress import Progress
from engine.values import Pixels
from engine.wording import mark

LIMIT = 8_192  # pixels a side
SIDES = (100, 64, 32)  # of a picture: the largest of which all fit
UNREADABLE = (150, 150, 150, 255)
# The least work: pictures hardly get smaller with more, and a large sheet has 67 million pixels.
COMPRESSION = 1
STAGE = mark("Laying the pictures out")


def tile_side(count: int) -> int:
    """Return how large ``count`` pictures can be, in pixels."""
    room = LIMIT // columns(count)
    return next((side for side in SIDES if side <= room), room)


def columns(count: int) -> int:
    """Return how many pictures lie in a line, and how many lines there are."""
    return max(1, math.ceil(math.sqrt(count)))


def write_sprite(
    file: Path, count: int, pictures: Iterable[Pixels | str], progress: Progress
) -> None:
    """Write a PNG with ``count`` pictures in their order, line by line.

    Parameters
    ----------
    file
        To write.
    count
        How many pictures there are.
    pictures
        (H, W, 3) uint8 each, or why there is none, which becomes a grey square.
    progress
        Hears the pictures.

    Raises
    ------
    OSError
        When the disk refuses.
    Cancelled
        From ``progress``.
    """
    side, across = tile_side(count), columns(count)
    sheet = Image.new("RGBA", (across * side, across * side))
    for place, pixels in enumerate(pictures):
        progress.report(STAGE, place, count)
        top, left = divmod(place, across)
        if isinstance(pixels, str):
            sheet.paste(UNREADABLE, (left * side, top * side, (left + 1) * side, (top + 1) * side))
            continue
        picture = Image.fromarray(pixels)
        picture.thumbnail((side, side), Image.Resampling.BILINEAR, reducing_gap=None)
        room = [(side - length) // 2 for length in picture.size]
        sheet.paste(picture, (left * side + room[0], top * side + room[1]))
    progress.report(STAGE, count, count)
    with file.open("wb") as written:
        sheet.save(written, "PNG", compress_level=COMPRESSION)
