"""Hashes of what a picture shows: a few bits change when it is saved again, half when it differs.

Measured by `tests/benchmarks/bench_duplicates.py`: with 64 bits, as such hashes usually have, many
photographs of different hand signs are as near to one another as a picture is to its own copy; with
256 bits the two are apart.
"""

import functools

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.values import Pixels

BITS = 256
WORDS = BITS // 64
BANDS = 16  # parts of 16 bits, each with one bit of every row and column of the frequencies
BORDER = 0.03  # of width and height; the inner hash leaves it out on each side

_SIDE = 64  # pixels of the grey square
_FREQUENCIES = 16  # across and down: the lowest that a square has

Hashes = NDArray[np.uint64]


def perceptual_hashes(pixels: Pixels) -> Hashes:
    """Hash a picture and its inner part.

    A copy with a border, or one that lost its edge, is found by the inner hash of one being near
    the whole hash of the other.

    Parameters
    ----------
    pixels
        (H, W, 3) uint8, upright.

    Returns
    -------
    array
        (2, WORDS) uint64: of the whole and of what lies inside `BORDER`.

    Source
    ------
    Signs of the lowest coefficients of a discrete cosine transform, as in Zauner, "Implementation
    and benchmarking of perceptual image hash functions", 2010, with sixteen frequencies for eight.
    """
    grey = Image.fromarray(pixels).convert("L")
    width, height = grey.size
    left, top = width * BORDER, height * BORDER
    boxes = (0, 0, width, height), (left, top, width - left, height - top)
    squares = [grey.resize((_SIDE, _SIDE), Image.Resampling.BILINEAR, box=box) for box in boxes]
    waves = _waves()
    signs = waves @ np.stack([np.asarray(square, np.float32) for square in squares]) @ waves.T > 0
    signs[:, 0, 0] = False  # brightness, which says nothing of what is shown
    return packed(signs)


def mirrored(hashes: Hashes) -> Hashes:
    """Return the hashes of the same pictures with left and right exchanged."""
    return hashes ^ _mirror_mask()


def bits_apart(first: Hashes, second: Hashes) -> NDArray[np.int64]:
    """Count the bits in which hashes differ, (…, WORDS) each: 0 for equal, 128 for unlike."""
    return np.asarray(np.bitwise_count(first ^ second).sum(axis=-1), np.int64)


def bands(hashes: Hashes) -> NDArray[np.uint16]:
    """Return (…, BANDS) uint16: hashes that differ in fewer bits than `BANDS` share one."""
    return np.ascontiguousarray(hashes).view(np.uint16)


def packed(signs: NDArray[np.bool_]) -> Hashes:
    """Pack (M, 16, 16), down and across, into (M, WORDS): each band holds a bit of every row."""
    # Low frequencies are alike in pictures of one kind: together they would be a band of no use.
    flat = signs.reshape(len(signs), -1)[:, _order()]
    packed = np.packbits(flat, axis=1, bitorder="little")
    return np.ascontiguousarray(packed).view(np.uint64)


@functools.cache
def _waves() -> NDArray[np.float32]:
    """Return (16, 64) cosines of 0 to 15 half waves over the square."""
    places = (np.arange(_SIDE) + 0.5) / _SIDE
    waves = np.cos(np.pi * np.arange(_FREQUENCIES)[:, None] * places)
    return waves.astype(np.float32)


@functools.cache
def _order() -> NDArray[np.int64]:
    down, across = np.divmod(np.arange(BITS), _FREQUENCIES)
    return np.lexsort((down, (down + across) % BANDS))


@functools.cache
def _mirror_mask() -> Hashes:
    """Return (WORDS,): the odd waves across, which change their sign."""
    odd = np.zeros((1, _FREQUENCIES, _FREQUENCIES), bool)
    odd[:, :, 1::2] = True
    return np.asarray(packed(odd)[0], np.uint64)
