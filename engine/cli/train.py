"""The command that trains a classifier."""

import argparse
from pathlib import Path
from typing import Any

from engine import pipeline
from engine.cli.arguments import Answer, add_command, at_least_one, seed
from engine.cli.printing import say
from engine.dense_head import HeadOptions
from engine.fitting import CLASSIFIERS
from engine.progress import Progress
from engine.values import printable


def add(commands: Any, name: str) -> None:
    """Add the command to the parser."""
    text = "train a classifier on the embeddings and tell how good it is"
    command = add_command(commands, name, _run, describe, text)
    command.add_argument("workspace", metavar="WORKSPACE", type=Path)
    command.add_argument("--classifier", choices=CLASSIFIERS, default="logistic")
    judge = command.add_mutually_exclusive_group()
    judge.add_argument("--folds", metavar="N", type=int, default=5, help="cross-validation: 5")
    judge.add_argument(
        "--holdout", metavar="SHARE", type=float, default=0.0, help="judge on this share once"
    )
    dense = HeadOptions()
    head = command.add_argument_group("a dense head (mlp)")
    head.add_argument("--layers", metavar="N", type=at_least_one, nargs="*", default=dense.layers,
                      help="units of each hidden layer: 512")  # fmt: skip
    head.add_argument("--dropout", metavar="SHARE", type=float, default=dense.dropout,
                      help=f"{dense.dropout}")  # fmt: skip
    head.add_argument("--epochs", metavar="N", type=at_least_one, default=dense.epochs,
                      help=f"at most: {dense.epochs}")  # fmt: skip
    head.add_argument("--batch-size", metavar="N", type=at_least_one, default=dense.batch_size,
                      help=f"{dense.batch_size}")  # fmt: skip
    head.add_argument("--patience", metavar="N", type=at_least_one, default=dense.patience,
                      help=f"epochs without a better one: {dense.patience}")  # fmt: skip
    head.add_argument("--learning-rate", metavar="R", type=float, default=dense.learning_rate,
                      help=f"{dense.learning_rate}")  # fmt: skip
    command.add_argument("--seed", metavar="N", type=seed, default=0)
    command.add_argument("--name", default="", help="of the model; default: the classifier's")
    command.add_argument("--run", metavar="NAME", help="default: the latest")
    command.add_argument(
        "--learning-curve", action="store_true", help="tell whether more pictures would help"
    )


def _run(options: argparse.Namespace, progress: Progress) -> Answer:
    head = HeadOptions(
        tuple(options.layers), options.dropout, options.epochs, options.batch_size,
        options.patience, options.learning_rate,
    )  # fmt: skip
    choices = pipeline.ClassifierOptions(
        options.classifier, options.folds, options.holdout, options.seed, head
    )
    done = pipeline.train_classifier(
        options.workspace, choices, options.name, options.run, progress
    )
    answer = answer_of(done)
    if options.learning_curve:
        curve = pipeline.learning_curve(options.workspace, choices, done.training.run, progress)
        answer["learning_curve"] = {
            "sizes": curve.sizes,
            "accuracy": curve.accuracy,
            "error": curve.error,
            "gain_when_doubled": curve.gain_when_doubled,
            "says": curve.says,
        }
    return answer


def answer_of(done: pipeline.Trained) -> Answer:
    """Return what a training answers; say what did not work beside it."""
    if done.note:
        say(done.note)
    return {
        "classifier": done.training.options.name,
        "classes": list(done.training.classes),
        **pipeline.scores(done.report, done.training),
        "model": str(done.model),
        "seconds": round(done.seconds, 3),
        "run": done.training.run,
    }


def describe(answer: Answer) -> str:
    """Say in words what a training answers."""
    low, high = answer["accuracy_interval"]
    lines = [
        f"accuracy {answer['accuracy']:.1%} ({low:.1%} to {high:.1%}), "
        f"macro F1 {answer['macro_f1']:.3f}, on {answer['images']} images "
        f"in {answer['seconds']:.1f} s"
    ]
    flattered = answer["accuracy_with_copies"]
    if flattered is not None and f"{flattered:.1%}" != f"{answer['accuracy']:.1%}":
        lines.append(f"with copies of a picture on both sides it would look like {flattered:.1%}")
    if answer["accuracy_untuned"] is not None:
        lines.append(f"before the backbone was tuned it was {answer['accuracy_untuned']:.1%}")
    if answer["left_out"]:
        lines.append(
            "not judged, for want of a second and different picture: "
            + ", ".join(answer["left_out"])
        )
    width = max(len(name) for name in answer["classes"])
    lines.append(f"{'':{width}}  precision  recall     F1  images")
    lines += [
        f"{each['label']:{width}}  {each['precision']:9.1%}  {each['recall']:6.1%}"
        f"  {each['f1']:5.3f}  {each['support']:6}"
        for each in answer["per_class"]
    ]
    if "learning_curve" in answer:
        lines += _curve(answer["learning_curve"])
    return printable("\n".join([*lines, f"model: {answer['model']}"]))


def _curve(answer: Answer) -> list[str]:
    points = zip(answer["sizes"], answer["accuracy"], answer["error"], strict=True)
    return [
        "learnt from  accuracy  standard error",
        *(f"{size:11,.0f}  {accuracy:8.1%}  {error:14.1%}" for size, accuracy, error in points),
        answer["says"],
    ]
