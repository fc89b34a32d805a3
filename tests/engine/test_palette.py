"""Which class has which colour, and that it keeps it."""

from itertools import combinations
from math import dist

import numpy as np
from PIL import Image, ImageCms

from engine.palette import FIRST, Colour, class_colours, deal, first_colours

FIVE = ("ant", "bee", "cat", "dog", "emu")
DIFFERENT = 18  # in CIELAB, where one is the least that is seen; points are small


def in_lab(colours: list[Colour]) -> list[tuple[float, float, float]]:
    """Turn colours of the screen into CIELAB."""
    row = Image.fromarray(np.array([colours], np.uint8))
    screen, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    data = ImageCms.profileToProfile(row, screen, lab, outputMode="LAB").tobytes()
    return [
        (lightness / 2.55, (green_red ^ 128) - 128.0, (blue_yellow ^ 128) - 128.0)
        for lightness, green_red, blue_yellow in zip(data[::3], data[1::3], data[2::3], strict=True)
    ]


def test_the_first_classes_have_the_hand_picked_colours():
    assert list(class_colours(FIVE, deal(FIVE, {})).values()) == list(FIRST[:5])


def test_a_class_keeps_its_colour_when_another_one_goes_or_comes():
    dealt = deal(FIVE, {})
    before = class_colours(FIVE, dealt)
    for now in (("ant", "cat", "dog", "emu"), ("ant", "bat", "bee", "cat", "dog", "emu")):
        after = class_colours(now, deal(now, dealt))
        assert {name: before[name] for name in now if name in before}.items() <= after.items()
        assert len(set(after.values())) == len(now)


def test_a_class_that_returns_has_the_colour_that_it_had():
    dealt = deal(FIVE, {})
    without = deal(("ant", "cat", "dog", "emu"), dealt)
    assert deal(FIVE, without) == dealt


def test_a_class_that_is_called_otherwise_looks_as_before():
    dealt = deal(("cat", "dog", "emu"), deal(FIVE, {}))  # two are gone already
    renamed = deal(("cat", "emu", "wolf"), dealt)
    assert renamed["wolf"] == dealt["dog"]
    assert deal(("cat", "dog", "emu"), renamed)["dog"] == dealt["dog"]


def test_a_class_that_returns_to_find_its_colour_given_away_gets_another_one():
    dealt = deal(("ant", "fly"), deal(("ant", "bee"), {}))
    all_three = class_colours(("ant", "bee", "fly"), deal(("ant", "bee", "fly"), dealt))
    assert all_three == {"ant": FIRST[0], "fly": FIRST[1], "bee": FIRST[2]}


def test_there_are_colours_for_any_number_of_classes():
    names = [f"class {number}" for number in range(5000)]
    dealt = deal(names, {})
    assert len(class_colours([*names, "one more"], dealt)) == 5001
    assert len(set(class_colours(names[:60], dealt).values())) == 60


def test_the_first_thirty_colours_are_told_apart():
    assert first_colours(10) == list(FIRST)
    numbered = dict(enumerate(in_lab(first_colours(30)), start=1))
    alike = [
        pair
        for pair in combinations(numbered, 2)
        if dist(numbered[pair[0]], numbered[pair[1]]) < DIFFERENT
    ]
    assert not alike


def test_further_colours_are_seen_on_white_and_on_near_black():
    for lightness, green_red, blue_yellow in in_lab(first_colours(200)):
        assert 40 < lightness < 80
        assert dist((green_red, blue_yellow), (0, 0)) > 25  # no grey, which says that there is none


def test_a_colour_does_not_depend_on_how_many_there_are():
    assert first_colours(1000)[:30] == first_colours(30)
