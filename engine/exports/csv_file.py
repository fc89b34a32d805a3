"""One table for table programs: what is known of each image, without the vectors."""

import csv
import io
from pathlib import Path

import numpy as np

from engine.exports.table import Table
from engine.exports.texts import cells, encoded
from engine.files import whole_file
from engine.formulas import defused
from engine.progress import Progress

AT_ONCE = 4096  # rows


def write_csv(table: Table, file: Path, progress: Progress, is_defused: bool = True) -> None:
    """Write the table; its folder exists.

    Parameters
    ----------
    table, file, progress
        What, where to, and who hears of it.
    is_defused
        Whether a name that a table program would take for a formula gets a ' before it.

    Raises
    ------
    EngineError
        When the disk is full or cannot be written to.
    Cancelled
        From ``progress``. Nothing is written.
    """
    columns = table.description | table.coordinates
    texts = [
        map(defused, cells(column))
        if is_defused and not isinstance(column, np.ndarray)
        else cells(column)
        for column in columns.values()
    ]
    rows, total = zip(*texts, strict=True), len(table.paths)
    with whole_file(file) as out:
        out.write(_lines([tuple(columns)]))
        for start in range(0, total, AT_ONCE):
            progress.report("Writing the table", start, total)
            out.write(_lines([row for row, _ in zip(rows, range(AT_ONCE), strict=False)]))
        progress.report("Writing the table", total, total)


def _lines(rows: list[tuple[str, ...]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return encoded(text.getvalue())
