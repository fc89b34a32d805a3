"""Build the program that needs no Python.

python3 packaging/build.py [--lite] [--find-links DIR]

In build/ it makes an environment with what pyproject.toml and constraints.txt say, lets PyInstaller
put the program into dist/full (or dist/lite, without TensorFlow and the web view), takes symbols
for debuggers out, and says what is how large. Installers are made of that folder: on Linux by
packaging/linux/deb.py.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tomllib
import zlib
from collections import defaultdict
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

from dev import find_python
from host import Host, Stop, say
from pruning import STRIPPED

ROOT = Path(__file__).resolve().parent.parent
NAME = "image-embedding"
SPEC = ROOT / "packaging" / f"{NAME}.spec"
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
EXTRA = "package"
# TensorFlow without what calculates on graphics cards of NVIDIA: 500 MB less. The same modules.
SMALLER = {"linux": ("tensorflow", "tensorflow-cpu")}
BLOCK = 1 << 20
SHOWN_MB = 5.0


def main(arguments: Sequence[str]) -> int:
    """Build one edition; return the exit code."""
    parser = argparse.ArgumentParser(prog="packaging/build.py", description=__doc__.split("\n")[0])
    parser.add_argument("--lite", action="store_true", help="without TensorFlow and the web view")
    parser.add_argument("--find-links", metavar="DIR", help="wheels that are here already, for pip")
    options = parser.parse_args(arguments)
    try:
        python = environment(options.find_links)
        folder = freeze(python, options.lite)
    except (Stop, subprocess.CalledProcessError) as error:
        say(str(error))
        return 1
    if sys.platform.startswith("linux"):
        strip(folder)
    print(sizes(folder))
    return 0


def environment(find_links: str | None = None) -> Path:
    """Make the environment that is packaged, unless it is there as it should be; return its Python.

    The one of dev.py is not used: what it has for tests would be packaged, too.
    """
    place = ROOT / "build" / "package-venv"
    python = place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    wanted = requirements(ROOT / "pyproject.toml", sys.platform)
    stamp, text = place / "requirements.txt", "\n".join([*wanted, CONSTRAINTS.read_text("utf-8")])
    if python.exists() and stamp.exists() and stamp.read_text("utf-8") == text:
        return python
    say("making build/package-venv: minutes, the first time")
    found, _ = find_python(ROOT, Host())
    subprocess.run([*found, "-m", "venv", "--clear", place], check=True)
    links = ["--find-links", find_links] if find_links else []
    pip = [python, "-m", "pip", "install", "--no-compile", "-c", CONSTRAINTS, *links, *wanted]
    subprocess.run(pip, check=True, cwd=ROOT)
    stamp.write_text(text, "utf-8")
    return python


def requirements(pyproject: Path, platform: str) -> list[str]:
    """Return what is installed: what the program needs, and what packages it."""
    project = tomllib.loads(pyproject.read_text("utf-8"))["project"]
    larger, smaller = SMALLER.get(platform, ("", ""))
    needed = []
    for line in project["dependencies"]:
        is_larger = larger and line.startswith((f"{larger}>", f"{larger}=", f"{larger}<"))
        needed.append(line.replace(larger, smaller, 1) if is_larger else line)
    return [*needed, *project["optional-dependencies"][EXTRA]]


def freeze(python: Path, lite: bool) -> Path:
    """Let PyInstaller build an edition; return its folder."""
    edition = "lite" if lite else "full"
    out, work = ROOT / "dist" / edition, ROOT / "build" / f"pyinstaller-{edition}"
    command = [python, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", out, "--workpath", work, SPEC]
    make_icon(python)
    environ = {**os.environ, "IMAGE_EMBEDDING_LITE": str(int(lite))}
    subprocess.run(command, check=True, cwd=ROOT, env=environ)
    shutil.rmtree(work)  # as large as the result
    return out / NAME


def make_icon(python: Path) -> None:
    """Draw the icon in the format that the system wants of a program; Linux takes the SVG."""
    suffix = {"win32": ".ico", "darwin": ".icns"}.get(sys.platform)
    if suffix:
        drawn = ROOT / "build" / f"app{suffix}"
        subprocess.run([python, ROOT / "packaging" / "draw_icon.py", drawn], check=True)


def strip(folder: Path) -> None:
    """Take symbols and notes for debuggers out of what has many."""
    inside = folder / "_internal"
    for file in files_in(inside):
        if any(fnmatch(file.relative_to(inside).as_posix(), pattern) for pattern in STRIPPED):
            subprocess.run(["strip", "--strip-unneeded", file], check=True)


def files_in(folder: Path) -> list[Path]:
    """Return all files, without links."""
    return [file for file in folder.rglob("*") if file.is_file() and not file.is_symlink()]


def sizes(folder: Path) -> str:
    """Return a table of the components: megabytes on the disk, and compressed as in a zip."""
    inside = folder / "_internal"
    of_each: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for file in files_in(folder):
        parts = file.relative_to(inside if inside in file.parents else folder).parts
        name = parts[0].removesuffix(".libs") if len(parts) > 1 else "the rest"
        plain, compressed = file.stat().st_size, compressed_size(file)
        for each in (name, "all"):
            of_each[each][0] += plain / 1e6
            of_each[each][1] += compressed / 1e6
    rows = sorted(of_each.items(), key=lambda row: -row[1][0])
    lines = [f"{name:24} {plain:9,.1f} {small:12,.1f}" for name, (plain, small) in rows
             if plain >= SHOWN_MB]  # fmt: skip
    return "\n".join([f"{'MB':24} {'on disk':>9} {'compressed':>12}", *lines])


def compressed_size(file: Path) -> int:
    """Return how many bytes a file has in a zip."""
    packer, total = zlib.compressobj(6), 0
    with file.open("rb") as opened:
        while block := opened.read(BLOCK):
            total += len(packer.compress(block))
    return total + len(packer.flush())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
