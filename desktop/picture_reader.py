"""Reads large pictures one after the other, those ahead too, so that the next is there at once."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.worker import Job, JobRunner
from engine.images import UnreadableImageError, read_measured
from engine.progress import Progress
from engine.values import Pixels

SIDE = 640  # pixels: more than any place for it has
KEPT = 24  # pictures held in memory


@dataclass(frozen=True, slots=True, eq=False)
class LargePicture:
    """pixels: (H, W, 3) uint8, or why there are none.

    width, height: of the upright picture in full, pixels; 0 where it cannot be read.
    """

    pixels: Pixels | str
    width: int = 0
    height: int = 0


class PictureReader(QObject):
    """Reads what is wanted, the first first; what was read lately is known at once."""

    read = Signal(str, object)  # path, LargePicture
    failed = Signal(object)  # Exception
    ended = Signal()  # nothing is wanted any more

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = Path()
        self._wanted: list[str] = []
        self._known: OrderedDict[str, LargePicture] = OrderedDict()
        self._runner = JobRunner(self)
        self._runner.failed.connect(self.failed)
        self._runner.ended.connect(self._next)

    @property
    def busy(self) -> bool:
        """Whether a picture is being read."""
        return self._runner.busy

    def want(self, folder: Path, paths: Sequence[str]) -> None:
        """Read these pictures of a folder instead of those that were wanted before.

        `read` is emitted for each, at once for those that are known.
        """
        if folder != self._folder:
            self.forget()
            self._folder = folder
        self._wanted = [path for path in dict.fromkeys(paths) if path not in self._known]
        for path in paths:
            if path in self._known:
                self._known.move_to_end(path)
                self.read.emit(path, self._known[path])
        if not self.busy:
            self._next()

    def stop(self) -> None:
        """Read nothing any more."""
        self._wanted.clear()
        self._runner.cancel()

    def forget(self) -> None:
        """Give up what was read: the files may be others now."""
        self.stop()
        self._known.clear()

    def _next(self) -> None:
        if not self._wanted:
            self.ended.emit()
            return
        path = self._wanted.pop(0)
        self._runner.start("", _reading(self._folder, path), self._keep)

    def _keep(self, result: tuple[Path, str, LargePicture]) -> None:
        folder, path, picture = result
        if folder != self._folder:
            return
        self._known[path] = picture
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        self.read.emit(path, picture)


def _reading(folder: Path, path: str) -> Job:
    def job(progress: Progress) -> tuple[Path, str, LargePicture]:
        progress.report("Reading a picture")
        try:
            pixels, size = read_measured(folder / path, SIDE)
        except UnreadableImageError as error:
            return folder, path, LargePicture(str(error))
        return folder, path, LargePicture(pixels, *size)

    return job
