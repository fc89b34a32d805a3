"""The points as OpenGL draws them: round, smooth at the edge, larger when near."""

from enum import IntEnum
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from OpenGL import GL
from pyqtgraph.opengl.GLGraphicsItem import GLGraphicsItem
from PySide6.QtGui import QOpenGLContext
from PySide6.QtOpenGL import QOpenGLBuffer

from desktop.views.gl_program import BLENDING, Program, compile_program, enable_point_size, upload

VERTEX = """
uniform mat4 u_mvp;
uniform float u_size;      // in pixels, of a point as far away as the middle of the view
uniform float u_distance;  // of the middle of the view from the camera; 0 when nothing shrinks
uniform vec3 u_background;
uniform vec3 u_dimmed;
INPUT vec3 a_position;
INPUT vec4 a_color;
INPUT float a_state;
OUTPUT vec4 v_color;

void main() {
    v_color = vec4(0.0);
    gl_PointSize = 0.0;
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    if (a_state > 2.5) return;
    vec4 place = u_mvp * vec4(a_position, 1.0);
    bool is_dimmed = a_state > 0.5 && a_state < 1.5;
    float near = 1.0;
    float mist = 0.0;
    if (u_distance > 0.0) {
        near = clamp(u_distance / max(place.w, 0.001), 0.4, 3.0);
        mist = 0.45 * smoothstep(0.0, 1.6, place.w - u_distance);
    }
    float size = u_size * near * (is_dimmed ? 0.7 : a_state > 1.5 ? 1.2 : 1.0);
    // A point smaller than a pixel keeps a pixel and pales instead.
    gl_PointSize = max(size, 1.5);
    place.z = in_layer(place.z, place.w, is_dimmed ? 2.0 : 1.0);
    gl_Position = place;
    vec3 color = is_dimmed ? u_dimmed : a_color.rgb;
    v_color = vec4(mix(color, u_background, mist), a_color.a);
}
"""
FRAGMENT = """
INPUT vec4 v_color;

void main() {
    vec2 place = gl_PointCoord * 2.0 - 1.0;
    float r = dot(place, place);  // the square of the distance from the centre
    if (r > 0.96) discard;
    float shade = 1.0 - 0.24 * r * r;
    fragment = vec4(v_color.rgb * shade, v_color.a * clamp((1.0 - r) * 2.6, 0.0, 1.0));
}
"""
# Several times cheaper for a processor that has to do the work of a graphics card.
PLAIN_FRAGMENT = """
INPUT vec4 v_color;

void main() {
    vec2 place = gl_PointCoord * 2.0 - 1.0;
    if (dot(place, place) > 1.0) discard;
    fragment = v_color;
}
"""
ATTRIBUTES = ("a_position", "a_color", "a_state")
LAYOUT = (  # of the buffers: numbers for a point, their kind, whether 255 means 1.0
    (3, GL.GL_FLOAT, False),
    (4, GL.GL_UNSIGNED_BYTE, True),
    (1, GL.GL_UNSIGNED_BYTE, False),
)
UNIFORMS = ("u_mvp", "u_size", "u_distance", "u_background", "u_dimmed")


class PointState(IntEnum):
    """How a point is drawn."""

    NORMAL = 0
    DIMMED = 1  # grey, smaller and behind all others
    SELECTED = 2  # a little larger
    HIDDEN = 3


class PointsItem(GLGraphicsItem):  # type: ignore[misc]
    """Points in three buffers, of which only those that changed are sent to OpenGL.

    The buffers hold the points in one random order, so that the first ones of them are a faithful
    picture of all: a map in motion draws only ``limit`` of them.
    """

    # One of each for the whole program, whose OpenGL contexts all share (see desktop.app): software
    # OpenGL takes seconds to compile it.
    _programs: ClassVar[dict[str, Program]] = {}

    def __init__(self, on_top: bool = False) -> None:
        """With ``on_top`` nothing hides these points."""
        super().__init__()
        self.setGLOptions({**BLENDING, GL.GL_DEPTH_TEST: not on_top})
        self.limit: int | None = None
        self.is_plain = False  # without shade and smooth rim
        self.size = 9.0  # in pixels of the screen
        self.background = self.dimmed = (0.5, 0.5, 0.5)
        self._count = 0
        self._order = np.zeros(0, np.int64)
        self._buffers = [QOpenGLBuffer(QOpenGLBuffer.Type.VertexBuffer) for _ in ATTRIBUTES]
        self._waiting: dict[int, np.ndarray] = {}  # buffer number -> what to send

    def __len__(self) -> int:
        return self._count

    def set_positions(self, points: NDArray[np.float32]) -> None:
        """Take (N, 3) float32; with another N than before, colours and states are to follow."""
        if len(points) != self._count:
            self._count = len(points)
            self._order = np.random.default_rng(0).permutation(self._count)
        self._send(0, points, np.dtype(np.float32))

    def set_colours(self, colours: NDArray[np.uint8]) -> None:
        """Take (N, 4) uint8, red to alpha."""
        self._send(1, colours, np.dtype(np.uint8))

    def set_states(self, states: NDArray[np.uint8]) -> None:
        """Take (N,) uint8 of `PointState`."""
        self._send(2, states, np.dtype(np.uint8))

    def paint(self) -> None:
        """Draw the first ``limit`` points, or all of them."""
        view = self.view()
        self.setupGLState()  # also without points: what is drawn before does not write depths
        if not self._count or view is None:
            return
        for number, values in self._waiting.items():
            upload(self._buffers[number], values)
        self._waiting = {}
        enable_point_size(QOpenGLContext.currentContext())
        if self.is_plain:
            GL.glDisable(GL.GL_BLEND)
        program = self._program()
        GL.glUseProgram(program.name)
        matrix = np.array(self.mvpMatrix().data(), np.float32)
        GL.glUniformMatrix4fv(program.uniforms["u_mvp"], 1, False, matrix)
        GL.glUniform1f(program.uniforms["u_size"], self.size * view.target.pixel_ratio)
        GL.glUniform1f(program.uniforms["u_distance"], view.depth_reference)
        GL.glUniform3f(program.uniforms["u_background"], *self.background)
        GL.glUniform3f(program.uniforms["u_dimmed"], *self.dimmed)
        for location, (width, kind, is_fraction) in enumerate(LAYOUT):
            self._buffers[location].bind()
            GL.glVertexAttribPointer(location, width, kind, is_fraction, 0, None)
            GL.glEnableVertexAttribArray(location)
            self._buffers[location].release()
        shown = self._count if self.limit is None else min(self.limit, self._count)
        GL.glDrawArrays(GL.GL_POINTS, 0, shown)
        for location in range(len(LAYOUT)):
            GL.glDisableVertexAttribArray(location)
        GL.glUseProgram(0)

    def _program(self) -> Program:
        fragment = PLAIN_FRAGMENT if self.is_plain else FRAGMENT
        if fragment not in PointsItem._programs:
            program = compile_program(VERTEX, fragment, ATTRIBUTES, UNIFORMS)
            PointsItem._programs[fragment] = program
        return PointsItem._programs[fragment]

    def _send(self, number: int, values: np.ndarray, kind: np.dtype) -> None:
        self._waiting[number] = np.ascontiguousarray(values[self._order], kind)
        self.update()
