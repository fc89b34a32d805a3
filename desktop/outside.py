"""Pictures from outside the dataset that were compared with it."""

from dataclasses import dataclass, replace
from pathlib import Path

from desktop.language import plural, tr
from engine.pipeline import Neighbor, Prediction
from engine.values import Pixels
from engine.wording import mark

APPROXIMATE = mark("Not one of these images: its place on the map is approximate.")
UNLIKE = mark("Unlike anything the classifier has learnt from.")


@dataclass(frozen=True, slots=True, eq=False)
class OutsidePicture:
    """file:      where it lies.

    picture:    what it looks like.
    neighbors:  the images of the dataset that are most similar to it, nearest first.
    prediction: what the classifier says of it, None where there is none.
    """

    file: Path
    picture: Pixels
    neighbors: tuple[Neighbor, ...]
    prediction: Prediction | None = None

    @property
    def says(self) -> str:
        """What is known of it, in words."""
        return "\n".join([*self._verdict(), tr(APPROXIMATE)])

    @property
    def name(self) -> str:
        """The file's name, after the class if there is one."""
        if self.prediction is None:
            return self.file.name
        label = self.prediction.label + ("?" if self.prediction.unlike else "")
        return f"{label} {self.prediction.probability:.0%}, {self.file.name}"

    def _verdict(self) -> list[str]:
        if self.prediction is None:
            return []
        top = " · ".join(f"{name} {share:.1%}" for name, share in self.prediction.top)
        return [top, tr(UNLIKE)] if self.prediction.unlike else [top]


@dataclass(frozen=True, slots=True, eq=False)
class Outside:
    """pictures: those that were dropped together, at least one.

    number:   of the one that is looked at.
    unread:   how many files could not be read.
    left_out: how many more there were than can be looked at.
    """

    pictures: tuple[OutsidePicture, ...]
    number: int = 0
    unread: int = 0
    left_out: int = 0

    @property
    def current(self) -> OutsidePicture:
        """The one that is looked at."""
        return self.pictures[self.number]

    @property
    def in_short(self) -> str:
        """What came of comparing them, in a sentence or two."""
        first, said = self.current, []
        if len(self.pictures) > 1:
            said.append(
                plural(
                    "{count:,} picture placed near what is similar to it.",
                    "{count:,} pictures placed near what is similar to them.",
                    len(self.pictures),
                )
            )
        elif first.prediction is not None:
            name, label = first.file.name, first.prediction.label
            said.append(tr("“{name}” is taken for “{label}”.", name=name, label=label))
        else:
            said.append(
                plural(
                    "{count} image like “{name}”.",
                    "{count} images like “{name}”.",
                    len(first.neighbors),
                    name=first.file.name,
                )
            )
        if self.unread:
            said.append(tr("{count:,} could not be read.", count=self.unread))
        if self.left_out:
            said.append(
                plural(
                    "{count:,} more is left out: sort the folder to name them all.",
                    "{count:,} more are left out: sort the folder to name them all.",
                    self.left_out,
                )
            )
        return " ".join(said)

    def at(self, number: int) -> "Outside":
        """Return the same pictures with another one looked at."""
        return replace(self, number=number)
