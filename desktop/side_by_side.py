"""Backbones that were compared, with a small map of each."""

from dataclasses import dataclass

from engine.pipeline import BackboneComparison
from engine.values import Projection


@dataclass(frozen=True, slots=True, eq=False)
class SideBySide:
    """A comparison with a flat map of each run, by the name of the run."""

    comparison: BackboneComparison
    maps: dict[str, Projection]
