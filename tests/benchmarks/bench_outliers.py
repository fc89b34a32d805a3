"""Whether strange pictures are found among a dataset's own, and how long the stages take.

    .venv/bin/python tests/benchmarks/bench_outliers.py WORKSPACE WORKSPACE...
    .venv/bin/python tests/benchmarks/bench_outliers.py --images 100000

Pictures of each other workspace, as many as one in a hundred, are put into a dataset under its
classes at random; the workspaces must have been embedded alike. With ``--images``, generated
embeddings, hashes and facts are searched for duplicates, outliers and odd pictures.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from engine.memory import peak_memory_mb  # noqa: E402
from engine.neighbors import knn_graph  # noqa: E402
from engine.quality.duplicates import find_duplicates  # noqa: E402
from engine.quality.odd_pictures import find_odd_pictures  # noqa: E402
from engine.quality.outliers import find_outliers, outlier_scores  # noqa: E402
from engine.quality.picture_facts import PictureFacts  # noqa: E402
from engine.values import Embeddings, ImageFile, KnnGraph  # noqa: E402
from engine.workspace import Workspace  # noqa: E402

NEIGHBORS, ROUNDS, STRANGE = 15, 5, 100


def found(own: Embeddings, other: Embeddings) -> str:
    """Put pictures of the one into the other, several times, and say what is found."""
    rng = np.random.default_rng(0)
    count = len(own.paths) // STRANGE
    labels = np.array(own.labels, object)
    is_strange = np.arange(len(labels) + count) >= len(labels)
    results = []
    for _ in range(ROUNDS):
        some = rng.choice(len(other.paths), count, replace=False)
        vectors = np.concatenate([own.vectors, other.vectors[some]])
        given = np.concatenate([labels, rng.choice(labels, count)])
        scores = outlier_scores(knn_graph(vectors, NEIGHBORS), given.tolist())
        first = np.argsort(-scores, kind="stable")[:count]
        is_found = scores > 0.5
        results.append(
            (
                roc_auc_score(is_strange, scores),
                is_strange[first].mean(),
                is_found[is_strange].mean(),
                is_found[~is_strange].sum(),
            )
        )
    area, top, recall, wrong = np.mean(results, axis=0)
    return (
        f"area under the curve {area:.3f}, {top:.0%} of the first {count} are strange, "
        f"{recall:.0%} are reported and {wrong:.1f} of the dataset's own"
    )


def timings(count: int) -> None:
    """Time each stage on generated numbers; one picture in twenty is a copy."""
    rng = np.random.default_rng(0)
    copies = count // 20
    hashes = rng.integers(0, 2**63, (count, 2, 4), dtype=np.uint64)
    hashes[-copies:] = hashes[:copies] ^ np.uint64(1 << 17)
    images = [ImageFile(f"{n % 10}/{n}.jpg", str(n % 10), 1000 + n, 0) for n in range(count)]
    paths, labels = tuple(i.path for i in images), tuple(i.label for i in images)
    levels = np.sort(rng.integers(0, 256, (count, 5)), axis=1).astype(np.uint8)
    sizes = rng.integers(200, 800, (count, 2)).astype(np.int32)
    sharpness, information = rng.uniform(0.5, 1, (2, count)).astype(np.float32)
    facts = PictureFacts(paths, sizes, levels, sharpness, information, hashes)
    graph = KnnGraph(
        rng.integers(0, count, (count, NEIGHBORS)),
        np.sort(rng.gamma(4, 0.05, (count, NEIGHBORS)), axis=1).astype(np.float32),
        "cosine",
    )
    embeddings = Embeddings(np.zeros((count, 1280), np.float32), paths, labels, "run")
    before = peak_memory_mb()
    stages = {
        "duplicates": lambda: find_duplicates(Path(), images, embeddings, graph, facts).findings,
        "outliers": lambda: find_outliers(embeddings, graph),
        "odd pictures": lambda: find_odd_pictures(images, facts),
    }
    for name, stage in stages.items():
        started = time.perf_counter()
        number = len(stage())
        print(f"{name} of {count:,}: {time.perf_counter() - started:.1f} s, {number:,} found")
    print(f"at the peak {peak_memory_mb() - before:.0f} MB more than the data")


def main() -> None:
    """Print a line for each pair of workspaces, or the timings."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workspaces", nargs="*", type=Path)
    parser.add_argument("--images", type=int, help="generate so many instead, and time")
    options = parser.parse_args()
    if options.images:
        timings(options.images)
    known = {}
    for root in options.workspaces:
        with Workspace.open(root) as workspace:
            known[root.stem] = workspace.embeddings(workspace.run())
    for name, own in known.items():
        for other in known.keys() - {name}:
            print(f"{other} in {name}: {found(own, known[other])}")


if __name__ == "__main__":
    main()
