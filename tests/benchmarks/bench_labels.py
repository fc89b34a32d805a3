"""How long the answer to a label takes: an edit, and what is learnt from all labels so far.

    .venv/bin/python tests/benchmarks/bench_labels.py [IMAGES]

Generated embeddings of 1,280 numbers in ten classes that overlap. The ratios are to the fit of the
classifier alone, in the same call.
"""

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from engine.fitting import ClassifierOptions, fitted
from engine.neighbors import knn_graph
from engine.suggestions import suggest
from engine.values import Dataset, Embeddings, ImageFile, KnnGraph, Vectors
from engine.workspace import Workspace

DIMENSIONS, CLASSES, DIRECTIONS = 1280, 10, 60


def main() -> None:
    """Print one line for each number of labels."""
    images = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    rng = np.random.default_rng(0)
    truth = rng.integers(0, CLASSES, images)
    codes = rng.normal(0, 2, (images, DIRECTIONS)) + rng.normal(size=(CLASSES, DIRECTIONS))[truth]
    mixed = codes @ rng.normal(0, 0.1, (DIRECTIONS, DIMENSIONS))
    vectors = np.maximum(mixed + rng.normal(0, 0.5, mixed.shape), 0).astype(np.float32)
    paths = tuple(f"{number}.png" for number in range(images))
    print(f"an edit of all {images:,} images: {_edit_seconds(paths):.2f} s")
    seconds, graph = _timed(lambda: knn_graph(vectors, 15, "cosine"))
    print(f"neighbours, once for a run: {seconds:.2f} s")
    fitted(vectors[:50], truth[:50], ClassifierOptions())  # what is imported is not timed
    for labelled in (0, 100, 1000, images // 2, images * 9 // 10):
        print(_line(vectors, paths, truth, graph, labelled))


def _line(
    vectors: Vectors, paths: tuple[str, ...], truth: np.ndarray, graph: KnnGraph, labelled: int
) -> str:
    names = [str(number) for number in truth]
    labels = (*names[:labelled], *[""] * (len(names) - labelled))
    embeddings = Embeddings(vectors, paths, labels, "run")
    whole, found = _timed(lambda: suggest(embeddings, graph))
    line = f"{labelled:>6,} labels: {whole:.2f} s"
    if labelled:
        learnt = vectors[:labelled], truth[:labelled], ClassifierOptions()
        fit, _ = _timed(lambda: fitted(*learnt))
        right = np.mean(np.array(found.labels) == np.array(names[labelled:]))
        line += f", fit alone {fit:.2f} s, ratio {whole / fit:.1f}, {right:.1%} of the rest right"
    return line


def _edit_seconds(paths: tuple[str, ...]) -> float:
    with tempfile.TemporaryDirectory() as place, Workspace.create(Path(place) / "w") as workspace:
        images = tuple(ImageFile(path, "", 1, 1) for path in paths)
        workspace.set_dataset(Dataset(Path(place), images))
        return _timed(lambda: workspace.assign(paths, "class"))[0]


def _timed(work):
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


if __name__ == "__main__":
    main()
