"""The command line: exits 0, 1 with one ``error:`` line, 2 for a wrong usage."""

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from engine import __version__, pipeline
from engine.backbones import BACKBONES, DEFAULT
from engine.errors import EngineError
from engine.memory import peak_memory_mb
from engine.progress import Cancelled, Progress, Step
from engine.projection.options import METHODS, METRICS, ProjectionOptions
from engine.runtime import PRECISIONS, RUNTIMES
from engine.weights import availability, keras_file

Answer = dict[str, Any]
STOPPED = 130  # what a shell reports for a command that was stopped with Ctrl-C


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    progress = Progress(_Printer())
    signal.signal(signal.SIGINT, lambda *_: progress.cancel())
    try:
        answer = options.command(options, progress)
    except EngineError as error:
        _say("error: " + " ".join(str(error).splitlines()))  # names may hold line breaks
        return 1
    except Cancelled:
        _say("stopped; what was finished is kept, the same command goes on from there")
        return STOPPED
    print(json.dumps(answer) if options.json else options.describe(answer))
    return 0


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


def _add_extract(commands: Any, name: str) -> None:
    command = _add(commands, name, _extract, _describe_extract, "embed the images of a folder")
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
        type=_at_least_one,
        default=0,
        help="reduce pictures to N x N pixels first; default: the backbone's own size",
    )
    command.add_argument("--pooling", choices=pipeline.POOLINGS, default="avg")
    command.add_argument("--batch-size", metavar="N", type=_at_least_one, default=0)
    command.add_argument("--runtime", choices=RUNTIMES, default="auto")
    command.add_argument(
        "--precision",
        choices=PRECISIONS,
        default="auto",
        help="exact: float32; fast: bfloat16; default: fast where it is as good as exact",
    )


def _add_project(commands: Any, name: str) -> None:
    command = _add(commands, name, _project, _describe_project, "make a map of the embeddings")
    command.add_argument("workspace", metavar="WORKSPACE", type=Path)
    command.add_argument("--method", choices=METHODS, default="pca")
    command.add_argument("--dims", type=int, choices=(2, 3), default=3)
    command.add_argument("--perplexity", metavar="P", type=float, default=30.0, help="t-SNE: 30")
    command.add_argument("--neighbors", metavar="N", type=int, default=15, help="UMAP: 15")
    command.add_argument("--min-dist", metavar="D", type=float, default=0.1, help="UMAP: 0.1")
    command.add_argument("--metric", choices=METRICS, default="cosine", help="UMAP and t-SNE")
    command.add_argument(
        "--axis", metavar=("FROM", "TO"), nargs=2, default=("", ""), help="axes: two classes"
    )
    command.add_argument("--seed", metavar="N", type=_seed, default=0)
    command.add_argument("--run", metavar="NAME", help="default: the latest")
    command.add_argument("--image", metavar="FILE.png", type=Path, help="also draw the map")


def _add_backbones(commands: Any, name: str) -> None:
    text = "list the backbones and say whose weights are here"
    _add(commands, name, _backbones, _describe_backbones, text)


def _add(
    commands: Any,
    name: str,
    command: Callable[[argparse.Namespace, Progress], Answer],
    describe: Callable[[Answer], str],
    text: str,
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(command=command, describe=describe)
    return parser


def _extract(options: argparse.Namespace, progress: Progress) -> Answer:
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
        _say(note)
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


def _project(options: argparse.Namespace, progress: Progress) -> Answer:
    started = time.perf_counter()
    choices = ProjectionOptions(
        method=options.method,
        dims=options.dims,
        seed=options.seed,
        neighbors=options.neighbors,
        min_dist=options.min_dist,
        perplexity=options.perplexity,
        metric=options.metric,
        axis=tuple(options.axis),
    )
    projection, file = pipeline.project(options.workspace, choices, options.run, progress)
    if options.image:
        from engine.map_image import save_map

        save_map(projection, options.image)
        file = options.image
    return {
        "method": projection.method,
        "dims": projection.dims,
        "points": len(projection.points),
        "seconds": round(time.perf_counter() - started, 3),
        "file": str(file),
        "run": projection.run,
    }


def _backbones(_: argparse.Namespace, __: Progress) -> Answer:
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


def _describe_extract(answer: Answer) -> str:
    lines = [
        f"{answer['embedded']} images embedded in {answer['seconds']:.1f} s "
        f"({answer['images_per_second']:.0f} a second), {answer['reused']} reused, "
        f"{len(answer['skipped'])} skipped.",
        *(f"  skipped {item['path']}: {item['reason']}" for item in answer["skipped"]),
        f"{answer['backbone']} in {answer['precision']}, {answer['dimensions']} dimensions, "
        f"{len(answer['classes']) or 'no'} classes.",
        f"Workspace: {answer['workspace']}",
    ]
    return _printable("\n".join(lines))


def _describe_project(answer: Answer) -> str:
    return _printable(
        f"{answer['points']} points in {answer['dims']} dimensions by {answer['method']} "
        f"in {answer['seconds']:.1f} s: {answer['file']}"
    )


def _describe_backbones(answer: Answer) -> str:
    rows = [
        f"{row['backbone']:<20} {row['image_size']:>4} px {row['dimensions']:>5} dimensions "
        f"{row['megabytes']:>7.1f} MB  {row['weights']}"
        for row in answer["backbones"]
    ]
    folder = Path(answer["backbones"][0]["file"]).parent
    return _printable("\n".join([*rows, f"Downloaded weights are kept in {folder}"]))


class _Printer:
    """Writes steps to standard error: one line that is renewed, or a line now and then."""

    def __init__(self, period_s: float = 0.1, period_without_terminal_s: float = 5.0) -> None:
        self._terminal = sys.stderr is not None and sys.stderr.isatty()
        self._period_s = period_s if self._terminal else period_without_terminal_s
        self._stage = self._line = ""
        self._last = 0.0

    def __call__(self, step: Step) -> None:
        is_last = step.total > 0 and step.done == step.total
        now = time.monotonic()
        if step.stage == self._stage and not is_last and now - self._last < self._period_s:
            return
        self._stage, self._last = step.stage, now
        count = f" {step.done}/{step.total}" if step.total else f" {step.done or ''}".rstrip()
        line = f"{step.stage}{count}"
        if self._terminal:
            end = "\n" if is_last else ""
            print(f"\r\x1b[K{_printable(line)}", end=end, file=sys.stderr, flush=True)
        elif line != self._line:
            _say(line)
        self._line = line


def _say(text: str) -> None:
    print(_printable(text), file=sys.stderr, flush=True)


def _printable(text: str) -> str:
    """Replace what no terminal can show: the raw bytes of names that are not valid Unicode."""
    return text.encode("utf-8", "replace").decode()


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _seed(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**32:
        raise argparse.ArgumentTypeError("must be from 0 to 4294967295")
    return number


def _others() -> str:
    return ", ".join(name for name in BACKBONES if name != DEFAULT)


COMMANDS = {"extract": _add_extract, "project": _add_project, "backbones": _add_backbones}
