"""Which class has which colour, and that it keeps it."""

from engine.palette import FIRST, class_colours, deal

FIVE = ("ant", "bee", "cat", "dog", "emu")


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
