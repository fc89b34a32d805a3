"""A part of a panel that can be folded away."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from desktop.theme import SPACE
from desktop.views.widgets import shown


class Section(QFrame):
    """A heading that shows or hides what is under it; Space and Enter do, too."""

    def __init__(
        self, title: str, *widgets: QWidget, is_open: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.heading = QToolButton()
        self.heading.setProperty("section", True)
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.heading.setCheckable(True)
        self.content = QWidget()
        inside = QVBoxLayout(self.content)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(SPACE)
        for widget in widgets:
            inside.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        column.addWidget(self.heading)
        column.addWidget(self.content)
        self.heading.toggled.connect(self._show)
        self.set_title(title)
        self.heading.setChecked(is_open)
        self._show(is_open)

    @property
    def is_open(self) -> bool:
        """Whether its content is to be seen."""
        return self.heading.isChecked()

    def set_title(self, title: str) -> None:
        """Say what is in it."""
        self.heading.setText(shown(title))

    def set_open(self, is_open: bool) -> None:
        """Unfold it, or fold it away."""
        self.heading.setChecked(is_open)

    def _show(self, is_open: bool) -> None:
        arrow = Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow
        self.heading.setArrowType(arrow)
        self.content.setVisible(is_open)
