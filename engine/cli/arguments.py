"""What the commands share in reading their arguments."""

import argparse
from collections.abc import Callable
from typing import Any

from engine.progress import Progress

Answer = dict[str, Any]


def add_command(
    commands: Any,
    name: str,
    command: Callable[[argparse.Namespace, Progress], Answer | None],
    describe: Callable[[Answer], str],
    text: str,
) -> argparse.ArgumentParser:
    """Add a command; ``describe`` turns its answer into what a person reads.

    A command that answers before it ends prints its answer itself and returns None.
    """
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(command=command, describe=describe, can_finish=False)
    return parser


def at_least_one(text: str) -> int:
    """Read a number of at least 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def seed(text: str) -> int:
    """Read a number that every random generator takes."""
    number = int(text)
    if not 0 <= number < 2**32:
        raise argparse.ArgumentTypeError("must be from 0 to 4294967295")
    return number
