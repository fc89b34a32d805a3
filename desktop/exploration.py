"""What a user does on the map, carried out: other maps, other colours, selections, neighbours."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from desktop import jobs
from desktop.language import plural, told, tr
from desktop.models import Models
from desktop.neighbors import Neighbors
from desktop.outside import Outside
from desktop.picture_reader import PictureReader
from desktop.project import Project
from desktop.thumbnail_reader import ThumbnailReader
from desktop.views.widgets import shown
from desktop.worker import JobRunner, LatestOnly
from engine.colouring import (
    AGREEMENT,
    CLASSES,
    CLUSTERS,
    OF_TRAINING,
    SUGGESTED,
    Colouring,
    by_suspicion,
)
from engine.engine_process import EngineProcess
from engine.errors import EngineError
from engine.learning_curve import LearningCurve
from engine.pipeline import ClassifierOptions, FinetuneOptions, Neighbor, Trained
from engine.projection.options import ProjectionOptions
from engine.search import search
from engine.values import Projection
from engine.wording import mark

Reader = LatestOnly | PictureReader | ThumbnailReader

PICTURE_PIXELS = 512
NEIGHBORS = 10
NOT_NOW = mark("Wait until there is a map and no job runs; then drop the file again.")
NO_PICTURES = mark("The pictures are not kept with this model; train again to select them.")


class Exploration(QObject):
    """Turns wishes on the map into jobs, and their results into the state of the project."""

    said = Signal(str)  # for the status bar
    failed = Signal(object)  # Exception
    idle = Signal()  # nothing is being read or looked for any more
    suggestions_wanted = Signal()  # to colour by them
    picture_read = Signal(object)  # pixels of the picture that is pointed at, or why there are none
    neighbors_found = Signal(object)  # list of Neighbor of the picked picture

    def __init__(
        self,
        project: Project,
        runner: JobRunner,
        engine: EngineProcess,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._project = project
        self._runner = runner
        self._engine = engine  # what it computes does not hold up the window
        self.thumbnails = ThumbnailReader(self)
        self._pictures, self._near = LatestOnly(self), LatestOnly(self)
        self.models = Models(project, runner, engine, self)
        self.models.said.connect(self.said)
        self._readers: list[Reader] = []
        self.neighbors = Neighbors()
        self._compares = False  # whether a new map is compared with the embeddings at once
        for reader in (self.thumbnails, self._pictures, self._near, self.models.reader):
            self.add_reader(reader)

    def add_reader(self, reader: Reader) -> None:
        """Stop it, too, when another folder is opened or the window is closed."""
        self._readers.append(reader)
        reader.failed.connect(self.failed)
        reader.ended.connect(self._tell_idle)

    @property
    def busy(self) -> bool:
        """Whether something is being read or looked for."""
        return any(reader.busy for reader in self._readers)

    @property
    def is_held_up(self) -> bool:
        """Whether a job runs, so that none can be started."""
        return self._runner.busy

    def stop(self) -> None:
        """Drop what is being read and looked for."""
        for reader in self._readers:
            reader.stop()

    def arrange(self, options: ProjectionOptions) -> None:
        """Show another map; it is watched while it is made."""
        opened = self._project.state.opened
        if opened is None or opened.recipe is None or self._runner.busy:
            return
        self._compares = self._project.state.colouring.of_map
        job = jobs.arrange(self._engine, opened.workspace, opened.recipe.run, options)
        self._runner.start(tr("Making the map"), job, self._keep_map, can_finish=True)

    def colour_by(self, title: str) -> None:
        """Colour as `engine.colouring` calls it; what is not known yet is computed."""
        opened, projection = self._project.state.opened, self._project.state.projection
        if opened is None or projection is None or self._runner.busy:
            return
        if title == SUGGESTED:
            self.suggestions_wanted.emit()
        elif title == CLUSTERS:
            job = jobs.clusters(self._engine, opened.workspace, projection)
            self._runner.start(tr("Looking for clusters"), job, self._keep_colours)
        elif title == AGREEMENT:
            job = jobs.agreement(self._engine, opened.workspace, projection)
            self._runner.start(tr("Comparing the neighbours"), job, self._keep_colours)
        else:
            quality = self._project.state.quality
            if title in OF_TRAINING:
                self._project.colour_trained(title)
            elif title == CLASSES:
                self._project.colour(None)
            elif quality is not None:
                self._project.colour(by_suspicion(quality, projection.paths))
            self.said.emit(self._project.state.colours_say)

    def train(self, options: ClassifierOptions | FinetuneOptions) -> None:
        """Train a classifier on the embeddings that are shown."""
        opened = self._project.state.opened
        if opened is None or opened.recipe is None or self._runner.busy:
            return
        job = jobs.train(self._engine, opened.workspace, opened.recipe.run, options)
        tunes = isinstance(options, FinetuneOptions)
        title = tr("Fine-tuning the backbone") if tunes else tr("Training the classifier")
        self._runner.start(title, job, self._keep_training, can_finish=tunes)

    def find_learning_curve(self, options: ClassifierOptions) -> None:
        """Find out whether the classifier that is shown would be better with more pictures."""
        opened, trained = self._project.state.opened, self._project.state.trained
        if opened is None or trained is None or self._runner.busy:
            return
        job = jobs.learning_curve(self._engine, opened.workspace, trained.training.run, options)
        self._runner.start(tr("Training with fewer pictures"), job, self._keep_curve)

    def select_taken_for(self, true: int, predicted: int) -> None:
        """Select what lies in a cell of the confusion matrix."""
        trained = self._judged()
        if trained is not None:
            paths = trained.training.taken_for(true, predicted)
            self._project.select_paths(paths)
            names = trained.training.classes
            values = {"count": len(paths), "true": names[true], "predicted": names[predicted]}
            self.said.emit(shown(tr("{count:,} “{true}” taken for “{predicted}”.", **values)))

    def select_mistakes(self) -> None:
        """Select what the classifier did not recognise."""
        trained = self._judged()
        if trained is not None:
            mistakes = trained.training.mistakes
            self._project.select_paths(mistakes)
            said = plural(
                "{count:,} image was not recognised.", "{count:,} images were not recognised.",
                len(mistakes),
            )  # fmt: skip
            self.said.emit(said)

    def show_model(self) -> None:
        """Open the folder of the trained model in the system's file manager."""
        trained = self._project.state.trained
        if trained is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(shown(trained.model)))

    def search(self, text: str) -> None:
        """Select what is found by name or class; an empty text ends the selection."""
        projection = self._project.state.projection
        if projection is None:
            return
        rows = search(projection.paths, projection.labels, text)
        self._project.select(rows)
        if text:
            said = plural(
                "{count:,} image found for “{text}”.", "{count:,} images found for “{text}”.",
                len(rows), text=shown(text),
            )  # fmt: skip
            self.said.emit(said)

    def select_group(self, name: str) -> None:
        """Select a group of the legend."""
        groups = self._project.state.colouring.groups
        self._project.select(np.flatnonzero([group == name for group in groups]))

    def read_picture(self, row: int | None) -> None:
        """Read the picture of a row; what was being read for another is dropped."""
        opened, projection = self._project.state.opened, self._project.state.projection
        if row is None or opened is None or projection is None:
            self._pictures.stop()
            return
        file = opened.dataset.folder / projection.paths[row]
        self._pictures.request(jobs.read_picture(file, PICTURE_PIXELS), self.picture_read.emit)

    def find_neighbors(self, row: int | None) -> None:
        """Look for the nearest neighbours of a row among the embeddings."""
        state = self._project.state
        if row is None or state.opened is None or state.projection is None:
            self._near.stop()
        elif state.opened.projection is not None:  # not while the embeddings are being made
            path = state.projection.paths[row]
            run = state.projection.run
            job = self.neighbors.to_image(state.opened, run, path, NEIGHBORS)
            self._near.request(job, self._tell_neighbors)

    def find_similar(self, paths: Sequence[Path]) -> None:
        """Place pictures from elsewhere, and those of folders, on the map, with their classes.

        A single one that is of the dataset is picked.
        """
        opened, projection = self._project.state.opened, self._project.state.projection
        if opened is None or opened.projection is None or projection is None or self._runner.busy:
            self.said.emit(tr(NOT_NOW))
            return
        folder, (file, *others) = opened.dataset.folder, paths
        if not others and file.is_relative_to(folder):
            name = file.relative_to(folder).as_posix()
            if name in projection.paths:
                self._project.pick(projection.paths.index(name))
                return
        trained = self._project.state.trained
        model = trained.model if trained is not None else None
        job = self.neighbors.to_files(
            opened, projection.run, paths, NEIGHBORS, PICTURE_PIXELS, model
        )
        self._runner.start(tr("Finding similar images"), job, self._compare)

    def read_thumbnails(self, view: str, rows: list[int]) -> None:
        """Read the small pictures of some rows for a view."""
        opened, projection = self._project.state.opened, self._project.state.projection
        if opened is not None and projection is not None:
            self.thumbnails.want(view, opened, [projection.paths[row] for row in rows])

    def show_in_folder(self) -> None:
        """Open the folder of the picked picture in the system's file manager."""
        state = self._project.state
        if state.opened is not None and state.projection is not None and state.picked is not None:
            file = state.opened.dataset.folder / state.projection.paths[state.picked]
            QDesktopServices.openUrl(QUrl.fromLocalFile(shown(file.parent)))

    def _keep_map(self, projection: Projection) -> None:
        self._project.keep(projection)
        said = plural(
            "{count:,} image in {dims} dimensions.", "{count:,} images in {dims} dimensions.",
            len(projection.points), dims=projection.dims,
        )  # fmt: skip
        self.said.emit(said)
        if self._compares:
            self.colour_by(AGREEMENT)

    def _judged(self) -> Trained | None:
        """Return the open classifier when it is known which pictures it was judged on."""
        trained = self._project.state.trained
        if trained is not None and not trained.training.paths:
            self.said.emit(tr(NO_PICTURES))
            return None
        return trained

    def _keep_training(self, trained: Trained) -> None:
        self._project.keep_training(trained)
        share, seconds = trained.report.accuracy, trained.seconds
        said = tr("{share:.1%} recognised in {seconds:.1f} s.", share=share, seconds=seconds)
        self.said.emit(said)
        if trained.note:
            self.failed.emit(EngineError(trained.note))

    def _keep_curve(self, found: LearningCurve) -> None:
        self._project.keep_learning_curve(found)
        self.said.emit(told(found.says))

    def _compare(self, outside: Outside) -> None:
        self._project.compare(outside)
        self.said.emit(shown(outside.in_short))

    def _keep_colours(self, colouring: Colouring) -> None:
        self._project.colour(colouring)
        groups = len([name for name in colouring.palette if name])
        said = plural("{count} cluster.", "{count} clusters.", groups)
        self.said.emit(said if groups else self._project.state.colours_say)

    def _tell_neighbors(self, found: list[Neighbor]) -> None:
        self.neighbors_found.emit(found)

    def _tell_idle(self) -> None:
        if not self.busy:
            self.idle.emit()
