"""Pictures of two classes, each of its own colour, and vectors of them that are imported."""

import csv
from pathlib import Path

import numpy as np
from helpers import paint

from engine import pipeline

CLASSES, EACH = ("cat", "dog"), 12


def names() -> list[str]:
    """Where the pictures lie before any is moved."""
    return [f"{label}/{number}.png" for label in CLASSES for number in range(EACH)]


def two_classes(place: Path) -> Path:
    """Make the folder, and ``clip.npz`` beside it."""
    for number, path in enumerate(names()):
        paint(place / "pictures" / path, (10 * number, 250 - 10 * number, 0))
    save(place / "clip.npz", names())
    return place / "pictures"


def save(file: Path, paths: list[str], factor: float = 1) -> Path:
    """Write vectors for images that lay in the order of `names` where ``paths`` says."""
    rng = np.random.default_rng(0)
    centres = np.repeat(rng.normal(size=(len(CLASSES), 4)) * 3, EACH, axis=0)
    vectors = (centres + rng.normal(size=centres.shape)).astype(np.float32)
    np.savez(file, vectors=vectors * factor, paths=paths)
    return file


def imported(folder: Path) -> Path:
    """Import the vectors; returns the workspace."""
    return pipeline.import_vectors(folder.with_name("clip.npz"), folder).workspace


def projected(root: Path) -> dict[str, dict[str, str]]:
    """What TensorBoard's projector is told of each image."""
    export = pipeline.refresh_projector(root)
    (file,) = [file for file in export.files if file.name == "metadata.tsv"]
    with file.open(encoding="utf-8", newline="") as text:
        return {row["path"]: row for row in csv.DictReader(text, delimiter="\t")}
