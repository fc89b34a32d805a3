"""Colours of the classes: the same in the window, in the picture of the map and in exports."""

import colorsys
import itertools
from collections.abc import Iterable, Mapping
from functools import cache

from engine.distinct_colours import farthest

Colour = tuple[int, int, int]

# Told apart by people with the common colour weaknesses and seen on white and on near-black:
# hues spread, lightness alternating.
FIRST = (
    (66, 133, 244),
    (240, 128, 48),
    (46, 166, 98),
    (214, 69, 80),
    (142, 105, 214),
    (224, 178, 28),
    (32, 176, 196),
    (224, 104, 178),
    (132, 156, 58),
    (150, 98, 66),
)
WITHOUT_CLASS = (66, 133, 244)
DISTINCT = 256  # more colours than that nobody tells apart
GOLDEN_ANGLE = 0.6180339887


def first_colours(count: int) -> list[Colour]:
    """Return so many colours, the first ones hand-picked."""
    return [_numbered(number) for number in range(count)]


def deal(classes: Iterable[str], before: Mapping[str, int]) -> dict[str, int]:
    """Give each class the number of its colour; it keeps the one that it has.

    A class that is gone gets its colour back when it returns, unless another one has got it
    meanwhile. New classes take the colours of those that are gone, the latest first, so that one
    that is only called otherwise looks as before; then those that nobody had.

    Parameters
    ----------
    classes
        Those there are now.
    before
        What this function returned the last time; empty the first time.

    Returns
    -------
    dict
        First the numbers of the classes there are, in their order, then those of classes that are
        gone. All differ if those before did.
    """
    now = list(dict.fromkeys(classes))
    kept = {name: before[name] for name in now if name in before}
    taken = set(kept.values())
    left = [number for number in before.values() if number not in taken]
    known = taken.union(left)
    others = (number for number in itertools.count() if number not in known)
    free = itertools.chain(left, others)
    numbers = {name: kept[name] if name in kept else next(free) for name in now}
    taken.update(numbers.values())
    gone = {name: number for name, number in before.items() if number not in taken}
    return {**numbers, **gone}


def class_colours(classes: Iterable[str], dealt: Mapping[str, int]) -> dict[str, Colour]:
    """Return the colour of each class, in their order, as `deal` has dealt them.

    Classes that nothing was dealt to get colours that no other one of ``classes`` has.
    """
    now = list(dict.fromkeys(classes))
    numbers = deal(now, dealt)
    return {name: _numbered(numbers[name]) for name in now}


def _numbered(number: int) -> Colour:
    return _distinct()[number] if number < DISTINCT else _further(number - DISTINCT)


@cache
def _distinct() -> tuple[Colour, ...]:
    return (*FIRST, *farthest(FIRST, DISTINCT - len(FIRST)))


def _further(index: int) -> Colour:
    """Step through the hues by the golden angle, so that neighbours in the list differ most."""
    hue = (0.13 + index * GOLDEN_ANGLE) % 1.0
    lightness = (0.46, 0.62, 0.54)[index % 3]
    red, green, blue = colorsys.hls_to_rgb(hue, lightness, (0.75, 0.55, 0.9)[index % 3])
    return round(red * 255), round(green * 255), round(blue * 255)
