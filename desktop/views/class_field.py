"""A small field over the map: type or choose the class that images get."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QIcon, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from desktop.language import tr
from desktop.theme import SPACE
from desktop.views.widgets import card, dot, label, shown
from engine.palette import Colour
from engine.wording import mark

WIDTH, MOST_SEEN, MARGIN = 320, 8, 2 * SPACE
NAME = Qt.ItemDataRole.UserRole
HINT = mark("Enter gives the class, without a name it takes it away; Esc leaves.")


class ClassField(QWidget):
    """Asks for a class; offers those there are, best match first, and a new one of that name."""

    chosen = Signal(str)  # the class, "" for none
    left = Signal()  # it is hidden again

    def __init__(self, parent: QWidget, width: int = WIDTH) -> None:
        super().__init__(parent)
        self._width = width
        self._colours: Mapping[str, Colour] = {}  # of the classes there are
        self.title = label("", "heading")
        self.edit = _Edit(placeholderText=tr("Class"))
        self.edit.setAccessibleName(tr("Class"))
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(tr("Classes"))
        self.hint = label(tr(HINT), "muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._frame = card(self.title, self.edit, self.list, self.hint, margin=SPACE + SPACE // 2)
        column.addWidget(self._frame)
        self.edit.textEdited.connect(self._offer)
        self.edit.returnPressed.connect(self._choose)
        self.edit.left.connect(self.leave)
        self.list.itemClicked.connect(self._take)
        self.hide()

    def ask(
        self, title: str, colours: Mapping[str, Colour], text: str = "", hint: str = ""
    ) -> None:
        """Show the field with a text that typing replaces.

        Parameters
        ----------
        title
            What is asked for.
        colours
            Of the classes there are, in the order of the legend.
        text
            What Enter alone would choose.
        hint
            What the keys do, where they do not give a class.
        """
        self._colours = colours
        self.title.setText(shown(title))
        self.hint.setText(hint or tr(HINT))
        self.edit.setText(shown(text))
        self.edit.selectAll()
        self._offer("")
        if text in colours:
            self.list.setCurrentRow(list(colours).index(text))
        self.show()
        self.raise_()
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def leave(self) -> None:
        """Hide the field; nothing is chosen."""
        if self.isVisible():
            self.hide()
            self.left.emit()

    def _offer(self, text: str) -> None:
        """List what fits: the same name, then what begins like that, then what holds it."""
        wanted = text.strip().casefold()
        fits = [name for name in self._colours if wanted in name.casefold()]
        fits.sort(
            key=lambda name: (name.casefold() != wanted, not name.casefold().startswith(wanted))
        )
        self.list.clear()
        for name in fits:
            icon = QIcon(dot(self._colours[name], ratio=self.devicePixelRatioF()))
            self._add(shown(name), name, icon)
        if wanted and text.strip() not in self._colours:
            name = text.strip()
            self._add(tr("New class “{name}”", name=name), name, QIcon())
        self.list.setCurrentRow(0 if wanted else -1)
        self.list.setVisible(self.list.count() > 0)
        rows = min(self.list.count(), MOST_SEEN)
        height = max(self.list.sizeHintForRow(0), 1) * rows + 2 * self.list.frameWidth()
        self.list.setFixedHeight(height)
        self._place()

    def _add(self, text: str, name: str, icon: QIcon) -> None:
        item = QListWidgetItem(icon, text)
        item.setData(NAME, name)
        self.list.addItem(item)

    def _place(self) -> None:
        """Lie in a corner of what the field is over: what is looked at is in the middle."""
        over = self.parentWidget()
        layout = self.layout()
        inside = self._frame.layout()
        if over is not None and layout is not None and inside is not None:
            for each in (inside, layout):  # the list may have grown or shrunk
                each.invalidate()
                each.activate()
            size = QSize(min(self._width, over.width()), 0)
            size.setHeight(self.heightForWidth(size.width()) if self.hasHeightForWidth()
                           else self.sizeHint().height())  # fmt: skip
            self.setGeometry(MARGIN, MARGIN, size.width(), size.height())

    def _choose(self) -> None:
        item = self.list.currentItem()
        self._take(item) if item is not None else self._finish("")

    def _take(self, item: QListWidgetItem) -> None:
        self._finish(item.data(NAME))

    def _finish(self, name: str) -> None:
        self.leave()
        self.chosen.emit(name)

    # Qt calls the following methods.

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the field from being shortcuts of the window."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Escape, walk through the list with the arrows."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in steps and self.list.count():
            row = self.list.currentRow() + steps[Qt.Key(event.key())]
            self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
        event.accept()


class _Edit(QLineEdit):
    """Says when the user goes elsewhere in the window."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() in (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.TabFocusReason):
            self.left.emit()
