"""The command that exports a trained classifier for other programs."""

import argparse
from pathlib import Path
from typing import Any

from engine import pipeline
from engine.cli.arguments import Answer, add_command
from engine.progress import Progress
from engine.values import printable


def add(commands: Any, name: str) -> None:
    """Add the command to the parser."""
    text = "make one file of a model that takes pictures as they are"
    command = add_command(commands, name, _run, _describe, text)
    command.add_argument("model", metavar="MODEL", type=Path, help="folder of a model")
    command.add_argument("--format", choices=pipeline.FORMATS, default="keras")
    command.add_argument("--out", metavar="PATH", type=Path, help="default: beside the model")


def _run(options: argparse.Namespace, progress: Progress) -> Answer:
    done = pipeline.export_model(options.model, options.format, options.out, progress)
    return {"format": done.kind, "file": str(done.file)}


def _describe(answer: Answer) -> str:
    file = Path(answer["file"])
    return printable(f"{file}\nhow to use it: {file.stem}-example.py, beside it")
