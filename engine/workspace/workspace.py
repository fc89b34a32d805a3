"""The workspace of one dataset folder: catalogue, embeddings and projections under one root."""

import contextlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from engine.errors import EngineError, WorkspaceBusyError
from engine.files import disk_errors
from engine.values import (
    Dataset,
    Embeddings,
    ImageFile,
    Recipe,
    Skipped,
    Vectors,
)
from engine.workspace.catalogue import Catalogue
from engine.workspace.derived import Derived
from engine.workspace.edits import Change, Edit, Edits, History
from engine.workspace.moves import Moves
from engine.workspace.record import Decision, Deed, read_decisions, read_deeds
from engine.workspace.vectors import read_rows, write_rows

CATALOGUE = "workspace.sqlite"


def is_workspace(folder: Path) -> bool:
    """Tell whether a folder holds a workspace, without opening it."""
    try:
        return (folder / CATALOGUE).is_file()
    except OSError:  # the folder may not be entered
        return False


class Workspace:
    """Everything that is kept about one dataset folder. Close it, or use it in a ``with``.

    One program at a time may write: hold `writing` around `set_dataset`, `add` and whatever writes
    to `moves`. What changes classes holds it itself. The dataset folder is never written to here.

    moves: the journal of the files that were moved.
    """

    def __init__(self, root: Path, catalogue: Catalogue) -> None:
        """Use `create` or `open` instead."""
        self.root = root
        self._catalogue = catalogue
        self._edits = Edits(catalogue)
        self.moves = Moves(catalogue)

    @classmethod
    def create(cls, root: Path) -> "Workspace":
        """Open the workspace at ``root``; make an empty one where there is none.

        Raises
        ------
        EngineError
            When the place cannot be written to, or holds a damaged or newer workspace.
        """
        root = root.expanduser().resolve()
        with disk_errors(root):
            root.mkdir(parents=True, exist_ok=True)
        return cls(root, Catalogue(root / CATALOGUE))

    @classmethod
    def open(cls, root: Path) -> "Workspace":
        """Open a workspace that exists.

        Raises
        ------
        EngineError
            When there is none, or it is damaged or newer than this program.
        """
        root = root.expanduser().resolve()
        if not is_workspace(root):
            raise EngineError(
                f"“{root}” is not a workspace (it has no {CATALOGUE}); "
                "make one with: image-embedding extract FOLDER."
            )
        return cls(root, Catalogue(root / CATALOGUE))

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the catalogue's file."""
        self._catalogue.close()

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Keep every other program from writing meanwhile.

        Raises
        ------
        WorkspaceBusyError
            At once, when another program is writing.
        """
        from filelock import FileLock, Timeout

        lock = FileLock(self.root / "writing.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise WorkspaceBusyError(
                f"Another run is writing to the workspace “{self.root}”; "
                "wait until it has finished or stop it."
            ) from None
        except OSError as error:
            with disk_errors(self.root):
                raise error
        try:
            yield
        finally:
            lock.release()

    @property
    def is_empty(self) -> bool:
        """Whether no dataset folder was ever read into this workspace."""
        return self._catalogue.folder() is None

    @property
    def folder(self) -> Path:
        """The dataset folder.

        Raises
        ------
        EngineError
            When no folder was ever read into this workspace.
        """
        recorded = self._catalogue.folder()
        if recorded is None:
            raise EngineError(
                f"The workspace “{self.root}” is empty; "
                "fill it with: image-embedding extract FOLDER --workspace WORKSPACE."
            )
        return self.root.parent / recorded

    def set_dataset(self, dataset: Dataset) -> None:
        """Note which images there are now; embeddings of unchanged ones stay valid.

        Those of a run whose array is no longer there are forgotten, so that they are made again.
        """
        for recipe in self.runs():
            if not self._vectors_file(recipe.run).exists():
                self._catalogue.forget_embedded(recipe.run)
        folder = dataset.folder
        # A folder beside its workspace is noted by name alone: the two may move or be copied
        # together.
        recorded = Path(folder.name) if folder.parent == self.root.parent else folder
        self._catalogue.set_images(recorded, dataset.images)

    def dataset(self) -> Dataset:
        """Return the images as they were when the folder was read last; the disk is not asked."""
        return Dataset(
            self.folder, tuple(self._catalogue.images()), tuple(self._catalogue.problems())
        )

    def assign(self, paths: Iterable[str], label: str) -> Edit | None:
        """Give images a class, "" to take it away; None when all have it already.

        Raises
        ------
        EngineError
            When another program is writing, a path is unknown, or no folder could have that name.
        """
        with self.writing():
            return self._edits.assign(paths, label)

    def rename_class(self, old: str, new: str) -> Edit | None:
        """Call a class otherwise; where there is a class of the new name the two become one.

        Raises
        ------
        EngineError
            When another program is writing, there is no such class, or no folder could have that
            name.
        """
        with self.writing():
            return self._edits.rename(old, new)

    def exclude(self, paths: Iterable[str], excluded: bool = True) -> Edit | None:
        """Leave images out of all that counts classes, or take them in again.

        None when all are so already.

        Raises
        ------
        EngineError
            When another program is writing, or a path is unknown.
        """
        with self.writing():
            return self._edits.exclude(paths, excluded)

    def review(self, paths: Iterable[str], kind: str, verdict: str) -> Edit | None:
        """Note what the user says of a finding about images: see `engine.quality.review`.

        None when it was said of all before.

        Raises
        ------
        EngineError
            When another program is writing, or a path is unknown.
        """
        with self.writing():
            return self._edits.review(paths, kind, verdict)

    def undo(self) -> Edit | None:
        """Take the latest edit back and return it, None when there is none.

        Raises
        ------
        EngineError
            When another program is writing.
        """
        with self.writing():
            return self._edits.undo()

    def redo(self) -> Edit | None:
        """Do again what was undone last and return it, None when there is nothing.

        Raises
        ------
        EngineError
            When another program is writing.
        """
        with self.writing():
            return self._edits.redo()

    def edits(self) -> list[Edit]:
        """Return all edits in the order in which they were made; those undone are at the end."""
        return self._edits.all()

    def history(self) -> History:
        """Say what `undo` and `redo` would do, and how many images could be moved."""
        return replace(
            self._edits.history(), unapplied=self.moves.unapplied(), applied=self.moves.applied()
        )

    def changes(self, edit: Edit) -> list[Change]:
        """Return what an edit did to each image, in the order of the dataset."""
        return self._edits.changes(edit)

    def changed(self, edit: Edit) -> list[ImageFile]:
        """Return the images that an edit is about as they are now, in the order of the dataset."""
        return self._edits.changed(edit)

    def deeds(self) -> list[Deed]:
        """Return what each edit did to each image, the first edit first."""
        return read_deeds(self._catalogue)

    def decisions(self) -> list[Decision]:
        """Return what became of every image, those that were moved out of the dataset last."""
        return read_decisions(self._catalogue)

    def use_run(self, recipe: Recipe) -> None:
        """Enter a run, or make it the latest when it is there."""
        self._catalogue.use_run(recipe)

    def runs(self) -> list[Recipe]:
        """Return the recipes of all runs, the latest first."""
        return self._catalogue.runs()

    def run(self, name: str | None = None) -> Recipe:
        """Return the recipe of the named run, of the latest one without a name.

        Raises
        ------
        EngineError
            When there is no such run, with the names of those that exist.
        """
        runs = {recipe.run: recipe for recipe in self.runs()}
        if not runs:
            raise EngineError(
                f"Nothing has been embedded in “{self.root}” yet; "
                "start with: image-embedding extract FOLDER."
            )
        if name is None:
            return next(iter(runs.values()))
        if name not in runs:
            raise EngineError(f"There is no run “{name}”; choose one of: {', '.join(runs)}.")
        return runs[name]

    def has_embeddings(self, run: str) -> bool:
        """Whether the run has embedded any image as it is now."""
        return self._catalogue.has_embedded(run)

    def pending(self, run: str) -> list[ImageFile]:
        """Return the images that the run has not embedded as they are now."""
        done = {path for path, _, _ in self._catalogue.embedded(run)}
        return [image for image in self._catalogue.images() if image.path not in done]

    def add(
        self,
        recipe: Recipe,
        images: Sequence[ImageFile],
        vectors: Vectors,
        problems: Sequence[Skipped] = (),
    ) -> None:
        """Keep the vectors of a batch: on disk first, vouched for in the catalogue afterwards.

        Parameters
        ----------
        recipe
            The run, entered before with `use_run`.
        images
            B images.
        vectors
            (B, D) float32, one row per image.
        problems
            Images that could not be read, with the reasons.

        Raises
        ------
        EngineError
            When the disk is full or cannot be written to. Earlier batches are kept.
        """
        first_row = self._catalogue.next_row(recipe.run)
        if len(vectors):
            write_rows(self._vectors_file(recipe.run), first_row, vectors)
        self._catalogue.add_embedded(recipe.run, first_row, images, problems)

    def embedded(self, run: str) -> dict[str, str]:
        """Return the class of each image that the run has embedded as it is now, by path."""
        return {path: label for path, label, _ in self._catalogue.embedded(run)}

    def embeddings(self, recipe: Recipe, only: Collection[str] | None = None) -> Embeddings:
        """Return what the run has embedded so far, in the order of the dataset.

        Parameters
        ----------
        recipe
            The run.
        only
            Paths of the images that are wanted, of which alone the vectors are read.

        Raises
        ------
        EngineError
            When the array on disk is damaged, or the run has embedded nothing yet.
        """
        entries = self._catalogue.embedded(recipe.run)
        if only is not None:
            entries = [entry for entry in entries if entry[0] in only]
        if not entries:
            raise EngineError(
                f"The run “{recipe.run}” has no embedded images; run the extraction again."
            )
        rows = [row for _, _, row in entries]
        return Embeddings(
            read_rows(self._vectors_file(recipe.run), rows, recipe.dimensions),
            tuple(path for path, _, _ in entries),
            tuple(label for _, label, _ in entries),
            recipe.run,
            self._catalogue.excluded(),
        )

    def derived(self, run: str) -> Derived:
        """Return what is kept of the run beside its vectors: projections and neighbours."""
        entries, aside = self._catalogue.embedded(run), self._catalogue.embedded_aside(run)
        others = self._catalogue.not_embedded(run)
        return Derived(self._run_folder(run), run, entries, aside, others)

    def _vectors_file(self, run: str) -> Path:
        return self._run_folder(run) / "vectors.npy"

    def _run_folder(self, run: str) -> Path:
        return self.root / "embeddings" / run
