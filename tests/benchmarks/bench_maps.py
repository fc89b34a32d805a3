"""How long a map takes and how far it can be believed: ours beside other well-kept ones.

Usage, from the project's folder:

    .venv/bin/python tests/benchmarks/bench_maps.py WORKSPACE [--points 2000,20000] [--dims 3]

The vectors of the workspace are multiplied to the number of points by mixing each with one of its
neighbours. Every way runs in a process of its own that imports what it needs; those whose library
is not installed (umap-learn and manifolds-rs are no dependencies) are left out. Seconds include the
import and the search for neighbours; only ratios of one call mean anything.

    kept    share of the 15 true neighbours that are among the 15 nearest on the map
    trust   trustworthiness (Venna and Kaski 2001) of a sample of 2,000 points
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from engine.memory import peak_memory_mb  # noqa: E402
from engine.neighbors import knn_graph  # noqa: E402
from engine.values import Embeddings  # noqa: E402
from engine.workspace import Workspace  # noqa: E402

SAMPLE = 2_000
NEIGHBORS = 15


def main() -> None:
    """Compare the ways for each number of points."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--points", default="2000,20000")
    parser.add_argument("--dims", type=int, default=3)
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    counts = [int(count) for count in options.points.split(",")]
    if options.way:
        print(json.dumps(measure(options.workspace, options.way, counts[0], options.dims)))
        return
    for count in counts:
        print(f"\n{count:,} points in {options.dims} dimensions")
        print(f"{'':<22}{'seconds':>9}{'of ours':>9}{'kept':>7}{'trust':>7}{'peak MB':>9}")
        ours = 0.0
        for way in options.ways.split(","):
            answer = in_own_process(options, way, count)
            if isinstance(answer, str):
                print(f"{way:<22}  {answer}")
                continue
            ours = ours or answer["seconds"]
            print(
                f"{way:<22}{answer['seconds']:>9.1f}{answer['seconds'] / ours:>9.2f}"
                f"{answer['kept']:>7.3f}{answer['trust']:>7.3f}{answer['peak']:>9.0f}",
                flush=True,
            )


def in_own_process(options: argparse.Namespace, way: str, count: int) -> dict[str, float] | str:
    """Return what a way measured, or the last line of why it could not."""
    call = [sys.executable, __file__, str(options.workspace), "--way", way]
    call += ["--points", str(count), "--dims", str(options.dims)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["failed"])[-1]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def measure(root: Path, way: str, count: int, dims: int) -> dict[str, float]:
    """Make one map and judge it."""
    vectors = multiplied(root, count)
    started = time.perf_counter()
    points = WAYS[way](vectors, dims)
    seconds = time.perf_counter() - started
    peak = peak_memory_mb()
    return {"seconds": seconds, "peak": peak, **judged(vectors, points)}


def multiplied(root: Path, count: int) -> np.ndarray:
    """Return (count, D) float32: the vectors of a workspace, mixed with their neighbours."""
    with Workspace.open(root) as workspace:
        vectors = workspace.embeddings(workspace.run()).vectors
    if count <= len(vectors):
        return vectors[:count]
    rng = np.random.default_rng(0)
    near = knn_graph(vectors, NEIGHBORS).indices
    first = rng.integers(0, len(vectors), count)
    second = near[first, rng.integers(0, NEIGHBORS, count)]
    share = rng.random((count, 1), dtype=np.float32)
    return np.asarray(vectors[first] * share + vectors[second] * (1 - share), np.float32)


def judged(vectors: np.ndarray, points: np.ndarray) -> dict[str, float]:
    """Judge a sample: its true neighbours among all, and those on the map."""
    from scipy.spatial import KDTree
    from sklearn.manifold import trustworthiness

    rng = np.random.default_rng(1)
    rows = rng.choice(len(vectors), min(SAMPLE, len(vectors)), replace=False)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    true = np.argsort(-(unit[rows[:500]] @ unit.T), axis=1)[:, 1 : NEIGHBORS + 1]
    found = KDTree(points).query(points[rows[:500]], NEIGHBORS + 1)[1][:, 1:]
    kept = np.mean([len(set(t) & set(f)) / NEIGHBORS for t, f in zip(true, found, strict=True)])
    trust = trustworthiness(unit[rows], points[rows], n_neighbors=NEIGHBORS)
    return {"kept": float(kept), "trust": float(trust)}


def embeddings_of(vectors: np.ndarray) -> Embeddings:
    """Return vectors without names."""
    names = tuple(map(str, range(len(vectors))))
    return Embeddings(vectors, names, names, "run")


def our_umap(vectors: np.ndarray, dims: int) -> np.ndarray:
    """As the program does it."""
    from engine.projection import umap

    return umap(embeddings_of(vectors), knn_graph(vectors, 14), dims).points


def our_tsne(vectors: np.ndarray, dims: int) -> np.ndarray:
    """As the program does it."""
    from engine.projection import tsne

    return tsne(embeddings_of(vectors), knn_graph(vectors, 90), dims).points


def fastumap(vectors: np.ndarray, dims: int) -> np.ndarray:
    """Its own neighbours and epochs."""
    from fastumap import umap_project

    made = umap_project(vectors.astype(np.float64), dims, metric="cosine", pca_dim=100)
    return np.asarray(made, np.float32)


def manifolds(vectors: np.ndarray, dims: int) -> np.ndarray:
    """The compiled manifolds-rs, approximate neighbours."""
    from manifolds_rs import UMAP

    model = UMAP(dims, metric="cosine", min_dist=0.1, ann="nndescent", n_epochs=200)
    return np.asarray(model.fit_transform(vectors), np.float32)


def umap_learn(vectors: np.ndarray, dims: int) -> np.ndarray:
    """The reference."""
    from umap import UMAP

    return np.asarray(UMAP(n_components=dims, metric="cosine").fit_transform(vectors), np.float32)


WAYS: dict[str, Callable[[np.ndarray, int], np.ndarray]] = {
    "ours (UMAP)": our_umap,
    "ours (t-SNE)": our_tsne,
    "fastumap alone": fastumap,
    "manifolds-rs UMAP": manifolds,
    "umap-learn": umap_learn,
}

if __name__ == "__main__":
    main()
