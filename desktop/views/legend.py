"""The legend: groups with their colours and counts, or a scale; a click hides or shows a group."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from desktop.language import told, tr
from desktop.theme import SPACE
from desktop.views.map_labels import group_name
from desktop.views.scale_bar import ScaleBar
from desktop.views.widgets import button, card, dot, label, pixmap
from engine.colouring import CLASSES, CLUSTERS, OF_TRAINING, SUGGESTED, Colouring
from engine.excluded import EXCLUDED
from engine.palette import Colour
from engine.values import Pixels
from engine.wording import mark

PICTURE_SIDE, DOT_SIDE = 36, 12  # device-independent pixels
NAME, PICTURE, COUNT = range(3)  # columns
MARGIN = SPACE + SPACE // 2
LINES = 2  # around the card, on both sides together
EDGES = 2 * MARGIN + 2 * LINES  # beside the list: margins, and lines around card and list
ROOMY = "00,000"  # a count that is never cut where no name is
BESIDE, BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

# What a group without a name is called.
WITHOUT = {
    CLASSES: mark("(no class)"),
    CLUSTERS: mark("(in no cluster)"),
    SUGGESTED: mark("(nothing suggested)"),
    **dict.fromkeys(OF_TRAINING, mark("(not judged)")),
}
LEFT_OUT = mark("(excluded)")
TIP = mark("Untick to hide, double-click to see alone, right-click to select all of it.")


def _words(name: str, title: str) -> str:
    if name == EXCLUDED:
        return tr(LEFT_OUT)
    return group_name(name, title) or tr(WITHOUT[title])


class Legend(QWidget):
    """Says what the colours mean, and which groups are to be seen."""

    changed = Signal(object)  # frozenset of the hidden groups
    group_chosen = Signal(str)  # to select all points of a group

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours: list[Colour] = []
        self._representatives: dict[str, int] = {}
        self._of = CLASSES  # title of the colouring
        self.title = label(told(CLASSES), "heading", wrap=True)
        self.title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.scale = ScaleBar()
        self.list = QTreeWidget()
        self.list.setHeaderHidden(True)
        self.list.setColumnCount(3)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setToolTip(tr(TIP))
        self.list.setAccessibleName(told(CLASSES))
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(PICTURE, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(COUNT, QHeaderView.ResizeMode.ResizeToContents)
        self.list.viewport().installEventFilter(self)
        self.list.itemChanged.connect(self._tell)
        self.list.itemDoubleClicked.connect(self._show_alone)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._choose)
        self.all_button = button(tr("Show all"))
        self.all_button.clicked.connect(self._show_all)
        top = QWidget()
        self._top = QBoxLayout(BESIDE, top)
        self._top.setContentsMargins(0, 0, 0, 0)
        self._top.setSpacing(SPACE)
        self._top.addWidget(self.title)
        self._top.addWidget(self.all_button, 0, RIGHT)
        column = QHBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        whole = card(top, self.scale, self.list, margin=MARGIN)
        inside = whole.layout()
        assert inside is not None
        inside.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._inside = inside
        column.addWidget(whole)

    def least_width(self) -> int:
        """Return how wide it is when none of the names that are its own is cut."""
        self.list.ensurePolished()
        words = [tr(text) for text in (*WITHOUT.values(), LEFT_OUT)]
        names = max(self._width_of(text, is_name=True) for text in words)
        bar = self.list.verticalScrollBar().sizeHint().width()
        return names + self._width_of(ROOMY) + bar + EDGES

    def hasHeightForWidth(self) -> bool:
        """Take what height there is, though texts are wrapped: the list scrolls.

        Qt would else keep the list as high as it likes to be, at the cost of what is beside it.
        """
        return False

    def minimumSizeHint(self) -> QSize:
        """Return what the texts need, with a list of a few rows."""
        least = super().minimumSizeHint()
        texts = self._inside.minimumHeightForWidth(max(self.width() - LINES, least.width()))
        return QSize(least.width(), max(least.height(), texts + LINES))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the texts anew."""
        super().resizeEvent(event)
        if event.oldSize().width() != self.width():
            self.updateGeometry()

    def show_colouring(self, colouring: Colouring, counts: dict[str, int]) -> None:
        """Explain the colours.

        Parameters
        ----------
        colouring
            Its groups are listed, or its scale is drawn.
        counts
            How many points of each group there are so far.
        """
        is_of_same = self._of == colouring.title
        stay_hidden = self.hidden if is_of_same else frozenset()
        self._of = colouring.title
        self.title.setText(told(colouring.title))
        self.scale.show_scale(colouring.scale)
        self.list.setVisible(colouring.scale is None)
        self.all_button.setVisible(colouring.scale is None)
        groups, stand_for = list(colouring.palette), colouring.representatives
        colours = list(colouring.palette.values())
        known = self._names(), self._colours, self._representatives
        if not is_of_same or known != (groups, colours, stand_for):
            self._representatives = stand_for
            self._fill(groups, colours, colouring, stay_hidden)
        self._update_counts(counts)
        self._divide()

    def show_all_but(self, hidden: frozenset[str]) -> None:
        """Let all groups be seen but these."""
        self._check(lambda item: item.data(NAME, Qt.ItemDataRole.UserRole) not in hidden)

    def add_pictures(self, rows: Sequence[int], pictures: Sequence[Pixels | str]) -> None:
        """Take the pictures that stand for groups; others are dropped."""
        known = dict(zip(rows, pictures, strict=True))
        self.list.blockSignals(True)
        for item in self._items():
            row = self._representatives.get(item.data(NAME, Qt.ItemDataRole.UserRole))
            picture = "" if row is None else known.get(row, "")
            if not isinstance(picture, str):
                item.setIcon(PICTURE, QIcon(pixmap(picture)))
        self.list.blockSignals(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Divide the list anew when it gets another width."""
        if event.type() == QEvent.Type.Resize:
            self._divide()
        return super().eventFilter(watched, event)

    def _divide(self) -> None:
        """Show pictures where there are some, unless names would be cut for them.

        A button that would cut the title stands below it.
        """
        title = self.title.fontMetrics().horizontalAdvance(self.title.text())
        whole = title + self._top.spacing() + self.all_button.sizeHint().width()
        self._top.setDirection(BESIDE if whole <= self.list.width() else BELOW)
        names, counts = (self.list.sizeHintForColumn(column) for column in (NAME, COUNT))
        room = self.list.viewport().width() - names - counts
        self.list.setColumnHidden(PICTURE, not self._representatives or room < PICTURE_SIDE)

    def _width_of(self, text: str, is_name: bool = False) -> int:
        """Return how much of a row a text takes, a name with its tick and its dot."""
        option, feature = QStyleOptionViewItem(), QStyleOptionViewItem.ViewItemFeature
        self.list.initViewItemOption(option)
        option.text = text
        option.features |= feature.HasDisplay
        if is_name:
            option.features |= feature.HasCheckIndicator | feature.HasDecoration
            option.decorationSize = QSize(DOT_SIDE, DOT_SIDE)
        kind = QStyle.ContentsType.CT_ItemViewItem
        return self.list.style().sizeFromContents(kind, option, QSize(), self.list).width()

    def _fill(
        self,
        groups: list[str],
        colours: list[Colour],
        colouring: Colouring,
        hidden: frozenset[str],
    ) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        self._colours = colours
        side = PICTURE_SIDE if self._representatives else DOT_SIDE
        self.list.setIconSize(QSize(side, side))
        for name in groups:
            words = _words(name, colouring.title)
            item = QTreeWidgetItem([words, "", ""])
            item.setToolTip(NAME, f"{words}\n{tr(TIP)}")
            if self._representatives:
                item.setSizeHint(PICTURE, QSize(PICTURE_SIDE, PICTURE_SIDE + SPACE // 2))
            item.setData(NAME, Qt.ItemDataRole.UserRole, name)
            is_seen = name not in hidden
            item.setCheckState(NAME, Qt.CheckState.Checked if is_seen else Qt.CheckState.Unchecked)
            item.setTextAlignment(COUNT, RIGHT)
            self.list.addTopLevelItem(item)
        self._paint_dots()
        self.list.blockSignals(False)

    @property
    def hidden(self) -> frozenset[str]:
        """The groups that are not to be seen."""
        return frozenset(
            item.data(NAME, Qt.ItemDataRole.UserRole)
            for item in self._items()
            if item.checkState(NAME) != Qt.CheckState.Checked
        )

    def _items(self) -> list[QTreeWidgetItem]:
        root = self.list.invisibleRootItem()
        items = (root.child(row) for row in range(root.childCount()))
        return [item for item in items if item is not None]

    def _names(self) -> list[str]:
        return [item.data(NAME, Qt.ItemDataRole.UserRole) for item in self._items()]

    def _update_counts(self, counts: dict[str, int]) -> None:
        self.list.blockSignals(True)
        for item in self._items():
            item.setText(COUNT, f"{counts.get(item.data(NAME, Qt.ItemDataRole.UserRole), 0):,}")
        self.list.blockSignals(False)

    def _show_all(self) -> None:
        self._check(lambda item: True)

    def _show_alone(self, chosen: QTreeWidgetItem) -> None:
        self._check(lambda item: item is chosen)

    def _check(self, wanted: Callable[[QTreeWidgetItem], bool]) -> None:
        self.list.blockSignals(True)
        for item in self._items():
            state = Qt.CheckState.Checked if wanted(item) else Qt.CheckState.Unchecked
            item.setCheckState(NAME, state)
        self.list.blockSignals(False)
        self._tell()

    def _choose(self, place: QPoint) -> None:
        item = self.list.itemAt(place)
        if item is not None:
            self.group_chosen.emit(item.data(NAME, Qt.ItemDataRole.UserRole))

    def _paint_dots(self) -> None:
        """Fill the dots of the groups that are seen; those of hidden ones are rings."""
        ratio = self.devicePixelRatioF()
        for item, colour in zip(self._items(), self._colours, strict=True):
            filled = item.checkState(NAME) == Qt.CheckState.Checked
            item.setIcon(NAME, QIcon(dot(colour, filled, ratio=ratio)))

    def _tell(self) -> None:
        self.list.blockSignals(True)
        self._paint_dots()
        self.list.blockSignals(False)
        self.changed.emit(self.hidden)
