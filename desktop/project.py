"""What is open, shown and pointed at: the one thing that every view reads."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from engine.pipeline import Opened
from engine.values import Projection


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """opened: the dataset, None on the welcome page.

    growing: the map of the images embedded so far while an extraction runs.
    """

    opened: Opened | None = None
    growing: Projection | None = None

    @property
    def projection(self) -> Projection | None:
        """The map to draw: the growing one first."""
        if self.growing is not None:
            return self.growing
        return self.opened.projection if self.opened else None

    @property
    def classes(self) -> list[str]:
        """All classes of the dataset, in natural order."""
        return list(self.opened.dataset.counts) if self.opened else []


class Project(QObject):
    """Replaces its state whole and says so."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = State()

    def open(self, opened: Opened) -> None:
        """Show a dataset; everything of the one before is dropped."""
        self._become(State(opened))

    def grow(self, projection: Projection) -> None:
        """Show the map of the images embedded so far."""
        self._become(replace(self.state, growing=projection))

    def close(self) -> None:
        """Show nothing."""
        self._become(State())

    def _become(self, state: State) -> None:
        self.state = state
        self.changed.emit()
