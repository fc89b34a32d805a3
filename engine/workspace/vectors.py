"""A ``.npy`` file of float32 rows that grows by plain writes.

It is never grown through a memory map: on a full disk Linux kills a process that does that. The
rows are written and synced first and the header after them, so the file can be read by
``numpy.load`` at any time. Rows behind those that the catalogue vouches for are left-overs of a
killed run and are written over.

Source: NumPy's format specification (NEP 1), version 1.0.
"""

import os
import struct
from pathlib import Path

import numpy as np

from engine.errors import EngineError
from engine.files import UNUSABLE, disk_errors
from engine.values import Vectors
from engine.wording import mark

HEADER_BYTES = 128
FLOAT_BYTES = 4


def write_rows(path: Path, first_row: int, vectors: Vectors) -> None:
    """Put rows into the file from ``first_row`` on; create the file if need be.

    Parameters
    ----------
    path
        The file.
    first_row
        Rows before it stay, rows behind the written ones are cut off.
    vectors
        (B, D) float32.

    Raises
    ------
    EngineError
        When the disk is full or cannot be written to, or rows before ``first_row`` are missing.
        The rows before ``first_row`` stay.
    """
    dimensions = vectors.shape[1]
    start = HEADER_BYTES + first_row * dimensions * FLOAT_BYTES
    with disk_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_bytes(_header(0, dimensions))
        if first_row and path.stat().st_size < start:
            raise EngineError(_damaged(path))
        with path.open("r+b") as file:
            file.seek(start)
            file.write(np.ascontiguousarray(vectors, dtype="<f4").tobytes())
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            file.write(_header(first_row + len(vectors), dimensions))
            # Cut off last, so that the header never promises more rows than there are.
            file.truncate(start + len(vectors) * dimensions * FLOAT_BYTES)
            file.flush()
            os.fsync(file.fileno())


def read_rows(path: Path, rows: list[int], dimensions: int) -> Vectors:
    """Return the asked-for rows as a new (len(rows), D) float32 array.

    Raises
    ------
    EngineError
        When the file is missing, damaged or shorter than the catalogue says.
    """
    if not rows:
        return np.zeros((0, dimensions), np.float32)
    try:
        stored = np.load(path, mmap_mode="r", allow_pickle=False)
    except UNUSABLE as error:
        raise EngineError(_damaged(path)) from error
    is_usable = stored.dtype == np.float32 and stored.ndim == 2 and stored.shape[1] == dimensions
    if not is_usable or len(stored) <= max(rows):
        raise EngineError(_damaged(path))
    return np.ascontiguousarray(stored[rows], dtype=np.float32)


def _damaged(path: Path) -> str:
    return mark(
        f"The embeddings in “{path}” are missing or damaged; delete the folder “{path.parent}” "
        "and run the extraction again."
    )


def _header(rows: int, dimensions: int) -> bytes:
    """Header of a fixed length, so that it can be renewed in place."""
    text = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {dimensions}), }}"
    text = text.ljust(HEADER_BYTES - 11) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode("latin-1")
