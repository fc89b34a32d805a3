"""A picture of the map in any size."""

from typing import TYPE_CHECKING

import numpy as np
from OpenGL import GL
from PySide6.QtGui import QImage, QPainter
from PySide6.QtOpenGL import QOpenGLFramebufferObject

if TYPE_CHECKING:
    from desktop.views.map_annotated import AnnotatedView

Region = tuple[int, int, int, int]  # left, bottom, width, height in pixels

TILE = 2048  # every OpenGL can draw so much at once
MARGIN = 256  # drawn around each tile: OpenGL leaves out a point whose centre lies outside


def render(view: "AnnotatedView", width: int, height: int) -> QImage:
    """Draw all points of the map, and its names, on ``width`` x ``height`` pixels."""
    ratio = width / view.width()
    picture = np.empty((height, width, 4), np.uint8)
    view.makeCurrent()
    step = TILE - 2 * MARGIN
    buffer = QOpenGLFramebufferObject(
        TILE, TILE, QOpenGLFramebufferObject.Attachment.CombinedDepthStencil
    )
    try:
        for left in range(0, width, step):
            for bottom in range(0, height, step):
                buffer.bind()
                GL.glViewport(0, 0, TILE, TILE)
                region = (left - MARGIN, bottom - MARGIN, TILE, TILE)
                view.paint_tile(ratio, region, (0, 0, width, height))
                tile = _read_tile()
                w, h = min(step, width - left), min(step, height - bottom)
                picture[height - bottom - h : height - bottom, left : left + w] = tile[:h, :w][::-1]
    finally:
        buffer.release()
        view.doneCurrent()
    picture[..., 3] = 255
    image = QImage(picture.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
    painter = QPainter(image)
    painter.scale(ratio, ratio)
    # As wide as the view; what is higher or lower shows more or less above and below.
    painter.translate(0, (height / ratio - view.height()) / 2)
    view.overlay.draw_names(painter)
    painter.end()
    return image


def _read_tile() -> np.ndarray:
    side = TILE - 2 * MARGIN
    GL.glPixelStorei(GL.GL_PACK_ALIGNMENT, 4)
    data = GL.glReadPixels(MARGIN, MARGIN, side, side, GL.GL_RGBA, GL.GL_UNSIGNED_BYTE)
    return np.frombuffer(data, np.uint8).reshape(side, side, 4)
