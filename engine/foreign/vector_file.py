"""A file of vectors that another program made becomes vectors with the names of their images."""

import contextlib
import csv
from collections.abc import Iterator
from pathlib import Path

from engine.errors import EngineError
from engine.files import DAMAGE
from engine.foreign.arrays import as_names, read_npy, read_npz
from engine.foreign.named_vectors import NamedVectors, UnusableError
from engine.foreign.parquet_table import read_parquet
from engine.foreign.text_tables import read_names, read_table
from engine.progress import Progress
from engine.tsv import METADATA

SUFFIXES = (".npy", ".npz", ".parquet", ".csv", ".tsv")


def read_vectors(
    file: Path, paths: Path | None = None, progress: Progress | None = None
) -> NamedVectors:
    """Read vectors from a file.

    Parameters
    ----------
    file
        One with a suffix of `SUFFIXES`. CSV and TSV have a header with a column of paths and
        numbered columns, Parquet the same or a column of lists, NPZ arrays "vectors" and "paths".
    paths
        A list of paths, for files that hold none: a path a line, a table with such a column, or a
        ``.npy`` of texts. By default "metadata.tsv" beside the file where it holds none.
    progress
        Hears the rows that are read.

    Raises
    ------
    EngineError
        When a file cannot be read, is damaged, may run code, or does not fit the other.
    Cancelled
        From ``progress``.
    """
    progress = progress or Progress()
    progress.report("Reading the vectors")
    paths = _list_beside(file) if paths is None else paths
    names = None
    if paths is not None:
        with _errors(paths):
            names = _names(paths)
    with _errors(file):
        return _read(file, names, progress)


def file_of_names(file: Path, paths: Path | None = None) -> Path:
    """Return the file whose names `read_vectors` takes."""
    return paths or _list_beside(file) or file


def _list_beside(file: Path) -> Path | None:
    beside = file.with_name(METADATA)
    is_without = file.suffix.lower() in (".npy", ".tsv") and beside != file
    return beside if is_without and beside.is_file() else None


def _read(file: Path, names: tuple[str, ...] | None, progress: Progress) -> NamedVectors:
    suffix = file.suffix.lower()
    if suffix == ".npy":
        return read_npy(file, names)
    if suffix == ".npz":
        return read_npz(file, names)
    if suffix == ".parquet":
        return read_parquet(file, names)
    if suffix in (".csv", ".tsv"):
        return read_table(file, names, progress)
    raise UnusableError(f"is in a format that cannot be read; choose {', '.join(SUFFIXES)}")


def _names(file: Path) -> tuple[str, ...]:
    if file.suffix.lower() == ".npy":
        import numpy as np

        return as_names(np.load(file, mmap_mode="r", allow_pickle=False))
    return read_names(file)


@contextlib.contextmanager
def _errors(file: Path) -> Iterator[None]:
    """Turn whatever a file leads to into an `EngineError`."""
    try:
        yield
    except UnusableError as error:
        raise EngineError(f"“{file}” {error}.") from error
    except FileNotFoundError:
        raise EngineError(f"There is no file “{file}”; check its name.") from None
    except OSError as error:
        raise EngineError(
            f"“{file}” cannot be read ({error.strerror or error}); allow reading it."
        ) from error
    except (*DAMAGE, csv.Error) as error:
        if any(words in str(error) for words in ("allow_pickle", "Python objects")):
            raise EngineError(
                f"“{file}” is damaged or holds Python objects, which could run foreign code; save "
                "numbers and texts alone."
            ) from error
        raise EngineError(
            f"“{file}” is damaged or not what its name says; save it again."
        ) from error
