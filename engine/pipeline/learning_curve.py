"""Whether more pictures would make the classifier of a run better."""

from pathlib import Path

from engine.fitting import ClassifierOptions
from engine.learning_curve import LearningCurve
from engine.learning_curve import learning_curve as curve_of
from engine.pipeline.graph import read_run
from engine.progress import Progress


def learning_curve(
    root: Path,
    options: ClassifierOptions | None = None,
    run: str | None = None,
    progress: Progress | None = None,
) -> LearningCurve:
    """Judge a classifier that learns from growing shares of a run's pictures.

    Parameters
    ----------
    root
        The workspace.
    options
        What to fit and how to judge.
    run
        Of which embeddings; by default the latest.
    progress
        Hears the fits that are done.

    Raises
    ------
    EngineError
        When there is no such run, or too little to learn from.
    Cancelled
        From ``progress``.
    """
    progress = progress or Progress()
    known = read_run(root, run, progress)
    return curve_of(known.embeddings, known.graph, options, progress)
