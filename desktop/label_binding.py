"""Joins the menu and the keys for classes, and the field on the map, to what carries them out."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from desktop.labelling import CHOOSE_FIRST, Labelling, suggested_class
from desktop.language import plural, told, tr
from desktop.pages import Pages
from desktop.project import Project
from desktop.views.widgets import shown
from engine.wording import mark

if TYPE_CHECKING:
    from collections.abc import Callable

WITH_KEYS = 9  # classes of the legend that have a key of their own
RENAME_HINT = mark("Enter renames; the name of another class makes one of the two. Esc leaves.")
# Of a command alone, and of what it would do.
UNDO = mark("&Undo"), mark("&Undo: {edit}")
REDO = mark("&Redo"), mark("&Redo: {edit}")


class LabelBinding(QObject):
    """Adds the first classes of the legend to the menu, and connects the page when it is made."""

    def __init__(
        self,
        project: Project,
        labelling: Labelling,
        pages: Pages,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._project, self._labelling, self._pages = project, labelling, pages
        self._then: Callable[[str], None] = labelling.assign
        pages.map_made.connect(self.bind)

    def take_actions(self, actions: Mapping[str, QAction]) -> None:
        """Take the commands of the menu, and add the classes to it."""
        self._undo, self._redo = actions["undo_label"], actions["redo_label"]
        menu = self._undo.associatedObjects()[0]
        assert isinstance(menu, QMenu)
        self.numbered = [self._numbered(menu, number) for number in range(WITH_KEYS)]

    def bind(self) -> None:
        """Connect the page of the map, which is there now."""
        page = self._pages.map
        page.label_wanted.connect(self._carry_out)
        page.class_field.chosen.connect(self._chosen)
        page.class_field.left.connect(page.map.setFocus)
        self._labelling.looked_at.connect(page.show_row)

    def show_state(self) -> None:
        """Say in the menu what the keys would do now; after what needs a map was enabled."""
        state = self._project.state
        history = state.opened.history if state.opened is not None else None
        for action, (alone, with_edit), edit in (
            (self._undo, UNDO, history.undo if history else ""),
            (self._redo, REDO, history.redo if history else ""),
        ):
            action.setText(tr(with_edit, edit=_literally(told(edit))) if edit else tr(alone))
            action.setEnabled(bool(edit) and self._pages.on_map)
        classes = state.classes[:WITH_KEYS]
        for number, action in enumerate(self.numbered):
            action.setVisible(number < len(classes))
            action.setEnabled(number < len(classes) and self._pages.on_map)
            action.setText(_literally(classes[number]) if number < len(classes) else "")

    def _numbered(self, menu: QMenu, number: int) -> QAction:
        if number == 0:
            menu.addSeparator()
        action = menu.addAction("")
        action.setShortcut(f"Ctrl+{number + 1}")
        action.setStatusTip(tr("Give this class to the selected images"))
        action.triggered.connect(lambda: self._labelling.assign_number(number))
        return action

    def _carry_out(self, command: str) -> None:
        {
            "label_images": self._ask_class,
            "rename_class": self._ask_name,
            "next_to_label": self._labelling.look_at_next,
            "undo_label": self._labelling.undo,
            "redo_label": self._labelling.redo,
        }[command]()

    def _ask_class(self) -> None:
        state, projection = self._project.state, self._project.state.projection
        rows = state.at_hand
        if projection is None or not len(rows):
            self._labelling.said.emit(tr(CHOOSE_FIRST))
            return
        alone = projection.paths[rows[0]] if len(rows) == 1 else ""
        title = plural("Class of {count:,} image", "Class of {count:,} images", len(rows))
        self._then = self._labelling.assign
        self._pages.map.class_field.ask(title, state.colours, suggested_class(state, alone)[0])

    def _ask_name(self) -> None:
        state, projection = self._project.state, self._project.state.projection
        old = projection.labels[state.at_hand[0]] if projection and len(state.at_hand) else ""
        if not old:
            self._labelling.said.emit(tr("Select or click an image of the class to be renamed."))
            return
        self._then = lambda new: self._labelling.rename(old, new)
        title = tr("Rename the class “{name}”", name=old)
        self._pages.map.class_field.ask(title, state.colours, old, tr(RENAME_HINT))

    def _chosen(self, name: str) -> None:
        self._then(name)


def _literally(name: str) -> str:
    """Return a name for a menu, where an & would mark a key."""
    return shown(name).replace("&", "&&")
