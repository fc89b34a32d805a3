"""Vectors from a Parquet file: lists of numbers, or columns that are numbered."""

from pathlib import Path
from typing import Any

import numpy as np

from engine.arrow import import_pyarrow
from engine.foreign.named_vectors import (
    NAMES,
    NO_PATHS,
    VECTORS,
    NamedVectors,
    UnusableError,
    as_vectors,
    chosen,
    named,
    wrong_count,
)
from engine.foreign.text_tables import numbered
from engine.values import Vectors


def read_parquet(file: Path, names: tuple[str, ...] | None) -> NamedVectors:
    """Read the vectors, and the column of paths unless ``names`` are given.

    Rows without a vector are passed over.
    """
    pa = import_pyarrow()
    from pyarrow import parquet

    schema = parquet.read_schema(file)
    path = chosen(tuple(schema.names), NAMES)
    if path is None and names is None:
        raise UnusableError(NO_PATHS)
    column = _column_of_lists(pa, schema)
    wanted = [column] if column else [schema.names[place] for place in numbered(schema.names)]
    rows = parquet.read_metadata(file).num_rows
    if names is not None and len(names) != rows:
        raise UnusableError(wrong_count(rows, len(names)))
    table = parquet.read_table(file, columns=[*wanted, *([path] if names is None else [])])
    if names is None:
        names = tuple(str(name or "") for name in table[path].to_pylist())
    if column is None:
        parts = [table[name].to_numpy() for name in wanted]
        return named(as_vectors(np.column_stack(parts)), names)
    lists = table[column].combine_chunks()
    is_there = np.asarray(lists.is_valid())
    kept = tuple(name for name, there in zip(names, is_there, strict=True) if there)
    return named(_vectors(pa, lists.drop_null()), kept)


def _column_of_lists(pa: Any, schema: Any) -> str | None:
    kinds = (pa.types.is_fixed_size_list, pa.types.is_list, pa.types.is_large_list)
    lists = tuple(field.name for field in schema if any(kind(field.type) for kind in kinds))
    if len(lists) > 1 and chosen(lists, VECTORS) is None:
        raise UnusableError(
            f"has several columns of lists ({', '.join(lists)}); call that of the vectors “vector”"
        )
    return chosen(lists, VECTORS) or next(iter(lists), None)


def _vectors(pa: Any, lists: Any) -> Vectors:
    flat = lists.flatten()
    count = max(len(lists), 1)
    is_fixed = pa.types.is_fixed_size_list(lists.type)
    lengths = {lists.type.list_size} if is_fixed else set(np.diff(np.asarray(lists.offsets)))
    if len(lengths) != 1:
        raise UnusableError("has vectors of several lengths; save as many numbers for each image")
    numbers = flat.to_numpy(zero_copy_only=False)
    return as_vectors(numbers.reshape(count if len(lists) else 0, -1))
