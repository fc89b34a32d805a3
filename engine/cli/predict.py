"""The command that names pictures with a trained classifier."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine import pipeline
from engine.cli.arguments import Answer, add_command, at_least_one
from engine.pipeline import Prediction
from engine.progress import Progress
from engine.values import Skipped, printable


def add(commands: Any, name: str) -> None:
    """Add the command to the parser."""
    command = add_command(commands, name, _run, _describe, "tell the classes of pictures")
    command.add_argument("model", metavar="MODEL", type=Path, help="folder of a model")
    command.add_argument("paths", metavar="PATH", type=Path, nargs="+", help="pictures or folders")
    command.add_argument("--top", metavar="N", type=at_least_one, default=3, help="classes: 3")
    command.add_argument(
        "--sort-into",
        metavar="DIR",
        type=Path,
        help="copy each picture into the folder of its class in DIR; nothing is written over",
    )
    command.add_argument(
        "--unsure-below",
        metavar="P",
        type=float,
        default=0.7,
        help="with --sort-into: less probable ones go into DIR/unsure; default: 0.7",
    )


def _run(options: argparse.Namespace, progress: Progress) -> Answer:
    if options.sort_into is None:
        return _told(*pipeline.predict_files(options.model, options.paths, options.top, progress))
    done = pipeline.sort_files(
        options.model, options.paths, options.sort_into, options.unsure_below, options.top, progress
    )
    return {**_told(done.predictions, done.skipped), "sorted": done.counts}


def _told(predictions: Sequence[Prediction], skipped: Sequence[Skipped]) -> Answer:
    return {
        "predictions": [
            {
                "path": str(each.path),
                "label": each.label,
                "probability": round(each.probability, 6),
                "top": [
                    {"label": label, "probability": round(likely, 6)} for label, likely in each.top
                ],
                "unlike": each.unlike,
            }
            for each in predictions
        ],
        "skipped": [{"path": item.path, "reason": item.reason} for item in skipped],
    }


def _describe(answer: Answer) -> str:
    lines = [
        f"{each['label']}  {each['probability']:.1%}  {each['path']}"
        + ("  (unlike anything it has learnt from)" if each["unlike"] else "")
        for each in answer["predictions"]
    ]
    lines += [f"skipped: {item['path']} {item['reason']}" for item in answer["skipped"]]
    if "sorted" in answer:
        counts = [f"{name}: {count}" for name, count in answer["sorted"].items()]
        lines.append(f"sorted: {', '.join(counts) or 'nothing'}")
    return printable("\n".join(lines))
