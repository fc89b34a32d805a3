"""The command that lists the backbones."""

import argparse
from pathlib import Path
from typing import Any

from engine.backbones import BACKBONES
from engine.cli.arguments import Answer, add_command
from engine.progress import Progress
from engine.values import printable
from engine.weights import availability, keras_file


def add(commands: Any, name: str) -> None:
    """Add the command to the parser."""
    text = "list the backbones and say whose weights are here"
    add_command(commands, name, _run, _describe, text)


def _run(_: argparse.Namespace, __: Progress) -> Answer:
    return {
        "backbones": [
            {
                "backbone": backbone.name,
                "weights": availability(backbone),
                "megabytes": round(backbone.weights_mb, 1),
                "file": str(keras_file(backbone)),
                "image_size": backbone.native_size,
                "smallest_size": backbone.smallest_size,
                "dimensions": backbone.dimensions,
            }
            for backbone in BACKBONES.values()
        ]
    }


def _describe(answer: Answer) -> str:
    rows = [
        f"{row['backbone']:<20} {row['image_size']:>4} px {row['dimensions']:>5} dimensions "
        f"{row['megabytes']:>7.1f} MB  {row['weights']}"
        for row in answer["backbones"]
    ]
    folder = Path(answer["backbones"][0]["file"]).parent
    return printable("\n".join([*rows, f"Downloaded weights are kept in {folder}"]))
