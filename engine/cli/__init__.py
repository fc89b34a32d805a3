"""The command line: exits 0, 1 with one ``error:`` line, 2 for a wrong usage."""

import argparse
import json
import signal
from collections.abc import Callable, Sequence

from engine import __version__, limits, memory
from engine.cli import (
    backbones,
    compare,
    edits,
    export,
    export_model,
    extract,
    finetune,
    import_vectors,
    neighbors,
    predict,
    project,
    quality,
    self_test,
    tensorboard,
    train,
)
from engine.cli.printing import Printer, say
from engine.errors import EngineError
from engine.progress import Cancelled, Progress, Step
from engine.self_test import Check

STOPPED = 130  # what a shell reports for a command that was stopped with Ctrl-C
COMMANDS = {
    "extract": extract.add,
    "import": import_vectors.add,
    "project": project.add,
    "neighbors": neighbors.add,
    "train": train.add,
    "finetune": finetune.add,
    "predict": predict.add,
    "compare": compare.add,
    "export": export.add,
    "quality": quality.add,
    "export-model": export_model.add,
    "tensorboard": tensorboard.add,
    "edits": edits.add,
    "backbones": backbones.add,
    "self-test": self_test.add,
}


def main(arguments: Sequence[str] | None = None, more_checks: Sequence[Check] = ()) -> int:
    """Run one command and return its exit code.

    ``more_checks`` are what ``self-test`` tries besides the engine.
    """
    parser = build_parser()
    options = parser.parse_args(arguments, argparse.Namespace(more_checks=more_checks))
    progress = Progress(_within_limit(Printer()))
    signal.signal(signal.SIGINT, lambda *_: _stop(progress, options.can_finish))
    try:
        _hold_limits()
        answer = options.command(options, progress)
    except EngineError as error:
        say("error: " + " ".join(str(error).splitlines()))  # names may hold line breaks
        return 1
    except Cancelled:
        say("stopped; what was finished is kept, the same command goes on from there")
        return STOPPED
    if answer is not None:  # else it has answered while it ran
        print(json.dumps(answer) if options.json else options.describe(answer))
    return 0


def _hold_limits() -> None:
    """Keep to the cores that the environment allows, and begin nothing if it makes no sense."""
    limits.check()
    limits.tell_libraries()
    if limits.chosen_cores():
        limits.hold_loaded_libraries()


def _within_limit(listener: Callable[[Step], None]) -> Callable[[Step], None]:
    """End a command at the first step at which it has taken more memory than it may."""

    def hear(step: Step) -> None:
        memory.check()
        listener(step)

    return hear


def _stop(progress: Progress, can_finish: bool) -> None:
    """Answer Ctrl-C: what gets better step by step ends with what it has, at the second at once."""
    if can_finish and not progress.finishing:
        say("ending with the best so far; press Ctrl-C again to stop without")
        progress.finish()
    else:
        progress.cancel()


def is_for_command_line(word: str) -> bool:
    """Tell whether a first argument is a command or an option rather than a folder to open."""
    return word.startswith("-") or word in COMMANDS


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; each sets ``command`` and ``describe``."""
    parser = argparse.ArgumentParser(
        prog="image-embedding",
        description="Walk through a folder of images as a 3D map. "
        "Without a command a window opens, on FOLDER if one is given.",
    )
    parser.add_argument("--version", action="version", version=f"image-embedding {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, add in COMMANDS.items():
        add(commands, name)
    return parser
