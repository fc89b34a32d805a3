"""The journal of the files that were moved so that they lie where the edits say.

A move is noted before it is begun. When it is done, the image gets its new place in the same
transaction: it stays the same image, with its embedding, its edits and all that was said of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from engine.applying import BACK, CLASS, EXCLUDED, TAKEN_IN, Move, Wanted
from engine.dataset import EXCLUDED as EXCLUDED_FOLDER
from engine.dataset import natural_order
from engine.workspace.edits import LABEL
from engine.workspace.stored_names import loaded, stored

if TYPE_CHECKING:
    from engine.workspace.catalogue import Catalogue

SCHEMA = """
ALTER TABLE items ADD COLUMN aside INTEGER NOT NULL DEFAULT 0;  -- whether it was moved out
CREATE TABLE moves (
    id INTEGER PRIMARY KEY,   -- in the order in which they are done
    item INTEGER NOT NULL REFERENCES items(id),
    source NOT NULL,
    target NOT NULL,
    state TEXT NOT NULL,      -- planned; copied: to another disk, name to be given; done; back
    moved TEXT,               -- when: UTC, ISO 8601
    open INTEGER NOT NULL DEFAULT 1  -- until all that it was planned with is ended
);
CREATE INDEX open_moves ON moves(id) WHERE open;
CREATE INDEX moves_by_item ON moves(item);
CREATE TABLE made_folders (path NOT NULL UNIQUE);  -- that were not there before images went there
"""
UNAPPLIED = """
    (position IS NOT NULL AND (excluded OR edited IS NOT NULL)) OR (aside AND NOT excluded)
"""
# Where each image that may be moved back came from.
ORIGINS = """
    SELECT item, source, latest FROM moves JOIN (SELECT min(id) AS first, max(id) AS latest
    FROM moves WHERE state = 'done' GROUP BY item) ON id = first
"""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A move that was noted and not done; ``copied`` tells whether a copy was vouched for."""

    number: int
    source: str
    target: str
    copied: bool


