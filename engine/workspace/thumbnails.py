"""Small pictures, made once and kept in one SQLite file of the workspace."""

import io
import logging
import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from engine.images import UnreadableImageError, read_thumbnail
from engine.values import ImageFile, Pixels

FILE = "thumbnails.sqlite"
SIDE = 128  # pixels
QUALITY = 88

log = logging.getLogger(__name__)


class Thumbnails:
    """The thumbnails of one dataset folder. Use it in a ``with`` and in one thread.

    A picture that changed on disk gets a new one. Losing the file costs nothing but time.
    """

    def __init__(self, root: Path, folder: Path) -> None:
        """Open what is kept in the workspace ``root`` about the pictures of ``folder``.

        Where the workspace cannot be written to, nothing is kept.
        """
        self._folder = folder
        self._database = _open(root / FILE)

    def __enter__(self) -> "Thumbnails":
        return self

    def __exit__(self, *details: object) -> None:
        self._database.close()

    def read(self, images: Sequence[ImageFile]) -> list[Pixels | str]:
        """Return for each image (H, W, 3) uint8, neither above `SIDE`, or why it has none.

        Those that are not kept are read from their files and kept.
        """
        made: list[tuple[bytes, int, int, bytes]] = []
        result = [self._kept(image) or self._make(image, made) for image in images]
        self._keep(made)
        return [jpeg if isinstance(jpeg, str) else _decode(jpeg) for jpeg in result]

    def follow(self, moves: Iterable[tuple[str, str]]) -> None:
        """Keep the thumbnails of images that were moved, in this order: (from, to) each."""
        try:
            with self._database:
                self._database.executemany(
                    "UPDATE OR REPLACE thumbnails SET path = ? WHERE path = ?",
                    [(os.fsencode(target), os.fsencode(source)) for source, target in moves],
                )
        except sqlite3.Error as error:
            log.warning("thumbnails are made anew: %s", error)

    def _keep(self, made: list[tuple[bytes, int, int, bytes]]) -> None:
        try:
            with self._database:
                self._database.executemany(
                    "INSERT OR REPLACE INTO thumbnails VALUES (?, ?, ?, ?)", made
                )
        except sqlite3.Error as error:  # a full disk costs time alone
            log.warning("thumbnails are not kept: %s", error)

    def _kept(self, image: ImageFile) -> bytes | None:
        found = self._database.execute(
            "SELECT jpeg FROM thumbnails WHERE path = ? AND size = ? AND mtime_ns = ?",
            (_key(image), image.size, image.mtime_ns),
        ).fetchone()
        return found[0] if found else None

    def _make(self, image: ImageFile, made: list[tuple[bytes, int, int, bytes]]) -> bytes | str:
        try:
            pixels = read_thumbnail(self._folder / image.path, SIDE)
        except UnreadableImageError as error:
            return str(error)
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "JPEG", quality=QUALITY)
        made.append((_key(image), image.size, image.mtime_ns, buffer.getvalue()))
        return buffer.getvalue()


def _key(image: ImageFile) -> bytes:
    return os.fsencode(image.path)  # names may hold bytes that are no Unicode


def _decode(jpeg: bytes) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(jpeg)))


def _open(file: Path) -> sqlite3.Connection:
    """Open the file; one that is damaged is made anew, since all in it can be made again."""
    try:
        return _connect(file)
    except sqlite3.OperationalError as error:
        log.warning("thumbnails are not kept: %s", error)
        return _connect(":memory:")
    except sqlite3.DatabaseError as error:
        log.warning("thumbnails are made anew: %s", error)
        file.unlink()
        return _connect(file)


def _connect(file: Path | str) -> sqlite3.Connection:
    database = sqlite3.connect(file, timeout=30)
    try:
        database.execute("PRAGMA synchronous = OFF")  # may be lost, can be made again
        database.execute(
            "CREATE TABLE IF NOT EXISTS thumbnails "
            "(path BLOB PRIMARY KEY, size INTEGER, mtime_ns INTEGER, jpeg BLOB)"
        )
    except sqlite3.Error:
        database.close()
        raise
    return database
