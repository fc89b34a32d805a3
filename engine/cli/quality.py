"""The command that tells what may be wrong with a dataset."""

import argparse
from pathlib import Path
from typing import Any

from engine import pipeline
from engine.cli.arguments import Answer, add_command, at_least_one
from engine.progress import Progress
from engine.quality.findings import LABEL, ODD, OUTLIER, Finding
from engine.values import printable

LIMIT = 50
KINDS = {"label_issues": LABEL, "outliers": OUTLIER, "image_issues": ODD}  # beside duplicates


def add(commands: Any, name: str) -> None:
    """Add the command to the parser."""
    text = "list wrong labels, duplicates, outliers and odd pictures, the worst first"
    command = add_command(commands, name, _run, _describe, text)
    command.add_argument("workspace", metavar="WORKSPACE", type=Path)
    command.add_argument(
        "--limit", metavar="N", type=at_least_one, default=LIMIT, help=f"of each kind: {LIMIT}"
    )
    command.add_argument("--run", metavar="NAME", help="default: the latest")


def _run(options: argparse.Namespace, progress: Progress) -> Answer:
    found = pipeline.find_quality(options.workspace, options.run, progress)
    of_kind = {
        key: [finding for finding in found.findings if finding.kind == kind]
        for key, kind in KINDS.items()
    }
    totals = {key: len(findings) for key, findings in of_kind.items()}
    answer = {
        key: [_row(finding) for finding in findings[: options.limit]]
        for key, findings in of_kind.items()
    }
    return {
        **answer,
        "duplicates": [list(group) for group in found.duplicates[: options.limit]],
        "totals": {**totals, "duplicates": len(found.duplicates)},
        "notes": list(found.notes),
        "seconds": round(found.seconds, 3),
        "run": found.run,
    }


def _row(finding: Finding) -> Answer:
    row: Answer = {"path": finding.path}
    if finding.kind == LABEL:
        row |= {"given": finding.given, "suggested": finding.suggested}
    if finding.kind == ODD:
        row["issue"] = finding.issue
    return {**row, "score": round(finding.score, 6)}


def _describe(answer: Answer) -> str:
    titles = {
        "label_issues": "labels that are likely wrong",
        "duplicates": "groups of duplicates",
        "outliers": "outliers",
        "image_issues": "odd pictures",
    }
    lines = []
    for key, title in titles.items():
        total, shown = answer["totals"][key], len(answer[key])
        more = f", the first {shown:,} of them:" if shown < total else ":" if total else ""
        lines.append(f"{total:,} {title}{more}")
        lines += _table([_cells(key, row) for row in answer[key]])
    return printable("\n".join([*lines, *answer["notes"], f"in {answer['seconds']:.1f} s"]))


def _cells(key: str, row: Any) -> list[str]:
    """Return what a line says, in columns; the last may be of any width."""
    if key == "duplicates":
        return ["  ".join(row)]
    cells = [f"{row['score']:.3f}"]
    if key == "label_issues":
        cells.append(f"{row['given']} -> {row['suggested']}")
    if key == "image_issues":
        cells.append(row["issue"])
    return [*cells, row["path"]]


def _table(rows: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
    return [
        "  " + "  ".join(f"{cell:{width}}" for cell, width in zip(row, [*widths, 0], strict=True))
        for row in rows
    ]
