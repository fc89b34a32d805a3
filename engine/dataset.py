"""A folder of images becomes a `Dataset`: every subfolder that holds images is a class."""

import os
import stat
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.errors import AllExcludedError, EngineError
from engine.images import SUFFIXES
from engine.progress import Progress
from engine.values import Dataset, ImageFile, Skipped, natural_key
from engine.wording import mark

HIDDEN_NAMES = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini", "$RECYCLE.BIN"})
WORKSPACE_SUFFIX = ".embedding"
EXCLUDED = "_excluded"  # in the dataset folder: where excluded images are moved to
FILES_PER_REPORT = 500


def read_dataset(folder: Path, progress: Progress | None = None) -> Dataset:
    """List the images of a folder and their classes; no image is opened.

    An image in the folder itself has no class; one in a subfolder has the subfolder's path as its
    class, nested folders joined with ``/``. Hidden files and folders, workspaces, the folder of the
    excluded images and files whose suffix is not that of an image are passed over. Links to folders
    are followed, each real folder once, so that loops end. Folders that cannot be listed become
    skipped entries.

    Raises
    ------
    EngineError
        When the folder does not exist, cannot be read or holds no image. An `AllExcludedError`
        where all of its images were moved into that of the excluded ones.
    Cancelled
        From ``progress``.
    """
    progress = progress or Progress()
    folder = folder.expanduser()
    _check(folder)
    images: list[ImageFile] = []
    skipped: list[Skipped] = []
    progress.report("Reading the folder")
    for entry in _walk(folder):
        if isinstance(entry, Skipped):
            skipped.append(entry)
            continue
        images.append(entry)
        if len(images) % FILES_PER_REPORT == 0:
            progress.report("Reading the folder", len(images))
    if not images:
        raise _nothing_found(folder, skipped)
    images.sort(key=lambda image: natural_order(image.path))
    return Dataset(folder.resolve(), tuple(images), tuple(skipped))


def _check(folder: Path) -> None:
    try:
        with os.scandir(folder):
            pass
    except FileNotFoundError:
        raise EngineError(f"The folder “{folder}” does not exist; check its name.") from None
    except NotADirectoryError:
        raise EngineError(
            f"“{folder}” is a file; choose the folder that holds the images."
        ) from None
    except OSError as error:
        raise EngineError(
            f"The folder “{folder}” cannot be read ({error.strerror}); "
            "check its name, ask for permission or choose another one."
        ) from error


def _nothing_found(folder: Path, skipped: list[Skipped]) -> EngineError:
    left_out = folder / EXCLUDED
    if left_out.is_dir() and any(isinstance(each, ImageFile) for each in _walk(left_out)):
        sentence = mark(
            f"All images of “{folder}” were excluded and lie in “{EXCLUDED}”; move them back with: "
            "image-embedding edits revert WORKSPACE, or with Review > Move all back where the "
            "folder is still open."
        )
        return AllExcludedError(sentence, folder)
    if skipped:
        return EngineError(
            f"No images were found in “{folder}” ({len(skipped)} subfolders could not be read); "
            "choose a folder that holds pictures, or one subfolder of pictures for each class."
        )
    return EngineError(
        f"No images were found in “{folder}”; choose a folder that holds pictures, or one "
        "subfolder of pictures for each class."
    )


def _walk(root: Path) -> Iterator[ImageFile | Skipped]:
    """Yield the files of a folder and of all its subfolders, each real folder once."""
    seen: set[tuple[int, int]] = set()
    # Links wait until all real folders are done: a folder reached twice keeps its own name.
    folders, links = [""], deque[str]()
    while folders or links:
        below = folders.pop() if folders else links.popleft()
        try:
            status = (root / below).stat()
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            with os.scandir(root / below) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            yield Skipped(below, mark(f"cannot be listed: {error.strerror}"))
            continue
        for entry in entries:
            if is_hidden(entry.name) or (not below and entry.name == EXCLUDED):
                continue
            if _is_dir(entry):
                (links if entry.is_symlink() else folders).append(_join(below, entry.name))
            elif Path(entry.name).suffix.lower() in SUFFIXES:
                yield from _image(entry, below)


def _image(entry: os.DirEntry[str], below: str) -> Iterator[ImageFile | Skipped]:
    path = _join(below, entry.name)
    try:
        status = entry.stat()
    except OSError as error:
        yield Skipped(path, mark(f"cannot be read: {error.strerror}"))
        return
    # A pipe or a device named like an image would hold the reader for ever.
    if stat.S_ISREG(status.st_mode):
        yield ImageFile(path, below, status.st_size, status.st_mtime_ns)
    else:
        yield Skipped(path, mark("is not a regular file"))


def _is_dir(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that points to itself
        return False


def is_hidden(name: str) -> bool:
    """Tell whether a file or folder of that name is passed over."""
    return name.startswith(".") or name in HIDDEN_NAMES or name.endswith(WORKSPACE_SUFFIX)


def natural_order(path: str) -> tuple[Any, Any, str]:
    """Sort key of the images of a dataset: by class, by name, then by path."""
    folder, _, name = path.rpartition("/")
    return natural_key(folder), natural_key(name), path


def _join(below: str, name: str) -> str:
    return f"{below}/{name}" if below else name
