"""Shader programs and buffers for every OpenGL that the program may meet.

With `map_*` and `*_item` it is the only place that knows OpenGL.

Shaders are written once, in the words of the newer language; ``INPUT`` and ``OUTPUT`` stand for
what the older one calls differently. A fragment shader sets ``fragment``.
"""

from dataclasses import dataclass

import numpy as np
from OpenGL import GL
from OpenGL.GL import shaders
from PySide6.QtGui import QOpenGLContext, QSurfaceFormat
from PySide6.QtOpenGL import QOpenGLBuffer

OLD_WORDS = {
    GL.GL_VERTEX_SHADER: "#define INPUT attribute\n#define OUTPUT varying\n",
    GL.GL_FRAGMENT_SHADER: (
        "#define INPUT varying\n#define fragment gl_FragColor\n#define texture texture2D\n"
    ),
}
NEW_WORDS = {
    GL.GL_VERTEX_SHADER: "#define INPUT in\n#define OUTPUT out\n",
    GL.GL_FRAGMENT_SHADER: "#define INPUT in\nout vec4 fragment;\n",
}
# Both stages of a program must see a uniform in the same precision.
PRECISION = "#ifdef GL_ES\nprecision highp float;\n#endif\n"
# Opaque inside, so the depth test decides what is in front; only the rim is blended, which leaves
# a thin line of background around each point and keeps crowded ones apart. The picture itself
# stays opaque: its alpha is what a snapshot keeps.
BLENDING: dict[object, object] = {
    GL.GL_DEPTH_TEST: True,
    GL.GL_BLEND: True,
    GL.GL_CULL_FACE: False,
    "glDepthMask": (True,),
    "glBlendFuncSeparate": (
        GL.GL_SRC_ALPHA,
        GL.GL_ONE_MINUS_SRC_ALPHA,
        GL.GL_ONE,
        GL.GL_ONE_MINUS_SRC_ALPHA,
    ),
}
# The depth is shared out: pictures (0) in front, then points (1), then what is dimmed (2).
LAYERS = """
float in_layer(float z, float w, float layer) { return (z + 2.0 * (layer - 1.0) * w) / 3.0; }
"""


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled program and where its uniforms are."""

    name: int
    uniforms: dict[str, int]


def compile_program(
    vertex: str, fragment: str, attributes: tuple[str, ...], uniforms: tuple[str, ...]
) -> Program:
    """Compile for the current context; the attributes get the locations 0, 1, 2 and so on."""
    header, words = _dialect(QOpenGLContext.currentContext())
    stages = ((GL.GL_VERTEX_SHADER, LAYERS + vertex), (GL.GL_FRAGMENT_SHADER, fragment))
    program = shaders.compileProgram(
        *(shaders.compileShader([header, PRECISION, words[k], text], k) for k, text in stages),
        validate=False,
    )
    for location, name in enumerate(attributes):
        GL.glBindAttribLocation(program, location, name)
    GL.glLinkProgram(program)
    return Program(program, {name: GL.glGetUniformLocation(program, name) for name in uniforms})


def upload(buffer: QOpenGLBuffer, values: np.ndarray) -> None:
    """Send values to a buffer; of the same size as before they are written in place."""
    if not buffer.isCreated():
        buffer.create()
    buffer.bind()
    if buffer.size() == values.nbytes:
        GL.glBufferSubData(GL.GL_ARRAY_BUFFER, 0, values.nbytes, values)
    else:
        GL.glBufferData(GL.GL_ARRAY_BUFFER, values.nbytes, values, GL.GL_DYNAMIC_DRAW)
    buffer.release()


def enable_point_size(context: QOpenGLContext) -> None:
    """Let shaders set the size of points; OpenGL ES always does."""
    if not context.isOpenGLES():
        if context.format().profile() != QSurfaceFormat.OpenGLContextProfile.CoreProfile:
            GL.glEnable(GL.GL_POINT_SPRITE)
        GL.glEnable(GL.GL_PROGRAM_POINT_SIZE)


def _dialect(context: QOpenGLContext) -> tuple[str, dict[object, str]]:
    version = context.format().version()
    if context.isOpenGLES():
        is_new = version >= (3, 0)
        header = "#version 300 es\n" if is_new else "#version 100\n"
    else:
        is_new = version >= (3, 1)
        header = "#version 140\n" if is_new else "#version 120\n"
    return header, NEW_WORDS if is_new else OLD_WORDS
