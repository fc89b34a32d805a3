"""The command that embeds a folder."""

import argparse
from pathlib import Path
from typing import Any

from engine import pipeline
from engine.backbones import BACKBONES, DEFAULT
from engine.cli.arguments import Answer, add_command, at_least_one
from engine.cli.printing import say
from engine.memory import peak_memory_mb
from engine.progress import Progress
from engine.runtime import PRECISIONS, RUNTIMES
from engine.values import printable


def add(commands: Any, name: str) -> None:
    """Add the command to the parser."""
    command = add_command(commands, name, _run, _describe, "embed the images of a folder")
    command.add_argument("folder", metavar="FOLDER", type=Path)
    command.add_argument("--workspace", metavar="DIR", type=Path, help="default: beside FOLDER")
    command.add_argument(
        "--backbone", metavar="NAME", default=DEFAULT, help=f"{DEFAULT} (default), {_others()}"
    )
    command.add_argument(
        "--weights",
        metavar="bundled|imagenet|FILE",
        default="",
        help="default: bundled where there are any, else imagenet",
    )
    command.add_argument(
        "--image-size",
        metavar="N",
        type=at_least_one,
        default=0,
        help="reduce pictures to N x N pixels first; default: the backbone's own size",
    )
    command.add_argument("--pooling", choices=pipeline.POOLINGS, default="avg")
    command.add_argument("--batch-size", metavar="N", type=at_least_one, default=0)
    command.add_argument("--runtime", choices=RUNTIMES, default="auto")
    command.add_argument(
        "--precision",
        choices=PRECISIONS,
        default="auto",
        help="exact: float32; fast: bfloat16; default: fast where it is as good as exact",
    )


def _run(options: argparse.Namespace, progress: Progress) -> Answer:
    choices = pipeline.ExtractOptions(
        backbone=options.backbone,
        weights=options.weights,
        image_size=options.image_size,
        pooling=options.pooling,
        batch_size=options.batch_size,
        runtime=options.runtime,
        precision=options.precision,
    )
    note = pipeline.size_note(choices)
    if note:
        say(note)
    done = pipeline.extract(options.folder, options.workspace, choices, progress)
    return {
        "workspace": str(done.workspace),
        "run": done.recipe.run,
        "images": done.images,
        "embedded": done.embedded,
        "reused": done.reused,
        "skipped": [{"path": item.path, "reason": item.reason} for item in done.skipped],
        "classes": done.counts,
        "backbone": done.recipe.backbone,
        "dimensions": done.recipe.dimensions,
        "runtime": done.runtime,
        "precision": done.recipe.precision,
        "seconds": round(done.seconds, 3),
        "images_per_second": round(done.embedded / max(done.embedding_seconds, 1e-9), 1),
        "peak_memory_mb": round(peak_memory_mb()),
    }


def _describe(answer: Answer) -> str:
    lines = [
        f"{answer['embedded']} images embedded in {answer['seconds']:.1f} s "
        f"({answer['images_per_second']:.0f} a second), {answer['reused']} reused, "
        f"{len(answer['skipped'])} skipped.",
        *(f"  skipped {item['path']}: {item['reason']}" for item in answer["skipped"]),
        f"{answer['backbone']} in {answer['precision']}, {answer['dimensions']} dimensions, "
        f"{len(answer['classes']) or 'no'} classes.",
        f"Workspace: {answer['workspace']}",
    ]
    return printable("\n".join(lines))


def _others() -> str:
    return ", ".join(name for name in BACKBONES if name != DEFAULT)
