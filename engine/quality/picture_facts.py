"""What the pictures themselves say: size, brightness, sharpness, information, perceptual hashes."""

import hashlib
import os
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine import limits
from engine.files import UNUSABLE, for_speed_alone, whole_file
from engine.images import UnreadableImageError, read_measured
from engine.progress import Progress
from engine.quality.perceptual_hash import WORDS, Hashes, perceptual_hashes
from engine.values import ImageFile, Pixels, Skipped, Vectors
from engine.wording import mark

FILE = "picture-facts.npy"  # in a workspace
STAGE = mark("Looking at the pictures")
PERCENTILES = (1, 5, 50, 95, 99)

_SIDE = 256  # pixels of the picture that is looked at
_COARSE = 32  # pixels of the one whose information is measured
_LEVELS = 16  # grey values taken as one, so that noise is no information
_BLUR = 9  # pixels of the average that `_sharpness` compares with
_READ_AHEAD = 64  # pictures that wait in memory for each other at most
_KEEP_EVERY_S = 30.0
_FORMAT = 1  # part of the key: raise it whenever a fact is measured in another way

_FACT = np.dtype(
    [
        ("key", np.uint64, (2,)),
        ("size", np.int32, (2,)),
        ("brightness", np.uint8, (len(PERCENTILES),)),
        ("sharpness", np.float32),
        ("information", np.float32),
        ("hashes", np.uint64, (2, WORDS)),
    ]
)


@dataclass(frozen=True, slots=True, eq=False)
class PictureFacts:
    """What was measured of M pictures, in the order of the dataset.

    paths:       M paths relative to the dataset folder.
    sizes:       (M, 2) int32 width and height of the upright picture, pixels.
    brightness:  (M, 5) uint8, the `PERCENTILES` of its grey values.
    sharpness:   (M,) float32: the share of the changes from pixel to pixel that an average over a
                 few pixels takes away, 0 (blurred) to 1.
    information: (M,) float32 bits per pixel into which its grey, made coarse, can be packed.
    hashes:      (M, 2, WORDS) uint64, see `engine.quality.perceptual_hash`.
    unreadable:  the other pictures, with the reasons.
    """

    paths: tuple[str, ...]
    sizes: NDArray[np.int32]
    brightness: NDArray[np.uint8]
    sharpness: Vectors
    information: Vectors
    hashes: Hashes
    unreadable: tuple[Skipped, ...] = ()


def read_facts(
    folder: Path,
    images: Sequence[ImageFile],
    kept: Path | None = None,
    progress: Progress | None = None,
) -> PictureFacts:
    """Measure pictures; those that are kept from another time and have not changed are not read.

    Every picture is decoded from its file, reduced, never from its thumbnail: what is found must
    not depend on which pictures someone has looked at.

    Parameters
    ----------
    folder
        The dataset folder.
    images
        Which ones.
    kept
        A file that may exist and is written again: also now and then, and when the user cancels.
    progress
        Hears the pictures that are done.

    Raises
    ------
    Cancelled
        From ``progress``.
    """
    progress = progress or Progress()
    keys = [_key(image) for image in images]
    known = _Known(kept, set(keys))
    rows: list[Any] = [known.facts.get(key) for key in keys]
    waiting = [number for number, row in enumerate(rows) if row is None]
    unreadable: list[Skipped] = []
    done = len(images) - len(waiting)
    try:
        for number, found in _measured(folder, images, waiting):
            if isinstance(found, Skipped):
                unreadable.append(found)
            else:
                rows[number] = found
                known.add(found)
            done += 1
            progress.report(STAGE, done, len(images))
    finally:
        known.keep()
    return _facts(images, rows, unreadable)


def rows_of(paths: Iterable[str], wanted: Iterable[str]) -> NDArray[np.int64]:
    """Return where each of the wanted paths stands among ``paths``, -1 where it does not."""
    places = {path: place for place, path in enumerate(paths)}
    return np.array([places.get(path, -1) for path in wanted], np.int64)


def _facts(images: Sequence[ImageFile], rows: list[Any], unreadable: list[Skipped]) -> PictureFacts:
    readable = [number for number, row in enumerate(rows) if row is not None]
    table = np.array([rows[number] for number in readable], _FACT)
    return PictureFacts(
        tuple(images[number].path for number in readable),
        table["size"],
        table["brightness"],
        table["sharpness"],
        table["information"],
        table["hashes"],
        tuple(unreadable),
    )


