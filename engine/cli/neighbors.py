"""The command that finds what is similar to a picture."""

import argparse
import time
from pathlib import Path
from typing import Any

from engine import pipeline
from engine.cli.arguments import Answer, add_command, at_least_one
from engine.progress import Progress
from engine.projection.options import METRICS
from engine.values import printable


def add(commands: Any, name: str) -> None:
    """Add the command to the parser."""
    text = "list the images most similar to a picture"
    command = add_command(commands, name, _run, _describe, text)
    command.add_argument("workspace", metavar="WORKSPACE", type=Path)
    command.add_argument("image", metavar="IMAGE", help="of the dataset folder, or any other file")
    command.add_argument("--k", metavar="N", type=at_least_one, default=10)
    command.add_argument("--metric", choices=METRICS, default="cosine")
    command.add_argument("--run", metavar="NAME", help="default: the latest")


def _run(options: argparse.Namespace, progress: Progress) -> Answer:
    started = time.perf_counter()
    similar = pipeline.Similar.open(options.workspace, options.run, options.metric, progress)
    found = similar.to(options.image, options.k, progress)
    return {
        "neighbors": [
            {"path": item.path, "label": item.label, "distance": round(item.distance, 6)}
            for item in found
        ],
        "seconds": round(time.perf_counter() - started, 3),
        "run": similar.run,
    }


def _describe(answer: Answer) -> str:
    rows = [
        f"{item['distance']:.4f}  {item['path']}"
        + (f"  ({item['label']})" if item["label"] else "")
        for item in answer["neighbors"]
    ]
    return printable("\n".join(rows))
