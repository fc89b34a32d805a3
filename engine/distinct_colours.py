"""Colours that differ from those before them as much as can be seen."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Shade = tuple[int, int, int]  # red, green and blue from 0 to 255
Lab = NDArray[np.float64]

STEPS = range(0, 256, 15)  # of red, of green and of blue
LIGHTNESS, CHROMA = (43, 76), (28, 75)  # seen on white and on near-black; no grey, none glaring
LIGHTNESS_WEIGHT = 1.3  # small points are told apart by lightness better than by hue

# Linear sRGB to XYZ, as shares of the white D65 (IEC 61966-2-1).
WHITE = (0.95047, 1.0, 1.08883)
TO_XYZ = np.array(
    (
        (0.4124, 0.3576, 0.1805),
        (0.2126, 0.7152, 0.0722),
        (0.0193, 0.1192, 0.9505),
    )
) / np.array(WHITE).reshape(3, 1)


def farthest(first: Sequence[Shade], count: int) -> list[Shade]:
    """Return so many colours, each the one that differs most from all before it.

    A colour does not depend on how many are asked for.

    Parameters
    ----------
    first
        Those that all others must differ from.
    count
        How many others, some hundreds at most.
    """
    one = np.array(STEPS)
    pool = np.stack(np.meshgrid(one, one, one, indexing="ij"), axis=-1).reshape(-1, 3)
    pool = pool[_is_seen_well(_lab(pool))]
    weights = (LIGHTNESS_WEIGHT, 1, 1)
    places = _lab(pool) * weights
    away = np.full(len(pool), np.inf)
    for place in _lab(np.array(first)) * weights:
        away = np.minimum(away, _distance(places, place))
    found: list[Shade] = []
    for _ in range(count):
        best = int(away.argmax())
        red, green, blue = pool[best].tolist()
        found.append((red, green, blue))
        away = np.minimum(away, _distance(places, places[best]))
    return found


def _is_seen_well(lab: Lab) -> NDArray[np.bool_]:
    lightness, chroma = lab[:, 0], np.hypot(lab[:, 1], lab[:, 2])
    is_light = (lightness >= LIGHTNESS[0]) & (lightness <= LIGHTNESS[1])
    is_coloured = (chroma >= CHROMA[0]) & (chroma <= CHROMA[1])
    return np.asarray(is_light & is_coloured)


def _distance(places: Lab, place: Lab) -> NDArray[np.float64]:
    return np.asarray(np.linalg.norm(places - place, axis=1))


def _lab(colours: NDArray[np.int64]) -> Lab:
    """Turn (N, 3) sRGB from 0 to 255 into (N, 3) CIELAB, where distance is difference."""
    share = colours / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    xyz = linear @ TO_XYZ.T
    bent = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = bent.T
    return np.column_stack([116 * y - 16, 500 * (x - y), 200 * (y - z)])
