"""What is similar to one picture, of the dataset or from elsewhere."""

import json
import shutil
from dataclasses import replace

import pytest

from engine.cli import main
from engine.errors import EngineError
from engine.pipeline import Similar
from engine.workspace import Workspace


@pytest.fixture
def similar(embedded_folder):
    return Similar.open(embedded_folder.workspace)


@pytest.fixture
def folder(embedded_folder):
    with Workspace.open(embedded_folder.workspace) as workspace:
        return workspace.folder


def first_fish(folder) -> str:
    return f"fish/{min((folder / 'fish').iterdir()).name}"


def test_most_neighbours_are_of_the_same_class(similar, folder):
    found = similar.to(first_fish(folder), 5)
    assert len(found) == 5
    assert sum(item.label == "fish" for item in found) >= 4
    assert [item.distance for item in found] == sorted(item.distance for item in found)


def test_a_picture_is_not_its_own_neighbour(similar, folder):
    path = first_fish(folder)
    assert path not in [item.path for item in similar.to(path, 30)]


def test_the_whole_path_of_a_picture_inside_is_as_good_as_its_name(similar, folder):
    path = first_fish(folder)
    assert similar.to(str(folder / path), 3) == similar.to(path, 3)


def test_a_file_from_elsewhere_finds_its_own_copy_first(similar, folder, tmp_path):
    path = first_fish(folder)
    copy = shutil.copy(folder / path, tmp_path / "unknown.png")
    first, *others = similar.to(str(copy), 3)
    assert (first.path, first.label) == (path, "fish")
    assert first.distance == pytest.approx(0, abs=1e-5)
    assert all(item.distance > 0.01 for item in others)


def test_a_file_that_is_no_picture_is_refused(similar, tmp_path):
    (tmp_path / "note.png").write_text("no picture")
    with pytest.raises(EngineError, match="choose another picture"):
        similar.to(str(tmp_path / "note.png"), 3)


def test_a_picture_inside_that_was_not_embedded_is_named(similar, folder):
    with pytest.raises(EngineError, match=r"fish/new\.png.*run the extraction again"):
        similar.to(str(folder / "fish" / "new.png"), 3)


def test_a_run_of_other_weights_cannot_embed_a_new_file(embedded_folder, folder, tmp_path):
    root = shutil.copytree(embedded_folder.workspace, tmp_path / "copy.embedding")
    with Workspace.open(root) as workspace:
        recipe = workspace.run()
        other = replace(recipe, weights_hash="0" * 64)
        vectors = workspace.embeddings(recipe)
        workspace.use_run(other)
        workspace.add(other, workspace.pending(other.run)[:2], vectors.vectors[:2])
    copy = shutil.copy(folder / first_fish(folder), tmp_path / "unknown.png")
    with pytest.raises(EngineError, match="weights"):
        Similar.open(root, other.run).to(str(copy), 1)


def test_metric_that_does_not_exist_is_refused(embedded_folder):
    with pytest.raises(EngineError, match="cosine, euclidean"):
        Similar.open(embedded_folder.workspace, metric="hamming")


def test_command(embedded_folder, folder, capsys):
    path = first_fish(folder)
    root = str(embedded_folder.workspace)
    assert main(["neighbors", root, path, "--k", "4", "--metric", "euclidean", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"neighbors", "seconds", "run"}
    assert len(answer["neighbors"]) == 4
    assert set(answer["neighbors"][0]) == {"path", "label", "distance"}
    assert answer["run"] == embedded_folder.recipe.run


def test_command_in_words(embedded_folder, folder, capsys):
    assert main(["neighbors", str(embedded_folder.workspace), first_fish(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 10
    assert "(fish)" in lines[0]
