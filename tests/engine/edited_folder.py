"""A small folder of pictures with its workspace, and what disk and workspace say of it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from helpers import paint, recipe

from engine import pipeline
from engine.dataset import read_dataset
from engine.workspace import Workspace

RECIPE = recipe()
NAMES = ("5.png", "cat/1.png", "cat/2.png", "dog/1.png", "dog/3.png")


@contextmanager
def in_memory() -> Iterator[Path]:
    """A temporary folder in memory where the system has a disk there: each move is synced."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as place:
        yield Path(place).resolve()


def pictures(place: Path) -> Path:
    """Make four pictures in two classes and one without a class; each has its own content."""
    for number, name in enumerate(NAMES):
        paint(place / "pictures" / name, (number, 0, 0))
    return place / "pictures"


def workspace_of(folder: Path) -> Path:
    with Workspace.create(folder.with_name(f"{folder.name}.embedding")) as workspace:
        dataset = read_dataset(folder)
        workspace.set_dataset(dataset)
        workspace.use_run(RECIPE)
        numbers = np.arange(len(dataset.images), dtype=np.float32)
        workspace.add(RECIPE, dataset.images, np.repeat(numbers[:, None], 3, axis=1))
        return workspace.root


def disk(folder: Path) -> dict[str, bytes]:
    """All files of a folder, hidden ones too."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def catalogued(root: Path) -> dict[str, str]:
    """The images of the dataset with their classes."""
    with Workspace.open(root) as workspace:
        return {image.path: image.label for image in workspace.dataset().images}


def numbers(root: Path) -> dict[str, float]:
    """Which vector each image has."""
    with Workspace.open(root) as workspace:
        embeddings = workspace.embeddings(RECIPE)
    return dict(zip(embeddings.paths, embeddings.vectors[:, 0].tolist(), strict=True))


def counts(root: Path) -> tuple[int, int]:
    with Workspace.open(root) as workspace:
        history = workspace.history()
    return history.unapplied, history.applied


def moved(done) -> dict[str, str]:
    return {move.source: move.target for move in done.moves}


def read_again(root: Path, folder: Path) -> None:
    pipeline.settle_moves(root)
    with Workspace.open(root) as workspace:
        before = workspace.dataset()
        workspace.set_dataset(read_dataset(folder))
        assert workspace.dataset().images == before.images
