"""How well wrong labels are found, beside cleanlab, and how long very many images take.

Usage, from the project's folder:

    .venv/bin/python tests/benchmarks/bench_quality.py WORKSPACE... [--seeds 10 11 12]
    .venv/bin/python tests/benchmarks/bench_quality.py WORKSPACE --images 100000

Labels of a share of the images are flipped: at random, or to the class that is most similar by the
means of the embeddings. Each line gives average precision (the area under precision and recall) and
the precision among as many as were flipped, as means over the seeds, of

    ours      what the command ``quality`` ranks by
    same      our judgement with the very probabilities that cleanlab gets, those of the regression
    theirs    the best for this line of all ways of cleanlab's with just these probabilities
    default   cleanlab's ``find_label_issues`` as it comes, on the probabilities of the regression
    best      the best for this line of all ways of cleanlab's, on the probabilities of the
              regression or on those that ours starts with; its name stands at the end
    on ours   the best of them on the probabilities that ours ends with, which learn from labels
              that ours has repaired

and of how many seeds ours has at least the average precision of the best for that seed, and
"same" that of "theirs".

The settings of ours were chosen with seeds 0 to 2. The data may have wrong labels of its own; they
count against all alike. cleanlab is installed once, by pip, into a folder of its own below the
user's cache folder. A missing embedding is made with ``image-embedding extract``.
"""

import argparse
import subprocess
import sys
import tempfile
import time
import venv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import platformdirs
from threadpoolctl import threadpool_limits

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from engine.classifier import train  # noqa: E402
from engine.memory import peak_memory_mb  # noqa: E402
from engine.neighbors import knn_graph  # noqa: E402
from engine.pipeline.graph import METRIC, NEIGHBORS, KnownRun, read_run  # noqa: E402
from engine.progress import Progress  # noqa: E402
from engine.quality.discriminant import deal, in_folds, reduced  # noqa: E402
from engine.quality.label_issues import FOLDS, judged, label_issues, passes  # noqa: E402
from engine.quality.label_noise import Witnesses, neighbor_votes  # noqa: E402
from engine.values import Embeddings, natural_key  # noqa: E402

CLEANLAB = "cleanlab==2.9.0"
ITS_DEFAULT = "prune_by_noise_rate by self_confidence"
CLEANED, REGRESSION = "last pass", "regression"
KINDS = ("random", "similar")
Scores = dict[str, tuple[float, float]]  # average precision, precision at the number of flips


@dataclass(frozen=True)
class Flipped:
    """A dataset with wrong labels: what ours says of them, and what cleanlab is asked."""

    name: str
    wrong: np.ndarray
    truth: np.ndarray
    ours: dict[str, np.ndarray]
    probabilities: dict[str, np.ndarray]


