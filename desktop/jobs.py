"""What the user wants, as jobs for the worker: each is a call of the engine."""

import gc
import importlib
import sys
from importlib.resources import files
from pathlib import Path

import platformdirs

from desktop.worker import Job
from engine.images import UnreadableImageError, read_thumbnail
from engine.pipeline import ExtractOptions, Opened, extract
from engine.pipeline import open_folder as open_in_engine
from engine.progress import Progress
from engine.values import Pixels

MAP_PAGE = "desktop.views.map_page"


def sample_folder() -> Path:
    """Return the folder of the sample pictures that travel with the program."""
    return Path(str(files("resources") / "sample"))


def open_folder(folder: Path) -> Job:
    """Read a folder, or show what its workspace holds; get ready to draw its map."""

    def run(progress: Progress) -> Opened:
        progress.report("Loading the map")
        _import_map()
        return open_in_engine(folder, _workspace(folder), progress)

    return run


def embed(folder: Path, options: ExtractOptions) -> Job:
    """Embed a folder, with the growing map in each step, and open the result."""

    def run(progress: Progress) -> Opened:
        done = extract(folder, _workspace(folder), options, progress)
        return open_in_engine(folder, done.workspace, progress)

    return run


def read_picture(file: Path, side: int) -> Job:
    """Read a picture that fits into a square; gives its pixels, or why there are none."""

    def run(progress: Progress) -> Pixels | str:
        progress.report("Reading a picture")
        try:
            return read_thumbnail(file, side)
        except UnreadableImageError as error:
            return str(error)

    return run


def _import_map() -> None:
    """Import what draws the map: in the thread of the window that would hold it up for seconds."""
    if MAP_PAGE in sys.modules:
        return
    importlib.import_module(MAP_PAGE)
    # Modules are never garbage: looking through them again and again would hold up the window.
    gc.freeze()


def _workspace(folder: Path) -> Path | None:
    """Keep the sample's workspace with the user's data: its folder belongs to the program."""
    if folder != sample_folder():
        return None
    data = platformdirs.user_data_path("image-embedding", appauthor=False)
    return data / "workspaces" / "sample.embedding"
