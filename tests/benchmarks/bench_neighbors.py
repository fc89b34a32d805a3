"""How long neighbours take, beside what NumPy alone does with the same numbers.

Usage, from the project's folder:

    .venv/bin/python tests/benchmarks/bench_neighbors.py [--vectors 100000] [--graph 20000]

Vectors of 1,280 numbers lie along a few directions in 500 groups, as embeddings do. Only ratios of
one call mean anything.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from engine.memory import peak_memory_mb  # noqa: E402
from engine.neighbors import NeighborIndex, knn_graph  # noqa: E402

WIDTH, GROUPS, DIRECTIONS = 1_280, 500, 24
QUERIES, K = 50, 10


def main() -> None:
    """Time queries and the graph of all neighbours."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vectors", type=int, default=100_000, help="for queries")
    parser.add_argument("--graph", type=int, default=20_000, help="for all neighbours of all")
    options = parser.parse_args()
    queries(options.vectors)
    graph(options.graph)


def mixture(count: int) -> np.ndarray:
    """Return (count, WIDTH) float32."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(GROUPS, WIDTH)).astype(np.float32)
    directions = rng.normal(size=(GROUPS, DIRECTIONS, WIDTH)).astype(np.float32) / 2
    vectors = np.empty((count, WIDTH), np.float32)
    for number, rows in enumerate(np.array_split(np.arange(count), GROUPS)):
        along = rng.normal(size=(len(rows), DIRECTIONS)).astype(np.float32)
        vectors[rows] = centres[number] + along @ directions[number]
    return vectors


def queries(count: int) -> None:
    """Compare one query with one product of a matrix and a vector."""
    vectors = mixture(count)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    index, build = timed(lambda: NeighborIndex(vectors))
    rows = np.random.default_rng(1).choice(count, QUERIES, replace=False)
    bare = [timed(lambda row=row: np.argsort(-(unit @ unit[row]))[:K]) for row in rows]
    ours = [timed(lambda row=row: index.query(vectors[row], K)[0]) for row in rows]
    pairs = zip(bare, ours, strict=True)
    recall = np.mean([len(set(b) & set(o)) / K for (b, _), (o, _) in pairs])
    bare_ms, our_ms = (1_000 * statistics.median(t for _, t in runs) for runs in (bare, ours))
    print(
        f"query among {count:,} x {WIDTH:,}: {our_ms:.1f} ms, bare product {bare_ms:.1f} ms "
        f"({our_ms / bare_ms:.2f}), recall {recall:.3f}, built in {build:.1f} s",
        flush=True,
    )


def graph(count: int) -> None:
    """Find all neighbours of all; judge a sample against the truth."""
    vectors = mixture(count)
    found, seconds = timed(lambda: knn_graph(vectors, 15))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = np.random.default_rng(1).choice(count, 200, replace=False)
    apart, product = timed(lambda: unit[rows] @ unit.T)
    true = np.argsort(-apart, axis=1)[:, 1:16]
    recall = np.mean(
        [len(set(found.indices[r]) & set(t)) / 15 for r, t in zip(rows, true, strict=True)]
    )
    whole = product * count / len(rows)
    print(
        f"15 neighbours of {count:,} x {WIDTH:,}: {seconds:.1f} s, the products alone for all with "
        f"all {whole:.1f} s, recall {recall:.3f}, peak {peak_memory_mb():.0f} MB"
    )


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    """Return what a call returns, and its seconds."""
    started = time.perf_counter()
    result = call()
    return result, time.perf_counter() - started


if __name__ == "__main__":
    main()
