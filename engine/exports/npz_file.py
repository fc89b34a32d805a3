"""Vectors and what is known of them as arrays for NumPy; reading them runs nothing."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.exports.table import Column, Table
from engine.files import whole_file
from engine.progress import Progress


def write_npz(table: Table, file: Path, progress: Progress) -> None:
    """Write "vectors", (N, D) float32, "run", and an array of N for each column.

    Raises
    ------
    EngineError
        When the disk is full or cannot be written to.
    Cancelled
        From ``progress``. Nothing is written.
    """
    progress.report("Writing the arrays")
    columns = {name: _array(column) for name, column in table.description.items()}
    maps = {f"{each.method}_{each.dims}d": each.points for each in table.maps}
    run: NDArray[Any] = np.array(table.recipe.run)
    with whole_file(file) as out:
        np.savez(out, allow_pickle=False, vectors=table.vectors, run=run, **columns, **maps)
        progress.report("Writing the arrays")


def _array(column: Column) -> NDArray[Any]:
    return column if isinstance(column, np.ndarray) else np.array(column, np.str_)
