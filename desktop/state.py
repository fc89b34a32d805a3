"""What is open, shown, selected and pointed at: the one thing that every view reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from desktop.language import plural, told, tr
from desktop.outside import Outside
from desktop.selection import NOTHING, Rows, Selections
from engine.colouring import Colouring, by_class
from engine.learning_curve import LearningCurve
from engine.palette import Colour, class_colours
from engine.pipeline import ModelSummary, Opened, Trained
from engine.quality.findings import Quality
from engine.suggestions import Suggestions
from engine.values import Projection

PROGRAM = "Image Embedding"
NO_COLOURS = by_class((), {})


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """opened: the dataset with the map that is kept of it, None on the welcome page.

    dealt:      the number of each class's colour, see `engine.palette.deal`.
    growing:    the map as far as it is while a job makes one.
    selections: the selected rows of the map, and those before.
    marked:     rows that were chosen in the gallery, two or more; they come before the selection.
    picked:     the row that was clicked, None when there is none.
    outside:    pictures from elsewhere that were compared with these, None when there are none.
    trained:    the classifier that was trained or opened last, None before.
    learning:   whether more pictures would make it better, None before that was asked.
    models:     the trained models of the dataset.
    suggested:  what was learnt last from the images that have a class, None before.
    quality:    what may be wrong with the images, None before that was looked for.
    colouring:  how its points are coloured; those that are left out are grey.
    """

    opened: Opened | None = None
    dealt: Mapping[str, int] = field(default_factory=dict)
    growing: Projection | None = None
    selections: Selections = field(default_factory=Selections)
    marked: Rows = field(default_factory=lambda: NOTHING)
    picked: int | None = None
    outside: Outside | None = None
    trained: Trained | None = None
    learning: LearningCurve | None = None
    models: tuple[ModelSummary, ...] = ()
    suggested: Suggestions | None = None
    quality: Quality | None = None
    colouring: Colouring = NO_COLOURS

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
        count = len(self.opened.dataset.images)
        facts = [self._name, plural("{count:,} image", "{count:,} images", count)]
        if self.classes:
            facts.append(plural("{count:,} class", "{count:,} classes", len(self.classes)))
        if (recipe := self.opened.recipe) is not None:
            name = recipe.backbone
            facts.append(name if recipe.precision == "f32" else tr("{name}, fast", name=name))
        if unapplied := self.opened.history.unapplied:
            facts.append(tr("{count:,} not on the disk yet", count=unapplied))
        if self.suggested is not None:
            facts.append(tr("{count:,} labelled", count=self.suggested.labelled))
            if share := self.suggested.confidence:
                facts.append(tr("{share:.0%} sure of the rest", share=share))
        return " · ".join(facts)

    @property
    def colours_say(self) -> str:
        """What the status bar says when the points are coloured otherwise."""
        return tr("Colours: {title}.", title=told(self.colouring.title))

    @property
    def standing_out(self) -> Rows:
        """The rows that are marked in the gallery, else the selected ones."""
        return self.marked if len(self.marked) else self.selections.present

    @property
    def at_hand(self) -> Rows:
        """The rows that a class is given to: those that stand out, else the picked one."""
        if len(self.standing_out) or self.picked is None:
            return self.standing_out
        return np.array([self.picked], np.int64)

    @property
    def excluded(self) -> frozenset[str]:
        """Paths of the images that the user wants left out."""
        images = self.opened.dataset.images if self.opened else ()
        return frozenset(image.path for image in images if image.excluded)

    @property
    def _name(self) -> str:
        return self.opened.dataset.folder.name if self.opened else ""

    @property
    def classes(self) -> list[str]:
        """The classes that images have now, in natural order."""
        return list(self.opened.dataset.counts) if self.opened else []

    @property
    def colours(self) -> dict[str, Colour]:
        """The colour of each class, in natural order."""
        return class_colours(self.classes, self.dealt)
