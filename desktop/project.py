"""What is open, shown and pointed at: the one thing that every view reads."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from engine.pipeline import Opened
from engine.values import Projection

PROGRAM = "Image Embedding"


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
    def title(self) -> str:
        """What the title bar says."""
        return f"{self._name} – {PROGRAM}" if self.opened else PROGRAM

    @property
    def facts(self) -> str:
        """What the status bar says about the dataset at its right end."""
        if self.opened is None:
            return ""
        facts = [self._name, f"{len(self.opened.dataset.images):,} images"]
        if self.classes:
            facts.append(f"{len(self.classes)} classes")
        if self.opened.recipe is not None:
            fast = "" if self.opened.recipe.precision == "f32" else ", fast"
            facts.append(f"{self.opened.recipe.backbone}{fast}")
        return " · ".join(facts)

    @property
    def _name(self) -> str:
        return self.opened.dataset.folder.name if self.opened else ""

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

    def stop_growing(self) -> None:
        """Return to the whole map there was before, if there was one."""
        opened = self.state.opened
        if opened is not None and opened.projection is not None:
            self._become(State(opened))

    def close(self) -> None:
        """Show nothing."""
        self._become(State())

    def _become(self, state: State) -> None:
        self.state = state
        self.changed.emit()
