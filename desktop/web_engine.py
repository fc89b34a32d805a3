"""Whether this machine can show a web page inside the window, and how Chromium is to be started.

It reads its switches once, before anything of QtWebEngine is imported.
"""

import importlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext

from desktop.language import tr
from engine.wording import mark

FLAGS = "QTWEBENGINE_CHROMIUM_FLAGS"
VIEW = "desktop.views.web_view"
# Names that OpenGL has where the processor does the drawing.
SOFTWARE = ("llvmpipe", "softpipe", "swrast", "swiftshader", "basic render", "gdi generic")
# Then Chromium is to do its own: it does not draw with Mesa's, and WebGL is off unless asked for.
# That is meant for pages one trusts; this one comes from this computer.
FOR_SOFTWARE = (
    "--disable-gpu-compositing",
    "--ignore-gpu-blocklist",
    "--enable-unsafe-swiftshader",
)
GL_RENDERER = 0x1F01
# Where AppArmor says under which profile this program runs; that of its package lets it.
PROFILES = (Path("/proc/self/attr/apparmor/current"), Path("/proc/self/attr/current"))
OWN_PROFILE = "image-embedding (unconfined)"
TRUE_COLOUR = 24  # bits
NO_SANDBOX = mark(
    "This system does not let a web page be shut in a sandbox, and without one it is not shown "
    "here."
)
# What a system says that lets no ordinary program shut itself in, and what it says then.
APPARMOR = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
NO_NAMESPACES = {
    APPARMOR: "1",
    Path("/proc/sys/kernel/unprivileged_userns_clone"): "0",
    Path("/proc/sys/user/max_user_namespaces"): "0",
}


@dataclass(frozen=True, slots=True)
class Machine:
    """What decides how Chromium is started.

    platform:       as `sys.platform`.
    is_root:        whether the user is root.
    has_namespaces: whether a program may shut itself in, as Chromium's sandbox does on Linux.
    draws_itself:   whether the processor draws, for want of a graphics card or its driver.
    depth:          of the screen's colours, bits.
    """

    platform: str
    is_root: bool
    has_namespaces: bool
    draws_itself: bool
    depth: int = 24


def switches(machine: Machine) -> tuple[str, ...]:
    """Return the switches that Chromium needs on a machine."""
    chosen = FOR_SOFTWARE if machine.draws_itself else ()
    # Chromium does not run as root within its sandbox; for everyone else that stays.
    return (*chosen, "--no-sandbox") if _is_linux_root(machine) else chosen


def obstacle(machine: Machine) -> str:
    """Return why the machine can show no web page in the window; "" where it can."""
    if machine.platform.startswith("linux") and not machine.is_root and not machine.has_namespaces:
        return tr(NO_SANDBOX)
    if machine.depth < TRUE_COLOUR:  # there Chromium ends the whole program
        return tr("This screen is set to too few colours for a web page.")
    return ""


def prepare() -> str:
    """Set the switches, the first time; return why there can be no web page, "" where it can.

    To be called in the thread of the window, before `load`.
    """
    if VIEW in sys.modules:
        return ""
    machine = this_machine()
    reason = obstacle(machine)
    if not reason:
        given = os.environ.get(FLAGS, "").split()
        added = (switch for switch in switches(machine) if switch not in given)
        os.environ[FLAGS] = " ".join([*given, *added])
    return reason


def load() -> str:
    """Import what shows web pages, in any thread; return why that is not possible, else ""."""
    try:
        importlib.import_module(VIEW)
    except ModuleNotFoundError:
        return tr("The view for web pages is not part of this installation.")
    except ImportError as error:
        return tr("This installation cannot show web pages ({error}).", error=error)
    return ""


def this_machine() -> Machine:
    """Look at the machine this runs on."""
    return Machine(
        platform=sys.platform,
        is_root=getattr(os, "geteuid", lambda: 1)() == 0,
        has_namespaces=has_namespaces(),
        draws_itself=any(name in _renderer().lower() for name in SOFTWARE),
        depth=QGuiApplication.primaryScreen().depth(),
    )


def has_namespaces() -> bool:
    """Tell whether a program may shut itself in; see `packaging/linux/apparmor` for this one."""
    against = {file for file, no in NO_NAMESPACES.items() if _says(file, no)}
    if any(_says(file, OWN_PROFILE) for file in PROFILES):
        against.discard(APPARMOR)
    return not against


def _is_linux_root(machine: Machine) -> bool:
    return machine.platform.startswith("linux") and machine.is_root


def _says(file: Path, text: str) -> bool:
    try:
        return file.read_text().strip() == text
    except OSError:  # not this kind of system
        return False


def _renderer() -> str:
    """Return who draws for OpenGL here; where there is none, that is software, too."""
    surface, context = QOffscreenSurface(), QOpenGLContext()
    surface.create()
    if not context.create() or not context.makeCurrent(surface):
        return SOFTWARE[0]
    name = context.functions().glGetString(GL_RENDERER)
    context.doneCurrent()
    return str(name)
