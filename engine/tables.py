"""Tables as CSV that a table program shows as they are, whatever files and classes are called."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from engine.files import whole_file
from engine.formulas import defused


def write_table(file: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table, whole or not at all; `engine.formulas.as_named` gives back what a cell was.

    Raises
    ------
    EngineError
        When the disk is full or the folder cannot be written to.
    """
    with whole_file(file) as target:
        target.write(table_bytes(columns, rows))


def table_bytes(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return what `write_table` writes."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([defused(cell) for cell in row] for row in rows)
    # Names of files that are no Unicode are written with the bytes they have.
    return text.getvalue().encode("utf-8", "surrogateescape")
