"""What has to be moved so that images lie where the edits say: planned, nothing is done here."""

import os
import stat
import unicodedata
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.dataset import is_hidden
from engine.files import numbered
from engine.progress import Progress
from engine.values import Skipped
from engine.wording import mark

CLASS, EXCLUDED, TAKEN_IN = mark("class given"), mark("excluded"), mark("taken in again")
BACK = mark("moved back")
FILES_PER_REPORT = 200
GONE = mark("is not there any more")
CHANGED = mark("has changed since the folder was read; read it again")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where an image should lie.

    item:           its number in the catalogue.
    path:           where it lies, relative to the dataset folder.
    target:         where it should, likewise.
    reason:         one of the above.
    size, mtime_ns: of the file that is meant.
    """

    item: int
    path: str
    target: str
    reason: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Move:
    """A file that goes to another place.

    source, target: relative to the dataset folder, with forward slashes.
    reason:         "class given", "excluded", "taken in again" or "moved back".
    renamed:        whether its name was taken there, so that it gets another one.
    wanted:         what it is for.
    """

    source: str
    target: str
    reason: str
    renamed: bool
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Plan:
    """moves: in the order in which they have to be done; blocked: what cannot be, and why."""

    moves: tuple[Move, ...] = ()
    blocked: tuple[Skipped, ...] = ()


def plan_moves(
    root: Path,
    wanted: Sequence[Wanted],
    known: Iterable[str],
    progress: Progress,
    key: Callable[[str], str] | None = None,
) -> Plan:
    """Find a free place for each image, and what is in the way of moving it.

    A name that another image leaves on the way counts as free, so that classes can follow one
    another; of those that change places one gets another name.

    Parameters
    ----------
    root
        The dataset folder.
    wanted
        The images that do not lie where they should.
    known
        Paths that no other file may get, whether there is a file or not.
    progress
        Hears how many files were looked at.
    key
        Two names with the same key are taken for one; by default those that some file system
        cannot tell apart.
    """
    disk = _Disk(root.resolve())
    movable, blocked = [], []
    for number, image in enumerate(wanted):
        if number % FILES_PER_REPORT == 0:
            progress.report("Looking at the files", number, len(wanted))
        fault = disk.fault(image)
        if fault:
            blocked.append(Skipped(image.path, fault))
        else:
            movable.append(image)
    names = _Names(disk, movable, known, key or looks)
    return Plan(tuple(names.moves()), tuple(blocked))


def looks(name: str) -> str:
    """Return what names have in common that some file systems do not tell apart."""
    return _composed(name).casefold()


def fault_of(file: Path, size: int, mtime_ns: int) -> str:
    """Say why a file is not the one that is meant, "" when it is."""
    try:
        status = file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return GONE
    except OSError as error:
        return mark(f"cannot be reached: {error.strerror}")
    if stat.S_ISLNK(status.st_mode):
        return mark("is a link to a file elsewhere; move it yourself")
    if (status.st_size, status.st_mtime_ns) != (size, mtime_ns):
        return CHANGED
    return ""


class _Disk:
    """What the disk says of files and folders; each folder is asked once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.names = cache(self._names)
        self._folder_fault = cache(self._find_folder_fault)
        self._can_write = cache(lambda folder: os.access(root / folder, os.W_OK | os.X_OK))
        self._is_same = cache(self._find_same)

    def fault(self, image: Wanted) -> str:
        """Say why an image cannot be moved, "" when nothing is in the way."""
        wrong = fault_of(self.root / image.path, image.size, image.mtime_ns)
        if wrong:
            return wrong
        source, target = _folder(image.path), _folder(image.target)
        if not self._can_write(source):
            return mark("lies in a folder that may not be written to; allow it")
        wrong = self._folder_fault(target)
        if not wrong and source != target and self._is_same(source, target):
            wrong = mark(f"lies in “{target}” already, which is another name of its folder")
        return wrong

    def _names(self, folder: str) -> frozenset[str]:
        try:
            return frozenset(place.name for place in (self.root / folder).iterdir())
        except OSError:
            return frozenset()

    def _find_folder_fault(self, folder: str) -> str:
        """Say why nothing can be moved into a folder that there is or should be."""
        above, parts = "", folder.split("/") if folder else []
        if any(part in ("", ".", "..") or is_hidden(part) for part in parts):
            return mark(f"would be moved to “{folder}”, where no image is read; give another class")
        for part in parts:
            place = f"{above}/{part}" if above else part
            if not os.path.lexists(self.root / place):
                break
            wrong = self._place_fault(above, part, place)
            if wrong:
                return wrong
            above = place
        if not self._can_write(above):
            return mark(f"would be moved to “{folder}”, which may not be written to; allow it")
        return ""

    def _place_fault(self, above: str, part: str, place: str) -> str:
        if _composed(part) not in map(_composed, self.names(above)):
            return mark(
                f"would be moved to “{place}”, which this disk does not tell from another "
                "folder; give a class that differs by more than upper and lower case"
            )
        if not (self.root / place).is_dir():
            return mark(f"would be moved to “{place}”, which is a file; rename that")
        if (self.root / place).is_symlink():
            real = (self.root / place).resolve()
            if real.is_relative_to(self.root) or self.root.is_relative_to(real):
                return mark(
                    f"would be moved to “{place}”, a link within the dataset; give another class"
                )
        return ""

    def _find_same(self, one: str, other: str) -> bool:
        try:
            return (self.root / one).samefile(self.root / other)
        except OSError:  # there is none yet
            return False


