"""The command that serves TensorBoard until it is stopped."""

import argparse
import json
import time
import webbrowser
from pathlib import Path
from typing import Any

from engine import pipeline
from engine.cli.arguments import Answer, add_command
from engine.cli.printing import say
from engine.progress import Cancelled, Progress
from engine.values import printable

LOOK_S = 0.2


def add(commands: Any, name: str) -> None:
    """Add the command to the parser."""
    text = "serve TensorBoard: the projector, and the scalars of trainings"
    command = add_command(commands, name, _run, _describe, text)
    command.add_argument("workspace", metavar="WORKSPACE", type=Path)
    command.add_argument("--port", metavar="N", type=_port, default=0, help="default: a free one")
    command.add_argument("--browser", action="store_true", help="also open the browser")
    command.add_argument("--run", metavar="NAME", help="default: the latest")


def _run(options: argparse.Namespace, progress: Progress) -> None:
    board = pipeline.open_tensorboard(options.workspace, options.run, options.port, progress)
    answer = {
        "url": board.address,
        "logs": str(board.export.logs),
        "run": board.export.run,
        "points": board.export.points,
        "images": board.export.of,
    }
    # At once: whoever reads it wants to go there, and the command ends much later.
    print(json.dumps(answer) if options.json else _describe(answer), flush=True)
    if options.browser:
        webbrowser.open(board.address)
    say("serving; press Ctrl-C to end")
    try:
        while True:
            progress.raise_if_cancelled()
            time.sleep(LOOK_S)
    except Cancelled:  # how this command ends
        say("ended")


def _describe(answer: Answer) -> str:
    some = "" if answer["points"] == answer["images"] else f" of {answer['images']:,}"
    return printable(
        f"{answer['url']}\n{answer['points']:,}{some} images of {answer['run']}; "
        f"or: tensorboard --logdir {answer['logs']}"
    )


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65_535:
        raise argparse.ArgumentTypeError("must be from 0 to 65535")
    return number
