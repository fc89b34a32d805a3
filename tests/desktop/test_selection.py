"""What is selected, and back and forward through it."""

import numpy as np

from desktop.selection import REMEMBERED, Selections


def rows(selections: Selections) -> list[int]:
    return selections.present.tolist()


def test_at_first_nothing_is_selected():
    assert rows(Selections()) == []


def test_rows_are_kept_once_and_in_order():
    assert rows(Selections().select(np.array([3, 1, 3]))) == [1, 3]


def test_back_and_forward():
    third = Selections().select(np.array([1])).select(np.array([2])).select(np.array([3]))
    second = third.back()
    assert rows(second) == [2]
    assert rows(second.back()) == [1]
    assert rows(second.back().back()) == []
    assert rows(second.back().back().back()) == []
    assert rows(second.forward()) == [3]
    assert rows(third.forward()) == [3]


def test_after_another_selection_there_is_no_forward():
    branched = Selections().select(np.array([1])).back().select(np.array([2]))
    assert rows(branched.forward()) == [2]
    assert rows(branched.back()) == []


def test_selecting_the_same_again_is_no_step():
    once = Selections().select(np.array([1]))
    assert once.select(np.array([1])) is once


def test_very_old_selections_are_forgotten():
    selections = Selections()
    for number in range(REMEMBERED + 20):
        selections = selections.select(np.array([number]))
    assert len(selections.past) == REMEMBERED
