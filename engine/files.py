"""Files that appear whole or not at all, and what a failing disk means to the user."""

import contextlib
import errno
import logging
import os
import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from engine.errors import EngineError
from engine.wording import mark

# What reading data that is cut off, altered or not what it should be may raise: JSON, and NumPy's
# files, whose header is Python's syntax.
DAMAGE = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError, OverflowError,
    MemoryError, RecursionError, NotImplementedError, SyntaxError, tokenize.TokenError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
# The same of a file that may be missing, too, and can be made again.
UNUSABLE = (OSError, *DAMAGE)
MOST_BYTES = 255  # of a name, in most file systems

log = logging.getLogger(__name__)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a temporary file beside ``path`` that takes its place when the block ends well.

    Raises
    ------
    EngineError
        When the disk is full or the folder cannot be written to; ``path`` is as it was before.
    """
    with disk_errors(path.parent), replacing(path) as file:
        yield file


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Do what `whole_file` does, for files whose `OSError` the user need not hear of."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn an `OSError` raised while writing into an `EngineError` that says what to do."""
    try:
        yield
    except OSError as error:
        raise EngineError(_sentence(folder, error)) from error


@contextlib.contextmanager
def for_speed_alone(what: str) -> Iterator[None]:
    """Go on where what can be made again cannot be kept: that costs time alone."""
    try:
        yield
    except EngineError as error:
        log.warning("%s is not kept: %s", what, error)


def _sentence(folder: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return mark(
            f"There is no space left to write to “{folder}”; free some and run again, "
            "what was finished is kept."
        )
    return mark(
        f"“{folder}” cannot be written to ({error.strerror or error}); choose another place or "
        "allow writing, what was finished is kept."
    )


def numbered(name: str, number: int) -> str:
    """Return a name of a file with a number before its suffix: "1-2.png".

    The stem is shortened where the whole would be longer than file systems take.
    """
    path = PurePosixPath(name)
    stem, end = path.stem, f"-{number}{path.suffix}"
    while stem and len(os.fsencode(stem + end)) > MOST_BYTES:
        stem = stem[:-1]
    return stem + end
