"""The SQLite file of a workspace: which images there are and which of them each run embedded."""

import contextlib
import errno
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from engine.errors import EngineError
from engine.files import disk_errors
from engine.values import ImageFile, Recipe, Skipped
from engine.workspace import edits, moves
from engine.workspace.stored_names import loaded, stored

VERSION = 5
SCHEMA = f"""
CREATE TABLE dataset (folder NOT NULL);
CREATE TABLE items (
    id INTEGER PRIMARY KEY,
    path NOT NULL UNIQUE,
    label NOT NULL,                -- class that the folder says
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    position INTEGER,              -- place in the dataset; NULL once the file is gone
    problem TEXT                   -- why it could not be read, else NULL
);
CREATE INDEX items_by_position ON items(position);
CREATE TABLE runs (
    name TEXT PRIMARY KEY,
    backbone TEXT NOT NULL,
    weights_hash TEXT NOT NULL,
    image_size INTEGER NOT NULL,
    pooling TEXT NOT NULL,
    dimensions INTEGER NOT NULL,
    used INTEGER NOT NULL,         -- grows with each use: the largest is the latest
    precision TEXT NOT NULL DEFAULT 'f32'
);
CREATE TABLE embedded (
    run TEXT NOT NULL REFERENCES runs(name),
    row INTEGER NOT NULL,          -- row in the run's vectors.npy
    item INTEGER NOT NULL REFERENCES items(id),
    size INTEGER NOT NULL,         -- of the file that was embedded
    mtime_ns INTEGER NOT NULL,
    PRIMARY KEY (run, row)
) WITHOUT ROWID;
CREATE INDEX embedded_by_item ON embedded(run, item);
{edits.SCHEMA}
{edits.REVIEW_SCHEMA}
{moves.SCHEMA}
"""
# From each version of the schema to the next one.
UPDATES = {
    1: "ALTER TABLE runs ADD COLUMN precision TEXT NOT NULL DEFAULT 'f32';",
    2: edits.SCHEMA,
    3: edits.REVIEW_SCHEMA,
    4: moves.SCHEMA,
}
EMBEDDED_AND_UNCHANGED = """
    FROM embedded JOIN items ON items.id = embedded.item
    WHERE embedded.run = ? AND items.position IS NOT NULL
        AND embedded.size = items.size AND embedded.mtime_ns = items.mtime_ns
"""


