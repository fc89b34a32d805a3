"""What the page of the map says of its pictures."""

from desktop.language import tr
from engine.pipeline import Neighbor


def gallery_title(selected: int, images: int) -> str:
    """Say whose pictures the gallery shows."""
    if selected:
        return tr("{count:,} of {total:,} selected", count=selected, total=images)
    return tr("All {count:,} images", count=images)


def neighbor_tip(neighbor: Neighbor) -> str:
    """Say what a neighbour is and how near it is."""
    name = neighbor.label or neighbor.path
    return tr("{name}, distance {distance:.3f}", name=name, distance=neighbor.distance)
