"""The findings that are looked at one after the other, and where the user is among them."""

from collections.abc import Mapping

from engine.quality.findings import LABEL, Finding, Quality
from engine.quality.queue import OPEN, Count, Wanted, listed, progress
from engine.values import ImageFile

AHEAD = 3  # findings whose pictures are read before they are looked at


class ReviewQueue:
    """Answers take effect here at once; they are written down meanwhile."""

    def __init__(self) -> None:
        self.quality: Quality | None = None
        self.images: Mapping[str, ImageFile] = {}
        self.wanted = Wanted()
        self.findings: list[Finding] = []  # those that are wanted
        self.row = 0
        self._answered: set[tuple[str, str]] = set()  # what is being written down

    @property
    def current(self) -> Finding | None:
        """What is looked at; None when nothing is left."""
        return self.findings[self.row] if self.findings else None

    @property
    def ahead(self) -> tuple[str, ...]:
        """Paths of the images that are seen now, and then."""
        near = self.findings[self.row : self.row + 1 + AHEAD]
        wanted = dict.fromkeys(path for each in near for path in (each.path, each.twin))
        return tuple(path for path in wanted if path in self.images)

    @property
    def counts(self) -> dict[str, Count]:
        """How many findings there are of each kind, and how many were looked at."""
        return progress(self.quality.findings if self.quality is not None else (), self.images)

    def show(self, quality: Quality | None, images: Mapping[str, ImageFile]) -> None:
        """Take the images as they are now; where other findings come, begin with the worst."""
        is_other, self.quality, self.images = quality is not self.quality, quality, images
        if is_other:
            self._answered.clear()
            self.row, self.findings = 0, []
            first = next((kind for kind, count in self.counts.items() if count.left), LABEL)
            self.wanted = Wanted(first)
        self._list()

    def choose(self, wanted: Wanted) -> None:
        """Look at others."""
        self.wanted, self.row, self.findings = wanted, 0, []
        self._list()

    def look_at(self, row: int) -> None:
        """Look at another one of those that are listed."""
        self.row = row

    def go_on(self) -> None:
        """Look at the next one; the last one stays."""
        self.row = max(min(self.row + 1, len(self.findings) - 1), 0)

    def answered(self) -> None:
        """Look at the next one; what was answered leaves the list of what is to be looked at."""
        finding = self.current
        if finding is None:
            return
        if self.wanted.which == OPEN:
            self._answered.add((finding.kind, finding.path))
            self._list()
        else:
            self.go_on()

    def written(self) -> None:
        """List again what could not be written down; the images know the rest."""
        self._answered.clear()
        self._list()

    def return_to(self, path: str) -> None:
        """Look again at an image of which an answer was taken back."""
        about = [each for each in (self.quality.findings if self.quality is not None else ())
                 if each.path == path and path in self.images]  # fmt: skip
        about.sort(key=lambda each: each.kind != self.wanted.kind)  # else its first kind
        if about:
            self._answered.discard((about[0].kind, path))
            self._list()
            if about[0] not in self.findings:
                self.choose(Wanted(about[0].kind))
            if about[0] in self.findings:
                self.row = self.findings.index(about[0])

    def _list(self) -> None:
        """Stay at the current one; where it left the list, the one after it is current."""
        current = self.current
        findings = self.quality.findings if self.quality is not None else ()
        self.findings = [
            each
            for each in listed(findings, self.images, self.wanted)
            if (each.kind, each.path) not in self._answered
        ]
        if current in self.findings:
            self.row = self.findings.index(current)
        self.row = max(min(self.row, len(self.findings) - 1), 0)
