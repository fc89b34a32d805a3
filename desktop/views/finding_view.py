"""One finding closely: the picture, what may be wrong, and what it is to be compared with."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.language import told, tr
from desktop.picture_reader import LargePicture
from desktop.theme import SPACE
from desktop.views.fitted_picture import FittedPicture
from desktop.views.review_words import NO_CLASS, differences, headline, size_in_words
from desktop.views.similar_grid import SimilarGrid
from desktop.views.widgets import OneLine, label, shown
from engine.palette import Colour
from engine.pipeline import Neighbor
from engine.quality.copies import sentence_of
from engine.quality.findings import LABEL, OUTLIER, Finding
from engine.values import ImageFile, Pixels

LEAST = 120  # device-independent pixels of the side of a picture


class FindingView(QWidget):
    """Shows what is known at once; pictures and neighbours follow."""

    chosen = Signal(str)  # path of a picture beside it, to be looked at on the map

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.finding: Finding | None = None
        self._images: Mapping[str, ImageFile] = {}
        self.picture = _Picture(tr("Picture"))
        self.twin = _Picture(tr("Picture that would stay"))
        self.headline = label("", "heading")
        self.rank = label("", "muted")
        self.says = label("", wrap=True)
        self.given, self.suggested = SimilarGrid(), SimilarGrid()
        pictures = QHBoxLayout()
        pictures.setSpacing(SPACE)
        pictures.addWidget(self.picture)
        pictures.addWidget(self.twin)
        heading = QHBoxLayout()
        heading.addWidget(self.headline)
        heading.addStretch(1)
        heading.addWidget(self.rank)
        grids = QHBoxLayout()
        grids.setSpacing(SPACE)
        for grid in (self.given, self.suggested):
            grids.addWidget(grid, 1)
            grid.chosen.connect(self.chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addLayout(pictures, 1)
        column.addLayout(heading)
        column.addWidget(self.says)
        column.addLayout(grids)

    def show_finding(
        self,
        finding: Finding,
        images: Mapping[str, ImageFile],
        colours: Mapping[str, Colour],
    ) -> None:
        """Show another finding.

        Parameters
        ----------
        finding
            What may be wrong.
        images
            All images as they are now, by path.
        colours
            Of the classes.
        """
        self.finding = finding
        self.show_images(images)
        self.headline.setText(headline(finding))
        self.given.setVisible(finding.kind in (LABEL, OUTLIER))
        self.suggested.setVisible(finding.kind == LABEL)
        if finding.kind == LABEL:
            title = tr("Given: {name}", name=finding.given or tr(NO_CLASS))
            self.given.show_title(title, colours.get(finding.given))
            title = tr("Suggested: {name}", name=finding.suggested or tr(NO_CLASS))
            self.suggested.show_title(title, colours.get(finding.suggested))
        elif finding.kind == OUTLIER:
            self.given.show_title(tr("Nearest of all images"), None)

    def show_images(self, images: Mapping[str, ImageFile]) -> None:
        """Show the images as they are now."""
        assert self.finding is not None
        self._images, twin = images, self.finding.twin
        says = told(sentence_of(self.finding, images))
        self.says.setText(shown(says))
        self.says.setVisible(bool(says))
        self.picture.show_file(images[self.finding.path])
        self.twin.setVisible(twin in images)
        self.picture.say_more("")
        if twin in images:
            self.twin.show_file(images[twin])
            self.twin.say_more(tr("Would stay"))
            self.picture.say_more("…")
            self._compare()

    @property
    def classes(self) -> tuple[str, ...]:
        """Classes whose images nearest to it are shown; none for all of them together."""
        finding = self.finding
        if finding is None or finding.kind != LABEL:
            return ()
        return finding.given, finding.suggested

    @property
    def wants_neighbors(self) -> bool:
        """Whether neighbours say something of this finding."""
        return self.finding is not None and self.finding.kind in (LABEL, OUTLIER)

    @property
    def beside(self) -> tuple[str, ...]:
        """Paths of the small pictures."""
        return (*self.given.paths, *self.suggested.paths)

    def forget_pictures(self) -> None:
        """Read the large pictures anew when they are shown again."""
        self.picture.path = self.twin.path = ""

    def show_neighbors(self, path: str, found: Mapping[str, Sequence[Neighbor]]) -> None:
        """Show what is nearest to an image, if it is still the one that is looked at."""
        if self.finding is None or path != self.finding.path or not self.wants_neighbors:
            return
        if self.finding.kind == LABEL:
            if set(found) != set(self.classes):
                return  # asked for another finding about the same image
            self.given.show_neighbors(found[self.finding.given])
            self.suggested.show_neighbors(found[self.finding.suggested])
        elif "" in found:
            self.given.show_neighbors(found[""])

    def show_picture(self, path: str, picture: LargePicture) -> None:
        """Take a large picture; others than the one or two that are shown are dropped."""
        if self.finding is None:
            return
        for view in (self.picture, self.twin):
            if view.path == path:
                view.show_picture(picture)
        self._compare()

    def add_pictures(self, pictures: Mapping[str, Pixels | str]) -> None:
        """Take small pictures."""
        self.given.add_pictures(pictures)
        self.suggested.add_pictures(pictures)

    def _compare(self) -> None:
        """Say what tells the two files of a duplicate apart once both are known."""
        finding = self.finding
        assert finding is not None
        if finding.twin not in self._images or not (self.picture.known and self.twin.known):
            return
        one, two = self._images[finding.path], self._images[finding.twin]
        pixels = self.picture.pixels, self.twin.pixels
        says = differences(one.size, two.size, *pixels)
        self.picture.say_more(says[0].upper() + says[1:])


class _Picture(QWidget):
    """A large picture with its path, and how large it is."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.path = ""
        self.pixels = (0, 0)
        self.known = False
        self._size = 0
        self._class = ""
        self.picture = FittedPicture(name, LEAST)
        self.place = OneLine("muted")
        self.facts, self.more = OneLine("muted"), OneLine("muted")
        self.more.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        column.addWidget(self.picture, 1)
        column.addWidget(self.place)
        column.addWidget(self.facts)
        column.addWidget(self.more)

    def show_file(self, image: ImageFile) -> None:
        """Show the name at once."""
        self._size, self._class = image.size, image.label
        if image.path != self.path:
            self.path, self.known, self.pixels = image.path, False, (0, 0)
            self.picture.show_picture("")
        self.place.show_text(shown(image.path))
        self._say()

    def show_picture(self, picture: LargePicture) -> None:
        if self.known:
            return
        self.known, self.pixels = True, (picture.width, picture.height)
        why = picture.pixels
        self.picture.show_picture(
            tr("This picture {why}.", why=told(why)) if isinstance(why, str) else why
        )
        self._say()

    def say_more(self, text: str) -> None:
        """Say how it stands to the other picture; "" where there is none."""
        self.more.show_text(text)
        self.more.setVisible(bool(text))

    def _say(self) -> None:
        width, height = self.pixels
        size = f"{width:,} × {height:,}" if width else ""
        facts = (shown(self._class), size, size_in_words(self._size))
        self.facts.show_text(" · ".join(filter(None, facts)))
