"""What is kept on this machine beside the datasets, and can be had again: its size, and its end."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine import converted, weights
from engine.backbones import BACKBONES
from engine.errors import EngineError
from engine.wording import mark


@dataclass(frozen=True, slots=True)
class Cache:
    """One kind of files.

    title:  what they are.
    costs:  what it takes to have them again, a sentence.
    folder: where they lie; it may hold files of others.
    files:  gives those that are there.
    """

    title: str
    costs: str
    folder: Path
    files: Callable[[], list[Path]]

    @property
    def size(self) -> int:
        """Bytes on the disk."""
        return sum(file.stat().st_size for file in self.files() if file.is_file())


def caches() -> tuple[Cache, ...]:
    """Return every cache of the program."""
    return (
        Cache(
            mark("Converted backbones"),
            mark("They are made again when they are needed, in a minute each."),
            converted.cache_folder(),
            _converted,
        ),
        Cache(
            mark("Downloaded weights"),
            mark(
                "They are downloaded again when they are needed; Keras's folder is shared with "
                "other programs."
            ),
            _keras_files()[0].parent,
            lambda: [file for file in _keras_files() if file.is_file()],
        ),
    )


def clear(cache: Cache) -> int:
    """Delete the files of a cache.

    Returns
    -------
    int
        Bytes that are free now.

    Raises
    ------
    EngineError
        When a file cannot be deleted; those before it are.
    """
    freed = 0
    for file in cache.files():
        try:
            size = file.stat().st_size
            file.unlink()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise EngineError(
                f"“{file.name}” cannot be deleted ({error.strerror}); close what uses it and try "
                "again."
            ) from error
        freed += size
    return freed


def _converted() -> list[Path]:
    return sorted(file for file in converted.cache_folder().rglob("*") if file.is_file())


def _keras_files() -> list[Path]:
    """Return where Keras keeps the weights of our backbones; other programs' are none of ours."""
    return [weights.keras_file(backbone) for backbone in BACKBONES.values()]
