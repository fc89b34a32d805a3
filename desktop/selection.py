"""Which points are selected, and which were before."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
NOTHING: Rows = np.zeros(0, np.int64)
REMEMBERED = 50


@dataclass(frozen=True, slots=True, eq=False)
class Selections:
    """The present selection, those that *back* returns to, and those that *forward* does.

    Each holds rows of the map in rising order; an empty one means that nothing is selected.
    """

    present: Rows = field(default_factory=lambda: NOTHING)
    past: tuple[Rows, ...] = ()
    future: tuple[Rows, ...] = ()

    def select(self, rows: Rows) -> "Selections":
        """Select other rows; the same ones change nothing."""
        rows = np.unique(np.asarray(rows, np.int64))
        if np.array_equal(rows, self.present):
            return self
        return Selections(rows, (*self.past, self.present)[-REMEMBERED:])

    def back(self) -> "Selections":
        """Return to the selection before, if there was one."""
        if not self.past:
            return self
        return Selections(self.past[-1], self.past[:-1], (self.present, *self.future))

    def forward(self) -> "Selections":
        """Undo `back`."""
        if not self.future:
            return self
        return Selections(self.future[0], (*self.past, self.present), self.future[1:])
