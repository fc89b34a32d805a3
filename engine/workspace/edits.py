"""What the user said of images, each time one edit; undone and redone, also after a restart.

Edits form one line: those that are undone lie at its end, and the next new edit drops them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from engine.class_names import new_class_name
from engine.errors import EngineError
from engine.values import count_labels
from engine.workspace.stored_names import loaded, stored

if TYPE_CHECKING:
    from engine.workspace.catalogue import Catalogue

SCHEMA = """
ALTER TABLE items ADD COLUMN edited;  -- class the user gave; NULL where it is that of the folder
CREATE TABLE edits (
    id INTEGER PRIMARY KEY,           -- grows with each edit
    kind TEXT NOT NULL,               -- what was done, which says what before and after mean
    made TEXT NOT NULL,               -- when: UTC, ISO 8601
    text NOT NULL,                    -- what the user reads
    undone INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE changes (
    edit INTEGER NOT NULL REFERENCES edits(id),
    item INTEGER NOT NULL REFERENCES items(id),
    before NOT NULL,
    after NOT NULL,
    PRIMARY KEY (edit, item)
) WITHOUT ROWID;
"""
LABEL = "coalesce(items.edited, items.label)"  # the class as it is now
ASSIGN, RENAME = "assign", "rename"  # kinds of edits: before and after are classes, "" for none
LAST_DONE, FIRST_UNDONE = "NOT undone ORDER BY id DESC LIMIT 1", "undone ORDER BY id LIMIT 1"
NO_CLASS = "no class"
MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Edit:
    """One change that the user made.

    number: grows with each edit.
    kind:   "assign" or "rename".
    made:   when, in UTC.
    text:   what the user reads, such as "fish → trees, 12 images".
    undone: whether it is undone, and may be redone.
    """

    number: int
    kind: str
    made: datetime
    text: str
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit did to one image.

    path:          relative to the dataset folder.
    before, after: its class, "" for none.
    """

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class History:
    """undo, redo: what the user reads of the edit that is taken back or done again next, or ""."""

    undo: str = ""
    redo: str = ""


class Edits:
    """The edits of a workspace. Use the methods of `Workspace` that are called the same."""

    def __init__(self, catalogue: "Catalogue") -> None:
        self._catalogue = catalogue

    def assign(self, paths: Iterable[str], label: str) -> Edit | None:
        """Give images a class, "" to take it away."""
        items = [self._item(path) for path in dict.fromkeys(paths)]
        label = self._class_name(label) if label.strip() else ""
        changed = [(item, before) for item, before in items if before != label]
        counts = count_labels(before or NO_CLASS for _, before in changed)
        return self._add(ASSIGN, f"{_some(list(counts))} → {label or NO_CLASS}", changed, label)

    def rename(self, old: str, new: str) -> Edit | None:
        """Call a class otherwise; where there is a class of the new name the two become one."""
        rows = self._catalogue.query(
            f"SELECT id FROM items WHERE position IS NOT NULL AND {LABEL} = ?", (stored(old),)
        )
        if not old or not rows:
            raise EngineError(f"There is no class “{old}”; choose one that has images.")
        if not new.strip():
            raise EngineError(f"Type a new name for the class “{old}”.")
        new = self._class_name(new)
        if new == old:
            return None
        done = "merged into" if self._is_class(new) else "renamed"
        return self._add(RENAME, f"{old} {done} {new}", [(row[0], old) for row in rows], new)

    def undo(self) -> Edit | None:
        """Take the latest edit back; None when there is none."""
        return self._turn(LAST_DONE, "before", undone=True)

    def redo(self) -> Edit | None:
        """Do again what was undone last; None when there is nothing."""
        return self._turn(FIRST_UNDONE, "after", undone=False)

    def all(self) -> list[Edit]:
        """Return all edits in the order in which they were made."""
        return self._read("true ORDER BY id")

    def history(self) -> History:
        """Say what `undo` and `redo` would do."""
        done, undone = self._read(LAST_DONE), self._read(FIRST_UNDONE)
        return History(*(found[0].text if found else "" for found in (done, undone)))

    def changes(self, edit: Edit) -> list[Change]:
        """Return what an edit did, in the order of the dataset."""
        rows = self._catalogue.query(
            "SELECT path, before, after FROM changes JOIN items ON items.id = item"
            " WHERE edit = ? ORDER BY position, path",
            (edit.number,),
        )
        return [Change(*map(loaded, row)) for row in rows]

    def _add(
        self, kind: str, text: str, changed: Sequence[tuple[int, str]], label: str
    ) -> Edit | None:
        """Note an edit after which all these items have one class; drop what was undone."""
        if not changed:
            return None
        made = datetime.now(UTC)
        text = f"{text}, {len(changed):,} image{'s' if len(changed) > 1 else ''}"
        with self._catalogue.transaction() as db:
            db.execute("DELETE FROM changes WHERE edit IN (SELECT id FROM edits WHERE undone)")
            db.execute("DELETE FROM edits WHERE undone")
            number = db.execute(
                "INSERT INTO edits (kind, made, text) VALUES (?, ?, ?)",
                (kind, made.isoformat(), stored(text)),
            ).lastrowid
            assert number is not None
            db.executemany(
                "INSERT INTO changes VALUES (?, ?, ?, ?)",
                [(number, item, stored(before), stored(label)) for item, before in changed],
            )
            _set_classes(db, [(stored(label), item) for item, _ in changed])
        return Edit(number, kind, made, text)

    def _turn(self, which: str, side: str, undone: bool) -> Edit | None:
        """Give the images of an edit the classes of one side of it."""
        found = self._read(which)
        if not found:
            return None
        edit = found[0]
        rows = self._catalogue.query(f"SELECT {side}, item FROM changes WHERE edit = ?",
                                     (edit.number,))  # fmt: skip
        with self._catalogue.transaction() as db:
            _set_classes(db, rows)
            db.execute("UPDATE edits SET undone = ? WHERE id = ?", (undone, edit.number))
        return Edit(edit.number, edit.kind, edit.made, edit.text, undone)

    def _read(self, which: str) -> list[Edit]:
        rows = self._catalogue.query(
            f"SELECT id, kind, made, text, undone FROM edits WHERE {which}"
        )
        return [
            Edit(number, kind, datetime.fromisoformat(made), loaded(text), bool(undone))
            for number, kind, made, text, undone in rows
        ]

    def _item(self, path: str) -> tuple[int, str]:
        rows = self._catalogue.query(
            f"SELECT id, {LABEL} FROM items WHERE path = ? AND position IS NOT NULL",
            (stored(path),),
        )
        if not rows:
            raise EngineError(f"“{path}” is not among the images; read the folder again.")
        return rows[0][0], loaded(rows[0][1])

    def _class_name(self, label: str) -> str:
        """Return a class that there is, or that there may be."""
        return label if self._is_class(label) else new_class_name(label)

    def _is_class(self, label: str) -> bool:
        return bool(
            self._catalogue.query(
                f"SELECT 1 FROM items WHERE position IS NOT NULL AND {LABEL} = ? LIMIT 1",
                (stored(label),),
            )
        )


def _set_classes(db: Any, rows: Sequence[tuple[object, int]]) -> None:
    """Give items their classes; one that has that of its folder counts as not edited."""
    db.executemany("UPDATE items SET edited = NULLIF(?, label) WHERE id = ?", rows)


def _some(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= MOST_NAMES else f"{len(names)} classes"
