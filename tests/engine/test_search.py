"""Images found by their name or class."""

import pytest

from engine.search import search

PATHS = ("cat/1.png", "cat/Tom 2.png", "dog/tom.png", "bobcat/3.png")
LABELS = ("cat", "cat", "dog", "bobcat")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("tom", [1, 2]),
        ("TOM dog", [2]),
        ("cat", [0, 1]),  # the class alone, not bobcat
        ("bobc", [3]),
        (".png", [0, 1, 2, 3]),
        ("  ", []),
        ("horse", []),
    ],
)
def test_search(text, rows):
    assert search(PATHS, LABELS, text).tolist() == rows
