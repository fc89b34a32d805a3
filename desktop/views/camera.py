"""Where the map is seen from. Numbers alone: no window is needed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import radians, sin, tan

import numpy as np
from numpy.typing import NDArray

FOV_DEG = 60.0  # across the view
CLOSEST, FARTHEST = 0.05, 30.0
STRAIGHT_DOWN = (-90.0, 90.0)  # azimuth and elevation that let x grow right and y up
SPARE = 1.15  # around what is flown to
FLAT_RADIUS = 1.15  # of what the first view of a flat map shows: its ball and most strays


@dataclass(frozen=True, slots=True)
class Camera:
    """A place to look from; the map fits into a ball of radius 1 around the origin.

    centre:    what is in the middle of the view.
    distance:  from it.
    azimuth, elevation: in degrees; 90 looks straight down.
    flat:      the map is shown in two dimensions: from above, without perspective.
    """

    centre: tuple[float, float, float] = (0.0, 0.0, 0.0)
    distance: float = 2.7
    azimuth: float = 35.0
    elevation: float = 22.0
    flat: bool = False


def flat(camera: Camera) -> Camera:
    """Return the camera, looking straight down on the same place from as far away."""
    azimuth, elevation = STRAIGHT_DOWN
    x, y, _ = camera.centre
    return Camera((x, y, 0.0), camera.distance, azimuth, elevation, flat=True)


def first_view(is_flat: bool, aspect: float) -> Camera:
    """Return where a map is seen from at first.

    Parameters
    ----------
    is_flat
        Whether it is seen in two dimensions.
    aspect
        Height of the view by its width.
    """
    first = Camera()
    if not is_flat:
        return first
    needed = FLAT_RADIUS / (tan(radians(FOV_DEG / 2)) * float(np.clip(aspect, 0.1, 1.0)))
    return flat(replace(first, distance=max(first.distance, needed)))


def as_numbers(camera: Camera) -> dict[str, float]:
    """Return a camera as numbers by name, to be kept."""
    x, y, z = camera.centre
    return {
        "x": x,
        "y": y,
        "z": z,
        "distance": camera.distance,
        "azimuth": camera.azimuth,
        "elevation": camera.elevation,
    }


def from_numbers(numbers: Mapping[str, float], flat: bool) -> Camera:
    """Return the camera that was kept; what is missing is as at the start."""
    start = as_numbers(Camera())
    kept = {name: numbers.get(name, number) for name, number in start.items()}
    centre = kept.pop("x"), kept.pop("y"), kept.pop("z")
    return Camera(centre, flat=flat, **kept)


def between(first: Camera, second: Camera, share: float) -> Camera:
    """Return a camera on the way from one to another; ``share`` goes from 0 to 1."""
    if share >= 1:
        return second

    def mix(a: float, b: float) -> float:
        return a + (b - a) * share

    turn = (second.azimuth - first.azimuth + 180) % 360 - 180  # the short way round
    x, y, z = (mix(a, b) for a, b in zip(first.centre, second.centre, strict=True))
    return Camera(
        centre=(x, y, z),
        distance=first.distance * (second.distance / first.distance) ** share,
        azimuth=first.azimuth + turn * share,
        elevation=mix(first.elevation, second.elevation),
        flat=second.flat,
    )


def framing(camera: Camera, points: NDArray[np.float32], aspect: float) -> Camera:
    """Return the camera, moved so that the points fill the view.

    Parameters
    ----------
    camera
        Its angles are kept.
    points
        (N, 3) float32, at least one.
    aspect
        Height of the view by its width.
    """
    low, high = np.percentile(points, [2, 98], axis=0) if len(points) > 50 else _bounds(points)
    centre = (low + high) / 2
    away = points[:, :2] - centre[:2] if camera.flat else points - centre
    radius = float(np.percentile(np.linalg.norm(away, axis=1), 96 if len(points) > 50 else 100))
    half = min(tan(radians(FOV_DEG / 2)), tan(radians(FOV_DEG / 2)) * aspect)
    # A ball touches the edges of a view in perspective when the sine tells its distance.
    opening = half if camera.flat else sin(np.arctan(half))
    distance = float(np.clip(SPARE * radius / max(opening, 1e-3), 8 * CLOSEST, FARTHEST))
    x, y, z = map(float, centre)
    return Camera((x, y, z), distance, camera.azimuth, camera.elevation, camera.flat)


def _bounds(points: NDArray[np.float32]) -> tuple[np.ndarray, np.ndarray]:
    return points.min(axis=0), points.max(axis=0)
