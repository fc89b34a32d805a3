"""What the user said of images, each time one edit; undone and redone, also after a restart.

Edits form one line: those that are undone lie at its end, and the next new edit drops them.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from engine.class_names import new_class_name
from engine.errors import EngineError
from engine.quality.review import KEEP, SKIP, with_verdict
from engine.values import ImageFile, count_labels
from engine.wording import mark
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
REVIEW_SCHEMA = """
ALTER TABLE items ADD COLUMN excluded INTEGER NOT NULL DEFAULT 0;  -- whether it is left out
ALTER TABLE items ADD COLUMN reviewed TEXT NOT NULL DEFAULT '';    -- see engine.quality.review
"""
LABEL = "coalesce(items.edited, items.label)"  # the class as it is now
SHOWN = f"CASE WHEN items.excluded THEN '' ELSE {LABEL} END"  # that of an image that counts
PUT_ASIDE = f"CASE WHEN items.excluded THEN {LABEL} ELSE '' END"  # that of one that does not
IMAGE = (
    f"items.path, {SHOWN}, items.size, items.mtime_ns, items.excluded, items.reviewed, {PUT_ASIDE}"
)
# Kinds of edits, and what before and after of their changes mean:
ASSIGN, RENAME = "assign", "rename"  # classes, "" for none
EXCLUDE = "exclude"  # 1 for an image that is left out, else 0
REVIEW = "review"  # all that was said of findings about the image
# One that gets the class of its folder counts as not edited.
_SET_CLASS = "UPDATE items SET edited = NULLIF(?, label) WHERE id = ?"
SET = {
    ASSIGN: _SET_CLASS,
    RENAME: _SET_CLASS,
    EXCLUDE: "UPDATE items SET excluded = ? WHERE id = ?",
    REVIEW: "UPDATE items SET reviewed = ? WHERE id = ?",
}
LAST_DONE, FIRST_UNDONE = "NOT undone ORDER BY id DESC LIMIT 1", "undone ORDER BY id LIMIT 1"
REVIEW_TEXTS = {
    KEEP: mark("Found to be fine"),
    SKIP: mark("Skipped"),
    "": mark("To be looked at again"),
}
MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Edit:
    """One change that the user made.

    number: grows with each edit.
    kind:   "assign", "rename", "exclude" or "review".
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
    before, after: by the kind of the edit: its class, "" for none; "1" for excluded, else "0"; what
                   was said of findings.
    """

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class History:
    """What can be done about the edits.

    undo, redo: what the user reads of the edit that is taken back or done again next, or "".
    unapplied:  how many images lie elsewhere on the disk than the edits say.
    applied:    how many images were moved and may be moved back.
    """

    undo: str = ""
    redo: str = ""
    unapplied: int = 0
    applied: int = 0


class Edits:
    """The edits of a workspace. Use the methods of `Workspace` that are called the same."""

    def __init__(self, catalogue: "Catalogue") -> None:
        self._catalogue = catalogue

    def assign(self, paths: Iterable[str], label: str) -> Edit | None:
        """Give images a class, "" to take it away."""
        items = [self._item(path) for path in dict.fromkeys(paths)]
        label = self._class_name(label) if label.strip() else ""
        changed = [(item, before, label) for item, before in items if before != label]
        return self._add(ASSIGN, _assigned({before for _, before, _ in changed}, label), changed)

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
        is_merged = self._is_class(new)
        edit = mark(f"{old} merged into {new}" if is_merged else f"{old} renamed {new}")
        return self._add(RENAME, edit, [(row[0], old, new) for row in rows])

    def exclude(self, paths: Iterable[str], excluded: bool) -> Edit | None:
        """Leave images out, or take them in again."""
        after = str(int(excluded))
        items = [self._item(path, "excluded") for path in dict.fromkeys(paths)]
        changed = [(item, before, after) for item, before in items if before != after]
        edit = mark("Excluded" if excluded else "No longer excluded")
        return self._add(EXCLUDE, edit, changed)

    def review(self, paths: Iterable[str], kind: str, verdict: str) -> Edit | None:
        """Note what the user says of a finding about images."""
        items = [self._item(path, "reviewed") for path in dict.fromkeys(paths)]
        said = [(item, before, with_verdict(before, kind, verdict)) for item, before in items]
        changed = [each for each in said if each[1] != each[2]]
        return self._add(REVIEW, REVIEW_TEXTS[verdict], changed)

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
        undo, redo = (found[0].text if found else "" for found in (done, undone))
        return History(undo, redo)

    def changes(self, edit: Edit) -> list[Change]:
        """Return what an edit did, in the order of the dataset."""
        rows = self._catalogue.query(
            "SELECT path, before, after FROM changes JOIN items ON items.id = item"
            " WHERE edit = ? ORDER BY position, path",
            (edit.number,),
        )
        return [Change(*map(loaded, row)) for row in rows]

    def changed(self, edit: Edit) -> list[ImageFile]:
        """Return the images that an edit is about as they are now, in the order of the dataset."""
        rows = self._catalogue.query(
            f"SELECT {IMAGE} FROM changes JOIN items ON items.id = item"
            " WHERE edit = ? ORDER BY position, path",
            (edit.number,),
        )
        return [image_of(row) for row in rows]

    def _add(self, kind: str, edit: str, changed: Sequence[tuple[int, str, str]]) -> Edit | None:
        """Note an edit of items from one state to another one each; drop what was undone."""
        if not changed:
            return None
        made = datetime.now(UTC)
        count = len(changed)
        text = mark(f"{edit}, {count:,} images" if count > 1 else f"{edit}, 1 image")
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
                [(number, item, stored(before), stored(after)) for item, before, after in changed],
            )
            db.executemany(SET[kind], [(stored(after), item) for item, _, after in changed])
        return Edit(number, kind, made, text)

    def _turn(self, which: str, side: str, undone: bool) -> Edit | None:
        """Make the images of an edit what they are on one side of it."""
        found = self._read(which)
        if not found:
            return None
        edit = found[0]
        rows = self._catalogue.query(f"SELECT {side}, item FROM changes WHERE edit = ?",
                                     (edit.number,))  # fmt: skip
        with self._catalogue.transaction() as db:
            db.executemany(SET[edit.kind], rows)
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

    def _item(self, path: str, state: str = LABEL) -> tuple[int, str]:
        """Return an image with what it is now: its class, or what a column says."""
        rows = self._catalogue.query(
            f"SELECT id, {state} FROM items WHERE path = ? AND (position IS NOT NULL OR aside)",
            (stored(path),),
        )
        if not rows:
            raise EngineError(f"“{path}” is not among the images; read the folder again.")
        item, now = rows[0]
        return item, str(now) if isinstance(now, int) else loaded(now)

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


def image_of(row: Sequence[Any]) -> ImageFile:
    """Return the image that a row of `IMAGE` is."""
    path, label, size, mtime_ns, excluded, reviewed, aside = row
    names = loaded(path), loaded(label)
    return ImageFile(*names, size, mtime_ns, bool(excluded), reviewed, loaded(aside))


def _assigned(before: Collection[str], label: str) -> str:
    """Say which classes became another one; a class may be "" for none."""
    count, names = len(before), ", ".join(count_labels(before))
    if count > MOST_NAMES:
        return mark(f"{count} classes → {label}" if label else f"{count} classes → no class")
    if not label:
        return mark(f"{names} → no class")
    if "" not in before:
        return mark(f"{names} → {label}")
    return mark(f"{names}, no class → {label}" if names else f"no class → {label}")
