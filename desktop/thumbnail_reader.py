"""Reads small pictures for whoever shows some, a few at a time, the newest wishes first."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop import jobs
from desktop.worker import LatestOnly
from engine.pipeline import Opened
from engine.values import ImageFile, Pixels

AT_ONCE = 24


class ThumbnailReader(QObject):
    """Keeps for each view the images it wants now; what scrolled away is not read any more."""

    read = Signal(object, object)  # paths, pictures: of every view, each takes what it shows
    failed = Signal(object)  # Exception
    ended = Signal()  # nothing is wanted any more

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._opened: Opened | None = None
        self._images: dict[str, ImageFile] = {}
        self._wanted: dict[str, list[str]] = {}
        self._reader = LatestOnly(self)
        self._reader.failed.connect(self.failed)
        self._reader.ended.connect(self._next)

    @property
    def busy(self) -> bool:
        """Whether a picture is being read."""
        return self._reader.busy

    def want(self, view: str, opened: Opened, paths: Sequence[str]) -> None:
        """Read these images for a view instead of those it wanted before."""
        before = self._opened
        if before is None or opened.dataset is not before.dataset:
            self._images = {image.path: image for image in opened.dataset.images}
        if before is not None and opened.workspace != before.workspace:
            self._wanted.clear()
        self._opened = opened
        # A growing map may hold files that came after the folder was opened.
        self._wanted[view] = [path for path in paths if path in self._images]
        if not self.busy:
            self._next()

    def stop(self) -> None:
        """Read nothing any more."""
        self._wanted.clear()
        self._reader.stop()

    def _next(self) -> None:
        view = next((view for view, paths in self._wanted.items() if paths), None)
        if view is None or self._opened is None:
            self.ended.emit()
            return
        paths = self._wanted[view][:AT_ONCE]
        self._wanted[view] = self._wanted[view][AT_ONCE:]
        paths = [path for path in paths if path in self._images]  # of now: files may have moved
        images = [self._images[path] for path in paths]
        job = jobs.thumbnails(self._opened.workspace, self._opened.dataset.folder, images)
        self._reader.request(job, partial(self._tell, paths))

    def _tell(self, paths: list[str], pictures: list[Pixels | str]) -> None:
        self.read.emit(paths, pictures)
