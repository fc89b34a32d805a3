"""The map of a report as data for its script: points, colours, names, small pictures."""

import base64
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from engine.exports.report_content import Content, ReadPictures
from engine.palette import Colour
from engine.progress import Progress
from engine.sampling import stratified
from engine.values import Pixels, Vectors, count_labels, printable

POINTS_MAX = 50_000
PICTURES_BYTES = 12_000_000  # of all pictures together, as they stand in the page
AT_ONCE = 128  # pictures
SIDE, QUALITY = 96, 70  # pixels; of WebP
NOTHING: Colour = (140, 144, 152)
RIGHT: Colour = (46, 166, 98)
WRONG: Colour = (214, 69, 80)
EXCLUDED = "/excluded"  # a group that no class can be called like
WITHIN = 0.97  # share of the points that the first view is certain to hold


@dataclass(frozen=True, slots=True, eq=False)
class MapData:
    """values: ready for JSON, as the script of the report takes them.

    shown: points; pictured: how many of them have a picture.
    """

    values: dict[str, Any]
    shown: int
    pictured: int


def map_data(content: Content, read: ReadPictures, progress: Progress) -> MapData:
    """Make the data of a map; above `POINTS_MAX` of a sample that keeps each class its share."""
    rows = stratified(content.map.labels, POINTS_MAX)
    paths = [content.map.paths[row] for row in rows]
    labels = [content.map.labels[row] for row in rows]
    pictures = _pictures(paths, read, progress)
    return MapData(
        {
            "dims": content.map.dims,
            "points": _encoded(_fitted(content.map.points[rows])),
            "paths": [printable(path) for path in paths],
            "pictures": pictures,
            "colourings": [_by_class(content, paths, labels), *_by_verdict(content, paths)],
            "facts": _facts(content, paths, labels),
        },
        len(rows),
        sum(map(bool, pictures)),
    )


def picture(pixels: Pixels, side: int = SIDE) -> str:
    """Return a picture that fits into a square as a ``data:`` address."""
    image = Image.fromarray(pixels)
    image.thumbnail((side, side), Image.Resampling.BILINEAR)
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=QUALITY)
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"


def _fitted(points: Vectors) -> Vectors:
    """Return (N, 3) points around the middle, nearly all of them within a distance of 1."""
    centred = points - (points.max(axis=0) + points.min(axis=0)) / 2
    reach = float(np.quantile(np.linalg.norm(centred, axis=1), WITHIN)) or 1.0
    deep = np.zeros((len(points), 3), np.float32)
    deep[:, : points.shape[1]] = centred / reach
    return deep


def _encoded(points: Vectors) -> str:
    return base64.b64encode(points.astype("<f4").tobytes()).decode("ascii")


def _pictures(paths: Sequence[str], read: ReadPictures, progress: Progress) -> list[str]:
    """Encode pictures in random order until they would make the page too large."""
    found, room = [""] * len(paths), PICTURES_BYTES
    order = np.random.default_rng(0).permutation(len(paths))
    for start in range(0, len(paths), AT_ONCE):
        progress.report("Reading pictures", start, len(paths))
        some = order[start : start + AT_ONCE]
        for row, pixels in zip(some, read([paths[row] for row in some]), strict=True):
            if isinstance(pixels, str):
                continue
            found[row] = picture(pixels)
            room -= len(found[row])
        if room <= 0:
            break
    progress.report("Reading pictures", len(paths), len(paths))
    return found


def _by_class(content: Content, paths: Sequence[str], labels: Sequence[str]) -> dict[str, Any]:
    groups = _without_excluded(content, paths, labels)
    classes = list(count_labels([group for group in groups if group != EXCLUDED]))
    palette = {name: content.colours.get(name, NOTHING) for name in classes}
    return _colouring("class", {**palette, "": NOTHING, EXCLUDED: NOTHING}, groups)


def _by_verdict(content: Content, paths: Sequence[str]) -> list[dict[str, Any]]:
    training = content.training
    if training is None or not training.paths:
        return []
    right = dict(zip(training.paths, training.predicted == training.truth, strict=True))
    said = {True: "right", False: "wrong"}
    verdicts = [said[bool(right[path])] if path in right else "not judged" for path in paths]
    palette = {"right": RIGHT, "wrong": WRONG, "not judged": NOTHING, EXCLUDED: NOTHING}
    return [_colouring("right or wrong", palette, _without_excluded(content, paths, verdicts))]


def _without_excluded(content: Content, paths: Sequence[str], groups: Sequence[str]) -> list[str]:
    excluded = content.table.excluded
    return [
        EXCLUDED if path in excluded else group for path, group in zip(paths, groups, strict=True)
    ]


def _colouring(title: str, palette: dict[str, Colour], groups: Sequence[str]) -> dict[str, Any]:
    """Return a colouring by the groups that there are, in the order of the palette."""
    counts = Counter(groups)
    names = [name for name in palette if counts[name]]
    number = {name: place for place, name in enumerate(names)}
    return {
        "title": title,
        "names": ["(excluded)" if name == EXCLUDED else printable(name) for name in names],
        "colours": [css_colour(palette[name]) for name in names],
        "counts": [counts[name] for name in names],
        "groups": [number[group] for group in groups],
    }


def _facts(content: Content, paths: Sequence[str], labels: Sequence[str]) -> list[dict[str, Any]]:
    """Return what is said of a point that is pointed at, besides its path."""
    facts = [_fact("Class", labels)]
    table = content.table
    if table.predictions and table.confidence is not None:
        each = zip(table.predictions, table.confidence.tolist(), strict=True)
        said = dict(zip(table.paths, each, strict=True))
        shares = [said[path][1] for path in paths]
        predicted = _fact("Predicted", [said[path][0] for path in paths])
        predicted["shares"] = [-1 if share != share else round(100 * share) for share in shares]
        facts.append(predicted)
    return facts


def _fact(title: str, texts: Sequence[str]) -> dict[str, Any]:
    names = list(dict.fromkeys(texts))
    number = {name: place for place, name in enumerate(names)}
    return {
        "title": title,
        "names": [printable(name) for name in names],
        "values": [number[text] for text in texts],
    }


def css_colour(colour: Colour) -> str:
    """Return a colour as ``#rrggbb``."""
    return "#{:02x}{:02x}{:02x}".format(*colour)
