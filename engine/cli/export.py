"""The command that writes a run for other programs and for people."""

import argparse
from pathlib import Path
from typing import Any

from engine import pipeline
from engine.cli.arguments import Answer, add_command, at_least_one
from engine.cli.printing import say
from engine.progress import Progress
from engine.values import printable


def add(commands: Any, name: str) -> None:
    """Add the command to the parser."""
    text = "write the embeddings, or a picture or report of them, for other programs"
    command = add_command(commands, name, _run, _describe, text)
    command.add_argument("workspace", metavar="WORKSPACE", type=Path)
    command.add_argument("--format", choices=pipeline.EXPORTS, default="tsv")
    command.add_argument(
        "--out", metavar="PATH", type=Path, help="a file, for tsv a folder; default: with the run"
    )
    command.add_argument("--run", metavar="NAME", help="default: the latest")
    command.add_argument("--dpi", metavar="N", type=at_least_one, default=pipeline.PRINT_DPI,
                         help=f"png, as large as A4: {pipeline.PRINT_DPI}")  # fmt: skip


def _run(options: argparse.Namespace, progress: Progress) -> Answer:
    done = pipeline.export_run(
        options.workspace,
        options.format,
        options.out,
        options.run,
        options.dpi,
        progress=progress,
    )
    if done.note:
        say(done.note)
    return {
        "format": done.kind,
        "files": [str(file) for file in done.files],
        "points": done.points,
        "note": done.note,
    }


def _describe(answer: Answer) -> str:
    return printable("\n".join([f"{answer['points']} images:", *answer["files"]]))
