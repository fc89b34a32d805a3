"""Which images of a dataset are meant by the names that another program gives them."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.formulas import as_named
from engine.tsv import one_line


def matched(names: Sequence[str], folder: Path, paths: Sequence[str]) -> list[int | None]:
    """Return for each name the number of its image, None for one that is none of them.

    Parameters
    ----------
    names
        Relative to the folder, with its own name before them, or absolute; slashes of either
        kind. Quotes before formulas and blanks for line breaks, as tables have them, are undone.
    folder
        The dataset folder.
    paths
        Those of its images.
    """
    exact = {path: number for number, path in enumerate(paths)}
    keys = [_key(path) for path in paths]
    count = Counter(keys)
    alike = {key: number for number, key in enumerate(keys) if count[key] == 1}
    roots = tuple(f"{each.as_posix().rstrip('/')}/" for each in (folder, folder.absolute()))

    def find(name: str) -> int | None:
        if name in exact:
            return exact[name]
        found = (alike.get(_key(each)) for each in _meant(name, roots, folder.name))
        return next((number for number in found if number is not None), None)

    return [find(name) for name in names]


def _meant(name: str, roots: tuple[str, ...], folder: str) -> Iterator[str]:
    """Give what a name may mean, relative to the folder."""
    for each in (name, as_named(name)):
        slashed = each.replace("\\", "/")
        yield each
        yield slashed.removeprefix("./")
        yield slashed.removeprefix("./").removeprefix(f"{folder}/")
        for root in roots:
            yield slashed.removeprefix(root)


def _key(path: str) -> str:
    """Return what is the same however a system writes accents."""
    return unicodedata.normalize("NFC", one_line(path))
