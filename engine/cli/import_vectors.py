"""The command that makes a run of vectors from another program."""

import argparse
from pathlib import Path
from typing import Any

from engine import pipeline
from engine.cli.arguments import Answer, add_command
from engine.progress import Progress
from engine.values import printable

SHOWN = 5  # names, of each kind of problem


def add(commands: Any, name: str) -> None:
    """Add the command to the parser."""
    text = "explore vectors that another program made of the images of a folder"
    command = add_command(commands, name, _run, _describe, text)
    command.add_argument(
        "vectors", metavar="VECTORS", type=Path, help=".npy, .npz, .parquet, .csv or .tsv"
    )
    command.add_argument("--folder", metavar="DIR", type=Path, required=True, help="of the images")
    command.add_argument("--workspace", metavar="DIR", type=Path, help="default: beside the folder")
    command.add_argument(
        "--paths", metavar="FILE", type=Path, help="which image each row is of, where VECTORS"
        " does not say: a path a line",
    )  # fmt: skip
    command.add_argument("--name", default="", help="of the run; default: that of the file")


def _run(options: argparse.Namespace, progress: Progress) -> Answer:
    done = pipeline.import_vectors(
        options.vectors, options.folder, options.workspace, options.paths, options.name, progress
    )
    return {
        "workspace": str(done.workspace),
        "run": done.recipe.run,
        "images": done.images,
        "imported": done.imported,
        "unmatched": list(done.unmatched),
        "missing": list(done.missing),
        "skipped": [{"path": item.path, "reason": item.reason} for item in done.skipped],
        "dimensions": done.recipe.dimensions,
        "seconds": round(done.seconds, 3),
    }


def _describe(answer: Answer) -> str:
    lines = [
        f"{answer['imported']} of {answer['images']} images have a vector of "
        f"{answer['dimensions']} dimensions now.",
        *_some("without a vector", answer["missing"]),
        *_some("not among the images", answer["unmatched"]),
        *_some("not used, with numbers that are not finite",
               [item["path"] for item in answer["skipped"]]),
        f"Run: {answer['run']}",
        f"Workspace: {answer['workspace']}",
    ]  # fmt: skip
    return printable("\n".join(lines))


def _some(what: str, names: list[str]) -> list[str]:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return [f"  {what}: {', '.join(names[:SHOWN])}{more}"] if names else []
