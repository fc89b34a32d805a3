"""Where the workspace of a dataset folder lies."""

import hashlib
import os
import tempfile
from pathlib import Path

import platformdirs

SUFFIX = ".embedding"
APP = "image-embedding"


def default_root(folder: Path) -> Path:
    """Beside the dataset as ``<name>.embedding``, or in the user's data folder if need be.

    The user's data folder is taken when the place beside the dataset cannot be written to; the
    name then carries a hash of the dataset's path, since two datasets may share a name. A
    workspace that exists already at either place is kept.
    """
    folder = folder.expanduser().resolve()
    beside = folder.with_name(folder.name + SUFFIX)
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:8]
    elsewhere = platformdirs.user_data_path(APP, appauthor=False) / "workspaces"
    elsewhere = elsewhere / f"{folder.name or 'root'}-{digest}{SUFFIX}"
    if beside.is_dir():
        return beside
    if folder.name == "" or elsewhere.is_dir() or not _can_write(folder.parent):
        return elsewhere
    return beside


def _can_write(folder: Path) -> bool:
    """Try for real: permission bits say little on network drives and nothing to root."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
