"""What several test files of the engine use: pictures made to order, and fresh processes."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.errors import EngineError
from engine.values import ImageFile, Recipe

ROOT = Path(__file__).resolve().parents[2]
SIGN_DIGITS = Path(
    os.environ.get("IMAGE_EMBEDDING_TEST_DATA", ROOT.parent / "shared" / "data" / "sign-digits")
)
NOBODY = 65534  # a user without rights

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX system")
as_root = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0,
    reason="only root may start a process as another user",
)


def paint(path: Path, colour: Any = (200, 30, 30), size: tuple[int, int] = (8, 8)) -> Path:
    """Save a picture of one colour; its folder is made too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)
    return path


def alter_header(file: Path) -> None:
    """Change one byte of the head of a ``.npy`` file, so that it is no Python any more."""
    content = bytearray(file.read_bytes())
    content[content.index(b")")] = ord("(")
    file.write_bytes(content)


def image_file(folder: Path, path: str) -> ImageFile:
    """Return what the dataset says of a picture that is on disk."""
    status = (folder / path).stat()
    return ImageFile(path, path.rpartition("/")[0], status.st_size, status.st_mtime_ns)


def recipe(dimensions: int = 3, backbone: str = "VGG16") -> Recipe:
    return Recipe(backbone, "abcdef0123456789", 32, "avg", dimensions)


def mean_colour(pixels: Any) -> Any:
    """A model in one line: (B, S, S, 3) to (B, 3)."""
    return pixels.mean(axis=(1, 2)).astype(np.float32)


BECOME_NOBODY = f"""
import os, engine.cli, engine.dataset, engine.workspace  # nobody might not read their files
os.setgroups([]), os.setgid({NOBODY}), os.setuid({NOBODY})
"""


# Root that the modes of files bind like anybody else, but who may read what Python imports later.
BOUND = ("setpriv", "--bounding-set=-dac_override")
as_bound_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or shutil.which("setpriv") is None,
    reason="only root on Linux may start a process with fewer rights",
)


def run_python(
    code: str,
    *arguments: object,
    as_nobody: bool = False,
    bound: bool = False,
    **environment: object,
) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh Python that finds the engine; it may lose root's rights first.

    ``as_nobody`` takes all of them, and with them perhaps what is imported later; ``bound`` the
    right to write whatever the modes of files say.
    """
    variables = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [
            *(BOUND if bound else ()),
            sys.executable,
            "-c",
            BECOME_NOBODY + code if as_nobody else code,
            *map(str, arguments),
        ],
        env=variables | {name: str(value) for name, value in environment.items()},
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        timeout=600,
    )


def start_command(*arguments: object, start_new_session: bool = False) -> subprocess.Popen[str]:
    """Start a command of the program in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "engine", *map(str, arguments)],
        stdout=subprocess.PIPE,
        start_new_session=start_new_session,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=ROOT,
    )


def note_distances(file: Path, **distances: float) -> None:
    """Write how far from Keras a converted backbone is said to be."""
    file.with_suffix(".json").write_text(json.dumps({"distances": distances}))


@contextmanager
def open_to_all() -> Iterator[Path]:
    """A temporary folder that every user may enter and read, which ``tmp_path`` is not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        folder.chmod(0o755)
        yield folder


def sentence(error: pytest.ExceptionInfo[EngineError]) -> str:
    """Return the text of an error after checking that it is one sentence on one line."""
    text = str(error.value)
    assert text.endswith(".")
    assert "\n" not in text
    return text


# Runs a script in a Python in which nobody can import this program.
ALONE = """
import runpy, sys
sys.modules["engine"] = sys.modules["desktop"] = None
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def run_example(script: Path, pictures: list[Path]) -> dict[str, dict[str, float]]:
    """Run the example beside an exported model.

    Gives the probabilities of the classes of each picture, the likeliest first.
    """
    done = subprocess.run(
        [sys.executable, "-c", ALONE, script, *pictures],
        capture_output=True, encoding="utf-8", cwd=script.parent, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = {}
    for line in done.stdout.splitlines():
        path, *classes = line.split("\t")
        said[path] = {label: float(p) for label, p in (each.rsplit(" ", 1) for each in classes)}
    return said
