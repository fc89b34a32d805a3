"""The library that reads and writes Parquet, for those who have it."""

from typing import Any

from engine.errors import EngineError


def import_pyarrow() -> Any:
    """Return pyarrow, which is large and needed by those alone who use Parquet.

    Raises
    ------
    EngineError
        When it is not installed.
    """
    try:
        import pyarrow
    except ImportError as error:
        raise EngineError(
            "Parquet needs pyarrow, which is not here; choose the format npz, or run the program "
            "from its source and install image-embedding[parquet]."
        ) from error
    return pyarrow
