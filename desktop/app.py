"""Starts the program: everything that has to happen before, around and after the window."""

import logging
import os
import sys
from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QIcon, QSurfaceFormat
from PySide6.QtWidgets import QApplication

from desktop import settings_store, theme
from desktop.crash_notes import CrashNotes
from desktop.garbage import GarbageCollector
from desktop.imports import spare_reading_sources
from desktop.log_file import start_logging
from desktop.one_window import show_other

log = logging.getLogger(__name__)


def run(folder: Path | None) -> int:
    """Open the window, on a folder if one is given, and return when it is closed."""
    if not has_display():
        print(
            "error: There is no display to open a window on; "
            "use image-embedding extract FOLDER, or image-embedding --help.",
            file=sys.stderr,
        )
        return 1
    start_logging()
    notes = CrashNotes()
    notes.start()
    app = create_application(sys.argv[:1])
    if folder is not None and show_other(folder):
        notes.end()
        return 0
    crashed = notes.take_last()
    settings = settings_store.load()
    theme.choose(app, settings.theme)
    from desktop.faults import Faults
    from desktop.messages import show_crash
    from desktop.program import Program

    program = Program(settings)
    faults = Faults(lambda: program.window)
    program.window.show()
    if crashed:
        show_crash(program.window, crashed)
    if folder is not None:
        program.window.open_path(folder)
    code = app.exec()
    faults.end()
    notes.end()
    return code


def create_application(arguments: list[str]) -> QApplication:
    """Create the application with what must be settled before it exists."""
    spare_reading_sources()
    # A web view and the map share the window later: both have to draw with the same OpenGL. Qt
    # Quick, which draws the web view, would choose Direct3D on Windows and Metal on macOS.
    os.environ.setdefault("QSG_RHI_BACKEND", "opengl")
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    surface = QSurfaceFormat()
    surface.setDepthBufferSize(24)
    if sys.platform == "darwin":  # the only other choice there is OpenGL 2.1
        surface.setVersion(4, 1)
        surface.setProfile(QSurfaceFormat.OpenGLContextProfile.CoreProfile)
    QSurfaceFormat.setDefaultFormat(surface)
    app = QApplication(arguments)
    GarbageCollector(app)
    _match_opengl_platform(app)
    app.setStyle("Fusion")
    app.setApplicationName("image-embedding")
    app.setApplicationDisplayName("Image Embedding")
    app.setDesktopFileName("image-embedding")
    app.setWindowIcon(QIcon(str(files("resources") / "icons" / "app.svg")))
    return app


def has_display() -> bool:
    """Tell whether a window can be opened: on Linux the environment says so."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _match_opengl_platform(app: QApplication) -> None:
    """Make PyOpenGL use what Qt chose; it would otherwise guess from the environment."""
    platforms = {"xcb": "glx", "wayland": "egl", "eglfs": "egl"}
    chosen = platforms.get(app.platformName())
    if chosen is not None:
        os.environ.setdefault("PYOPENGL_PLATFORM", chosen)
