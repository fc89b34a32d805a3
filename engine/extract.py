"""Images become vectors, batch by batch.

Everything overlaps: pictures are read ahead on all cores while the model works, and the model
works while the caller keeps the batch before. Where fewer cores were chosen, pictures are read on
these and then the model works on these, as otherwise both together would take twice as many.
"""

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine import limits
from engine.errors import EngineError
from engine.images import UnreadableImageError, read_square
from engine.values import ImageFile, Pixels, Skipped, Vectors

BATCHES_READ_AHEAD = 2
BATCHES_IN_MEMORY = BATCHES_READ_AHEAD + 3  # one waits, one is in the model, one with the caller
PIXELS_PER_BATCH = 32 * 224 * 224
SECONDS_PER_BATCH = 0.5
FEWEST_PER_BATCH, MOST_PER_BATCH = 4, 64

_Read = list[tuple[ImageFile, Future[Pixels | Skipped]]]


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddedBatch:
    """What became of one batch of images.

    images:  the B images that were embedded.
    vectors: (B, D) float32, one row per image; (0, 0) when none could be read.
    skipped: the images that could not be read, with the reasons.
    """

    images: tuple[ImageFile, ...]
    vectors: Vectors
    skipped: tuple[Skipped, ...]


def batch_size_for(side: int, seconds_per_image: float) -> int:
    """Choose how many images make a batch.

    A batch takes about half a second, so that a job can be stopped and a map grows; a few images
    at least, so that the processor has enough to do; and no more pixels than 32 images of 224 x 224
    have, so that memory stays small. The convolutions' intermediate results grow with both.

    Parameters
    ----------
    side
        Of the square that the backbone gets, pixels.
    seconds_per_image
        A guess of the time it takes, see `engine.backbones.estimate_seconds`.
    """
    by_time = max(FEWEST_PER_BATCH, int(SECONDS_PER_BATCH / seconds_per_image))
    return max(1, min(MOST_PER_BATCH, by_time, PIXELS_PER_BATCH // (side * side)))


def embed_batches(
    folder: Path,
    images: Sequence[ImageFile],
    model: Callable[[Pixels], Vectors],
    *,
    side: int,
    enlarge_to: int | None = None,
    batch_size: int,
) -> Generator[EmbeddedBatch, None, None]:
    """Embed images one batch at a time; memory stays the same however many there are.

    Parameters
    ----------
    folder
        The dataset folder.
    images
        N images in the order in which they are to be embedded.
    model
        (B, S, S, 3) uint8 to (B, D) float32.
    side, enlarge_to
        Pixels of the square, see `engine.images.read_square`.
    batch_size
        Images per batch.

    Yields
    ------
    EmbeddedBatch
        One per batch, in order. Stop iterating to cancel: the readers then end.

    Raises
    ------
    EngineError
        When the model gives numbers that are not finite.
    """

    def read(image: ImageFile) -> Pixels | Skipped:
        try:
            return read_square(folder / image.path, side, enlarge_to)
        except UnreadableImageError as error:
            return Skipped(image.path, str(error))

    readers = ThreadPoolExecutor(limits.cores(), thread_name_prefix="reader")
    # One thread calls the model, so that it may be of the kind that only one may call.
    caller = ThreadPoolExecutor(1, thread_name_prefix="model")
    read_ahead, computed_ahead = (0, 0) if limits.chosen_cores() else (BATCHES_READ_AHEAD, 1)
    ahead: deque[_Read] = deque()
    computed: deque[Future[EmbeddedBatch]] = deque()
    try:
        for start in range(0, len(images), batch_size):
            batch = images[start : start + batch_size]
            ahead.append([(image, readers.submit(read, image)) for image in batch])
            if len(ahead) > read_ahead:
                computed.append(caller.submit(_embed, ahead.popleft(), model))
            if len(computed) > computed_ahead:
                yield computed.popleft().result()
        while ahead or computed:
            if ahead:
                computed.append(caller.submit(_embed, ahead.popleft(), model))
            yield computed.popleft().result()
    finally:
        for pool in (readers, caller):
            pool.shutdown(wait=True, cancel_futures=True)


def _embed(batch: _Read, model: Callable[[Pixels], Vectors]) -> EmbeddedBatch:
    images, pixels, skipped = [], [], []
    for image, future in batch:
        result = future.result()
        if isinstance(result, Skipped):
            skipped.append(result)
        else:
            images.append(image)
            pixels.append(result)
    vectors = model(np.stack(pixels)) if pixels else np.zeros((0, 0), np.float32)
    if not np.isfinite(vectors).all():
        raise EngineError(
            f"The backbone gave numbers that are not finite for “{images[0].path}” or a picture "
            "near it; its weights file is probably damaged, choose another one."
        )
    return EmbeddedBatch(tuple(images), vectors, tuple(skipped))
