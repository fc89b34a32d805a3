"""Pictures on the points: squares that face the camera, all from one texture."""

import numpy as np
from numpy.typing import NDArray
from OpenGL import GL
from pyqtgraph.opengl.GLGraphicsItem import GLGraphicsItem
from PySide6.QtOpenGL import QOpenGLBuffer

from desktop.views.atlas import build_atlas
from desktop.views.gl_program import BLENDING, Program, compile_program, upload

VERTEX = """
uniform mat4 u_mvp;
uniform vec2 u_side;       // of a picture, as a share of half the view
uniform float u_distance;  // see points_item
INPUT vec3 a_position;
INPUT vec2 a_corner;       // -1 to 1
INPUT vec2 a_texture;
INPUT vec3 a_color;
OUTPUT vec2 v_corner;
OUTPUT vec2 v_texture;
OUTPUT vec3 v_color;

void main() {
    vec4 place = u_mvp * vec4(a_position, 1.0);
    // As atlas.picture_scale has it, which tells what a click hits.
    float near = u_distance > 0.0 ? clamp(u_distance / max(place.w, 0.001), 0.6, 2.5) : 1.0;
    place.xy += a_corner * u_side * near * place.w;
    place.z = in_layer(place.z, place.w, 0.0);
    gl_Position = place;
    v_corner = a_corner;
    v_texture = a_texture;
    v_color = a_color;
}
"""
FRAGMENT = """
uniform sampler2D u_atlas;
INPUT vec2 v_corner;
INPUT vec2 v_texture;
INPUT vec3 v_color;

void main() {
    vec2 edge = abs(v_corner);
    bool is_frame = max(edge.x, edge.y) > 0.92;
    fragment = vec4(is_frame ? v_color : texture(u_atlas, v_texture).rgb, 1.0);
}
"""
ATTRIBUTES = ("a_position", "a_corner", "a_texture", "a_color")
LAYOUT = (3, 2, 2, 3)  # numbers of each attribute for a corner
UNIFORMS = ("u_mvp", "u_side", "u_distance", "u_atlas")
# Two triangles: which end of left-right and of top-bottom each corner takes.
CORNERS = np.array([[0, 0], [1, 0], [1, 1], [0, 0], [1, 1], [0, 1]])


class PicturesItem(GLGraphicsItem):  # type: ignore[misc]
    """Draws up to some hundred pictures in front of the points."""

    _program: Program | None = None  # one for the whole program, as in points_item

    def __init__(self) -> None:
        super().__init__()
        self.setGLOptions(BLENDING)
        self.side = 40.0  # in device-independent pixels
        self._atlas: np.ndarray | None = None  # what is still to be sent
        self._corners = np.zeros((0, 10), np.float32)
        self._is_sent = False
        self._texture = 0
        self._buffer = QOpenGLBuffer(QOpenGLBuffer.Type.VertexBuffer)

    def set_pictures(self, thumbnails: NDArray[np.uint8]) -> int:
        """Take (K, S, S, 3) uint8 and return how many of them have a place in the texture."""
        self._atlas, edges = build_atlas(thumbnails)
        self._corners = np.zeros((len(edges) * 6, 10), np.float32)
        corners = np.tile(CORNERS, (len(edges), 1))
        self._corners[:, 3:5] = corners * [2, -2] - [1, -1]
        each = np.repeat(edges, 6, axis=0)
        self._corners[:, 5] = np.where(corners[:, 0], each[:, 2], each[:, 0])
        self._corners[:, 6] = np.where(corners[:, 1], each[:, 3], each[:, 1])
        return len(edges)

    def set_places(self, points: NDArray[np.float32], colours: NDArray[np.uint8]) -> None:
        """Take where the pictures are, (K, 3) float32, and their frames, (K, 4) uint8."""
        self._corners[:, :3] = np.repeat(points, 6, axis=0)
        self._corners[:, 7:] = np.repeat(colours[:, :3] / np.float32(255), 6, axis=0)
        self._is_sent = False
        self.update()

    def paint(self) -> None:
        """Draw the pictures."""
        view = self.view()
        if not len(self._corners) or view is None:
            return
        self.setupGLState()
        program = PicturesItem._program
        if program is None:
            program = compile_program(VERTEX, FRAGMENT, ATTRIBUTES, UNIFORMS)
            PicturesItem._program = program
        GL.glActiveTexture(GL.GL_TEXTURE0)
        if not self._texture:
            self._texture = GL.glGenTextures(1)
        GL.glBindTexture(GL.GL_TEXTURE_2D, self._texture)
        if self._atlas is not None:
            _send_texture(self._atlas)
            self._atlas = None
        self._bind_corners()
        GL.glUseProgram(program.name)
        matrix = np.array(self.mvpMatrix().data(), np.float32)
        pixels = self.side * view.target.pixel_ratio
        GL.glUniformMatrix4fv(program.uniforms["u_mvp"], 1, False, matrix)
        side = (pixels / view.target.width, pixels / view.target.height)
        GL.glUniform2f(program.uniforms["u_side"], *side)
        GL.glUniform1f(program.uniforms["u_distance"], view.depth_reference)
        GL.glUniform1i(program.uniforms["u_atlas"], 0)
        GL.glDrawArrays(GL.GL_TRIANGLES, 0, len(self._corners))
        for location in range(len(LAYOUT)):
            GL.glDisableVertexAttribArray(location)
        GL.glUseProgram(0)
        GL.glBindTexture(GL.GL_TEXTURE_2D, 0)

    def _bind_corners(self) -> None:
        if not self._is_sent:
            upload(self._buffer, self._corners)
            self._is_sent = True
        self._buffer.bind()
        start, stride = 0, self._corners.strides[0]
        for location, width in enumerate(LAYOUT):
            place = GL.GLvoidp(start)
            GL.glVertexAttribPointer(location, width, GL.GL_FLOAT, False, stride, place)
            GL.glEnableVertexAttribArray(location)
            start += 4 * width
        self._buffer.release()


def _send_texture(atlas: NDArray[np.uint8]) -> None:
    height, width = atlas.shape[:2]
    for name, value in (
        (GL.GL_TEXTURE_MIN_FILTER, GL.GL_LINEAR),
        (GL.GL_TEXTURE_MAG_FILTER, GL.GL_LINEAR),
        (GL.GL_TEXTURE_WRAP_S, GL.GL_CLAMP_TO_EDGE),
        (GL.GL_TEXTURE_WRAP_T, GL.GL_CLAMP_TO_EDGE),
    ):
        GL.glTexParameteri(GL.GL_TEXTURE_2D, name, value)
    kind = (GL.GL_RGBA, GL.GL_UNSIGNED_BYTE)
    GL.glTexImage2D(GL.GL_TEXTURE_2D, 0, GL.GL_RGBA, width, height, 0, *kind, atlas)
