"""Vectors and what is known of them as a Parquet file, for data frames and databases."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from engine.arrow import import_pyarrow
from engine.exports.table import Column, Table
from engine.files import whole_file
from engine.progress import Progress
from engine.values import Vectors, printable

AT_ONCE = 8192  # rows of a group, which readers take as a whole


def write_parquet(table: Table, file: Path, progress: Progress) -> None:
    """Write the columns, and "vector" as lists of D float32.

    Names that are no Unicode, which Parquet has no text for, are written with question marks.

    Raises
    ------
    EngineError
        When the disk is full or cannot be written to, or pyarrow is not installed.
    Cancelled
        From ``progress``. Nothing is written.
    """
    pa = import_pyarrow()
    from pyarrow import parquet

    columns = {name: _column(pa, each) for name, each in _columns(table).items()}
    kinds = [pa.field(name, column.type) for name, column in columns.items()]
    dimensions = table.vectors.shape[1]
    vector = pa.field("vector", pa.list_(pa.field("element", pa.float32()), dimensions))
    about = {"image_embedding": json.dumps(asdict(table.recipe) | {"run": table.recipe.run})}
    schema = pa.schema([*kinds, vector], metadata=about)
    total = len(table.paths)
    with whole_file(file) as out, parquet.ParquetWriter(out, schema) as writer:
        for start in range(0, total, AT_ONCE):
            progress.report("Writing the table", start, total)
            part = slice(start, start + AT_ONCE)
            arrays = [column[part] for column in columns.values()]
            arrays.append(_lists(pa, table.vectors[part], vector.type))
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
        progress.report("Writing the table", total, total)


def _columns(table: Table) -> dict[str, Column]:
    return table.description | table.coordinates


def _column(pa: Any, column: Column) -> Any:
    if isinstance(column, np.ndarray):
        return pa.array(np.ascontiguousarray(column), pa.float32(), from_pandas=True)
    return pa.array([printable(text) for text in column], pa.string())


def _lists(pa: Any, vectors: Vectors, kind: Any) -> Any:
    flat = pa.array(np.ascontiguousarray(vectors).ravel(), pa.float32())
    return pa.FixedSizeListArray.from_arrays(flat, type=kind)
