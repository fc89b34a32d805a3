"""The pictures of a selection side by side. Only those that are seen are read."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop.language import plural, tr
from desktop.selection import NOTHING, Rows
from desktop.theme import SPACE
from desktop.views.widgets import label, pixmap, shown
from desktop.views.wrapped_list import WrappedList
from engine.colouring import Colours
from engine.values import Pixels

SIDE = 92  # device-independent pixels of a picture, at the least
BAND = 3  # of the colour under it
FADED = 0.25  # how much is seen of a picture that is left out
KEPT = 2_000  # pictures held in memory: tens of megabytes
READ_AFTER_MS = 30  # scrolling past a picture does not read it

Index = QModelIndex | QPersistentModelIndex


class GalleryModel(QAbstractListModel):
    """The rows that are shown, with what is known of their pictures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: Rows = NOTHING
        self.names: Sequence[str] = ()
        self.colours: Colours | None = None
        self.excluded: frozenset[str] = frozenset()
        self._pictures: OrderedDict[int, QPixmap | str] = OrderedDict()

    def show_rows(self, rows: Rows, names: Sequence[str], is_other_images: bool) -> None:
        """Show other rows; pictures that were read stay known unless the images are others."""
        self.beginResetModel()
        self.rows, self.names = rows, names
        if is_other_images:
            self._pictures.clear()
        self.endResetModel()

    def add_picture(self, row: int, picture: Pixels | str) -> None:
        """Take a picture, or the reason why there is none."""
        known = picture if isinstance(picture, str) else pixmap(picture)
        self._pictures[row] = known
        while len(self._pictures) > KEPT:
            self._pictures.popitem(last=False)

    def picture(self, row: int) -> QPixmap | str | None:
        """Return what was read of a row's picture, None when it was not."""
        known = self._pictures.get(row)
        if known is not None:
            self._pictures.move_to_end(row)
        return known

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return how many pictures there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the name of a picture; `Cell` asks for the rest."""
        if not index.isValid():
            return None
        row = int(self.rows[index.row()])
        if role in (
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleTextRole,
            Qt.ItemDataRole.DisplayRole,
        ):
            name = self.names[row]
            return shown(tr("{name} (excluded)", name=name) if name in self.excluded else name)
        return None


class Cell(QStyledItemDelegate):
    """Draws one picture with the colour of its point."""

    def __init__(self, model: GalleryModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.size = QSize(SIDE + SPACE, SIDE + SPACE + BAND)

    def fit(self, width: int) -> None:
        """Share a width among as many pictures as it has room for, from the next layout on."""
        side = max(width // max(width // (SIDE + SPACE), 1), SIDE + SPACE)
        self.size = QSize(side, side + BAND)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the same for every picture."""
        return self.size

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the picture, fitted into its square."""
        row = int(self._model.rows[index.row()])
        area = option.rect.adjusted(SPACE // 2, SPACE // 2, -SPACE // 2, -SPACE // 2 - BAND)
        known = self._model.picture(row)
        palette = option.palette
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, palette.highlight())
        if isinstance(known, QPixmap):
            ratio = painter.device().devicePixelRatio()
            fitted = known.scaled(
                area.size() * ratio,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            fitted.setDevicePixelRatio(ratio)
            size = fitted.deviceIndependentSize().toSize()
            place = QRect(area.topLeft(), size)
            place.moveCenter(area.center())
            is_excluded = self._model.names[row] in self._model.excluded
            painter.setOpacity(FADED if is_excluded else 1.0)
            painter.drawPixmap(place, fitted)
            painter.setOpacity(1.0)
            if is_excluded:
                painter.setPen(palette.text().color())
                painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), tr("excluded"))
        else:
            painter.fillRect(area, palette.window())
            if known is not None:
                painter.setPen(palette.placeholderText().color())
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(area, int(flags), tr("unreadable"))
        if self._model.colours is not None:
            band = QRect(area.left(), area.bottom() + 1, area.width(), BAND)
            painter.fillRect(band, QColor(*map(int, self._model.colours[row])))


class Gallery(QFrame):
    """Shows the selected pictures; a click picks one, on the map too.

    Ctrl and Shift with a click, Ctrl+A and a frame drawn with the mouse mark several.
    """

    picked = Signal(object)  # row of the map
    marked = Signal(object)  # rows of the map, two or more; none when no more than one is marked
    wanted = Signal(object)  # list of rows whose pictures are seen and not yet read

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ""
        self.title = label("", "muted")
        self.model = GalleryModel(self)
        self.list = WrappedList()
        self.list.setModel(self.model)
        self._cell = Cell(self.model, self.list)
        self.list.setItemDelegate(self._cell)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setSelectionMode(WrappedList.SelectionMode.ExtendedSelection)
        self.list.setSelectionRectVisible(True)
        self.list.setAccessibleName(tr("Pictures of the selection"))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE, SPACE, SPACE, 0)
        column.setSpacing(SPACE // 2)
        column.addWidget(self.title)
        column.addWidget(self.list, 1)
        self._timer = QTimer(self, singleShot=True, interval=READ_AFTER_MS)
        self._timer.timeout.connect(self._ask)
        self.list.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.list.selectionModel().selectionChanged.connect(self._tell)

    def show_rows(
        self, rows: Rows, names: Sequence[str], title: str, is_other_images: bool = False
    ) -> None:
        """Show the pictures of these rows.

        Parameters
        ----------
        rows
            Rows of the map, in the order of the gallery.
        names
            The names of all rows of the map.
        title
            What is said above.
        is_other_images
            Whether the pictures that were read before are of no use any more.
        """
        self._title = title
        self._say_title(0)
        goes_on = is_other_images and self._goes_on(rows, names)
        self.model.show_rows(rows, names, is_other_images)
        if not goes_on:
            self.list.begin()
        self._timer.start()

    def recolour(self, colours: Colours) -> None:
        """Draw the bands in the colours of the points, (N, 3) uint8."""
        self.model.colours = colours
        self.list.viewport().update()

    def mark(self, row: int | None) -> None:
        """Mark the picture of a row that was picked elsewhere, if it is here."""
        found = np.flatnonzero(self.model.rows == (-1 if row is None else row))
        selection = self.list.selectionModel()
        selection.blockSignals(True)
        if len(found):
            index = self.model.index(int(found[0]))
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.list.scrollTo(index)
        else:
            selection.clear()
        selection.blockSignals(False)
        self._say_title(0)
        self.list.viewport().update()

    def show_excluded(self, paths: frozenset[str]) -> None:
        """Mark the pictures that are left out."""
        self.model.excluded = paths
        self.list.viewport().update()

    def add_pictures(self, rows: Sequence[int], pictures: Sequence[Pixels | str]) -> None:
        """Take pictures, or the reasons why there are none."""
        for row, picture in zip(rows, pictures, strict=True):
            self.model.add_picture(row, picture)
        self.list.viewport().update()

    def showEvent(self, event: QShowEvent) -> None:
        """Pictures are seen now."""
        super().showEvent(event)
        self._fit_cells()
        self.list.scheduleDelayedItemsLayout()
        self._timer.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More pictures may be seen now."""
        super().resizeEvent(event)
        self._fit_cells()
        self._timer.start()

    def _fit_cells(self) -> None:
        """Leave no room empty beside the pictures; a list of another width is laid out anew.

        That of the scroll bar is kept free: if it depended on the cells and they on it, there
        could be no end of it.
        """
        bar = self.list.verticalScrollBar().sizeHint().width()
        room = self.list.width() - 2 * self.list.frameWidth() - bar
        self._cell.fit(room - 1)  # Qt wraps a row that ends at the very edge

    def _goes_on(self, rows: Rows, names: Sequence[str]) -> bool:
        """Tell whether images only come after those that are shown, as while a map grows."""
        known = len(self.model.rows)
        is_longer = np.array_equal(rows[:known], self.model.rows)
        return is_longer and tuple(names[: len(self.model.names)]) == tuple(self.model.names)

    def _scrolled(self) -> None:  # the timer itself would take where for how long
        self._timer.start()

    def _ask(self) -> None:
        if self.isVisible():
            self.wanted.emit([row for row in self._seen() if self.model.picture(row) is None])

    def _seen(self) -> list[int]:
        """Return the rows of the pictures that are seen."""
        if not len(self.model.rows):
            return []
        area = self.list.viewport().rect()
        across = max(1, area.width() // self._cell.size.width())
        height = self._cell.size.height()
        first = self.list.verticalScrollBar().value() // height * across
        count = (area.height() // height + 2) * across
        return [int(row) for row in self.model.rows[first : first + count]]

    def _tell(self) -> None:
        chosen = self.list.selectionModel().selection()
        ranges = [chosen.at(number) for number in range(chosen.count())]
        places = [np.arange(each.top(), each.bottom() + 1) for each in ranges]
        rows = self.model.rows[np.concatenate(places)] if places else NOTHING
        self._say_title(len(rows))
        if len(rows) == 1:
            self.picked.emit(int(rows[0]))
        else:
            self.marked.emit(np.sort(rows))

    def _say_title(self, marked: int) -> None:
        more = [plural("{count:,} marked", "{count:,} marked", marked)] if marked > 1 else []
        self.title.setText("  ·  ".join((self._title, *more)))
