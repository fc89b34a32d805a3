"""The command that tries whether everything works on this machine."""

import argparse
import json
from typing import Any

from engine import self_test
from engine.cli.arguments import Answer, add_command
from engine.cli.printing import say
from engine.errors import EngineError
from engine.progress import Progress
from engine.self_test import SKIPPED
from engine.values import printable


def add(commands: Any, name: str) -> None:
    """Add the command to the parser."""
    text = "try everything on pictures of the sample, to see whether it works on this machine"
    add_command(commands, name, _run, _describe, text)


def _run(options: argparse.Namespace, progress: Progress) -> None:
    done = self_test.run_checks((*self_test.CHECKS, *options.more_checks), progress)
    failed = [each for each in done if not each.ok]
    answer = {
        "ok": not failed,
        "checks": {
            each.name: {"ok": each.ok, "seconds": each.seconds, "detail": each.detail}
            for each in done
        },
    }
    for each in failed:
        if each.trace:
            say(each.trace)
    print(json.dumps(answer) if options.json else _describe(answer), flush=True)
    if failed:
        raise EngineError(
            f"{len(failed)} of {len(done)} checks failed ({', '.join(e.name for e in failed)}); "
            "send what is printed above along when you ask for help."
        )


def _describe(answer: Answer) -> str:
    width = max(map(len, answer["checks"]))
    lines = []
    for name, each in answer["checks"].items():
        was_skipped = each["detail"].startswith(SKIPPED)
        word = "FAILED" if not each["ok"] else "skipped" if was_skipped else "ok"
        detail = each["detail"].removeprefix(SKIPPED)
        lines.append(f"{word:7}  {name:{width}}  {each['seconds']:6.1f} s  {detail}")
    return printable("\n".join(lines))
