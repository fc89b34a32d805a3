"""What cleanlab says of labels: run by `bench_quality.py` in an environment of cleanlab's own.

Each ``NAME.in.npz`` of a folder holds ``truth`` (M,) and ``probabilities`` (M, C); the scores of
every way of cleanlab's go into ``NAME.out.npz``: (M,) each, the larger the more suspicious.
"""

import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores

SCORES = ("self_confidence", "normalized_margin", "confidence_weighted_entropy")
FILTERS = (
    "prune_by_noise_rate",
    "prune_by_class",
    "both",
    "confident_learning",
    "predicted_neq_given",
    "low_normalized_margin",
    "low_self_confidence",
)


def main(folder: Path) -> None:
    """Answer every question in the folder."""
    warnings.simplefilter("ignore")
    for asked in sorted(folder.glob("*.in.npz")):
        with np.load(asked) as question:
            ways = dict(_ways(question["truth"], question["probabilities"]))
        np.savez(asked.with_name(asked.name.replace(".in.", ".out.")), **ways)


def _ways(truth: np.ndarray, likely: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    for score in SCORES:
        for adjust in (False, True):
            if adjust and score == "confidence_weighted_entropy":  # which cleanlab refuses
                continue
            name = f"{score}{', adjusted' if adjust else ''}"
            kind = {"method": score, "adjust_pred_probs": adjust}
            yield name, -get_label_quality_scores(truth, likely, **kind)
            for filtered in FILTERS:
                found = _first_found(truth, likely, filtered, score, adjust)
                if found is not None:
                    yield f"{filtered} by {name}", found


def _first_found(
    truth: np.ndarray, likely: np.ndarray, filtered: str, score: str, adjust: bool
) -> np.ndarray | None:
    """Put what `find_label_issues` finds first, the rest after it by the same score."""
    kind = {"method": score, "adjust_pred_probs": adjust}
    try:
        rows = find_label_issues(
            truth,
            likely,
            filter_by=filtered,
            return_indices_ranked_by=score,
            rank_by_kwargs={"adjust_pred_probs": adjust},
            n_jobs=1,
        )
    except ValueError:  # a combination that it refuses
        return None
    quality = get_label_quality_scores(truth, likely, **kind)
    order = [*rows, *np.setdiff1d(np.argsort(quality), rows, assume_unique=True)]
    suspicion = np.empty(len(truth))
    suspicion[order] = np.arange(len(truth), 0, -1)
    return suspicion


if __name__ == "__main__":
    main(Path(sys.argv[1]))