def _measured(
    folder: Path, images: Sequence[ImageFile], waiting: Sequence[int]
) -> Iterator[tuple[int, Any]]:
    """Measure on all cores; yield in order, so that a fixed number of pictures is in memory."""

    def measure(number: int) -> Any:
        image = images[number]
        try:
            pixels, size = read_measured(folder / image.path, _SIDE)
        except UnreadableImageError as error:
            return Skipped(image.path, str(error))
        return _fact(_key(image), pixels, size)

    pool = ThreadPoolExecutor(limits.cores(), thread_name_prefix="facts")
    try:
        for start in range(0, len(waiting), _READ_AHEAD):
            some = waiting[start : start + _READ_AHEAD]
            yield from zip(some, pool.map(measure, some), strict=True)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _fact(key: bytes, pixels: Pixels, size: tuple[int, int]) -> Any:
    picture = Image.fromarray(pixels).convert("L")
    grey = np.asarray(picture, np.float32)
    fact = np.zeros((), _FACT)
    fact["key"] = np.frombuffer(key, np.uint64)
    fact["size"] = size
    fact["brightness"] = _percentiles(picture)
    fact["sharpness"] = min(_sharpness(grey), _sharpness(grey.T))
    fact["information"] = _information(picture)
    fact["hashes"] = perceptual_hashes(pixels)
    return fact


def _percentiles(picture: Image.Image) -> NDArray[np.int64]:
    below = np.cumsum(picture.histogram())
    found = np.searchsorted(below, below[-1] * np.array(PERCENTILES) / 100)
    return np.asarray(found, np.int64)


def _sharpness(grey: Vectors) -> float:
    """Return how much of the change along the first axis an average takes away, 0 to 1.

    Source
    ------
    Crété-Roffet et al., "The blur effect: perception and estimation with a new no-reference
    perceptual blur metric", 2007. A picture that is blurred already loses little by blurring.
    """
    if len(grey) <= _BLUR:
        return 1.0  # too small to be blurred
    sums = np.cumsum(grey, axis=0, dtype=np.float64)
    averaged = (sums[_BLUR:] - sums[:-_BLUR]) / _BLUR
    # Squares, so that the small steps between the 256 greys of a blurred picture hardly count.
    change, left = (float(np.square(np.diff(values, axis=0)).mean()) for values in (grey, averaged))
    return max(0.0, 1 - (left / change) ** 0.5) if change else 1.0


def _information(picture: Image.Image) -> float:
    """Return the bits per pixel that the small, coarse picture packs into."""
    small = picture.resize((_COARSE, _COARSE), Image.Resampling.BILINEAR)
    grey = np.asarray(small, np.float32)
    # What is even lies in the middle of a level, where noise does not carry it into another.
    coarse = np.rint((grey - np.median(grey)) / _LEVELS).astype(np.int8)
    return 8 * len(zlib.compress(coarse.tobytes(), 6)) / (_COARSE * _COARSE)


def _key(image: ImageFile) -> bytes:
    state = f"{_FORMAT} {image.size} {image.mtime_ns} ".encode()
    # Names may hold bytes that are no Unicode.
    return hashlib.blake2b(state + os.fsencode(image.path), digest_size=16).digest()


class _Known:
    """The facts that are on disk and still wanted, and those that will be."""

    def __init__(self, file: Path | None, wanted: set[bytes]) -> None:
        self._file = file
        self.facts: dict[bytes, Any] = {}
        self._has_new = False
        self._kept_at = time.monotonic()
        if file is None:
            return
        try:
            table = np.load(file, allow_pickle=False)
            if table.dtype == _FACT and table.ndim == 1:
                rows = {row["key"].tobytes(): row for row in table}
                self.facts = {key: row for key, row in rows.items() if key in wanted}
        # Missing, cut off or not ours: it can be made again.
        except UNUSABLE:
            pass

    def add(self, fact: Any) -> None:
        self.facts[fact["key"].tobytes()] = fact
        self._has_new = True
        if time.monotonic() - self._kept_at > _KEEP_EVERY_S:
            self.keep()

    def keep(self) -> None:
        if self._file is None or not self._has_new:
            return
        with for_speed_alone("what was measured of the pictures"), whole_file(self._file) as file:
            np.save(file, np.array(list(self.facts.values()), _FACT))
        self._has_new = False
        self._kept_at = time.monotonic()
