"""The panel beside the map on which findings are answered, one key each."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from desktop.language import told, tr
from desktop.picture_reader import LargePicture
from desktop.review_queue import ReviewQueue
from desktop.state import State
from desktop.views.answers import ASK, BACK, EXCLUDE, KEEP_IT, SKIP_IT, TAKE_IT, Answers, command_of
from desktop.views.class_field import ClassField
from desktop.views.disk_note import DiskNote
from desktop.views.finding_view import FindingView
from desktop.views.review_arranged import arrange
from desktop.views.review_choices import ReviewChoices
from desktop.views.review_list import ReviewList
from desktop.views.review_words import why_none
from desktop.views.widgets import button, label, shown
from desktop.views.yielding import Yielding
from engine.pipeline import Neighbor, Opened
from engine.quality.findings import LABEL, Finding
from engine.quality.queue import SKIPPED, Wanted
from engine.quality.review import KEEP, SKIP
from engine.values import Pixels
from engine.wording import mark
from engine.workspace import History

SAYS = mark(
    "Finds labels that are probably wrong, pictures that are there twice, pictures unlike all "
    "others, and dark, blurred or broken ones. Nothing is changed before you say so."
)
RANK = mark("Learn from the classes of now, and rank again")
WIDTH, LEAST_WIDTH, FIELD_WIDTH = 620, 510, 240
LEAST_HEIGHT = 200  # of the finding, which is scrolled on a low screen


class ReviewPanel(QWidget):
    """Shows findings and says what the user says of them."""

    find_wanted = Signal()
    rank_wanted = Signal()  # learn again from the classes of now
    looked_at = Signal(object)  # Finding or None
    reviewed = Signal(object, str)  # Finding, verdict
    class_given = Signal(object, str)  # Finding, class
    excluded = Signal(object)  # Finding
    back_wanted = Signal()
    image_chosen = Signal(str)  # path of an image to be looked at on the map
    small_wanted = Signal(str, object)  # for which view, list of paths
    apply_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = State()
        self._seen: Finding | None = None
        self._asked: Finding | None = None  # which the class in the field is for
        self._until_written = False  # whether what is told holds only so long
        self.queue = ReviewQueue()
        self.says = label(tr(SAYS), "muted", wrap=True)
        self.find_button = button(tr("Find what is wrong"), "primary")
        self.rank_button = button(tr("Rank again"), tip=tr(RANK))
        self.count = label("", "muted")
        self.told = label("", "muted", wrap=True)
        self.told.hide()
        self.choices = ReviewChoices()
        self.list = ReviewList()
        self.view = FindingView()
        self.part = Yielding(self.view, LEAST_HEIGHT)
        self.none = label("", "muted", wrap=True)
        self.answers = Answers()
        self.notes = label("", "muted", wrap=True)
        self.disk = DiskNote()
        self.across, self.filler = QWidget(), QWidget()
        self.setAccessibleName(tr("Review"))
        self.setMinimumWidth(LEAST_WIDTH)
        arrange(self)
        self.field = ClassField(self.across, FIELD_WIDTH)  # over the list: the picture is seen
        self._connect()
        self._show_all()

    def show_state(self, state: State) -> None:
        """Show what is to be looked at now."""
        before, self._state = self._state, state
        now, was = state.opened, before.opened
        if now is was and state.quality is before.quality:
            return
        if _paths(now) is not _paths(was):  # other files may have these names now
            self.list.findings.forget_pictures()
            self.view.forget_pictures()
        if _workspace(now) != _workspace(was):
            self.queue.begin_anew()
        images = now.dataset.images if now is not None else ()
        self.queue.show(state.quality, {image.path: image for image in images})
        self._show_all()
        self._ask_on()

    def show_picture(self, path: str, picture: LargePicture) -> None:
        """Take a large picture."""
        self.view.show_picture(path, picture)

    def show_neighbors(self, path: str, found: Mapping[str, Sequence[Neighbor]]) -> None:
        """Take the neighbours of an image."""
        self.view.show_neighbors(path, found)
        self.small_wanted.emit("beside", list(self.view.beside))

    def add_pictures(self, pictures: Mapping[str, Pixels | str]) -> None:
        """Take small pictures."""
        self.list.add_pictures(pictures)
        self.view.add_pictures(pictures)

    def set_busy(self, busy: bool) -> None:
        """Start nothing while a job runs."""
        for each in (self.find_button, self.rank_button, self.disk.button):
            each.setEnabled(not busy)

    def written(self) -> None:
        """Show again what could not be written down; the rest is in the state by now."""
        self.queue.written()
        self._show_list()
        if self._until_written:
            self.tell("")

    def return_to(self, paths: Sequence[str]) -> None:
        """Look again at an image of which an answer was taken back."""
        if paths and not self.isHidden():
            self.queue.return_to(paths[0])
            self._show_all()

    def look_again(self) -> None:
        """Say again what is looked at: something else may have been picked meanwhile."""
        self.looked_at.emit(self.queue.current)

    def tell(self, text: str, until_written: bool = False) -> None:
        """Say what came of the last wish; it stays until there is other news, or all is written."""
        self._until_written = until_written
        self.told.setText(text)
        self.told.setVisible(bool(text))

    def go_to_keys(self) -> None:
        """Let the keys of the buttons mean the findings."""
        self.list.setFocus()

    # What is drawn.

    def _show_all(self) -> None:
        quality = self.queue.quality
        is_there = quality is not None
        found: tuple[QWidget, ...] = (self.choices, self.across, self.rank_button, self.count)
        for each in (*found, self.says, self.find_button, self.filler):
            each.setVisible(is_there == (each in found))
        notes = quality.notes if quality is not None else ()
        self.notes.setText(shown("\n".join(map(told, notes))))
        self.notes.setVisible(bool(notes))
        opened = self._state.opened
        self.disk.show_history(opened.history if opened is not None else History())
        self._show_list()

    def _show_list(self) -> None:
        queue, classes = self.queue, self._state.classes
        if queue.quality is not None:
            counts = queue.counts
            self.choices.show_wanted(queue.wanted, counts, classes)
            count = counts[queue.wanted.kind]
            done, total = count.looked_at, count.total
            self.count.setText(tr("{done:,} of {total:,} looked at", done=done, total=total))
        self.list.show_findings(queue.findings, queue.row)
        self._show_current()

    def _show_current(self) -> None:
        queue, finding = self.queue, self.queue.current_now
        is_other = queue.current is not self._seen or finding != self.view.finding
        self._seen = queue.current
        self.part.setVisible(finding is not None)
        self.none.setVisible(finding is None and queue.quality is not None)
        if finding is None:
            self.none.setText(why_none(queue.wanted, queue.counts[queue.wanted.kind].total))
        elif is_other:
            self.view.show_finding(finding, queue.images, self._state.colours)
        else:
            self.view.show_images(queue.images)
        rank, total = queue.row + 1, len(queue.findings)
        self.view.rank.setText(tr("{rank:,} of {total:,}", rank=rank, total=total))
        self.answers.show_finding(finding)
        if is_other:
            self.looked_at.emit(finding)

    # What the user says.

    def _say(self, command: str) -> None:
        finding = self.queue.current
        if command == BACK:
            self.back_wanted.emit()
        elif finding is None or not self.answers.allows(command):
            return
        elif command == ASK:
            self._asked = finding
            self.field.ask(tr("Another class"), self._state.colours, finding.suggested)
        elif command == SKIP_IT and self.queue.wanted.which == SKIPPED:
            self.queue.go_on()
            self._show_list()
        else:
            self._go_on(finding)
            if command == TAKE_IT:
                self.class_given.emit(finding, finding.suggested)
            elif command == EXCLUDE:
                self.excluded.emit(finding)
            else:
                self.reviewed.emit(finding, KEEP if command == KEEP_IT else SKIP)

    def _take_class(self, name: str) -> None:
        """Give the class of the field to the image it was asked for."""
        finding, self._asked = self._asked, None
        self._give_class(finding, name)

    def _give_class(self, finding: Finding | None, name: str) -> None:
        if finding is None:
            return
        if finding.kind != LABEL:  # says nothing of whether it is a copy, or odd
            self.class_given.emit(finding, name)
            return
        self._go_on(finding)
        if name == finding.given:
            self.reviewed.emit(finding, KEEP)
        else:
            self.class_given.emit(finding, name)

    def _ask_on(self) -> None:
        """Leave the field when what it asks about is found no more."""
        if self._asked is not None and self.field.isVisible():
            self._asked = self.queue.now(self._asked)
            if self._asked is None:
                self.field.leave()

    def _go_on(self, finding: Finding) -> None:
        """Show the next one at once; the answer is written down meanwhile."""
        self.queue.answered(finding)
        self._show_list()

    def _choose(self, wanted: Wanted) -> None:
        self.queue.choose(wanted)
        self._show_list()
        self.go_to_keys()

    def _look_at(self, row: int) -> None:
        self.queue.look_at(row)
        self._show_current()

    # How it is put together.

    def _connect(self) -> None:
        self.find_button.clicked.connect(self.find_wanted)
        self.rank_button.clicked.connect(self.rank_wanted)
        self.disk.apply_wanted.connect(self.apply_wanted)
        self.choices.chosen.connect(self._choose)
        self.answers.said.connect(self._say)
        self.list.chosen.connect(self._look_at)
        self.list.wanted.connect(lambda paths: self.small_wanted.emit("findings", paths))
        self.view.chosen.connect(self.image_chosen)
        self.field.chosen.connect(self._take_class)
        self.field.left.connect(self.go_to_keys)

    # Qt calls the following methods.

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the buttons from being shortcuts of the window."""
        is_early = event.type() == QEvent.Type.ShortcutOverride
        if is_early and isinstance(event, QKeyEvent) and command_of(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Carry out what a key says."""
        command, classes = command_of(event), self._state.classes
        if not command:
            super().keyPressEvent(event)
        elif event.isAutoRepeat():
            event.accept()  # a key that is held answers one finding
        elif not command.isdigit():
            self._say(command)
        elif int(command) <= len(classes):
            self._give_class(self.queue.current, classes[int(command) - 1])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Mean the findings by the keys after a click beside the buttons, too."""
        super().mousePressEvent(event)
        self.go_to_keys()


def _workspace(opened: Opened | None) -> Path | None:
    return opened.workspace if opened is not None else None


def _paths(opened: Opened | None) -> tuple[str, ...] | None:
    return opened.projection.paths if opened is not None and opened.projection else None
