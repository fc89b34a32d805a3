"""Make a .deb of what build.py has built, and of it one file that needs no installing.

python3 packaging/linux/deb.py [--lite] [--appimage-runtime FILE]

It needs dpkg-deb. With the runtime of AppImage, a file of the AppImage project, and mksquashfs an
AppImage is made as well. Building on an old system makes it run on more: see `glibc`.
"""

import argparse
import datetime
import os
import platform
import shutil
import stat
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NAME = "image-embedding"
HOME_PAGE_ID = "io.github.image_embedding"
# What the folder does not hold, since it is of the system: see `SYSTEM` of pruning.py, and what
# PyInstaller never takes along. "new name | old name" where releases differ.
NEEDS = (
    "libstdc++6",
    "libgcc-s1",
    "libgl1",
    "libegl1",
    "libgl1-mesa-dri",
    "libglx-mesa0",
    "libgbm1",
    "libdrm2",
    "libx11-6",
    "libx11-xcb1",
    "libxcb1",
    "libxcb-dri3-0",
    "libasound2t64 | libasound2",
    "libfontconfig1",
    "libfreetype6",
    "libexpat1",
    "fonts-dejavu-core | fonts-noto-core | fonts-liberation",
)
# Of zstd, which unpacks in seconds where xz takes a minute. Above 10 each MB less costs minutes.
LEVEL = 10
SUGGESTS = "apparmor"
TEXT = """\
Walk through a folder of images as a 3D map
 Pick a folder, and a few minutes later walk through a 3D map in which similar
 pictures lie together. Train classifiers, find wrong labels and repair them,
 and open everything in TensorBoard's projector.
 .
 {edition}"""
EDITIONS = {
    "full": "This is the whole program, with TensorFlow.",
    "lite": "This edition comes without TensorFlow: it does not convert backbones, fine-tune, "
    "train\n dense layers or export models. TensorBoard opens in the browser.",
}


def main(arguments: Sequence[str]) -> int:
    """Make the packages of one edition and say how large they are."""
    parser = argparse.ArgumentParser(prog="deb.py", description=__doc__.split("\n")[0])
    parser.add_argument("--lite", action="store_true", help="of the edition without TensorFlow")
    parser.add_argument("--appimage-runtime", metavar="FILE", type=Path)
    options = parser.parse_args(arguments)
    edition = "lite" if options.lite else "full"
    tree = ROOT / "build" / f"deb-{edition}"
    out = ROOT / "dist" / edition
    shutil.rmtree(tree, ignore_errors=True)
    try:
        lay_out(out / NAME, tree, edition)
        package = make_deb(tree, out, edition)
        made = [package, make_run(package, out, edition)]
        if options.appimage_runtime:
            made.append(make_appimage(tree, out, edition, options.appimage_runtime))
    finally:
        shutil.rmtree(tree, ignore_errors=True)
    for file in made:
        print(f"{file.stat().st_size / 1e6:9,.1f} MB  {file}")
    return 0


def version() -> str:
    """Return the program's version, without importing the program."""
    text = (ROOT / "engine" / "__init__.py").read_text("utf-8")
    return text.split('__version__ = "', 1)[1].split('"', 1)[0]


def package_name(edition: str) -> str:
    """Return the name of the package of an edition."""
    return NAME if edition == "full" else f"{NAME}-{edition}"


def glibc() -> str:
    """Return the version of the C library that is needed: that of the system this is built on."""
    return platform.libc_ver()[1]


