"""Libraries and tools of the system, from packages of Debian, Ubuntu and their like."""

# As old as dev.py, which says why.
from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

from host import Host, Stop, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

# Debian packages and what needs them; "new name|old name" where releases differ.
SYSTEM_LIBRARIES = {
    "OpenGL, which draws the map": "libgl1 libegl1 libgl1-mesa-dri libglx-mesa0",
    "Qt on X11: keyboard": "libxkbcommon0 libxkbcommon-x11-0 libxcb-xkb1 libxcb-keysyms1",
    "Qt on X11: windows and screens": "libxcb-icccm4 libxcb-shape0 libxcb-randr0 libxcb-xinerama0",
    "Qt on X11: drawing": "libxcb-cursor0 libxcb-image0 libxcb-render-util0",
    "Qt: event loop and messages of the desktop": "libglib2.0-0t64|libglib2.0-0 libdbus-1-3",
    "Qt: text": "libfontconfig1 libfreetype6 fonts-dejavu-core",
    "Qt WebEngine: certificates and sound": "libnss3 libasound2t64|libasound2",
    "Qt WebEngine: network": "libgssapi-krb5-2",
    "Qt WebEngine: drawing": "libxcomposite1 libxdamage1 libxrandr2 libgbm1 libxcb-dri3-0",
    "Qt WebEngine: mouse and keyboard": "libxtst6 libxkbfile1",
}
TEST_LIBRARIES = {"a display for the tests of the window": "xvfb"}
PACKAGE_LIBRARIES = {
    "symbols are taken out of libraries": "binutils",
    "a computer without a network has itself": "iproute2",
}


def missing_packages(wanted: Iterable[str], root: Path, host: Host) -> list[str]:
    """Return the entries of `wanted` of which no alternative is installed."""
    names = [name for entry in wanted for name in entry.split("|")]
    query = ["dpkg-query", "-W", "-f", "${Package} ${Status}\\n", *names]
    lines = host.run(query, root, quiet=True)[1].splitlines()
    installed = {line.split()[0] for line in lines if line.endswith(" ok installed")}
    return [entry for entry in wanted if installed.isdisjoint(entry.split("|"))]


def known_packages(entries: Sequence[str], root: Path, host: Host) -> list[str]:
    """Return the first alternative that apt knows of each entry, unless it knows none."""
    names = [name for entry in entries for name in entry.split("|")]
    shown = host.run(["apt-cache", "show", "--no-all-versions", *names], root, quiet=True)[1]
    known = {line[9:].strip() for line in shown.splitlines() if line.startswith("Package: ")}
    found = (next(filter(known.__contains__, entry.split("|")), None) for entry in entries)
    return [name for name in found if name]


def root_prefix(root: Path, host: Host) -> list[str] | None:
    """Return what makes a command run as root without a question; None if nothing does."""
    if host.is_root:
        return []
    if host.which("sudo") and host.run(["sudo", "-n", "true"], root, quiet=True)[0] == 0:
        return ["sudo", "-n"]
    return None


def ensure_packages(wanted: Sequence[str], root: Path, host: Host) -> bool:
    """Install the Debian packages that are missing; where that fails, say so and return False."""
    missing = missing_packages(wanted, root, host)
    if not missing:
        return True
    prefix = root_prefix(root, host)
    if prefix is not None:
        say(f"installing {len(missing)} system package(s) with apt-get")
        apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
        # A failed update is no reason to stop: the lists already here may do.
        host.run([*apt, "update"], root)
        names = known_packages(missing, root, host)
        # What this release of the system does not offer cannot be waited for: go on without.
        install = [*apt, "install", "-y", "--no-install-recommends", *names]
        if names and host.run(install, root)[0] == 0:
            return True
    names = known_packages(missing, root, host) or [entry.split("|")[0] for entry in missing]
    line = shlex.join(["apt-get", "install", "--no-install-recommends", *names])
    say("system packages are missing and could not be installed from here; type this line:")
    print(f"    sudo apt-get update && sudo {line}", file=sys.stderr, flush=True)
    return False


def ensure_libraries(root: Path, host: Host, *tables: Mapping[str, str]) -> bool:
    """Install what is missing of tables of Debian packages; say so and return False if not."""
    wanted = [name for table in tables for names in table.values() for name in names.split()]
    return not host.is_debian or ensure_packages(wanted, root, host)


def need_libraries(what: str, root: Path, host: Host, *tables: Mapping[str, str]) -> None:
    """Do the same for what cannot go on without them: Stop says so."""
    if not ensure_libraries(root, host, *tables):
        raise Stop(f"{what} need these packages: install them, then type the command again.")
