"""A run is written for other programs and for people: tables, arrays, a picture, a report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from engine import __version__
from engine.errors import EngineError
from engine.exports.csv_file import write_csv
from engine.exports.html_report import write_report
from engine.exports.npz_file import write_npz
from engine.exports.parquet_file import write_parquet
from engine.exports.report_content import Content
from engine.exports.tsv_pair import write_tsv
from engine.files import disk_errors
from engine.map_image import print_size
from engine.palette import class_colours
from engine.pipeline.export_source import Source, read_source
from engine.pipeline.maps import project, save_picture
from engine.pipeline.places import refuse_dataset_folder
from engine.pipeline.projector import export_projector
from engine.progress import Progress
from engine.projection.options import ProjectionOptions
from engine.projector.folder import CONFIG
from engine.quality.copies import Copies
from engine.quality.findings import Quality
from engine.quality.queue import SETTLED, standing
from engine.values import ImageFile, Pixels, Projection, Recipe
from engine.wording import mark
from engine.workspace import Thumbnails, Workspace, read_view

PRINT_DPI = 300


@dataclass(frozen=True, slots=True)
class Written:
    """What an export wrote.

    kind:   its format, one of `EXPORTS`.
    files:  the one to open first comes first.
    points: images that are in it.
    notes:  for the user, sentences that say what is not in it and why.
    """

    kind: str
    files: tuple[Path, ...]
    points: int
    notes: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """All notes; "" where there are none."""
        return " ".join(self.notes)


@dataclass(frozen=True, slots=True)
class Asked:
    """A run that is to be exported.

    root:   the workspace.
    folder: the dataset folder.
    """

    root: Path
    folder: Path
    recipe: Recipe


@dataclass(frozen=True, slots=True)
class Format:
    """name:    what a person calls it.

    suffix:  of its file; "" for a folder of files.
    default: where it comes to lie in the workspace, with the name of the run for "{run}".
    write:   gets what is asked for, the place, the resolution in dots per inch and the progress.
    """

    name: str
    suffix: str
    default: str
    write: Callable[[Asked, Path, int, Progress], Written]


def export_run(
    root: Path,
    kind: str,
    out: Path | None = None,
    run: str | None = None,
    dpi: int = PRINT_DPI,
    progress: Progress | None = None,
) -> Written:
    """Export a run, the latest by default. What is there under the same name is replaced.

    Parameters
    ----------
    root
        The workspace.
    kind
        One of `EXPORTS`.
    out
        The file, or the folder for formats of several files; by default in that of the run.
    run
        Which embeddings.
    dpi
        Dots per inch of a picture.
    progress
        Hears the steps.

    Raises
    ------
    EngineError
        When there is no such run or format, the place lies in the dataset folder, or it cannot be
        written to.
    Cancelled
        From ``progress``. Nothing is written.
    """
    progress = progress or Progress()
    if kind not in EXPORTS:
        names = ", ".join(EXPORTS)
        raise EngineError(f"There is no format “{kind}”; choose one of {names}.")
    with Workspace.open(root) as workspace:
        asked = Asked(workspace.root, workspace.folder, workspace.run(run))
    default = asked.root / EXPORTS[kind].default.format(run=asked.recipe.run)
    place = (out or default).expanduser().absolute()
    _check_place(asked, EXPORTS[kind], place)
    return EXPORTS[kind].write(asked, place, dpi, progress)


def _from_source(
    write: Callable[[Source, Path, int, Progress], Written], is_folder: bool = False
) -> Callable[[Asked, Path, int, Progress], Written]:
    """Read first what a format is made of, and make the folder that it comes to lie in."""

    def read_and_write(asked: Asked, place: Path, dpi: int, progress: Progress) -> Written:
        source = read_source(asked.root, asked.recipe, progress)
        with disk_errors(place.parent):
            (place if is_folder else place.parent).mkdir(parents=True, exist_ok=True)
        written = write(source, place, dpi, progress)
        return replace(written, notes=(*filter(None, (source.note,)), *written.notes))

    return read_and_write


def _check_place(asked: Asked, kind: Format, place: Path) -> None:
    refuse_dataset_folder(place, asked.folder)
    if kind.suffix and place.is_dir():
        raise EngineError(
            f"“{place}” is a folder; add the name of a file, such as {Path(kind.default).name}."
        )
    if not kind.suffix and place.is_file():
        what = kind.name
        raise EngineError(f"“{place}” is a file; {what} needs a folder.")


def _tsv(source: Source, place: Path, _: int, progress: Progress) -> Written:
    files = write_tsv(source.table, place, progress)
    return Written("tsv", files, len(source.table.paths))


def _csv(source: Source, place: Path, _: int, progress: Progress) -> Written:
    write_csv(source.table, place, progress)
    return Written("csv", (place,), len(source.table.paths))


def _parquet(source: Source, place: Path, _: int, progress: Progress) -> Written:
    write_parquet(source.table, place, progress)
    return Written("parquet", (place,), len(source.table.paths))


def _npz(source: Source, place: Path, _: int, progress: Progress) -> Written:
    write_npz(source.table, place, progress)
    return Written("npz", (place,), len(source.table.paths))


def _png(source: Source, place: Path, dpi: int, progress: Progress) -> Written:
    size, shown = print_size(dpi), _map(source, progress)
    progress.report("Drawing the map")
    save_picture(source.root, shown, place, size, dpi)
    return Written("png", (place,), len(shown.paths))


def _map(source: Source, progress: Progress) -> Projection:
    """Return the map to draw; one is made where none is kept."""
    if source.map is not None:
        return source.map
    return project(source.root, ProjectionOptions(), source.table.recipe.run, progress)[0]


def _tensorboard(asked: Asked, place: Path, _: int, progress: Progress) -> Written:
    done = export_projector(asked.root, asked.recipe.run, progress, place)
    files = (done.logs / CONFIG, *done.files)
    notes = filter(None, (done.note, done.text if done.sampled else ""))
    return Written("tensorboard", files, done.points, tuple(notes))


def _html(source: Source, place: Path, _: int, progress: Progress) -> Written:
    with Workspace.open(source.root) as workspace:
        dataset = workspace.dataset()
    images = {image.path: image for image in dataset.images}
    content = Content(
        title=source.folder.name,
        table=source.table,
        map=_map(source, progress),
        colours=class_colours(dataset.classes, read_view(source.root).colours),
        training=source.trained.training if source.trained else None,
        report=source.trained.report if source.trained else None,
        quality=_still_open(source.quality, images),
        made=f"Made by Image Embedding {__version__} on {datetime.now():%d %B %Y}.",
    )
    with Thumbnails(source.root, source.folder) as kept:

        def read(paths: Sequence[str]) -> list[Pixels | str]:
            there = [images[path] for path in paths if path in images]
            seen = dict(zip((image.path for image in there), kept.read(there), strict=True))
            return [seen.get(path, "The image is not there any more.") for path in paths]

        points = write_report(content, read, place, progress)
    return Written("html", (place,), points)


def _still_open(quality: Quality | None, images: dict[str, ImageFile]) -> Quality | None:
    """Leave out the findings that the user has answered, and those about images that are gone."""
    if quality is None:
        return None
    copies = Copies(quality)
    return replace(quality, findings=tuple(
        finding for finding in quality.findings
        if finding.path in images and standing(finding, images, copies) != SETTLED
    ))  # fmt: skip


RUN = "embeddings/{run}"
EXPORTS = {
    "tsv": Format(mark("Tables for the projector"), "", RUN, _from_source(_tsv, is_folder=True)),
    "tensorboard": Format(mark("TensorBoard's projector"), "", "logs", _tensorboard),
    "csv": Format(mark("Table (CSV)"), ".csv", f"{RUN}/images.csv", _from_source(_csv)),
    "parquet": Format("Parquet", ".parquet", f"{RUN}/embeddings.parquet", _from_source(_parquet)),
    "npz": Format(mark("NumPy arrays"), ".npz", f"{RUN}/embeddings.npz", _from_source(_npz)),
    "png": Format(mark("Picture of the map"), ".png", f"{RUN}/map.png", _from_source(_png)),
    "html": Format(mark("Report (HTML)"), ".html", f"{RUN}/report.html", _from_source(_html)),
}
