"""A picture from outside the dataset that was compared with it."""

from dataclasses import dataclass
from pathlib import Path

from engine.pipeline import Neighbor
from engine.values import Pixels


@dataclass(frozen=True, slots=True, eq=False)
class OutsidePicture:
    """file:      where it lies.

    picture:   what it looks like.
    neighbors: the images of the dataset that are most similar to it, nearest first.
    """

    file: Path
    picture: Pixels
    neighbors: tuple[Neighbor, ...]
