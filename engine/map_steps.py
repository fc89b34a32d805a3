"""The steps of a map that is being made, as they travel between processes.

Only points change from step to step; the names of the images travel once.
"""

from dataclasses import dataclass, replace
from typing import Any

from engine.progress import Step
from engine.values import Projection, Vectors


@dataclass(frozen=True, slots=True, eq=False)
class _Moved:
    """A projection of the same images as the one before."""

    points: Vectors
    parameters: dict[str, Any]


class MapSteps:
    """One at each end: what `lean` leaves out at the one, `whole` adds at the other."""

    def __init__(self) -> None:
        self._before: Projection | None = None

    def lean(self, step: Step) -> Step:
        """Leave out what the other end knows from the step before."""
        here, before = step.partial, self._before
        if not isinstance(here, Projection):
            return step
        self._before = here
        known = before is not None and before.paths is here.paths and before.method == here.method
        return replace(step, partial=_Moved(here.points, here.parameters)) if known else step

    def whole(self, step: Step) -> Step:
        """Add what the other end left out."""
        here = step.partial
        if isinstance(here, _Moved):
            assert self._before is not None
            here = replace(self._before, points=here.points, parameters=here.parameters)
        if isinstance(here, Projection):
            self._before = here
        return replace(step, partial=here)
