"""The folders of exports, and the configuration that tells TensorBoard of them."""

import contextlib
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.files import disk_errors, replacing
from engine.tsv import METADATA

FOLDER = "projector"  # beside the logs of trainings; TensorBoard sees no run in it
CONFIG = "projector_config.pbtxt"
NOTE = "export.json"
SPRITE, BOOKMARKS = "sprite.png", "bookmarks.json"
PART = ".part"
ABANDONED_S = 86_400.0  # after which what is half written is nobody's
# The page writes names into addresses as they are.
UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Note:
    """What an export is of.

    run:       name of the run.
    content:   changes when the export would be another one.
    points:    how many points there are; of: how many images the run has.
    dimensions: D.
    side:      of a picture in the sheet, pixels.
    tensors:   the name of the file of the vectors.
    maps:      titles of the maps that are in the bookmarks, first the one that was seen last.
    model:     whose predictions there are; "" for none.
    number:    exports that came later have higher ones.
    """

    run: str
    content: str
    points: int
    of: int
    dimensions: int
    side: int
    tensors: str
    maps: tuple[str, ...]
    model: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Export:
    """An export: its folder, whose name is that of the tensor, and what it is of."""

    folder: Path
    note: Note

    @property
    def tensor(self) -> str:
        """Under which name the page lists it."""
        return self.folder.name


def exports(logs: Path) -> list[Export]:
    """Return the exports in a folder of logs, the latest first; what is damaged is left out."""
    found = []
    for file in (logs / FOLDER).glob(f"*/{NOTE}"):
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            kept = json.loads(file.read_bytes())
            note = Note(**{**kept, "maps": tuple(kept["maps"])})
            if not file.parent.name.startswith("."):
                found.append(Export(file.parent, note))
    return sorted(found, key=lambda export: export.note.number, reverse=True)


@contextlib.contextmanager
def new_export(
    logs: Path, is_kept: Callable[[str], bool]
) -> Iterator[tuple[Path, Callable[[Note], Export]]]:
    """Make an export: fill the folder that is given, then call what is given with it.

    That call gives the folder its name, lists it in the configuration and removes the earlier
    exports of that run. What was not finished so is removed at the end of the block.

    Parameters
    ----------
    logs
        The folder of all logs; made where it is missing.
    is_kept
        Tells whether there still is a run of that name.

    Raises
    ------
    EngineError
        When the disk is full or cannot be written to.
    """
    place = logs / FOLDER
    part = place / f".{os.getpid()}-{time.monotonic_ns()}{PART}"
    with disk_errors(logs):
        part.mkdir(parents=True)
        try:
            yield part, lambda note: _finish(logs, part, note, is_kept)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def _finish(logs: Path, part: Path, note: Note, is_kept: Callable[[str], bool]) -> Export:
    from filelock import FileLock

    place = logs / FOLDER
    with FileLock(place / ".lock"):
        before = exports(logs)
        number = 1 + max((export.note.number for export in before), default=0)
        numbered = Note(**{**asdict(note), "number": number, "maps": note.maps})
        (part / NOTE).write_text(json.dumps(asdict(numbered), indent=1), encoding="utf-8")
        for file in part.iterdir():
            _sync(file)
        made = Export(place / f"{_safe(note.run)}-{number}", numbered)
        part.rename(made.folder)
        latest = {export.note.run: export for export in reversed(before)}
        others = (run for run in latest if run != note.run and is_kept(run))
        listed = [made, *(latest[run] for run in others)]
        with replacing(logs / CONFIG) as config:
            config.write(_config(listed).encode("ascii"))
        _tidy(place, {export.folder for export in listed})
    return made


def _tidy(place: Path, listed: set[Path]) -> None:
    """Remove what the configuration does not list, and what was left half written long ago."""
    for folder in place.iterdir():
        if not folder.is_dir() or folder in listed:
            continue
        is_part = folder.name.startswith(".") and folder.name.endswith(PART)
        is_abandoned = is_part and time.time() - folder.stat().st_mtime > ABANDONED_S
        if is_abandoned or ((folder / NOTE).is_file() and not is_part):
            shutil.rmtree(folder, ignore_errors=True)


def _config(listed: Sequence[Export]) -> str:
    """Return the configuration; all names in it are such that nothing needs to be escaped."""
    return "".join(_entry(export) for export in listed)


def _entry(export: Export) -> str:
    note, where = export.note, f"{FOLDER}/{export.tensor}"
    return f"""embeddings {{
  tensor_name: "{export.tensor}"
  tensor_path: "{where}/{note.tensors}"
  tensor_shape: {note.points}
  tensor_shape: {note.dimensions}
  metadata_path: "{where}/{METADATA}"
  bookmarks_path: "{where}/{BOOKMARKS}"
  sprite {{
    image_path: "{where}/{SPRITE}"
    single_image_dim: {note.side}
    single_image_dim: {note.side}
  }}
}}
"""


def _safe(run: str) -> str:
    return UNSAFE.sub("-", run).strip("-") or "run"


def _sync(file: Path) -> None:
    with file.open("r+b") as written:
        os.fsync(written.fileno())
