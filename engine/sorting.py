"""Pictures copied into a folder for each class: never moved, never written over, never doubled."""

import contextlib
import csv
import filecmp
import io
import os
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from engine.errors import EngineError
from engine.files import disk_errors, numbered
from engine.formulas import as_named
from engine.moving import rename_to_free
from engine.tables import write_table
from engine.values import natural_key

LIST = "sorting.csv"
UNSURE = "unsure"
COLUMNS = ("path", "class", "probability", "unlike", "copy", "problem")
FORBIDDEN = str.maketrans(dict.fromkeys('\\:*?"<>|' + "".join(map(chr, range(32))), "_"))
RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{name}{n}" for name in ("com", "lpt") for n in range(10)),
}
CLOCK_NS = 2_000_000_000  # some file systems keep times to two seconds


@dataclass(frozen=True, slots=True)
class Named:
    """What a classifier says of a file.

    label, probability: the likeliest class.
    unlike:             whether it is unlike anything that the classifier learnt from.
    """

    file: Path
    label: str
    probability: float
    unlike: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of `LIST`.

    copy:    where the copy lies, relative to the target; "" when there is none.
    problem: why there is none.
    """

    path: str
    label: str = ""
    probability: float = 0.0
    unlike: bool = False
    copy: str = ""
    problem: str = ""


class SortedFolder:
    """A target folder, with the list of what was copied into it, by earlier runs too."""

    def __init__(self, target: Path, classes: Sequence[str]) -> None:
        """Read the list of an earlier run, if there is one.

        Parameters
        ----------
        target
            Made when it is not there.
        classes
            Of the classifier. One of them that is called as the folder of the unsure pictures
            gives that another name.

        Raises
        ------
        EngineError
            When the target cannot be used, or its list is not one of ours.
        """
        if target.exists() and not target.is_dir():
            raise EngineError(f"“{target}” is a file; choose a folder to sort into.")
        self.target = target
        tops = {class_folder(name).parts[0].casefold() for name in classes}
        self.unsure = next(
            name for name in (UNSURE, *(f"{UNSURE}-{n}" for n in range(2, len(tops) + 3)))
            if name not in tops
        )  # fmt: skip
        with disk_errors(target):
            target.mkdir(parents=True, exist_ok=True)
        self._entries = _read_list(target / LIST)
        self._taken = {entry.copy for entry in self._entries.values() if entry.copy}

    @property
    def counts(self) -> dict[str, int]:
        """How many copies lie in the folder of each class, in natural order; the unsure last."""
        copies = [entry.copy for entry in self._entries.values() if entry.copy]
        found = Counter(str(PurePosixPath(copy).parent) for copy in copies)
        names = sorted(found, key=lambda name: (name == self.unsure, natural_key(name)))
        return {name: found[name] for name in names}

    def is_done(self, file: Path) -> bool:
        """Tell whether an earlier run has copied a file as it is now.

        What was copied and then moved on or deleted by hand stays done.
        """
        entry = self._entries.get(str(file))
        if entry is None or not entry.copy:
            return False
        copy = self.target / entry.copy
        try:
            return not copy.exists() or _is_same_version(file, copy)
        except OSError:
            return False

    def take(self, named: Named, unsure_below: float) -> None:
        """Copy a file into the folder of its class, or to the unsure ones.

        A file that cannot be read is listed with the reason.

        Raises
        ------
        EngineError
            When the target cannot be written to; what was copied before stays.
        """
        is_unsure = named.unlike or named.probability < unsure_below
        folder = PurePosixPath(self.unsure) if is_unsure else class_folder(named.label)
        path, problem, copy = str(named.file), "", ""
        try:
            content = named.file.open("rb")
        except OSError as error:
            problem = f"cannot be read: {error.strerror}"
        else:
            with content, disk_errors(self.target):
                copy = self._copy(named.file, content, folder)
            self._taken.add(copy)
        self._entries[path] = Entry(
            path, named.label, named.probability, named.unlike, copy, problem
        )

    def leave(self, path: str, reason: str) -> None:
        """List a file that is not copied."""
        self._entries[path] = Entry(path, problem=reason)

    def save(self) -> None:
        """Write the list.

        Raises
        ------
        EngineError
            When the target cannot be written to.
        """
        write_table(self.target / LIST, COLUMNS, map(_cells, self._entries.values()))

    def _copy(self, file: Path, content: BinaryIO, folder: PurePosixPath) -> str:
        """Copy a file, whole or not at all, under a name that is free; return where it lies."""
        place = self.target / folder
        place.mkdir(parents=True, exist_ok=True)
        temporary = place / f".{os.getpid()}.part"
        number, is_written = 1, False  # what lies there may be of a run that was killed
        try:
            while True:
                name = file.name if number == 1 else numbered(file.name, number)
                copy = str(folder / name)
                if (place / name).exists():
                    # A run that was killed may have copied it without having listed it.
                    if copy not in self._taken and _is_same_content(file, place / name):
                        return copy
                else:
                    if not is_written:
                        _write(content, temporary)
                        shutil.copystat(file, temporary)
                        is_written = True
                    with contextlib.suppress(FileExistsError):
                        rename_to_free(temporary, place / name)
                        return copy
                number += 1
        finally:
            temporary.unlink(missing_ok=True)


def check_apart(source: Path, target: Path) -> None:
    """Make sure that neither a source nor the target lies in the other.

    Raises
    ------
    EngineError
        When one does.
    """
    origin, goal = source.expanduser().resolve(), target.expanduser().resolve()
    if origin.is_relative_to(goal) or goal.is_relative_to(origin):
        raise EngineError(
            f"“{target}” and “{source}” lie in one another; choose a folder elsewhere to sort into."
        )


def class_folder(label: str) -> PurePosixPath:
    """Return the folder of a class, relative to the target and never outside of it."""
    parts = [_folder_name(part) for part in label.split("/")]
    return PurePosixPath(*parts)


def _folder_name(part: str) -> str:
    name = part.translate(FORBIDDEN).strip(" ").rstrip(".")
    is_reserved = name.partition(".")[0].casefold() in RESERVED
    return f"_{name}" if is_reserved or not name or name.startswith(".") else name


def _write(content: BinaryIO, place: Path) -> None:
    with place.open("wb") as file:
        shutil.copyfileobj(content, file)
        file.flush()
        os.fsync(file.fileno())


def _is_same_version(file: Path, copy: Path) -> bool:
    mine, other = file.stat(), copy.stat()
    near = abs(mine.st_mtime_ns - other.st_mtime_ns) <= CLOCK_NS
    return mine.st_size == other.st_size and near


def _is_same_content(file: Path, copy: Path) -> bool:
    return copy.is_file() and filecmp.cmp(file, copy, shallow=False)


def _read_list(file: Path) -> dict[str, Entry]:
    try:
        text = file.read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise EngineError(
            f"“{file}” cannot be read ({error.strerror}); allow reading it, or choose another "
            "folder."
        ) from error
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        if tuple(next(rows, ())) != COLUMNS:
            raise ValueError("other columns")
        entries = [_entry([as_named(cell) for cell in row]) for row in rows]
    except (ValueError, csv.Error) as error:
        raise EngineError(
            f"“{file}” is not the list of an earlier sorting; choose another folder to sort into."
        ) from error
    return {entry.path: entry for entry in entries}


def _cells(entry: Entry) -> tuple[str, ...]:
    likely = f"{entry.probability:.6f}" if entry.label else ""
    unlike = str(entry.unlike).lower() if entry.label else ""
    return entry.path, entry.label, likely, unlike, entry.copy, entry.problem


def _entry(cells: list[str]) -> Entry:
    path, label, probability, unlike, copy, problem = cells
    return Entry(path, label, float(probability or 0), unlike == "true", copy, problem)
