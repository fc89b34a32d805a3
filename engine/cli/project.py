"""The command that makes a map."""

import argparse
import time
from pathlib import Path
from typing import Any

from engine import pipeline
from engine.cli.arguments import Answer, add_command, seed
from engine.errors import EngineError
from engine.progress import Progress
from engine.projection.options import METHODS, METRICS, ProjectionOptions
from engine.values import printable


def add(commands: Any, name: str) -> None:
    """Add the command to the parser."""
    command = add_command(commands, name, _run, _describe, "make a map of the embeddings")
    command.add_argument("workspace", metavar="WORKSPACE", type=Path)
    command.add_argument("--method", choices=METHODS, default="pca")
    command.add_argument("--dims", type=int, choices=(2, 3), default=3)
    command.add_argument("--perplexity", metavar="P", type=float, default=30.0, help="t-SNE: 30")
    command.add_argument("--neighbors", metavar="N", type=int, default=15, help="UMAP: 15")
    command.add_argument("--min-dist", metavar="D", type=float, default=0.1, help="UMAP: 0.1")
    command.add_argument("--metric", choices=METRICS, default="cosine", help="UMAP and t-SNE")
    command.add_argument(
        "--axis", metavar=("FROM", "TO"), nargs=2, default=("", ""), help="axes: two classes"
    )
    command.add_argument("--seed", metavar="N", type=seed, default=0)
    command.add_argument("--run", metavar="NAME", help="default: the latest")
    command.add_argument("--image", metavar="FILE.png", type=Path, help="also draw the map")


def _run(options: argparse.Namespace, progress: Progress) -> Answer:
    started = time.perf_counter()
    choices = ProjectionOptions(
        method=options.method,
        dims=options.dims,
        seed=options.seed,
        neighbors=options.neighbors,
        min_dist=options.min_dist,
        perplexity=options.perplexity,
        metric=options.metric,
        axis=tuple(options.axis),
    )
    projection, file = pipeline.project(options.workspace, choices, options.run, progress)
    if options.image:
        pipeline.save_picture(options.workspace, projection, options.image)
        file = options.image
    elif file is None:
        raise EngineError(
            f"The map cannot be kept in “{options.workspace}”; allow writing there, or draw it "
            "elsewhere: --image FILE.png."
        )
    return {
        "method": projection.method,
        "dims": projection.dims,
        "points": len(projection.points),
        "seconds": round(time.perf_counter() - started, 3),
        "file": str(file),
        "run": projection.run,
    }


def _describe(answer: Answer) -> str:
    return printable(
        f"{answer['points']} points in {answer['dims']} dimensions by {answer['method']} "
        f"in {answer['seconds']:.1f} s: {answer['file']}"
    )