class _Names:
    """Gives each image a name that is free when its turn comes."""

    def __init__(
        self, disk: _Disk, images: list[Wanted], known: Iterable[str], key: Callable[[str], str]
    ) -> None:
        self._disk = disk
        self._key = key
        self._leaving = {image.path: image for image in images}
        self._waiting: defaultdict[str, list[Wanted]] = defaultdict(list)
        self._in_folder: defaultdict[str, list[str]] = defaultdict(list)
        for path in known:
            self._in_folder[_folder(path)].append(_name(path))
        self._taken: dict[str, dict[str, str]] = {}
        self._moves: list[Move] = []

    def moves(self) -> list[Move]:
        for image in list(self._leaving.values()):
            self._place([image], may_wait=True)
        while self._leaving:  # they wait for one another: the first makes way
            self._place([next(iter(self._leaving.values()))], may_wait=False)
        return self._moves

    def _place(self, images: list[Wanted], may_wait: bool) -> None:
        """Place images, and then those that waited for the names they leave."""
        queue = deque(images)
        while queue:
            image = queue.popleft()
            if image.path not in self._leaving:
                continue
            folder, name = _folder(image.target), _name(image.target)
            taken = self._names_in(folder)
            holder = taken.get(self._key(name))
            if holder in self._leaving and holder != image.path and may_wait:
                self._waiting[holder].append(image)
                continue
            number = 1
            while self._key(name) in taken:
                number += 1
                name = numbered(_name(image.target), number)
            target = _join(folder, name)
            self._moves.append(Move(image.path, target, image.reason, number > 1, image))
            taken[self._key(name)] = target
            del self._leaving[image.path]
            left = self._names_in(_folder(image.path))
            if left.get(self._key(_name(image.path))) == image.path:
                del left[self._key(_name(image.path))]
            queue.extend(self._waiting.pop(image.path, ()))
            may_wait = True

    def _names_in(self, folder: str) -> dict[str, str]:
        """Return who has which name in a folder, by the key of the name."""
        if folder not in self._taken:
            names = [*self._disk.names(folder), *self._in_folder[folder]]
            self._taken[folder] = {self._key(name): _join(folder, name) for name in names}
        return self._taken[folder]


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
