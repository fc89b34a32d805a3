"""The points as OpenGL draws them: round, smooth at the edge, larger when near."""

from OpenGL import GL
from OpenGL.GL import shaders
from pyqtgraph.opengl import GLScatterPlotItem
from pyqtgraph.opengl.items.GLScatterPlotItem import SHADER_CORE, SHADER_LEGACY
from PySide6.QtGui import QOpenGLContext

# Opaque inside, so the depth test decides what is in front; only the rim is blended, which leaves
# a thin line of background around each point and keeps crowded ones apart.
BLENDING = {
    GL.GL_DEPTH_TEST: True,
    GL.GL_BLEND: True,
    GL.GL_CULL_FACE: False,
    "glBlendFunc": (GL.GL_SRC_ALPHA, GL.GL_ONE_MINUS_SRC_ALPHA),
}
# The centre of the map has the size that was asked for.
SIZE = "gl_PointSize = a_size;"
SIZE_BY_DISTANCE = """
    float centre = (u_mvp * vec4(0.0, 0.0, 0.0, 1.0)).w;
    gl_PointSize = a_size * clamp(centre / max(gl_Position.w, 0.001), 0.4, 3.0);
"""
RIM = "if (dot(xy, xy) <= 1.0) {target} = v_color;\n            else discard;"
SMOOTH_RIM = """float r = length(xy);
            float alpha = 1.0 - smoothstep(0.78, 1.0, r);
            if (alpha < 0.05) discard;
            {target} = vec4(v_color.rgb, v_color.a * alpha);"""


class PointsItem(GLScatterPlotItem):  # type: ignore[misc]
    """A `GLScatterPlotItem` of pyqtgraph 0.14 with other shaders."""

    # One for the whole program, whose OpenGL contexts all share (see desktop.app): software OpenGL
    # takes seconds to compile it.
    _program: object = None

    def __init__(self, on_top: bool = False) -> None:
        """With ``on_top`` nothing hides these points."""
        super().__init__(glOptions={**BLENDING, GL.GL_DEPTH_TEST: not on_top})

    @staticmethod
    def getShaderProgram() -> object:
        """Compile at the first paint, when there is a context."""
        if PointsItem._program is None:
            PointsItem._program = _compile()
        return PointsItem._program


def _compile() -> object:
    context = QOpenGLContext.currentContext()
    version = context.format().version()
    if context.isOpenGLES():
        core = version >= (3, 0)
        header = "#version 300 es\n" if core else "#version 100\n"
    else:
        core = version >= (3, 1)
        header = "#version 140\n" if core else "#version 120\n"
    sources = SHADER_CORE if core else SHADER_LEGACY
    target = "fragColor" if core else "gl_FragColor"
    vertex = sources[GL.GL_VERTEX_SHADER].replace(SIZE, SIZE_BY_DISTANCE)
    fragment = sources[GL.GL_FRAGMENT_SHADER].replace(
        RIM.format(target=target), SMOOTH_RIM.format(target=target)
    )
    program = shaders.compileProgram(
        shaders.compileShader([header, vertex], GL.GL_VERTEX_SHADER),
        shaders.compileShader([header, fragment], GL.GL_FRAGMENT_SHADER),
        validate=False,
    )
    for location, name in enumerate(("a_position", "a_color", "a_size")):
        GL.glBindAttribLocation(program, location, name)
    GL.glLinkProgram(program)
    return program
