"""Small pieces that several views share."""

import re
from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QDoubleSpinBox,
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QSplitter,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from desktop.theme import INDENT, SPACE
from engine.palette import Colour
from engine.values import Pixels, printable

NumberBox = TypeVar("NumberBox", QSpinBox, QDoubleSpinBox)


def label(text: str = "", kind: str = "", wrap: bool = False) -> QLabel:
    """Return a label; ``kind`` is "title", "heading", "muted" or "" for plain text."""
    widget = QLabel(text)
    widget.setTextFormat(Qt.TextFormat.PlainText)  # names of files may look like markup
    widget.setWordWrap(wrap)
    if kind:
        widget.setProperty(kind, True)
    return widget


class OneLine(QLabel):
    """A label of one line that loses its middle where there is no room; its tip says all."""

    def __init__(self, kind: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setMinimumWidth(1)
        if kind:
            self.setProperty(kind, True)

    def show_text(self, text: str) -> None:
        """Show another text."""
        self._whole = text
        self.setAccessibleName(text)
        self.setToolTip(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as there is room for now."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setText(self._fitting(self._whole))

    def _fitting(self, text: str) -> str:
        middle = Qt.TextElideMode.ElideMiddle
        return self.fontMetrics().elidedText(text, middle, self.width())


class PathLabel(OneLine):
    """A label of a path, a line or more, of which no name is longer than a line."""

    def __init__(self, name: str, kind: str = "", parent: QWidget | None = None) -> None:
        super().__init__(kind, parent)
        self._name = name
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.show_text("")

    def show_text(self, text: str) -> None:
        """Show another path."""
        super().show_text(text)
        self.setAccessibleName(self._name)
        self.setAccessibleDescription(text)

    def _fit(self) -> None:
        parts = re.split(r"(?<=[/\\])", self._whole)
        self.setText("".join(map(self._fitting, parts)))


def button(text: str, kind: str = "", tip: str = "") -> QPushButton:
    """Return a button; ``kind`` is "primary", "row" or "" for an ordinary one."""
    widget = QPushButton(text)
    widget.setToolTip(tip)
    if kind:
        widget.setProperty(kind, True)
    return widget


def padded(box: NumberBox) -> NumberBox:
    """Let the text of a number box begin where that of other fields does.

    Qt takes this padding of the style sheet into account for its size alone.
    """
    box.lineEdit().setTextMargins(INDENT, 0, 0, 0)
    return box


class FieldLabel(QLabel):
    """The label of a field in a form: as high as the field, so that their texts are level."""

    def __init__(self, text: str, field: QWidget) -> None:
        super().__init__(text)
        self._field = field
        self.setBuddy(field)

    def sizeHint(self) -> QSize:
        """Return the field's height, and the text's width as it is with a letter underlined.

        Qt does not move that letter and the next one together, as it does where it measures.
        """
        hint = super().sizeHint()
        return QSize(hint.width() + SPACE // 2, max(hint.height(), self._field.sizeHint().height()))


def card(*widgets: QWidget, margin: int = 2 * SPACE) -> QFrame:
    """Return a framed column of widgets."""
    frame = QFrame()
    frame.setProperty("card", True)
    column = QVBoxLayout(frame)
    column.setContentsMargins(margin, margin, margin, margin)
    column.setSpacing(SPACE)
    for widget in widgets:
        column.addWidget(widget)
    return frame


def fit_height(dialog: QDialog, width: int) -> None:
    """Make a dialog with wrapped texts as high as they need; Qt would squeeze it on a low screen.

    Call it when the dialog is being shown: before, it has no style that can be measured.
    """
    title_bar = dialog.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
    room = dialog.screen().availableGeometry().height() - title_bar
    height = min(dialog.heightForWidth(width), room)
    dialog.setMinimumSize(width, height)
    dialog.resize(width, height)


class Scrolled(QScrollArea):
    """Widgets that are scrolled where there is not the height that they need."""

    def __init__(self, widget: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = widget
        self.setWidget(widget)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields scroll it when they get it

    def hasHeightForWidth(self) -> bool:
        """Say that wrapped texts need more height where they have less width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return what the widgets need."""
        content = self._content
        wraps = content.hasHeightForWidth()
        return content.heightForWidth(width) if wraps else content.sizeHint().height()


def shown(path: object) -> str:
    """Return a name as Qt can show it: raw bytes that are no Unicode become question marks."""
    return printable(str(path))


def splitter(
    orientation: Qt.Orientation,
    widgets: Sequence[QWidget],
    sizes: Sequence[int],
    firm: Sequence[int] = (0,),
) -> QSplitter:
    """Return widgets that share their room; the first takes what comes, ``firm`` ones stay."""
    whole = QSplitter(orientation)
    for widget in widgets:
        whole.addWidget(widget)
    whole.setStretchFactor(0, 1)
    for place in firm:
        whole.setCollapsible(place, False)
    whole.setSizes(sizes)
    return whole


def pixmap(pixels: Pixels) -> QPixmap:
    """Return (H, W, 3) uint8 as a picture that Qt can show."""
    height, width, _ = pixels.shape
    data = pixels.tobytes()
    image = QImage(data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return QPixmap.fromImage(image)  # copies, so the bytes may go


def dot(colour: Colour, filled: bool = True, side: int = 12, ratio: float = 1.0) -> QPixmap:
    """Return a spot or a ring of a class's colour, ``side`` device-independent pixels wide."""
    spot = QPixmap(round(side * ratio), round(side * ratio))
    spot.setDevicePixelRatio(ratio)
    spot.fill(Qt.GlobalColor.transparent)
    painter = QPainter(spot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(*colour))
    painter.setBrush(QColor(*colour) if filled else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QRectF(1.5, 1.5, side - 3, side - 3))
    painter.end()
    return spot
