"""The confusion matrix drawn into a picture, without a window."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from engine.colouring import RIGHT, VERDICTS, WRONG
from engine.map_image import BACKGROUND, TEXT
from engine.palette import Colour
from engine.values import printable

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

WHITE: Colour = (255, 255, 255)
EMPTY: Colour = (236, 237, 241)
FAINTEST, STRONG = 0.10, 0.55  # strength of a cell with one picture; from here on text is white
SIDE_WANTED = 2200  # pixels of the matrix, as far as the limits of a cell allow
CELL_MIN, CELL_MAX = 3, 80
CELL_FOR_TEXT = 14
TEXT_MAX, TITLE_SIZE = 15, 16
DIGIT_WIDTH = 0.65  # of the size of the font
NAME_MAX = 220  # pixels; longer ones are cut in their middle
MARGIN, GAP = 16, 6


def cell_side(classes: int) -> int:
    """Return the side of a cell in pixels: the fewer classes, the larger."""
    return int(np.clip(SIDE_WANTED // classes, CELL_MIN, CELL_MAX))


def cell_colour(share: float, is_right: bool) -> Colour:
    """Return the colour of a cell that holds this share of its row, which is above 0."""
    strength = FAINTEST + (1 - FAINTEST) * share
    full = VERDICTS[RIGHT if is_right else WRONG]
    red, green, blue = (
        round(strength * c + (1 - strength) * w) for c, w in zip(full, WHITE, strict=True)
    )
    return red, green, blue


def draw_confusion(counts: NDArray[np.int64], classes: tuple[str, ...]) -> Image.Image:
    """Draw a row for each true class and a column for each predicted one.

    The last cell ends `MARGIN` pixels from the right and from the bottom. Counts and names are
    written where a cell of this many classes has room for them.

    Parameters
    ----------
    counts
        (C, C), of images.
    classes
        The names of the C classes.
    """
    cell = cell_side(len(classes))
    has_text = cell >= CELL_FOR_TEXT
    size = min(TEXT_MAX, cell * 0.7)
    font = ImageFont.load_default(size)
    names = [_cut(name, font) for name in classes] if has_text else []
    room = round(max((font.getlength(name) for name in names), default=0)) + 2 * GAP
    corner, side = MARGIN + TITLE_SIZE + room, cell * len(classes)
    canvas = Image.new("RGB", (corner + side + MARGIN, corner + side + MARGIN), BACKGROUND)
    upwards = Image.Transpose.ROTATE_90
    beside = _beside(names, "right", room, cell, side, font)
    above = _beside(names, "left", room, cell, side, font).transpose(upwards)
    canvas.paste(beside, (corner - room, corner))
    canvas.paste(above, (corner, corner - room))
    canvas.paste(_title("predicted class", side), (corner, MARGIN - GAP))
    canvas.paste(_title("true class", side).transpose(upwards), (MARGIN - GAP, corner))
    digits = len(str(counts.max()))
    small = ImageFont.load_default(min(size, cell * 0.9 / (DIGIT_WIDTH * digits)))
    _draw_cells(ImageDraw.Draw(canvas), counts, corner, cell, small if has_text else None)
    return canvas


def _draw_cells(
    draw: ImageDraw.ImageDraw, counts: NDArray[np.int64], corner: int, cell: int, font: Font | None
) -> None:
    """Draw all cells; where there is a font, with their counts and a line between them."""
    end = corner + cell * len(counts)
    draw.rectangle((corner, corner, end - 1, end - 1), fill=EMPTY)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    for row, column in np.argwhere(counts):
        x, y, share = corner + column * cell, corner + row * cell, float(shares[row, column])
        draw.rectangle((x, y, x + cell - 1, y + cell - 1), fill=cell_colour(share, row == column))
        if font is not None:
            colour = WHITE if share > STRONG else TEXT
            middle = (x + (cell - 1) / 2, y + (cell - 1) / 2)
            draw.text(middle, str(counts[row, column]), fill=colour, font=font, anchor="mm")
    if font is not None:
        for place in range(corner + cell - 1, end, cell):
            draw.line((corner, place, end - 1, place), fill=BACKGROUND)
            draw.line((place, corner, place, end - 1), fill=BACKGROUND)


def _beside(
    names: list[str], edge: str, width: int, cell: int, side: int, font: Font
) -> Image.Image:
    """Write a name beside each row, at the left or the right edge of a strip."""
    strip = Image.new("RGB", (width, side), BACKGROUND)
    draw = ImageDraw.Draw(strip)
    for row, name in enumerate(names):
        x = GAP if edge == "left" else width - GAP
        draw.text((x, (row + 0.5) * cell), name, fill=TEXT, font=font, anchor=f"{edge[0]}m")
    return strip


def _title(text: str, width: int) -> Image.Image:
    strip = Image.new("RGB", (width, TITLE_SIZE + GAP), BACKGROUND)
    middle = (width / 2, (TITLE_SIZE + GAP) / 2)
    font = ImageFont.load_default(TITLE_SIZE)
    ImageDraw.Draw(strip).text(middle, text, fill=TEXT, font=font, anchor="mm")
    return strip


def _cut(name: str, font: Font) -> str:
    """Cut a long name in its middle. Raw bytes that are no text become question marks."""
    name = printable(name)
    shorter = name
    kept = round(len(name) * min(1, NAME_MAX / max(font.getlength(name), 1)))
    while font.getlength(shorter) > NAME_MAX:
        shorter = f"{name[: (kept + 1) // 2]}…{name[len(name) - kept // 2 :]}"
        kept -= 1
    return shorter
