"""The commands that carry edits out on the disk, take that back, and write them into tables."""

import argparse
from pathlib import Path
from typing import Any

from engine import pipeline
from engine.cli.arguments import Answer, add_command
from engine.pipeline import Move
from engine.progress import Progress
from engine.values import Skipped, printable


def add(commands: Any, name: str) -> None:
    """Add the commands to the parser."""
    text = "move images to where the edits say, move them back, or list the edits"
    parser = commands.add_parser(name, help=text, description=text)
    parts = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    text = "move each image into the folder of its class, excluded ones into _excluded"
    command = add_command(parts, "apply", _apply, _describe_moves, text)
    command.add_argument("workspace", metavar="WORKSPACE", type=Path)
    command.add_argument("--dry-run", action="store_true", help="only tell what would be moved")
    text = "move all images back to where they lay before; the edits stay"
    command = add_command(parts, "revert", _revert, _describe_moves, text)
    command.add_argument("workspace", metavar="WORKSPACE", type=Path)
    command.add_argument("--dry-run", action="store_true", help="only tell what would be moved")
    text = "write all edits into a table, and beside it the class of each image"
    command = add_command(parts, "export", _export, _describe_tables, text)
    command.add_argument("workspace", metavar="WORKSPACE", type=Path)
    command.add_argument("--out", metavar="FILE.csv", type=Path, required=True)


def _apply(options: argparse.Namespace, progress: Progress) -> Answer:
    carry_out = pipeline.plan_edits if options.dry_run else pipeline.apply_edits
    done = carry_out(options.workspace, progress)
    return _answer(options.dry_run, done.moves, done.blocked)


def _revert(options: argparse.Namespace, progress: Progress) -> Answer:
    carry_out = pipeline.plan_revert if options.dry_run else pipeline.revert_edits
    done = carry_out(options.workspace, progress)
    return _answer(options.dry_run, done.moves, done.blocked)


def _answer(dry_run: bool, moves: tuple[Move, ...], blocked: tuple[Skipped, ...]) -> Answer:
    return {
        "dry_run": dry_run,
        "moved": 0 if dry_run else len(moves),
        "moves": [
            {
                "source": move.source,
                "target": move.target,
                "reason": move.reason,
                "renamed": move.renamed,
            }
            for move in moves
        ],
        "blocked": [{"path": item.path, "reason": item.reason} for item in blocked],
    }


def _describe_moves(answer: Answer) -> str:
    moves, blocked = answer["moves"], answer["blocked"]
    lines = [
        f"{item['source']} -> {item['target']} ({item['reason']}"
        + (", under another name)" if item["renamed"] else ")")
        for item in moves
    ]
    lines += [f"left: {item['path']} {item['reason']}" for item in blocked]
    done = "would be moved" if answer["dry_run"] else "moved"
    lines.append(f"{_images(len(moves))} {done}, {len(blocked):,} left where they are.")
    # Names may hold line breaks.
    return "\n".join(printable(line).replace("\n", "?").replace("\r", "?") for line in lines)


def _images(count: int) -> str:
    return f"{count:,} image{'' if count == 1 else 's'}"


def _export(options: argparse.Namespace, progress: Progress) -> Answer:
    written = pipeline.export_edits(options.workspace, options.out)
    return {
        "edits": str(written.edits),
        "classes": str(written.classes),
        "changes": written.changes,
        "images": written.images,
    }


def _describe_tables(answer: Answer) -> str:
    return printable(
        f"{answer['changes']:,} changes: {answer['edits']}\n"
        f"The classes of {_images(answer['images'])}: {answer['classes']}"
    )
