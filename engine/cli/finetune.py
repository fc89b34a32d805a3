"""The command that trains a backbone together with a classifier."""

import argparse
from pathlib import Path
from typing import Any

from engine import pipeline
from engine.backbones import DEFAULT
from engine.cli.arguments import Answer, add_command, at_least_one, seed
from engine.cli.train import answer_of, describe
from engine.progress import Progress


def add(commands: Any, name: str) -> None:
    """Add the command to the parser."""
    text = "train the last layers of a backbone together with a classifier"
    command = add_command(commands, name, _run, describe, text)
    usual = pipeline.FinetuneOptions()
    command.set_defaults(can_finish=True)
    command.add_argument("workspace", metavar="WORKSPACE", type=Path)
    command.add_argument("--backbone", metavar="NAME", help="default: that of the run")
    command.add_argument("--weights", metavar="bundled|imagenet|FILE", default="")
    command.add_argument("--unfreeze", metavar="N", type=at_least_one, default=usual.unfreeze,
                         help=f"last layers that learn: {usual.unfreeze}")  # fmt: skip
    command.add_argument("--epochs", metavar="N", type=at_least_one, default=usual.epochs,
                         help=f"at most: {usual.epochs}")  # fmt: skip
    command.add_argument("--augment", action="store_true",
                         help="change pictures a little at random")  # fmt: skip
    command.add_argument("--batch-size", metavar="N", type=at_least_one, default=usual.batch_size)
    command.add_argument("--learning-rate", metavar="R", type=float, default=usual.learning_rate,
                         help=f"{usual.learning_rate}")  # fmt: skip
    command.add_argument("--holdout", metavar="SHARE", type=float, default=usual.holdout,
                         help=f"share that is judged: {usual.holdout}")  # fmt: skip
    command.add_argument("--seed", metavar="N", type=seed, default=0)
    command.add_argument("--name", default="", help="of the model; default: finetune")
    command.add_argument("--run", metavar="NAME", help="default: the latest")


def _run(options: argparse.Namespace, progress: Progress) -> Answer:
    choices = pipeline.FinetuneOptions(
        unfreeze=options.unfreeze,
        epochs=options.epochs,
        augment=options.augment,
        batch_size=options.batch_size,
        learning_rate=options.learning_rate,
        holdout=options.holdout,
        seed=options.seed,
    )
    other = None
    if options.backbone or options.weights:
        other = pipeline.ExtractOptions(options.backbone or DEFAULT, options.weights)
    done = pipeline.finetune_backbone(
        options.workspace, choices, options.name, options.run, other, progress
    )
    return answer_of(done)
