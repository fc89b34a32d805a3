"""Many small pictures in one large one, as OpenGL wants them. NumPy alone."""

import numpy as np
from numpy.typing import NDArray

SIDE_MAX = 4096  # what every OpenGL can hold


def build_atlas(
    thumbnails: NDArray[np.uint8],
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Lay square pictures out in a grid.

    Parameters
    ----------
    thumbnails
        (K, S, S, 3) uint8. As many as fit into ``SIDE_MAX`` are taken: 1,764 of side 96.

    Returns
    -------
    tuple
        The atlas, (H, W, 4) uint8, and (K, 4) float32: left, top, right and bottom of each
        picture as shares of the atlas, half a pixel inside so that neighbours do not bleed.
    """
    count, side = thumbnails.shape[:2]
    columns = max(1, min(int(np.ceil(np.sqrt(count))), SIDE_MAX // side))
    count = min(count, columns * (SIDE_MAX // side))
    lines = max(1, -(-count // columns))
    cells = np.zeros((lines * columns, side, side, 4), np.uint8)
    cells[:count, :, :, :3] = thumbnails[:count]
    cells[:count, :, :, 3] = 255
    grid = cells.reshape(lines, columns, side, side, 4).swapaxes(1, 2)
    atlas = np.ascontiguousarray(grid.reshape(lines * side, columns * side, 4))
    line, column = np.divmod(np.arange(count), columns)
    left, top = column * side + 0.5, line * side + 0.5
    edges = np.stack([left, top, left + side - 1, top + side - 1], axis=1)
    width, height = columns * side, lines * side
    return atlas, (edges / [width, height, width, height]).astype(np.float32)


def picture_scale(
    points: NDArray[np.float32], transform: NDArray[np.float32], distance: float
) -> NDArray[np.float32]:
    """Return how much larger than asked each picture is drawn, because it is near.

    Parameters
    ----------
    points
        (K, 3) float32.
    transform
        (4, 4): projection times view.
    distance
        At which a picture has the size that was asked for; 0 when all have it.
    """
    if not distance:
        return np.ones(len(points), np.float32)
    w = points @ transform[3, :3] + transform[3, 3]
    scale: NDArray[np.float32] = np.clip(distance / np.maximum(w, 0.001), 0.6, 2.5)
    return scale
