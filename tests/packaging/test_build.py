"""What packaging/ installs, leaves out and wraps up; building itself takes minutes."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from loading import CHECKOUT, PACKAGING, load

build, pruning = load("build"), load("pruning")
deb = load("deb", PACKAGING / "linux")


def names(lines: list[str]) -> set[str]:
    return {line.partition(">")[0] for line in lines}


def test_linux_gets_the_tensorflow_that_is_smaller():
    linux = names(build.requirements(CHECKOUT / "pyproject.toml", "linux"))
    other = names(build.requirements(CHECKOUT / "pyproject.toml", "darwin"))
    assert linux - other == {"tensorflow-cpu"}
    assert other - linux == {"tensorflow"}
    assert {"pyinstaller", "numpy", "keras"} <= linux


def test_every_pin_of_tensorflow_is_of_one_version():
    pins = dict(
        line.split("==") for line in build.CONSTRAINTS.read_text("utf-8").splitlines() if line
    )
    assert pins["tensorflow"] == pins["tensorflow-cpu"]


@pytest.mark.parametrize(
    ("place", "left_out"),
    [
        ("openvino/libs/libopenvino_intel_cpu_plugin.so", False),
        ("openvino/libs/libopenvino_intel_gpu_plugin.so", True),
        ("openvino\\libs\\openvino_intel_npu_plugin.dll", True),
        ("PySide6/Qt/translations/qtwebengine_locales/en-US.pak", False),
        ("PySide6/Qt/translations/qtwebengine_locales/sw.pak", True),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("PySide6/Qt/translations/designer_de.qm", True),
        ("resources/weights/LICENSE-keras.txt", False),
    ],
)
def test_files_are_left_out_by_their_place(place, left_out):
    assert pruning.is_pruned(place) is left_out


def test_the_lite_edition_has_no_tensorflow():
    assert {"tensorflow", "keras"} <= set(pruning.modules_left_out(lite=True))
    assert not {"tensorflow", "keras"} & set(pruning.modules_left_out(lite=False))


def test_libraries_of_qt_that_nothing_leads_to_are_left_out():
    linked = {"widgets.so": ["/core", "/gui"], "/gui": ["/core"], "/charts": ["/gui"]}
    binaries = [
        ("PySide6/QtWidgets.abi3.so", "widgets.so", "EXTENSION"),
        ("PySide6/Qt/lib/libQt6Core.so.6", "/core", "BINARY"),
        ("PySide6/Qt/lib/libQt6Gui.so.6", "/gui", "BINARY"),
        ("PySide6/Qt/lib/libQt6Charts.so.6", "/charts", "BINARY"),
        ("libQt6Gui.so.6", "PySide6/Qt/lib/libQt6Gui.so.6", "SYMLINK"),
        ("numpy.libs/libblas.so", "/blas", "BINARY"),
    ]
    unused = pruning.unused_qt(binaries, lambda source: linked.get(source, []))
    assert unused == {"PySide6/Qt/lib/libQt6Charts.so.6"}


def test_sizes_are_told_of_each_component(tmp_path):
    for place, size in {"_internal/big/a": 9_000_000, "_internal/big.libs/b": 1_000_000}.items():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_bytes(bytes(size))
    lines = [line.split() for line in build.sizes(tmp_path).splitlines()]
    assert [line[:2] for line in lines[1:]] == [["big", "10.0"], ["all", "10.0"]]


posix = pytest.mark.skipif(
    shutil.which("dpkg-deb") is None or shutil.which("ar") is None, reason="makes Debian packages"
)


@pytest.fixture
def packages(tmp_path, monkeypatch) -> list[Path]:
    """The packages of a program that says how it was called."""
    monkeypatch.setattr(deb, "ROOT", tmp_path)
    for part in ("engine/__init__.py", "LICENSE", "resources/icons/app.svg"):
        (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CHECKOUT / part, tmp_path / part)
    program = tmp_path / "dist" / "lite" / "image-embedding" / "image-embedding"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "called with: $*"\n')
    program.chmod(0o755)
    assert deb.main(["--lite"]) == 0
    return sorted((tmp_path / "dist" / "lite").glob("image-embedding-lite*"))


@posix
def test_the_package_holds_program_menu_entry_icon_and_types(packages):
    package = next(file for file in packages if file.suffix == ".deb")
    listed = subprocess.check_output(["dpkg-deb", "--contents", package], text=True)
    for place in (
        "./opt/image-embedding/image-embedding",
        "./usr/bin/image-embedding -> /opt/image-embedding/image-embedding",
        "./usr/share/applications/image-embedding.desktop",
        "./usr/share/icons/hicolor/scalable/apps/image-embedding.svg",
        "./usr/share/mime/packages/image-embedding.xml",
    ):
        assert f" {place}\n" in listed
    said = subprocess.check_output(["dpkg-deb", "--field", package], text=True)
    assert "Package: image-embedding-lite\n" in said
    assert "Conflicts: image-embedding\n" in said


@posix
def test_the_file_that_unpacks_itself_does_so_once_and_starts(packages, tmp_path):
    home = tmp_path / "ein Zuhause – বাড়ি"
    environ = {**os.environ, "XDG_DATA_HOME": str(home)}
    command = [next(file for file in packages if file.suffix == ".run"), "a b", "c"]
    first, second = (
        subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
        for _ in range(2)
    )
    assert first.stdout == second.stdout == "called with: a b c\n"
    assert "Unpacking" in first.stderr
    assert second.stderr == ""
    assert len(list((home / "image-embedding").iterdir())) == 1
