"""A workspace that may only be read: what is found out is told, and nothing is kept of it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from helpers import as_bound_root, open_to_all, run_python

from engine import pipeline

COMMAND = "from engine.cli import main; import sys; sys.exit(main(sys.argv[1:]))"


@pytest.fixture(scope="module")
def folder(embedded_folder) -> Iterator[Path]:
    """A folder of pictures with two runs, whose workspace nobody may write to."""
    with open_to_all() as place:
        shutil.copytree(embedded_folder.workspace.parent / "pictures", place / "pictures")
        root = shutil.copytree(embedded_folder.workspace, place / "pictures.embedding")
        paths = sorted(
            file.relative_to(place / "pictures").as_posix()
            for file in (place / "pictures").rglob("*.jpg")
        )
        vectors = np.random.default_rng(0).normal(size=(24, 4)).astype(np.float32)
        np.savez(place / "x.npz", vectors=vectors, paths=np.array(paths))
        pipeline.import_vectors(place / "x.npz", place / "pictures")
        for run in (root / "embeddings").iterdir():
            for file in run.iterdir():
                if file.name != "vectors.npy":
                    file.unlink()
        for file in (root, *root.rglob("*")):
            file.chmod(0o555 if file.is_dir() else 0o444)
        (place / "out").mkdir()
        yield place / "pictures"


def answer_of(*arguments: object) -> dict:
    done = run_python(COMMAND, *arguments, "--json", bound=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@as_bound_root
def test_what_may_be_wrong_is_told_with_a_note_that_it_is_not_kept(folder):
    answer = answer_of("quality", folder.with_name("pictures.embedding"))
    assert "This is not kept: " in answer["notes"][-1]


@as_bound_root
def test_runs_are_compared(folder):
    assert len(answer_of("compare", folder)["rows"]) == 2


@as_bound_root
@pytest.mark.parametrize("kind", ["html", "tensorboard"])
def test_a_run_is_exported_to_elsewhere(folder, kind):
    out = folder.with_name("out") / f"{kind}.html"
    root = folder.with_name("pictures.embedding")
    answer = answer_of("export", root, "--format", kind, "--out", out)
    assert answer["points"] == 24
    assert all(Path(file).is_file() for file in answer["files"])


@as_bound_root
def test_a_map_is_made_for_a_picture_elsewhere(folder):
    root, picture = folder.with_name("pictures.embedding"), folder.with_name("out") / "map.png"
    answer_of("project", root, "--image", picture)
    assert picture.is_file()
    done = run_python(COMMAND, "project", root, bound=True)
    assert done.returncode == 1
    assert "cannot be kept" in done.stderr
