"""Pictures that are not of the dataset: what is similar to them there, and what class they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import EngineError
from engine.model_file import load_model
from engine.pipeline.embed_files import embed_files
from engine.pipeline.similar import Neighbor, Similar
from engine.pipeline.training import Prediction, name_files, name_vectors, picture_files
from engine.progress import Progress
from engine.values import Skipped
from engine.wording import mark

MOST = 100  # pictures at once: more cannot be looked at one by one; they can be sorted instead
TOP = 3


@dataclass(frozen=True, slots=True)
class Compared:
    """A picture from elsewhere.

    neighbors:  the images of the dataset that are most similar to it, nearest first.
    prediction: what a classifier says of it, None where none was asked.
    """

    file: Path
    neighbors: tuple[Neighbor, ...]
    prediction: Prediction | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """compared: at least one.

    skipped:  those that could not be read, with the reasons.
    left_out: how many more there were than `MOST`.
    """

    compared: tuple[Compared, ...]
    skipped: tuple[Skipped, ...]
    left_out: int


def compare_files(
    similar: Similar,
    paths: Sequence[Path],
    k: int,
    model: Path | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Compare pictures from elsewhere with a dataset, and name them if there is a classifier.

    Parameters
    ----------
    similar
        The embeddings to compare them with.
    paths
        Picture files, and folders with pictures; the first `MOST` pictures count.
    k
        How many neighbours of each.
    model
        The folder of the model that is to name them.
    progress
        Hears the pictures that are done.

    Raises
    ------
    EngineError
        When no picture can be read, the model cannot be used, or weights are not here any more.
    Cancelled
        From ``progress``.
    """
    progress = progress or Progress()
    files = [file.absolute() for file in picture_files(paths, progress)]
    some = files[:MOST]
    recipe = similar.recipe
    done, vectors, skipped = embed_files(some, recipe, progress)
    if not done:
        file = some[0]
        reason = skipped[0].reason if skipped else mark("is no picture")
        raise EngineError(f"“{file}” {reason}; choose another picture.")
    named: list[Prediction] = []
    if model is not None:
        loaded = load_model(model)
        if loaded.recipe == recipe and loaded.weights is None:
            named = name_vectors(loaded, done, vectors, TOP)
        else:  # it was trained on other embeddings
            named, _ = name_files(loaded, done, TOP, progress)
    predictions = {each.path: each for each in named}
    compared = tuple(
        Compared(file, tuple(similar.to_vector(vector, k)), predictions.get(file))
        for file, vector in zip(done, vectors, strict=True)
    )
    return Comparison(compared, tuple(skipped), len(files) - len(some))
