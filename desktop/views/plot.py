"""What a diagram shows: axes, named lines and a reference. `curve` draws it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.palette import Colour

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis shows.

    title:     what is measured.
    low, high: its ends; None for those of the lines.
    percent:   whether the numbers are shares.
    whole:     whether there is nothing between whole numbers.
    """

    title: str
    low: float | None = None
    high: float | None = None
    percent: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A named line through points, in the order of x.

    points: (x, y) pairs; such that are not finite leave a gap.
    radii:  of the markers, one for each point; by default all the same.
    tips:   what is said of each point when it is pointed at; by default its numbers.
    colour: by default the next one of those that classes have.
    """

    name: str
    points: Sequence[Point]
    radii: Sequence[float] = ()
    tips: Sequence[str] = ()
    colour: Colour | None = None


@dataclass(frozen=True, slots=True)
class Plot:
    """What a `Curve` draws. ``reference`` is dashed; its name appears in the legend."""

    x: Axis
    y: Axis
    lines: Sequence[Line] = field(default=())
    reference: Line | None = None


NOTHING = Plot(Axis(""), Axis(""))
