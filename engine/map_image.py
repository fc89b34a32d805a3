"""A projection drawn into a PNG, without a window."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.colouring import NOTHING, by_class
from engine.errors import EngineError
from engine.files import whole_file
from engine.palette import Colour
from engine.values import Projection, Vectors, count_labels

if TYPE_CHECKING:
    from PIL import ImageDraw

BACKGROUND = (250, 250, 252)
TEXT = (60, 64, 72)
OVERSAMPLING = 2  # drawn twice as large and reduced, which smooths the edges
AZIMUTH_DEG, ELEVATION_DEG = 35.0, 22.0
LEGEND_ROWS_MAX = 30
SHEET_MM = (297, 210)  # A4, laid across
DPI = (36, 600)


def print_size(dpi: int) -> tuple[int, int]:
    """Return the width and height in pixels of a map that fills a sheet of A4 laid across.

    Raises
    ------
    EngineError
        When so many dots per inch cannot be drawn.
    """
    if not DPI[0] <= dpi <= DPI[1]:
        raise EngineError(
            f"A resolution of {dpi} dots per inch is out of range; choose {DPI[0]} to {DPI[1]}."
        )
    width, height = (round(side / 25.4 * dpi) for side in SHEET_MM)
    return width, height


def save_map(
    projection: Projection,
    file: Path,
    colours: Mapping[str, Colour],
    size: tuple[int, int] = (1280, 960),
    dpi: int | None = None,
) -> None:
    """Draw the map, seen from the window's first view direction, with a legend of the classes.

    Parameters
    ----------
    projection
        N points in two or three dimensions.
    file
        The PNG file; its folder must exist.
    colours
        Of the classes; points that have none are grey beside them.
    size
        Width and height in pixels.
    dpi
        Dots per inch, which the file tells whoever prints it.

    Raises
    ------
    EngineError
        When the file cannot be written.
    """
    if not file.parent.is_dir():
        raise EngineError(f"The folder “{file.parent}” does not exist; create it first.")
    picture = draw_map(projection, colours, size)
    with whole_file(file) as out:
        picture.save(out, "PNG", **({"dpi": (dpi, dpi)} if dpi else {}))


def draw_map(
    projection: Projection, colours: Mapping[str, Colour], size: tuple[int, int]
) -> Image.Image:
    """Return the picture that `save_map` writes."""
    from PIL import ImageDraw

    width, height = size[0] * OVERSAMPLING, size[1] * OVERSAMPLING
    counts = count_labels(projection.labels)
    legend_width = width // 5 if counts else 0
    canvas = Image.new("RGB", (width, height), BACKGROUND)
    draw = ImageDraw.Draw(canvas)
    places, depth = _on_screen(projection.points, width - legend_width, height)
    radius = _radius(len(places), width)
    of_points = by_class(projection.labels, colours).colours
    for i in np.argsort(depth):  # far points first
        _disc(draw, places[i], radius, _faded(of_points[i], depth[i]))
    _legend(draw, counts, colours, width - legend_width, height)
    return canvas.resize(size, Image.Resampling.LANCZOS)


def _on_screen(points: Vectors, width: int, height: int) -> tuple[Vectors, Vectors]:
    """Turn the points to the view and fit them: (N, 2) pixels and (N,) nearness from 0 to 1."""
    turned = points - points.mean(axis=0)
    if points.shape[1] == 3:
        turned = turned @ _view().astype(np.float32)
    else:
        turned = np.column_stack([turned, np.zeros(len(turned), np.float32)])
    low, high = turned[:, :2].min(axis=0), turned[:, :2].max(axis=0)
    span = np.maximum(high - low, 1e-9)
    scale = 0.86 * min(width / span[0], height / span[1])
    centred = (turned[:, :2] - (low + high) / 2) * scale * (1, -1)
    depth = turned[:, 2]
    near = (depth - depth.min()) / max(float(np.ptp(depth)), 1e-9)
    return centred + np.array([width / 2, height / 2]), near


def _view() -> NDArray[np.float64]:
    """Columns: the directions right, up and towards the viewer in map coordinates."""
    azimuth, elevation = np.radians(AZIMUTH_DEG), np.radians(ELEVATION_DEG)
    towards = np.array(
        [
            np.cos(elevation) * np.cos(azimuth),
            np.cos(elevation) * np.sin(azimuth),
            np.sin(elevation),
        ]
    )
    right = np.array([-np.sin(azimuth), np.cos(azimuth), 0.0])
    return np.column_stack([right, np.cross(towards, right), towards])


def _radius(count: int, width: int) -> float:
    return width * float(np.clip(0.09 / np.sqrt(max(count, 1)), 0.0012, 0.006))


def _faded(colour: NDArray[np.uint8], nearness: float) -> Colour:
    """Mix far points with the background, which the eye reads as depth."""
    share = 0.6 + 0.4 * float(nearness)
    red, green, blue = (
        round(share * c + (1 - share) * b) for c, b in zip(colour, BACKGROUND, strict=True)
    )
    return red, green, blue


def _disc(draw: "ImageDraw.ImageDraw", place: Vectors, radius: float, colour: Colour) -> None:
    x, y = float(place[0]), float(place[1])
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _legend(
    draw: "ImageDraw.ImageDraw",
    counts: dict[str, int],
    colours: Mapping[str, Colour],
    left: int,
    height: int,
) -> None:
    from PIL import ImageFont

    rows = list(counts.items())[:LEGEND_ROWS_MAX]
    line = height // (LEGEND_ROWS_MAX + 6)
    font = ImageFont.load_default(round(line * 0.62))
    top = (height - line * len(rows)) / 2
    for row, (label, count) in enumerate(rows):
        middle = top + (row + 0.5) * line
        _disc(draw, np.array([left + line * 0.5, middle]), line * 0.24, colours.get(label, NOTHING))
        text = f"{label.encode('utf-8', 'replace').decode()}  {count}"
        draw.text((left + line, middle), text, fill=TEXT, font=font, anchor="lm")
    if len(counts) > len(rows):
        place = (left + line, top + (len(rows) + 0.5) * line)
        draw.text(place, f"and {len(counts) - len(rows)} more", fill=TEXT, font=font, anchor="lm")