class Catalogue:
    """Reads and writes ``workspace.sqlite``. Every method is one transaction."""

    def __init__(self, file: Path) -> None:
        """Open a catalogue, or make an empty one where there is no file.

        Raises
        ------
        EngineError
            When the file is damaged, of a newer version of the program, or cannot be written.
        """
        self._file = file
        is_new = not file.exists() or file.stat().st_size == 0
        # Used by one thread at a time, but not always by the thread that opened it.
        with self._errors():
            self._db = sqlite3.connect(file, check_same_thread=False)
        try:
            with self._errors():
                if is_new:
                    self._db.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version={VERSION}; COMMIT")
                self._check()
        except EngineError:
            self._db.close()
            raise

    def close(self) -> None:
        """Close the file; the catalogue is of no use afterwards."""
        self._db.close()

    def folder(self) -> Path | None:
        """Return the dataset folder that was read last, or None before the first time."""
        rows = self.query("SELECT folder FROM dataset")
        return Path(loaded(rows[0][0])) if rows else None

    def set_images(self, folder: Path, images: Sequence[ImageFile]) -> None:
        """Make the catalogue list exactly these images; what it knows of the others is kept."""
        rows = [
            (stored(image.path), stored(image.folder_label), image.size, image.mtime_ns, position)
            for position, image in enumerate(images)
        ]
        with self.transaction() as db:
            db.execute("DELETE FROM dataset")
            db.execute("INSERT INTO dataset VALUES (?)", (stored(str(folder)),))
            db.execute("UPDATE items SET position = NULL")
            db.executemany(
                "INSERT INTO items (path, label, size, mtime_ns, position) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (path) DO UPDATE SET label = excluded.label,"
                " size = excluded.size, mtime_ns = excluded.mtime_ns,"
                " position = excluded.position",
                rows,
            )

    def images(self) -> list[ImageFile]:
        """Return the images in the order of the dataset."""
        rows = self.query(
            f"SELECT {edits.IMAGE} FROM items WHERE position IS NOT NULL ORDER BY position"
        )
        return [edits.image_of(row) for row in rows]

    def excluded(self) -> frozenset[str]:
        """Return the paths of the images that are left out."""
        rows = self.query("SELECT path FROM items WHERE position IS NOT NULL AND excluded")
        return frozenset(loaded(path) for (path,) in rows)

    def problems(self) -> list[Skipped]:
        """Return the images that could not be read, with the reasons."""
        rows = self.query(
            "SELECT path, problem FROM items WHERE position IS NOT NULL AND problem IS NOT NULL"
            " ORDER BY position"
        )
        return [Skipped(loaded(path), problem) for path, problem in rows]

    def use_run(self, recipe: Recipe) -> None:
        """Enter the run of this recipe, or mark the one that is there as the latest."""
        with self.transaction() as db:
            db.execute(
                "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, 1 + (SELECT coalesce(max(used), 0)"
                " FROM runs), ?) ON CONFLICT (name) DO UPDATE SET used = excluded.used",
                (
                    recipe.run,
                    recipe.backbone,
                    recipe.weights_hash,
                    recipe.image_size,
                    recipe.pooling,
                    recipe.dimensions,
                    recipe.precision,
                ),
            )

    def runs(self) -> list[Recipe]:
        """Return the recipes of all runs, the latest first."""
        rows = self.query(
            "SELECT backbone, weights_hash, image_size, pooling, dimensions, precision FROM runs"
            " ORDER BY used DESC"
        )
        return [Recipe(*row) for row in rows]

    def embedded(self, run: str) -> list[tuple[str, str, int]]:
        """Return (path, label, row) of each image the run has embedded and that has not changed."""
        rows = self.query(
            f"SELECT items.path, {edits.SHOWN}, max(embedded.row) {EMBEDDED_AND_UNCHANGED}"
            " GROUP BY items.id ORDER BY items.position",
            (run,),
        )
        return [(loaded(path), loaded(label), row) for path, label, row in rows]

    def not_embedded(self, run: str) -> dict[int, str]:
        """Return the paths of the images that the run has not embedded, by their numbers."""
        rows = self.query(
            "SELECT id, path FROM items WHERE position IS NOT NULL"
            f" AND id NOT IN (SELECT items.id {EMBEDDED_AND_UNCHANGED})",
            (run,),
        )
        return {item: loaded(path) for item, path in rows}

    def embedded_aside(self, run: str) -> list[int]:
        """Return the rows of the excluded images that were moved out of the dataset."""
        rows = self.query(
            "SELECT row FROM embedded JOIN items ON items.id = embedded.item"
            " WHERE run = ? AND aside",
            (run,),
        )
        return [row for (row,) in rows]

    def has_embedded(self, run: str) -> bool:
        """Whether the run has embedded any image that has not changed."""
        return bool(self.query(f"SELECT 1 {EMBEDDED_AND_UNCHANGED} LIMIT 1", (run,)))

    def next_row(self, run: str) -> int:
        """Return the row behind the last one that is vouched for."""
        ((row,),) = self.query(
            "SELECT coalesce(max(row) + 1, 0) FROM embedded WHERE run = ?", (run,)
        )
        return int(row)

    def add_embedded(
        self,
        run: str,
        first_row: int,
        images: Iterable[ImageFile],
        problems: Iterable[Skipped],
    ) -> None:
        """Vouch for rows that are on disk, and note which images could not be read."""
        with self.transaction() as db:
            db.executemany(
                "INSERT INTO embedded SELECT ?, ?, id, ?, ? FROM items WHERE path = ?",
                [
                    (run, first_row + offset, image.size, image.mtime_ns, stored(image.path))
                    for offset, image in enumerate(images)
                ],
            )
            db.executemany(
                "UPDATE items SET problem = ? WHERE path = ?",
                [(problem.reason, stored(problem.path)) for problem in problems],
            )
            db.execute(
                "UPDATE items SET problem = NULL WHERE problem IS NOT NULL AND id IN"
                " (SELECT item FROM embedded WHERE run = ? AND row >= ?)",
                (run, first_row),
            )

    def forget_embedded(self, run: str) -> None:
        """Vouch for no row of the run any more."""
        with self.transaction() as db:
            db.execute("DELETE FROM embedded WHERE run = ?", (run,))

    def _check(self) -> None:
        if self._db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("quick_check failed")
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise EngineError(
                f"The workspace “{self._file.parent}” was made by a newer version of Image "
                "Embedding; update the program or choose another place for the workspace."
            )
        tables = {row[0] for row in self._db.execute("SELECT name FROM sqlite_master")}
        if version < 1 or not {"dataset", "items", "runs", "embedded"} <= tables:
            raise sqlite3.DatabaseError("not a catalogue")
        for older in range(version, VERSION):
            self._db.executescript(
                f"BEGIN; {UPDATES[older]} PRAGMA user_version={older + 1}; COMMIT"
            )

    def query(self, sql: str, values: tuple[object, ...] = ()) -> list[Any]:
        """Return the rows that a question gives."""
        with self._errors():
            return self._db.execute(sql, values).fetchall()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write all that is done in the block, or nothing of it."""
        with self._errors(), self._db:
            yield self._db

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        """Say what SQLite's errors mean to the user."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise EngineError(
                    f"The workspace “{self._file.parent}” is in use by another program; "
                    "close that one and try again."
                ) from error
            with disk_errors(self._file.parent):
                raise OSError(_errno(error), str(error)) from error
        except sqlite3.DatabaseError as error:
            raise EngineError(
                f"The workspace “{self._file.parent}” is damaged; move that folder away and "
                "extract again, the images themselves are untouched."
            ) from error


def _errno(error: sqlite3.OperationalError) -> int:
    return errno.ENOSPC if "full" in str(error) else errno.EACCES
