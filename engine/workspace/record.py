"""What the user did to each image, and what became of it: for tables that leave the program."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.workspace.edits import LABEL
from engine.workspace.stored_names import loaded

if TYPE_CHECKING:
    from engine.workspace.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Deed:
    """What one edit did to one image.

    made:          when: UTC, ISO 8601.
    kind:          of the edit.
    then, now:     where the image lay when the edit was made, and where it lies now.
    before, after: see `engine.workspace.edits.Change`.
    undone:        whether the edit is undone.
    """

    made: str
    kind: str
    then: str
    before: str
    after: str
    undone: bool
    now: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of an image: the class that its folder says, that of now, whether it counts."""

    path: str
    folder_label: str
    label: str
    excluded: bool


def read_deeds(catalogue: "Catalogue") -> list[Deed]:
    """Return what each edit did, the first edit first."""
    left: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for item, moved, source in catalogue.query(
        "SELECT item, moved, source FROM moves WHERE moved IS NOT NULL ORDER BY id"
    ):
        left[item].append((moved, loaded(source)))
    rows = catalogue.query(
        "SELECT made, kind, item, path, before, after, undone FROM edits"
        " JOIN changes ON changes.edit = edits.id JOIN items ON items.id = item"
        " ORDER BY edits.id, position, path"
    )
    deeds = []
    for made, kind, item, path, before, after, undone in rows:
        now = loaded(path)
        # It lay where the first move after the edit took it from.
        then = next((source for moved, source in left[item] if moved > made), now)
        deeds.append(Deed(made, kind, then, loaded(before), loaded(after), bool(undone), now))
    return deeds


def read_decisions(catalogue: "Catalogue") -> list[Decision]:
    """Return every image of the dataset, and after them those that were moved out of it."""
    rows = catalogue.query(
        f"SELECT path, label, {LABEL}, excluded FROM items WHERE position IS NOT NULL OR aside"
        " ORDER BY position IS NULL, position, path"
    )
    return [
        Decision(loaded(path), loaded(folder), loaded(label), bool(excluded))
        for path, folder, label, excluded in rows
    ]
