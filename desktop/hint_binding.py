"""Shows the first hints once, when there is a map for the first time."""

from PySide6.QtCore import QObject

from desktop.pages import Pages
from desktop.preferences import Preferences
from desktop.project import Project
from desktop.worker import JobRunner


class HintBinding(QObject):
    """Waits for the first map that is finished; what was seen once is never shown again."""

    def __init__(
        self,
        preferences: Preferences,
        project: Project,
        runner: JobRunner,
        pages: Pages,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._preferences, self._project = preferences, project
        self._runner, self._pages = runner, pages
        for change in (project.changed, pages.currentChanged, runner.ended):
            change.connect(self._consider)

    def _consider(self) -> None:
        opened = self._project.state.opened
        has_map = opened is not None and opened.projection is not None and self._pages.on_map
        if self._preferences.settings.hinted or not has_map or self._runner.busy:
            return
        from desktop.views.hints import Hints

        self._preferences.change(hinted=True)
        hints = Hints(self._pages.map.map)
        hints.ended.connect(hints.deleteLater)
        hints.show()
