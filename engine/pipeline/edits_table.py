"""All edits as a table, and beside it what became of each image."""

from dataclasses import dataclass
from pathlib import Path

from engine.errors import EngineError
from engine.files import whole_file
from engine.pipeline.applying import settle_moves
from engine.pipeline.places import refuse_dataset_folder
from engine.tables import table_bytes
from engine.workspace import Workspace

EDITS = ("when", "kind", "path", "before", "after", "undone", "path now")
CLASSES = ("path", "folder class", "class", "excluded")


@dataclass(frozen=True, slots=True)
class ExportedEdits:
    """Two CSV files, and how many lines they have without their heads.

    edits:   what was done to each image by each edit, in the order in which it was done.
    classes: every image with its class of now, those that were moved out of the dataset too.
    """

    edits: Path
    classes: Path
    changes: int
    images: int


def export_edits(root: Path, file: Path) -> ExportedEdits:
    """Write all edits into a table, and the class of each image into one beside it.

    Parameters
    ----------
    root
        The workspace.
    file
        The table of the edits, ``NAME.csv``; the other one is ``NAME-classes.csv``. What has these
        names is replaced.

    Raises
    ------
    EngineError
        When there is no workspace, the name is not that of a table, it lies among the images, or
        the disk refuses.
    """
    if file.suffix.lower() != ".csv":
        raise EngineError(f"“{file}” is not the name of a table; choose one that ends with .csv.")
    file = file.expanduser().absolute()
    settle_moves(root)
    with Workspace.open(root) as workspace:
        refuse_dataset_folder(file, workspace.folder)
        changes = [
            (deed.made, deed.kind, deed.then, deed.before, deed.after, _word(deed.undone), deed.now)
            for deed in workspace.deeds()
        ]  # fmt: skip
        classes = [
            (image.path, image.folder_label, image.label, _word(image.excluded))
            for image in workspace.decisions()
        ]
    beside = file.with_name(f"{file.stem}-classes{file.suffix}")
    with whole_file(file) as first, whole_file(beside) as second:
        first.write(table_bytes(EDITS, changes))
        second.write(table_bytes(CLASSES, classes))
    return ExportedEdits(file, beside, len(changes), len(classes))


def _word(is_so: bool) -> str:
    return str(is_so).lower()
