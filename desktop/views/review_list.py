"""The findings that are looked at, worst first: thousands of rows, of which a few are drawn."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.language import tr
from desktop.theme import SPACE
from desktop.views.review_words import in_short
from desktop.views.widgets import pixmap, shown
from engine.quality.findings import Finding
from engine.values import Pixels

SIDE = 44  # device-independent pixels of a picture
KEPT = 1_000  # pictures held in memory
READ_AFTER_MS = 30  # scrolling past a picture does not read it

Index = QModelIndex | QPersistentModelIndex


class ReviewModel(QAbstractListModel):
    """Findings with what is known of their pictures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.findings: Sequence[Finding] = ()
        self._pictures: OrderedDict[str, QPixmap | str] = OrderedDict()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """List others."""
        self.beginResetModel()
        self.findings = findings
        self.endResetModel()

    def forget_pictures(self) -> None:
        """Give up pictures: they were of another folder."""
        self._pictures.clear()

    def add_pictures(self, pictures: Mapping[str, Pixels | str]) -> None:
        """Take pictures, or the reasons why there are none."""
        for path, picture in pictures.items():
            self._pictures[path] = picture if isinstance(picture, str) else pixmap(picture)
        while len(self._pictures) > KEPT:
            self._pictures.popitem(last=False)

    def picture(self, path: str) -> QPixmap | str | None:
        """Return what was read of a picture, None when it was not."""
        return self._pictures.get(path)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return how many findings there are."""
        return 0 if parent.isValid() else len(self.findings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a finding says; `ReviewCell` draws the rest."""
        if not index.isValid():
            return None
        finding = self.findings[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return shown(in_short(finding))
        if role == Qt.ItemDataRole.ToolTipRole:
            return shown(f"{finding.path}\n{in_short(finding)}")
        return None


class ReviewCell(QStyledItemDelegate):
    """Draws one picture with what may be wrong with it and the name of its file."""

    def __init__(self, model: ReviewModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the same for every row."""
        return QSize(4 * SIDE, SIDE + SPACE)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the picture to the left of two lines of text."""
        finding = self._model.findings[index.row()]
        palette, is_chosen = option.palette, option.state & QStyle.StateFlag.State_Selected
        if is_chosen:
            painter.fillRect(option.rect, palette.highlight())
        inside = option.rect.adjusted(SPACE // 2, SPACE // 2, -SPACE // 2, -SPACE // 2)
        self._draw_picture(painter, QRect(inside.left(), inside.top(), SIDE, SIDE), finding, option)
        text = inside.adjusted(SIDE + SPACE, 0, 0, 0)
        half = text.height() // 2
        lines = (
            (shown(in_short(finding)), palette.text(), Qt.TextElideMode.ElideRight),
            (shown(finding.path), palette.placeholderText(), Qt.TextElideMode.ElideMiddle),
        )
        for place, (words, brush, elide) in enumerate(lines):
            painter.setPen((palette.highlightedText() if is_chosen else brush).color())
            line = QRect(text.left(), text.top() + place * half, text.width(), half)
            cut = option.fontMetrics.elidedText(words, elide, line.width())
            painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), cut)

    def _draw_picture(
        self, painter: QPainter, area: QRect, finding: Finding, option: QStyleOptionViewItem
    ) -> None:
        known = self._model.picture(finding.path)
        if not isinstance(known, QPixmap):
            painter.fillRect(area, option.palette.window())
            return
        ratio = painter.device().devicePixelRatio()
        fitted = known.scaled(
            area.size() * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        fitted.setDevicePixelRatio(ratio)
        place = QRect(area.topLeft(), fitted.deviceIndependentSize().toSize())
        place.moveCenter(area.center())
        painter.drawPixmap(place, fitted)


class ReviewList(QListView):
    """Shows findings; keys that answer one are left to the panel around it."""

    chosen = Signal(int)  # row
    wanted = Signal(object)  # list of paths whose pictures are seen and not yet read

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.findings = ReviewModel(self)
        self.setModel(self.findings)
        self.setItemDelegate(ReviewCell(self.findings, self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Findings"))
        self._timer = QTimer(self, singleShot=True, interval=READ_AFTER_MS)
        self._timer.timeout.connect(self._ask)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.selectionModel().currentChanged.connect(self._tell)

    def show_findings(self, findings: Sequence[Finding], row: int) -> None:
        """List findings, one of which is current; nothing is emitted."""
        choice = self.selectionModel()
        choice.blockSignals(True)
        if findings != self.findings.findings:  # laying thousands out anew takes a while
            self.findings.show_findings(findings)
        if findings:
            self.setCurrentIndex(self.findings.index(row))
        choice.blockSignals(False)
        if findings:
            self.scrollTo(self.findings.index(row))
        self.viewport().update()
        self._timer.start()

    def add_pictures(self, pictures: Mapping[str, Pixels | str]) -> None:
        """Take small pictures."""
        self.findings.add_pictures(pictures)
        self.viewport().update()

    # Qt calls the following methods.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by the keys that move; a list would search by letters otherwise."""
        if event.text().isprintable() and event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Pictures are seen now."""
        super().showEvent(event)
        self._timer.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More pictures may be seen now."""
        super().resizeEvent(event)
        self._timer.start()

    def _scrolled(self) -> None:  # the timer itself would take where for how long
        self._timer.start()

    def _ask(self) -> None:
        if not self.isVisible() or not self.findings.findings:
            return
        first = self.verticalScrollBar().value() // (SIDE + SPACE)
        count = self.viewport().height() // (SIDE + SPACE) + 2
        seen = self.findings.findings[first : first + count]
        self.wanted.emit([f.path for f in seen if self.findings.picture(f.path) is None])

    def _tell(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index.row())