def lay_out(built: Path, tree: Path, edition: str) -> None:
    """Put everything where it is installed, below ``tree``."""
    (tree / "opt").mkdir(parents=True)
    # Hard links: the program is large.
    shutil.copytree(built, tree / "opt" / NAME, symlinks=True, copy_function=os.link)
    web = tree / "opt" / NAME / "_internal" / "PySide6" / "Qt" / "resources"
    if web.exists():
        # As root the web view makes this folder itself, and dpkg removes only what it knows.
        (web / "locales").mkdir(exist_ok=True)
    share = tree / "usr" / "share"
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    metainfo = (HERE / f"{HOME_PAGE_ID}.metainfo.xml").read_text("utf-8")
    metainfo = metainfo.replace("@VERSION@", version()).replace("@DATE@", today)
    for place, text in {
        share / "applications" / f"{NAME}.desktop": (HERE / f"{NAME}.desktop").read_text("utf-8"),
        share / "metainfo" / f"{HOME_PAGE_ID}.metainfo.xml": metainfo,
        share / "mime" / "packages" / f"{NAME}.xml": (HERE / f"{NAME}.xml").read_text("utf-8"),
        share / NAME / "apparmor": (HERE / "apparmor").read_text("utf-8"),
        share / "doc" / package_name(edition) / "copyright": (ROOT / "LICENSE").read_text("utf-8"),
        tree / "DEBIAN" / "control": control(tree, edition),
        tree / "DEBIAN" / "postinst": (HERE / "postinst").read_text("utf-8"),
        tree / "DEBIAN" / "postrm": (HERE / "postrm").read_text("utf-8"),
    }.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
        place.chmod(0o755 if place.name.startswith("post") else 0o644)
    icons = share / "icons" / "hicolor" / "scalable" / "apps"
    icons.mkdir(parents=True)
    shutil.copy(ROOT / "resources" / "icons" / "app.svg", icons / f"{NAME}.svg")
    commands = tree / "usr" / "bin"
    commands.mkdir(parents=True)
    (commands / NAME).symlink_to(f"/opt/{NAME}/{NAME}")
    for folder in [tree, *(path for path in tree.rglob("*") if path.is_dir())]:
        folder.chmod(folder.stat().st_mode | stat.S_IRUSR | 0o755)


def control(tree: Path, edition: str) -> str:
    """Return what dpkg reads of the package."""
    files = (file for file in tree.rglob("*") if file.is_file() and not file.is_symlink())
    size = sum(file.stat().st_size for file in files)
    other = package_name("full" if edition == "lite" else "lite")
    return "\n".join([
        f"Package: {package_name(edition)}",
        f"Version: {version()}",
        f"Architecture: {'arm64' if platform.machine() == 'aarch64' else 'amd64'}",
        "Maintainer: The authors of Image Embedding <image-embedding@localhost>",
        f"Installed-Size: {size // 1024}",
        f"Depends: {', '.join([f'libc6 (>= {glibc()})', *NEEDS])}",
        f"Suggests: {SUGGESTS}",
        f"Conflicts: {other}",
        "Section: graphics",
        "Priority: optional",
        f"Description: {TEXT.format(edition=EDITIONS[edition])}",
        "",
    ])  # fmt: skip


def make_deb(tree: Path, out: Path, edition: str) -> Path:
    """Make the package."""
    architecture = "arm64" if platform.machine() == "aarch64" else "amd64"
    file = out / f"{package_name(edition)}_{version()}_{architecture}.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zzstd", f"-z{LEVEL}", "--build", tree, file]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return file


def make_run(package: Path, out: Path, edition: str) -> Path:
    """Make one file that unpacks itself, of the archive that is in the package."""
    name = f"{package_name(edition)}-{version()}"
    header = (HERE / "run_header.sh").read_text("utf-8").replace("@NAME@", name)
    header = header.replace("@LINES@", str(header.count("\n") + 1))
    file = out / f"{name}-{platform.machine()}.run"
    with file.open("wb") as written:
        written.write(header.encode())
        written.flush()
        subprocess.run(["ar", "p", package, "data.tar.zst"], check=True, stdout=written)
    file.chmod(0o755)
    return file


def make_appimage(tree: Path, out: Path, edition: str, runtime: Path) -> Path:
    """Make an AppImage: the runtime, and behind it the folder as a compressed file system."""
    place = tree / "opt" / NAME
    (place / "AppRun").symlink_to(NAME)
    shutil.copy(HERE / f"{NAME}.desktop", place / f"{NAME}.desktop")
    shutil.copy(ROOT / "resources" / "icons" / "app.svg", place / f"{NAME}.svg")
    squashed = ROOT / "build" / f"{edition}.squashfs"
    squash = ["mksquashfs", place, squashed, "-root-owned", "-noappend", "-comp", "zstd", "-quiet"]
    subprocess.run(squash, check=True)
    name = f"{package_name(edition)}-{version()}-{platform.machine()}.AppImage"
    with (out / name).open("wb") as written:
        for part in (runtime, squashed):
            with part.open("rb") as read:
                shutil.copyfileobj(read, written)
    squashed.unlink()
    (out / name).chmod(0o755)
    return out / name


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
