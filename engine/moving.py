"""One file moved to a free name: nothing is written over, and a move that was cut short is settled.

Within a file system a file gets its second name before it loses its first. Across file systems it
is copied to a temporary name, synced and compared before the copy gets its name and the file goes.
"""

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from engine.wording import mark

# What a file system without hard links answers, or one that refuses them for this file.
NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)
OTHER_DISK = 17  # what Windows calls EXDEV


class FileChangedError(OSError):
    """The file is not what it was when it was asked to be moved."""

    def __init__(self) -> None:
        super().__init__(errno.ESTALE, mark("it has changed meanwhile"))


def move_file(source: Path, target: Path, temporary: Path, vouch: Callable[[], None]) -> None:
    """Move a file; its content and its time of change stay what they are.

    Parameters
    ----------
    source, target
        From where to where; the folders of both exist.
    temporary
        A free name in the folder of the target, for a copy to another file system.
    vouch
        Called when a copy is complete and about to get its name. Who keeps a journal notes it:
        `settle` has to be told.

    Raises
    ------
    FileExistsError
        When something has that name. Nothing was moved.
    OSError
        When a disk refuses. Nothing was moved, unless a name could be neither given nor taken
        back: `settle` then tells.
    """
    try:
        rename_to_free(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV and getattr(error, "winerror", None) != OTHER_DISK:
            raise
        _copy_over(source, target, temporary, vouch)


def rename_to_free(file: Path, goal: Path) -> None:
    """Give a file another name in its file system unless something has that name already.

    Raises
    ------
    FileExistsError
        When something has.
    OSError
        When the disk refuses.
    """
    if os.name == "nt":
        file.rename(goal)  # which never replaces anything there
        return
    try:
        os.link(file, goal)  # nor does this, unlike a rename
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        _rename_without_links(file, goal)
    else:
        _drop(file, goal)


def settle(source: Path, target: Path, temporary: Path, is_copied: bool) -> bool:
    """Finish a move that was cut short, or leave the file where it was.

    Parameters
    ----------
    source, target, temporary
        As `move_file` got them.
    is_copied
        Whether it vouched for a copy.

    Returns
    -------
    bool
        Whether the file lies at its target now.

    Raises
    ------
    OSError
        When a disk refuses; to be tried again.
    """
    if os.path.lexists(temporary):
        temporary.unlink()
    if not os.path.lexists(source) or not os.path.lexists(target):
        return os.path.lexists(target)
    old, new = source.lstat(), target.lstat()
    is_one_file = (old.st_dev, old.st_ino) == (new.st_dev, new.st_ino)
    # With a single name the two are one entry of one folder, by whatever way it is reached.
    if is_one_file and old.st_nlink > 1:
        _drop(source, target)
        return True
    if is_copied and not is_one_file and _digest(source) == _digest(target):
        _drop(source, target)
        return True
    if old.st_size and not new.st_size and not is_one_file:
        target.unlink()  # the name that `_rename_without_links` had taken
    return False


def _rename_without_links(file: Path, goal: Path) -> None:
    """Take the name with an empty file, which fails where there is one, and replace that."""
    os.close(os.open(goal, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    try:
        file.replace(goal)
    except OSError:
        goal.unlink()
        raise


def _copy_over(source: Path, target: Path, temporary: Path, vouch: Callable[[], None]) -> None:
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    before = source.stat()
    try:
        with source.open("rb") as content, temporary.open("wb") as copy:
            shutil.copyfileobj(content, copy)
            copy.flush()
            os.fsync(copy.fileno())
        shutil.copystat(source, temporary)
        after = source.stat()
        is_same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
        if not is_same or _digest(source) != _digest(temporary):
            raise FileChangedError
        vouch()
        rename_to_free(temporary, target)
        _sync(target.parent)
        _drop(source, target)
    finally:
        temporary.unlink(missing_ok=True)


def _drop(file: Path, other: Path) -> None:
    """Take a file away that is whole under another name, or else that name."""
    try:
        file.unlink()
    except OSError:
        other.unlink()
        raise


def _sync(folder: Path) -> None:
    """Make new names in a folder outlast a loss of power, where the system has a call for that."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):  # some network drives have none
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _digest(file: Path) -> bytes:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").digest()
