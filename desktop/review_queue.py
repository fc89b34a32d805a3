"""The findings that are looked at one after the other, and where the user is among them."""

from collections.abc import Mapping
from dataclasses import replace

from engine.quality.copies import Copies
from engine.quality.findings import DUPLICATE, LABEL, Finding, Quality
from engine.quality.queue import OPEN, Wanted, fits, now_of, progress, standing
from engine.values import ImageFile

Place = tuple[Wanted, Finding | None]  # which findings are looked at, and at which of them
AHEAD = 3  # findings whose pictures are read before they are looked at


class ReviewQueue:
    """Answers take effect here at once; they are written down meanwhile.

    quality:  all findings, None before they were looked for.
    images:   as they are now, by path; findings about others are left out.
    wanted:   which findings are looked at.
    findings: those, the worst first.
    row:      which of them is looked at.
    counts:   how many there are of each kind, and how many were looked at.
    """

    def __init__(self) -> None:
        self.quality: Quality | None = None
        self.images: Mapping[str, ImageFile] = {}
        self.wanted = Wanted()
        self.findings: list[Finding] = []
        self.row = 0
        self.counts = progress(())
        self._copies = Copies(Quality(""))
        self._stands: dict[Finding, str] = {}
        self._answered: set[Finding] = set()  # what is being written down
        self._place: Place | None = None  # to begin at when there are findings
        self._is_given = False  # from outside

    @property
    def current(self) -> Finding | None:
        """What is looked at; None when nothing is left."""
        return self.findings[self.row] if self.findings else None

    @property
    def current_now(self) -> Finding | None:
        """What is looked at, with the copy that would stay of those that are not excluded."""
        current = self.current
        return self._with_twin(current) if current is not None else None

    @property
    def ahead(self) -> tuple[str, ...]:
        """Paths of the images that are seen now, and then."""
        near = map(self._with_twin, self.findings[self.row : self.row + 1 + AHEAD])
        wanted = dict.fromkeys(path for each in near for path in (each.path, each.twin))
        return tuple(path for path in wanted if path in self.images)

    @property
    def place(self) -> Place | None:
        """Where the user is, or was when there were findings last; None before there were any."""
        return self._place if self.quality is None else (self.wanted, self.current)

    @place.setter
    def place(self, place: Place | None) -> None:
        """Begin there when there are findings; where nothing was left to look at, stay so."""
        self._place, self._is_given = place, True

    def show(self, quality: Quality | None, images: Mapping[str, ImageFile]) -> None:
        """Take the images as they are now; where other findings come, stay at the same image."""
        is_other, before = quality is not self.quality, self.images
        if is_other and self.quality is not None:
            self._place = self.place
        self.quality, self.images = quality, images
        if is_other:
            self._stands, before = {}, {}
            self._copies = Copies(quality or Quality(""))
        # Most images are the very same as before: a key changes one of thousands. But that one may
        # be the copy that others are copies of.
        self._stands = {
            finding: self._stands[finding]
            if image is before.get(finding.path) and finding.kind != DUPLICATE
            else standing(finding, images, self._copies)
            for finding in (quality.findings if quality is not None else ())
            if (image := images.get(finding.path)) is not None
        }
        self.counts = progress(self._stands.items())
        if is_other and quality is not None:
            self._answered = {new for each in self._answered if (new := self.now(each))}
        self._answered = {each for each in self._answered if self._stands.get(each) == OPEN}
        if is_other:
            self._return()
        else:
            self._list()

    def now(self, finding: Finding) -> Finding | None:
        """Return what is found now of what was found before, None where nothing is any more."""
        return next((each for each in self._stands if _is_same(each, finding)), None)

    def follow(self, moved: Mapping[str, str]) -> None:
        """Know the images by their new paths; the findings of them come after."""
        wanted, finding = self._place or (None, None)
        if wanted is not None and finding is not None:
            path, twin = (moved.get(path, path) for path in (finding.path, finding.twin))
            self._place = wanted, replace(finding, path=path, twin=twin)

    def begin_anew(self) -> None:
        """Forget where the user was: it was in another folder."""
        self.quality, self._place, self._is_given = None, None, False
        self._answered.clear()

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

    def answered(self, finding: Finding) -> None:
        """Look at the next one; what was answered leaves the list of what is to be looked at."""
        if self.wanted.which != OPEN:
            if finding == self.current:
                self.go_on()
            return
        self._answered.add(finding)
        if finding in self.findings:
            place = self.findings.index(finding)
            self.findings = [*self.findings[:place], *self.findings[place + 1 :]]
            self.row = max(min(self.row - (place < self.row), len(self.findings) - 1), 0)

    def written(self) -> None:
        """List again what could not be written down; the images know the rest."""
        if self._answered:
            self._answered.clear()
            self._list()

    def return_to(self, path: str) -> None:
        """Look again at an image of which an answer was taken back."""
        about = [finding for finding in self._stands if finding.path == path]
        about.sort(key=lambda each: each.kind != self.wanted.kind)  # else its first kind
        if not about:
            return
        self._answered.discard(about[0])
        self._list()
        if about[0] not in self.findings:
            self.choose(Wanted(about[0].kind))
        if about[0] in self.findings:
            self.row = self.findings.index(about[0])

    def _with_twin(self, finding: Finding) -> Finding:
        """Return a finding with the copy that would stay of those that are not excluded."""
        return now_of(finding, self.images, self._copies) or finding

    def _return(self) -> None:
        """Look at what was looked at when there were findings last, else at the worst."""
        self.row, self.findings = 0, []
        if self.quality is None:
            return
        first = Wanted(next((kind for kind, count in self.counts.items() if count.left), LABEL))
        self.wanted, finding = self._place or (first, None)
        self._list()
        stays, self._is_given = self._is_given and finding is None, False
        if not self.findings and not stays:
            self.choose(first)
        same = finding and self.now(finding)
        if same in self.findings:
            self.row = self.findings.index(same)

    def _list(self) -> None:
        """Stay at the current one; where it left the list, the one after it is current."""
        current = self.current
        self.findings = [
            finding
            for finding, now in self._stands.items()
            if fits(finding, now, self.wanted) and finding not in self._answered
        ]
        if current in self.findings:
            self.row = self.findings.index(current)
        self.row = max(min(self.row, len(self.findings) - 1), 0)


def _is_same(one: Finding, other: Finding) -> bool:
    """Whether two findings say the same of the same image, perhaps not as surely."""
    return _about(one) == _about(other)


def _about(finding: Finding) -> tuple[str, ...]:
    return finding.kind, finding.issue, finding.path, finding.twin
