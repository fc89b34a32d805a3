"""Colours of the classes: the same in the window, in the picture of the map and in exports."""

import colorsys

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
GOLDEN_ANGLE = 0.6180339887


def class_colours(count: int) -> list[Colour]:
    """Return as many colours as there are classes, the first ones hand-picked."""
    return [FIRST[i] if i < len(FIRST) else _further(i - len(FIRST)) for i in range(count)]


def point_colours(labels: tuple[str, ...], classes: list[str]) -> list[Colour]:
    """Return the colour of each label; labels that are no class get `WITHOUT_CLASS`."""
    colours = dict(zip(classes, class_colours(len(classes)), strict=True))
    return [colours.get(label, WITHOUT_CLASS) for label in labels]


def _further(index: int) -> Colour:
    """Step through the hues by the golden angle, so that neighbours in the list differ most."""
    hue = (0.13 + index * GOLDEN_ANGLE) % 1.0
    lightness = (0.46, 0.62, 0.54)[index % 3]
    red, green, blue = colorsys.hls_to_rgb(hue, lightness, (0.75, 0.55, 0.9)[index % 3])
    return round(red * 255), round(green * 255), round(blue * 255)
