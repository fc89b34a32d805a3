"""A folder of pictures without classes becomes a folder with one subfolder for each class."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import EngineError
from engine.model_file import load_model
from engine.pipeline.training import Prediction, name_files, picture_files
from engine.progress import Progress
from engine.sorting import LIST, Named, SortedFolder, check_apart
from engine.values import Skipped
from engine.wording import mark

AT_ONCE = 512  # pictures that are named before they are copied: so much is lost when it is stopped
STAGE = mark("Sorting pictures")


@dataclass(frozen=True, slots=True)
class Sorting:
    """What came of it.

    target:      the folder that holds a folder for each class.
    counts:      copies in each of them, earlier ones included; those of the unsure last.
    unsure:      name of the folder of the unsure ones.
    predictions: what was said of the pictures of this run.
    skipped:     those that could not be read, with the reasons.
    already:     pictures that an earlier run had sorted.
    """

    target: Path
    counts: dict[str, int]
    unsure: str
    predictions: tuple[Prediction, ...]
    skipped: tuple[Skipped, ...]
    already: int

    @property
    def list(self) -> Path:
        """The table that says of each picture what it was taken for."""
        return self.target / LIST


def sort_files(
    model: Path,
    paths: Sequence[Path],
    target: Path,
    unsure_below: float = 0.7,
    top: int = 3,
    progress: Progress | None = None,
) -> Sorting:
    """Name pictures and copy each into the folder of its class, see `engine.sorting`.

    What an earlier run has sorted into the same target is neither named nor copied again.

    Parameters
    ----------
    model
        The folder of a model.
    paths
        Picture files, and folders with pictures.
    target
        The folder to sort into; made when it is not there.
    unsure_below
        Pictures of which the likeliest class is less probable than this are put with the unsure
        ones, as are those that are unlike anything the classifier learnt from.
    top
        How many classes to tell of each.
    progress
        Hears the pictures that are done.

    Raises
    ------
    EngineError
        When the model or the target cannot be used, one of the paths lies in the target or the
        target in it, a folder has no pictures, or the backbone's weights are not here.
    Cancelled
        From ``progress``. What was copied is kept, and the next run goes on from there.
    """
    progress = progress or Progress()
    if not 0 <= unsure_below <= 1:
        raise EngineError("The probability below which a picture is unsure lies between 0 and 1.")
    for path in paths:
        check_apart(path, target)
    loaded = load_model(model)
    files = [file.absolute() for file in picture_files(paths, progress)]
    folder = SortedFolder(target.expanduser().absolute(), loaded.classes)
    waiting = [file for file in dict.fromkeys(files) if not folder.is_done(file)]
    predictions: list[Prediction] = []
    skipped: list[Skipped] = []
    for start in range(0, len(waiting), AT_ONCE):
        some = waiting[start : start + AT_ONCE]
        named, unread = name_files(loaded, some, top, _part(progress, start, len(waiting)))
        skipped += unread
        try:
            for item in unread:
                folder.leave(item.path, item.reason)
            for done, each in enumerate(named, start=1):
                folder.take(
                    Named(each.path, each.label, each.probability, each.unlike), unsure_below
                )
                predictions.append(each)
                progress.report(STAGE, start + len(unread) + done, len(waiting))
        finally:
            folder.save()
    if not waiting:
        folder.save()
    return Sorting(
        folder.target,
        folder.counts,
        folder.unsure,
        tuple(predictions),
        tuple(skipped),
        len(set(files)) - len(waiting),
    )


def _part(progress: Progress, before: int, total: int) -> Progress:
    """Return what hears how far some of the pictures are, and tells it of all of them."""
    return Progress(lambda step: progress.report(STAGE, before, total))
