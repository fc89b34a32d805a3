"""Where each piece of the panel of the review lies."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.language import tr
from desktop.theme import SPACE
from desktop.views.widgets import label

if TYPE_CHECKING:
    from desktop.views.review_panel import ReviewPanel

LIST_WIDTH = 172


def arrange(panel: "ReviewPanel") -> None:
    """Lay the pieces out: the list beside the finding, under what is chosen from."""
    right = QWidget()
    details = QVBoxLayout(right)
    details.setContentsMargins(0, 0, 0, 0)
    details.setSpacing(SPACE)
    details.addWidget(panel.part, 1)
    details.addWidget(panel.none, 1)
    details.addWidget(panel.answers)
    panel.none.setAlignment(Qt.AlignmentFlag.AlignCenter)
    across = QHBoxLayout(panel.across)
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(SPACE)
    across.addWidget(panel.list)
    across.addWidget(right, 1)
    panel.list.setFixedWidth(LIST_WIDTH)
    head = QHBoxLayout()
    head.setSpacing(2 * SPACE)
    head.addWidget(label(tr("Review"), "heading"))
    head.addWidget(panel.count)
    head.addStretch(1)
    head.addWidget(panel.rank_button)
    column = QVBoxLayout(panel)
    column.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
    column.setSpacing(SPACE)
    column.addLayout(head)
    for each in (panel.told, panel.says, panel.find_button, panel.choices):
        column.addWidget(each)
    column.addWidget(panel.across, 1)
    column.addWidget(panel.filler, 1)
    column.addWidget(panel.notes)
    column.addWidget(panel.disk)
