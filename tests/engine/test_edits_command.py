"""Edits as commands and as tables."""

import csv
import json
from pathlib import Path

import pytest
from edited_folder import (
    disk,
    in_memory,
    pictures,
    workspace_of,
)
from helpers import (
    sentence,
)

from engine import pipeline
from engine.cli import main
from engine.errors import EngineError
from engine.pipeline import labels


@pytest.fixture
def folder():
    with in_memory() as place:
        yield pictures(place)


@pytest.fixture
def root(folder):
    """Its workspace; the vector of image i of `NAMES` is (i, i, i)."""
    return workspace_of(folder)


def lines(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_edits_and_classes_are_exported(root, folder, tmp_path):
    labels.assign(root, ["dog/3.png"], "=cat")
    pipeline.apply_edits(root)
    labels.exclude(root, ["5.png"])
    labels.exclude(root, ["cat/1.png"])
    labels.undo(root)
    done = pipeline.export_edits(root, tmp_path / "edits.csv")
    edits = lines(done.edits)
    assert [(row["kind"], row["path"], row["before"], row["after"]) for row in edits] == [
        ("assign", "dog/3.png", "dog", "'=cat"),
        ("exclude", "5.png", "0", "1"),
        ("exclude", "cat/1.png", "0", "1"),
    ]
    assert [row["undone"] for row in edits] == ["false", "false", "true"]
    assert edits[0]["path now"] == "'=cat/3.png"
    assert edits[0]["when"].startswith("20")
    pipeline.apply_edits(root)
    classes = lines(pipeline.export_edits(root, tmp_path / "edits.csv").classes)
    assert {row["path"]: (row["class"], row["excluded"]) for row in classes} == {
        "'=cat/3.png": ("'=cat", "false"),
        "cat/1.png": ("cat", "false"),
        "cat/2.png": ("cat", "false"),
        "dog/1.png": ("dog", "false"),
        "_excluded/5.png": ("", "true"),
    }
    assert lines(tmp_path / "edits.csv")[0]["path"] == "dog/3.png"


def test_a_table_is_never_written_in_the_place_of_a_picture(root, folder):
    before = disk(folder)
    with pytest.raises(EngineError) as error:
        pipeline.export_edits(root, folder / "5.png")
    assert "ends with .csv" in sentence(error)
    with pytest.raises(EngineError) as error:
        pipeline.export_edits(root, folder / "cat" / "edits.csv")
    assert "folder of the images" in sentence(error)
    assert disk(folder) == before


def test_where_one_table_cannot_be_written_the_other_stays_as_it_was(root, tmp_path):
    pipeline.export_edits(root, tmp_path / "edits.csv")
    before = disk(tmp_path)["edits.csv"]
    (tmp_path / "edits-classes.csv").unlink()
    (tmp_path / "edits-classes.csv").mkdir()
    labels.assign(root, ["dog/3.png"], "cat")
    with pytest.raises(EngineError):
        pipeline.export_edits(root, tmp_path / "edits.csv")
    assert disk(tmp_path) == {"edits.csv": before}


def test_the_commands_tell_what_they_do(root, folder, tmp_path, capsys):
    labels.assign(root, ["dog/1.png", "5.png"], "cat")
    (folder / "5.png").unlink()
    assert main(["edits", "apply", str(root), "--dry-run", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer == {
        "dry_run": True,
        "moved": 0,
        "moves": [
            {
                "source": "dog/1.png",
                "target": "cat/1-2.png",
                "reason": "class given",
                "renamed": True,
            }
        ],
        "blocked": [{"path": "5.png", "reason": "is not there any more"}],
    }
    assert main(["edits", "apply", str(root)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "dog/1.png -> cat/1-2.png (class given, under another name)",
        "left: 5.png is not there any more",
        "1 image moved, 1 left where they are.",
    ]
    assert main(["edits", "revert", str(root), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["moved"] == 1
    assert main(["edits", "export", str(root), "--out", str(tmp_path / "e.csv"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "edits": str(tmp_path / "e.csv"),
        "classes": str(tmp_path / "e-classes.csv"),
        "changes": 2,
        "images": 5,
    }
