"""A report in one file that needs no network: a map that can be turned, tables, pictures.

Nothing but its own script and style may run or load in it: a policy with their hashes says so.
"""

import base64
import hashlib
import json
from importlib.resources import files
from pathlib import Path
from string import Template

from engine.exports.report_content import Content, ReadPictures
from engine.exports.report_map import MapData, map_data
from engine.exports.report_tables import sections, text
from engine.files import whole_file
from engine.progress import Progress
from engine.projection.options import NAMES

WALK = "Drag to turn, shift-drag to move, wheel to zoom; point to see a picture."
WALK_FLAT = "Drag to move, wheel to zoom; point to see a picture."


def write_report(content: Content, read: ReadPictures, file: Path, progress: Progress) -> int:
    """Write a report; its folder exists.

    Parameters
    ----------
    content
        What it tells.
    read
        Gets paths of images and gives small pictures of them.
    file
        The HTML file.
    progress
        Hears the pictures that are read.

    Returns
    -------
    int
        How many points its map has.

    Raises
    ------
    EngineError
        When the disk is full or cannot be written to.
    Cancelled
        From ``progress``. Nothing is written.
    """
    data = map_data(content, read, progress)
    progress.report("Writing the report")
    page = _page(content, data, sections(content, read))
    progress.report("Writing the report")
    with whole_file(file) as out:
        out.write(page.encode())
    return data.shown


def _page(content: Content, data: MapData, below: str) -> str:
    folder = files("resources") / "report"
    style, script = (
        (folder / name).read_text(encoding="utf-8") for name in ("report.css", "report.js")
    )
    walk = WALK if content.map.dims == 3 else WALK_FLAT
    method = NAMES[content.map.method]
    return Template((folder / "report.html").read_text(encoding="utf-8")).substitute(
        policy=(
            f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
            "img-src data:; base-uri 'none'; form-action 'none'"
        ),
        title=text(content.title),
        style=style,
        script=script,
        summary=_summary(content),
        map_says=f"{method} in {content.map.dims} dimensions. {walk} {_sampled(content, data)}",
        map_label=f"Map of {data.shown:,} images by {method}",
        data=_in_script(data),
        sections=below,
        footer=text(content.made),
    )


def _summary(content: Content) -> str:
    table = content.table
    classes = len({label for label in table.labels if label})
    excluded = sum(path in table.excluded for path in table.paths)
    facts = [
        f"{len(table.paths) - excluded:,} images",
        *([f"{excluded:,} excluded"] if excluded else []),
        f"{classes:,} classes" if classes else "no classes",
        f"{table.recipe.backbone}, {table.recipe.dimensions:,} dimensions",
    ]
    return text(" · ".join(facts))


def _sampled(content: Content, data: MapData) -> str:
    notes = []
    if data.shown < len(content.map.paths):
        notes.append(
            f"Of {len(content.map.paths):,} points it shows a sample of {data.shown:,} that keeps "
            "each class its share."
        )
    if data.pictured < data.shown:
        notes.append(f"{data.pictured:,} of the points have a picture.")
    return " ".join(notes)


def _hash(part: str) -> str:
    digest = hashlib.sha256(part.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def _in_script(data: MapData) -> str:
    """Return JSON that cannot end the element it stands in."""
    written = json.dumps(data.values, separators=(",", ":"), ensure_ascii=True)
    return written.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