def main() -> None:
    """Print one line for each dataset, kind and share of flips, or the time of many images."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workspaces", nargs="+", type=Path, metavar="WORKSPACE")
    parser.add_argument("--seeds", nargs="+", type=int, default=[10, 11, 12, 13, 14])
    parser.add_argument("--shares", nargs="+", type=float, default=[0.1, 0.2])
    parser.add_argument("--images", type=int, help="time so many made from the real ones, instead")
    options = parser.parse_args()
    for workspace in options.workspaces:
        known = read_run(workspace, None, Progress())
        if options.images:
            time_many(known, options.images)
            continue
        print(f"{known.folder.name}: average precision, precision at the number of flips")
        for share in options.shares:
            for kind in KINDS:
                print(line(known, kind, share, options.seeds), flush=True)


def line(known: KnownRun, kind: str, share: float, seeds: list[int]) -> str:
    """Return the figures of one way to flip, as means over the seeds."""
    every: dict[str, list[tuple[float, float]]] = defaultdict(list)
    with threadpool_limits(1):  # see engine.fitting.FEW_NUMBERS
        flipped = [flip_and_judge(known, kind, share, seed) for seed in seeds]
    for each, theirs in zip(flipped, ask_cleanlab(flipped), strict=True):
        for name, suspicion in (each.ours | theirs).items():
            every[name].append(figures(each.wrong, suspicion))
    means = {name: np.mean(values, axis=0) for name, values in every.items()}
    theirs = [name for name in means if " | " in name]
    raw = [name for name in theirs if not name.startswith(CLEANED)]
    same = [name for name in raw if name.startswith(REGRESSION)]
    columns = {
        "ours": means["ours"],
        "same": means["same"],
        "theirs": np.max([means[name] for name in same], axis=0),
        "default": means[f"{REGRESSION} | {ITS_DEFAULT}"],
        "best": np.max([means[name] for name in raw], axis=0),
        "on ours": np.max([means[name] for name in theirs if name not in raw], axis=0),
    }
    wins, same_wins = (
        sum(
            one[0] >= max(every[name][place][0] for name in others)
            for place, one in enumerate(every[mine])
        )
        for mine, others in (("ours", raw), ("same", same))
    )
    text = "  ".join(f"{title} {one:.4f} {two:.4f}" for title, (one, two) in columns.items())
    best = max(raw, key=lambda name: means[name][0])
    return f"{share:4.0%} {kind:8} {text}  {wins} and {same_wins} of {len(seeds)} ({best})"


def flip_and_judge(known: KnownRun, kind: str, share: float, seed: int) -> Flipped:
    """Flip labels, and judge them."""
    classes = sorted({label for label in known.embeddings.labels if label}, key=natural_key)
    right = np.array([classes.index(label) for label in known.embeddings.labels])
    truth = flipped(known.embeddings, right, len(classes), kind, share, seed)
    labels = tuple(classes[number] for number in truth)
    embeddings = replace(known.embeddings, labels=labels)
    training = train(embeddings, known.graph)
    issues = label_issues(embeddings, known.graph)
    if not len(training.rows) == len(issues.rows) == len(right):
        raise SystemExit("every image must have a class, and every class two pictures")
    # What label_issues does, once more for the probabilities that it starts and ends with.
    groups = np.arange(len(truth))
    votes = neighbor_votes(known.graph, np.arange(len(truth)), truth, groups, len(classes))
    folds = in_folds(reduced(embeddings.vectors), deal(truth, groups, FOLDS))
    first, *_, last = passes(folds, votes, truth)
    likely = np.log(np.maximum(training.probabilities, 1e-12))
    return Flipped(
        name=f"{kind}-{share}-{seed}",
        wrong=truth != right,
        truth=truth,
        ours={
            "ours": issues.suspicion,
            "same": judged(Witnesses(likely, votes), truth)[0],
        },
        probabilities={
            REGRESSION: training.probabilities,
            "first pass": as_probabilities(first.evidence),
            CLEANED: as_probabilities(last.evidence),
        },
    )


def flipped(
    embeddings: Embeddings, right: np.ndarray, classes: int, kind: str, share: float, seed: int
) -> np.ndarray:
    """Return classes, numbered, of which a share is wrong."""
    rng = np.random.default_rng(seed)
    rows = rng.choice(len(right), round(share * len(right)), replace=False)
    given = right.copy()
    if kind == "random":
        given[rows] = (right[rows] + rng.integers(1, classes, len(rows))) % classes
        return given
    vectors = embeddings.vectors / np.linalg.norm(embeddings.vectors, axis=1, keepdims=True)
    vectors -= vectors.mean(axis=0)
    means = np.stack([vectors[right == number].mean(axis=0) for number in range(classes)])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    alike = means @ means.T
    np.fill_diagonal(alike, -np.inf)
    given[rows] = alike.argmax(axis=1)[right[rows]]
    return given


def as_probabilities(logarithms: np.ndarray) -> np.ndarray:
    """Return (M, C) float64 rows that add up to 1."""
    likely = np.exp(logarithms.astype(np.float64) - logarithms.max(axis=1, keepdims=True))
    return likely / likely.sum(axis=1, keepdims=True)


def figures(wrong: np.ndarray, suspicion: np.ndarray) -> tuple[float, float]:
    """Return average precision, and precision among as many as are wrong."""
    from sklearn.metrics import average_precision_score

    first = np.argsort(-suspicion, kind="stable")[: wrong.sum()]
    return float(average_precision_score(wrong, suspicion)), float(wrong[first].mean())


def ask_cleanlab(flipped: list[Flipped]) -> Iterator[dict[str, np.ndarray]]:
    """Yield what every way of cleanlab's says, of each of the datasets."""
    script = Path(__file__).with_name("cleanlab_scores.py")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for each in flipped:
            for source, likely in each.probabilities.items():
                file = folder / f"{each.name}-{source}.in.npz"
                np.savez(file, truth=each.truth, probabilities=likely)
        subprocess.run([cleanlab_python(), script, folder], check=True)
        for each in flipped:
            said = {}
            for source in each.probabilities:
                with np.load(folder / f"{each.name}-{source}.out.npz") as answer:
                    said |= {f"{source} | {name}": answer[name] for name in answer.files}
            yield said


def cleanlab_python() -> Path:
    """Return the Python that has cleanlab, installed on the first call."""
    folder = platformdirs.user_cache_path("image-embedding-benchmarks") / CLEANLAB
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists() or subprocess.run([python, "-c", "import cleanlab"]).returncode:
        print(f"Installing {CLEANLAB} into {folder}", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", CLEANLAB], check=True)
    return python


def time_many(known: KnownRun, count: int) -> None:
    """Time images that lie between two real ones of a class, with noise, a tenth mislabelled."""
    rng = np.random.default_rng(0)
    labels = np.array(known.embeddings.labels)
    vectors = known.embeddings.vectors
    rows = rng.integers(0, len(labels), count)
    of_class = {label: np.flatnonzero(labels == label) for label in sorted(set(labels))}
    mates = np.array([rng.choice(of_class[labels[row]]) for row in rows])
    made = np.empty((count, vectors.shape[1]), np.float32)
    for start in range(0, count, 4096):
        part = slice(start, start + 4096)
        share = rng.uniform(0, 0.5, (len(rows[part]), 1)).astype(np.float32)
        noise = rng.normal(0, 0.05, (len(rows[part]), vectors.shape[1])).astype(np.float32)
        mixed = (1 - share) * vectors[rows[part]] + share * vectors[mates[part]]
        made[part] = np.maximum(mixed + noise, 0)
    given = labels[rows].copy()
    wrong = rng.random(count) < 0.1
    given[wrong] = rng.choice(list(of_class), wrong.sum())
    wrong = given != labels[rows]
    embeddings = Embeddings(made, tuple(map(str, range(count))), tuple(map(str, given)), "made")
    started = time.perf_counter()
    graph = knn_graph(made, NEIGHBORS, METRIC)
    searched = time.perf_counter()
    issues = label_issues(embeddings, graph)
    done = time.perf_counter()
    print(
        f"{count:,} images: labels judged in {done - searched:.1f} s, neighbours (kept with the "
        f"run) found in {searched - started:.1f} s, average precision "
        f"{figures(wrong, issues.suspicion)[0]:.4f}, peak memory {peak_memory_mb():.0f} MB"
    )


if __name__ == "__main__":
    main()
