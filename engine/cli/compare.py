"""The command that compares backbones on a folder."""

import argparse
from pathlib import Path
from typing import Any

from engine import pipeline
from engine.cli.arguments import Answer, add_command
from engine.progress import Progress
from engine.values import printable

COLUMNS = ("backbone", "neighbours", "logistic", "silhouette", "dimensions", "images/s")


def add(commands: Any, name: str) -> None:
    """Add the command to the parser."""
    text = "tell which backbone separates the classes of a folder best"
    command = add_command(commands, name, _run, _describe, text)
    command.add_argument("folder", metavar="FOLDER", type=Path)
    command.add_argument(
        "--backbones", metavar="A,B,...", type=lambda text: text.split(","), default=[],
        help="names of backbones, NAME=FILE for weights of your own, or names of runs, also"
        " as the table shows them;"
        " default: all runs that there are",
    )  # fmt: skip
    command.add_argument("--workspace", metavar="DIR", type=Path, help="default: beside FOLDER")


def _run(options: argparse.Namespace, progress: Progress) -> Answer:
    done = pipeline.compare_backbones(
        options.folder, options.backbones, options.workspace, progress
    )
    return {
        "rows": [_row(row) for row in done.rows],
        "judged": done.judged,
        "images": done.images,
        "workspace": str(done.workspace),
        "seconds": round(done.seconds, 3),
    }


def _row(row: pipeline.BackboneRow) -> Answer:
    of, recipe = row.separation, row.recipe
    return {
        "backbone": row.backbone,
        "run": recipe.run if recipe else None,
        "knn_accuracy": of.knn_accuracy if of else None,
        "knn_interval": list(of.knn_interval) if of else None,
        "logistic_accuracy": of.logistic_accuracy if of else None,
        "logistic_interval": list(of.logistic_interval) if of else None,
        "silhouette": of.silhouette if of else None,
        "silhouette_interval": list(of.silhouette_interval) if of else None,
        "images_per_second": round(row.images_per_second, 1) if row.images_per_second else None,
        "dimensions": recipe.dimensions if recipe else None,
        "best": row.is_best,
        "may_be_as_good": row.may_be_as_good,
        "problem": row.problem,
    }


def _describe(answer: Answer) -> str:
    width = max(len(row["backbone"]) for row in answer["rows"])
    lines = [f"{COLUMNS[0]:{width}}  " + "  ".join(f"{name:>16}" for name in COLUMNS[1:])]
    lines += [_line(row, width) for row in answer["rows"]]
    of = f" of {answer['images']}" if answer["judged"] < answer["images"] else ""
    lines.append(f"judged on {answer['judged']}{of} images; with 95 % intervals")
    return printable("\n".join(lines))


def _line(row: Answer, width: int) -> str:
    if row["problem"]:
        return f"{row['backbone']:{width}}  {row['problem']}"
    speed = row["images_per_second"]
    cells = (
        _share(row["knn_accuracy"], row["knn_interval"]),
        _share(row["logistic_accuracy"], row["logistic_interval"]),
        f"{row['silhouette']:.3f}",
        f"{row['dimensions']:,}",
        f"{speed:.0f}" if speed else "",
    )
    says = "best" if row["best"] else "may be as good" if row["may_be_as_good"] else ""
    texts = "  ".join(f"{cell:>16}" for cell in cells)
    return f"{row['backbone']:{width}}  {texts}  {says}".rstrip()


def _share(share: float, interval: list[float]) -> str:
    low, high = interval
    return f"{share:.1%} ({100 * low:.0f}-{100 * high:.0f})"
