"""Vectors and lists of paths from tables of text: CSV, TSV, a path a line."""

import csv
import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from engine.foreign.named_vectors import (
    NAMES,
    NO_PATHS,
    NamedVectors,
    UnusableError,
    chosen,
    named,
)
from engine.progress import Progress

ROWS_PER_REPORT = 500
CELL_MAX = 10_000_000
NUMBERED = re.compile(r"(.*?)(\d+)")
TABLES = (".csv", ".tsv")


def read_table(file: Path, names: tuple[str, ...] | None, progress: Progress) -> NamedVectors:
    """Read a CSV or TSV: a column of paths, and columns of numbers that are numbered.

    Without a header all columns are numbers, and ``names`` say which images the rows belong to.
    """
    rows = _rows(file)
    first = next(rows, None)
    if first is None:
        raise UnusableError("is empty; choose another file")
    if _are_numbers(first):
        if names is None:
            raise UnusableError(NO_PATHS)
        vectors, _ = _numbers(_again(first, rows), range(len(first)), None, progress)
        return named(vectors, names)
    header = tuple(first)
    path = chosen(header, NAMES)
    if path is None and names is None:
        raise UnusableError(NO_PATHS)
    place = header.index(path) if names is None and path is not None else None
    vectors, read = _numbers(rows, numbered(header), place, progress)
    return named(vectors, read if names is None else names)


def numbered(header: Sequence[str]) -> Sequence[int]:
    """Return the places of the columns of a vector, called "0", "1" or "dim_0", "dim_1" or so."""
    matches = [NUMBERED.fullmatch(name.strip()) for name in header]
    prefixes = Counter(match[1] for match in matches if match)
    if not prefixes:
        raise UnusableError(
            "has no numbered columns; call those of the vectors 0, 1, 2 … or dim_0, dim_1, dim_2 …"
        )
    ((prefix, _),) = prefixes.most_common(1)
    found = [(int(m[2]), place) for place, m in enumerate(matches) if m and m[1] == prefix]
    return [place for _, place in sorted(found)]


def read_names(file: Path) -> tuple[str, ...]:
    """Read a list of paths: a path a line, or the column of a table, with or without a header."""
    rows = list(_rows(file) if file.suffix.lower() in TABLES else _lines(file))
    if not rows:
        raise UnusableError("is empty; choose a list of paths, one a line")
    header = chosen(tuple(rows[0]), NAMES)
    place = rows[0].index(header) if header is not None else 0
    return tuple(row[place] for row in (rows if header is None else rows[1:]))


def _rows(file: Path) -> Iterator[list[str]]:
    """Give the cells of each line that is not empty."""
    csv.field_size_limit(CELL_MAX)
    with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
        if file.suffix.lower() == ".tsv":
            # The projector's tables know no quotes: in them a " is part of a name.
            rows = csv.reader(text, delimiter="\t", quoting=csv.QUOTE_NONE)
        else:
            rows = csv.reader(text)
        yield from filter(None, rows)


def _lines(file: Path) -> Iterator[list[str]]:
    with file.open(encoding="utf-8-sig", errors="surrogateescape") as text:
        yield from ([line.rstrip("\n")] for line in text if line.strip())


def _again(first: list[str], rows: Iterator[list[str]]) -> Iterator[list[str]]:
    yield first
    yield from rows


def _numbers(
    rows: Iterator[list[str]], places: Sequence[int], path: int | None, progress: Progress
) -> tuple[np.ndarray, tuple[str, ...]]:
    numbers, names = array("f"), []
    for count, row in enumerate(rows, start=1):
        try:
            numbers.extend([float(row[place] or "nan") for place in places])
            names.append(row[path] if path is not None else "")
        except (ValueError, IndexError):
            raise UnusableError(
                f"has something else than {len(places)} numbers in row {count}; mend that row"
            ) from None
        if count % ROWS_PER_REPORT == 0:
            progress.report("Reading the vectors", count)
    if not names:
        raise UnusableError("has no rows; choose another file")
    vectors = np.frombuffer(numbers, np.float32).reshape(len(names), len(places))
    return vectors, tuple(names)


def _are_numbers(row: Sequence[str]) -> bool:
    try:
        return bool([float(cell) for cell in row])
    except ValueError:
        return False
