"""What is copied to tell others of an error: versions, machine, log, traceback. No names of files.

Only what the error itself says may name files of the user's.
"""

import platform
import re
import sys
import traceback
from pathlib import Path
from typing import cast

from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext

from desktop.log_file import last_lines
from desktop.versions import versions

LOG_LINES = 40
GL_RENDERER = 0x1F01
ROOT = Path(__file__).resolve().parents[1]
HIDDEN = "‹name›"
QUOTED = re.compile(r"[“\"'‘]([^“”\"'‘’]*)[”\"'’]")
PATH = re.compile(r"(?:[A-Za-z]:\\|(?<![\w.])~?[/\\])[^\"'“”:;,)]*")
NAME = re.compile(
    r"[^\s/\\“”\"']+\.(?:jpe?g|png|gif|bmp|webp|tiff?|npy|csv|tsv|parquet|h5|keras)\b",
    re.IGNORECASE,
)


def details_of(error: BaseException | str) -> str:
    """Describe an error, or the text of a crash, with all that explains it."""
    if isinstance(error, str):
        what = [_of_program(line) for line in error.splitlines()]
    else:
        trace = "".join(traceback.format_exception(error)).splitlines()
        what = [_of_program(line) for line in trace]
    facts = [f"{name}: {version}" for name, version in versions().items()]
    facts += [f"System: {platform.platform()}, {platform.machine()}"]
    facts += [f"Display: {_platform_name()}", f"OpenGL: {renderer()}"]
    logged = [without_names(_of_program(line)) for line in last_lines(LOG_LINES)]
    return "\n".join([*what, "", *facts, "", "End of the log:", *logged])


def without_names(line: str) -> str:
    """Return a line of the log without names of files and folders, except the program's own."""
    if line.lstrip().startswith("File <program>"):
        return line

    def hide(match: re.Match[str]) -> str:
        inside = match.group(1)
        is_name = "/" in inside or "\\" in inside or NAME.search(inside)
        return match.group(0).replace(inside, HIDDEN) if is_name else match.group(0)

    return NAME.sub(HIDDEN, PATH.sub(HIDDEN, QUOTED.sub(hide, line)))


def renderer() -> str:
    """Return who draws with OpenGL here."""
    shared = cast("QOpenGLContext | None", QOpenGLContext.globalShareContext())
    if shared is None:
        return "not in use"
    context, surface = QOpenGLContext(), QOffscreenSurface()
    context.setShareContext(shared)
    context.setFormat(shared.format())
    surface.setFormat(shared.format())
    surface.create()
    if not (context.create() and context.makeCurrent(surface)):
        return "cannot be used"
    try:
        return str(context.functions().glGetString(GL_RENDERER))
    finally:
        context.doneCurrent()


def _platform_name() -> str:
    return QGuiApplication.platformName() if QGuiApplication.instance() is not None else "none"


def _of_program(line: str) -> str:
    """Shorten the place of a file of the program, which tells the user's name."""
    match = re.match(r'(\s*File )"([^"]*)"(.*)', line)
    if match is None:
        return line
    before, file, after = match.groups()
    for place in (ROOT, Path(sys.prefix), Path(sys.base_prefix)):
        if Path(file).is_relative_to(place):
            return f"{before}<program> {Path(file).relative_to(place).as_posix()}{after}"
    return f"{before}<program> {Path(file).name}{after}"
