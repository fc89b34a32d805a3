"""One thing that is tried, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass

SKIPPED = "skipped: "  # so begins the detail of what cannot be tried on this machine


@dataclass(frozen=True, slots=True)
class Check:
    """Something to try.

    name:   what the answer calls it.
    try_:   takes the folder of `engine.self_test.pictures` and, by name, ``progress``; returns what
            it saw in a few words, or what begins with `SKIPPED`; raises when something is wrong. At
            the top of a module, since another process calls it.
    alone:  whether it needs a process in which nothing else was tried.
    beside: whether those next to it that say so, too, may be tried meanwhile, each in a process of
            its own.
    """

    name: str
    try_: Callable[..., str]
    alone: bool = False
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a check. detail: what it saw, or what went wrong. trace: where; "" if nowhere.

    seconds: all of it.
    """

    name: str
    ok: bool
    seconds: float
    detail: str
    trace: str = ""