class Moves:
    """Where the images of a workspace lie, and where they lay. Hold `Workspace.writing`."""

    def __init__(self, catalogue: "Catalogue") -> None:
        self._catalogue = catalogue

    def unapplied(self) -> int:
        """Return how many images lie elsewhere than the edits say."""
        ((count,),) = self._catalogue.query(f"SELECT count(*) FROM items WHERE {UNAPPLIED}")
        return int(count)

    def applied(self) -> int:
        """Return how many images may be moved back to where they lay."""
        ((count,),) = self._catalogue.query(
            "SELECT count(DISTINCT item) FROM moves JOIN items ON items.id = item"
            " WHERE state = 'done' AND (position IS NOT NULL OR aside)"
        )
        return int(count)

    def to_apply(self) -> list[Wanted]:
        """Return the images that lie elsewhere than the edits say, in the order of the dataset."""
        rows = self._catalogue.query(
            f"SELECT items.id, path, {LABEL}, excluded, aside, size, mtime_ns, origins.source"
            f" FROM items LEFT JOIN ({ORIGINS}) AS origins ON origins.item = items.id"
            f" WHERE {UNAPPLIED} ORDER BY position IS NULL, position, path"
        )
        wanted = []
        for item, path, label, excluded, aside, size, mtime_ns, origin in rows:
            path, label, origin = loaded(path), loaded(label), loaded(origin or "")
            folder = f"{EXCLUDED_FOLDER}/{label}".rstrip("/") if excluded else label
            reason = EXCLUDED if excluded else TAKEN_IN if aside else CLASS
            # One that goes back to where it came from gets the name back that it had there.
            is_back = bool(origin) and origin.rpartition("/")[0] == folder
            name = (origin if is_back else path).rpartition("/")[2]
            target = f"{folder}/{name}" if folder else name
            wanted.append(Wanted(item, path, target, reason, size, mtime_ns))
        return wanted

    def to_revert(self) -> list[Wanted]:
        """Return the images that were moved and where they lay before, the latest move first."""
        rows = self._catalogue.query(
            f"SELECT items.id, path, source, size, mtime_ns FROM ({ORIGINS}) AS origins"
            " JOIN items ON items.id = origins.item ORDER BY latest DESC"
        )
        return [
            Wanted(item, loaded(path), loaded(source), BACK, size, mtime_ns)
            for item, path, source, size, mtime_ns in rows
        ]

    def known_paths(self) -> list[str]:
        """Return all paths of images, also of those that are gone, which may come back."""
        return [loaded(path) for (path,) in self._catalogue.query("SELECT path FROM items")]

    def is_known(self, path: str) -> bool:
        """Tell whether an image has a path, had it when it was last seen, or is to get it."""
        found = self._catalogue.query(
            "SELECT 1 FROM items WHERE path = ?1 UNION ALL"
            " SELECT 1 FROM moves WHERE target = ?1 AND open LIMIT 1",
            (stored(path),),
        )
        return bool(found)

    def begin(self, moves: Sequence[Move]) -> list[int]:
        """Note what is going to be moved; return the numbers of the moves."""
        numbers = []
        with self._catalogue.transaction() as db:
            for move in moves:
                number = db.execute(
                    "INSERT INTO moves (item, source, target, state) VALUES (?, ?, ?, 'planned')",
                    (move.wanted.item, stored(move.source), stored(move.target)),
                ).lastrowid
                assert number is not None
                numbers.append(number)
        return numbers

    def retarget(self, number: int, target: str) -> None:
        """Note that a move leads to another name: the one that was planned is taken."""
        with self._catalogue.transaction() as db:
            db.execute("UPDATE moves SET target = ?, state = 'planned' WHERE id = ?",
                       (stored(target), number))  # fmt: skip

    def vouch(self, number: int) -> None:
        """Note that a copy to another file system is complete and gets its name now."""
        with self._catalogue.transaction() as db:
            db.execute("UPDATE moves SET state = 'copied' WHERE id = ?", (number,))

    def done(self, number: int, size: int, mtime_ns: int) -> bool:
        """Note that a file lies at its target, where it has this size and time of change.

        Returns
        -------
        bool
            False when another image has that path meanwhile: the folder was read in between.
        """
        ((item, path, target),) = self._catalogue.query(
            "SELECT item, path, target FROM moves JOIN items ON items.id = item WHERE moves.id = ?",
            (number,),
        )
        if path != target and self._catalogue.query(
            "SELECT 1 FROM items WHERE path = ?", (target,)
        ):
            self.drop(number)
            return False
        folder = loaded(target).rpartition("/")[0]
        is_aside = folder.partition("/")[0] == EXCLUDED_FOLDER
        if is_aside:
            folder = folder.removeprefix(EXCLUDED_FOLDER).removeprefix("/")
        with self._catalogue.transaction() as db:
            db.execute(
                "UPDATE moves SET state = 'done', moved = ? WHERE id = ?",
                (datetime.now(UTC).isoformat(), number),
            )
            # Another file system may keep times less exactly: it is the same picture all the same.
            db.execute(
                "UPDATE embedded SET size = ?1, mtime_ns = ?2 WHERE item = ?3 AND EXISTS (SELECT 1"
                " FROM items WHERE id = ?3 AND embedded.size = items.size"
                " AND embedded.mtime_ns = items.mtime_ns)",
                (size, mtime_ns, item),
            )
            db.execute(
                "UPDATE items SET path = ?1, label = ?2,"
                f" edited = NULLIF({LABEL}, ?2), size = ?3, mtime_ns = ?4, aside = ?5,"
                " position = CASE WHEN ?5 THEN NULL ELSE"
                " coalesce(position, (SELECT 1 + coalesce(max(position), -1) FROM items)) END"
                " WHERE id = ?6",
                (target, stored(folder), size, mtime_ns, is_aside, item),
            )
            # One that lies where it came from has nothing to be moved back.
            db.execute(
                "UPDATE moves SET state = 'back' WHERE item = ?1 AND state = 'done' AND ?2 ="
                " (SELECT source FROM moves WHERE item = ?1 AND state = 'done'"
                " ORDER BY id LIMIT 1)",
                (item, target),
            )
        return True

    def drop(self, number: int) -> None:
        """Forget a move that was noted: its file stays where it is."""
        with self._catalogue.transaction() as db:
            db.execute("DELETE FROM moves WHERE id = ?", (number,))

    def is_open(self) -> bool:
        """Tell whether `close` is due: also when all that was noted was done."""
        return bool(self._catalogue.query("SELECT 1 FROM moves WHERE open LIMIT 1"))

    def unfinished(self) -> list[Unfinished]:
        """Return what was noted and not done; only the first of them may have been begun."""
        rows = self._catalogue.query(
            "SELECT id, source, target, state = 'copied' FROM moves"
            " WHERE open AND state IN ('planned', 'copied') ORDER BY id"
        )
        return [
            Unfinished(number, loaded(source), loaded(target), bool(copied))
            for number, source, target, copied in rows
        ]

    def close(self) -> None:
        """Forget what was noted and not begun, and put the images into their order again."""
        rows = self._catalogue.query("SELECT id, path FROM items WHERE position IS NOT NULL")
        ordered = sorted(rows, key=lambda row: natural_order(loaded(row[1])))
        with self._catalogue.transaction() as db:
            db.execute("DELETE FROM moves WHERE state IN ('planned', 'copied')")
            db.execute("UPDATE moves SET open = 0 WHERE open")
            db.executemany(
                "UPDATE items SET position = ? WHERE id = ?",
                [(position, item) for position, (item, _) in enumerate(ordered)],
            )

    def note_folder(self, folder: str) -> None:
        """Note that a folder is going to be made."""
        with self._catalogue.transaction() as db:
            db.execute("INSERT OR IGNORE INTO made_folders VALUES (?)", (stored(folder),))

    def forget_folder(self, folder: str) -> None:
        """Forget a folder: it is gone, or somebody else has made it."""
        with self._catalogue.transaction() as db:
            db.execute("DELETE FROM made_folders WHERE path = ?", (stored(folder),))

    def made_folders(self) -> list[str]:
        """Return the folders that were made, each before the one that holds it."""
        found = self._catalogue.query("SELECT path FROM made_folders")
        return sorted((loaded(path) for (path,) in found), key=lambda path: -path.count("/"))

    def left(self) -> dict[str, set[str]]:
        """Return the paths that images were moved away from, each with where these lie now."""
        rows = self._catalogue.query(
            "SELECT source, path FROM moves JOIN items ON items.id = item WHERE moved IS NOT NULL"
        )
        left: dict[str, set[str]] = {}
        for source, path in rows:
            left.setdefault(loaded(source), set()).add(loaded(path))
        return left

    def current_paths(self, paths: Iterable[str], since: str) -> tuple[str, ...]:
        """Return where images lie now.

        Parameters
        ----------
        paths
            Where they lay.
        since
            When that was: UTC, ISO 8601.
        """
        rows = self._catalogue.query(
            "SELECT source, path FROM moves JOIN items ON items.id = item WHERE moved > ?"
            " ORDER BY moves.id DESC",
            (since,),
        )
        # Whoever left a path first lay there then.
        now = {loaded(source): loaded(path) for source, path in rows}
        return tuple(now.get(path, path) for path in paths)
