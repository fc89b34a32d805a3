"""What is kept on disk about a dataset folder."""

import os
import shutil
import sqlite3

import numpy as np
import pytest
from helpers import (
    alter_header,
    as_root,
    open_to_all,
    paint,
    posix,
    recipe,
    run_python,
    sentence,
)

from engine.dataset import read_dataset
from engine.errors import EngineError
from engine.values import Dataset, ImageFile, Projection, Skipped
from engine.workspace import Workspace, default_root, is_workspace

RECIPE = recipe()
NAMES = ("cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png")


@pytest.fixture
def folder(tmp_path):
    """Four pictures in two classes."""
    for name in NAMES:
        paint(tmp_path / "pictures" / name)
    return tmp_path / "pictures"


@pytest.fixture
def root(tmp_path):
    return tmp_path / "pictures.embedding"


@pytest.fixture
def filled(folder, root):
    """A workspace in which all pictures are embedded; the vector of picture i is (i, i, i)."""
    with Workspace.create(root) as workspace:
        dataset = read_dataset(folder)
        workspace.set_dataset(dataset)
        workspace.use_run(RECIPE)
        workspace.add(RECIPE, dataset.images, vectors(range(4)))
    return root


def vectors(numbers) -> np.ndarray:
    return np.repeat(np.array(numbers, np.float32)[:, None], 3, axis=1)


def pending(workspace: Workspace) -> list[str]:
    return [image.path for image in workspace.pending(RECIPE.run)]


def numbers(workspace: Workspace) -> dict[str, float]:
    """Which vector each picture has."""
    embeddings = workspace.embeddings(RECIPE)
    return dict(zip(embeddings.paths, embeddings.vectors[:, 0].tolist(), strict=True))


def projection_of(workspace: Workspace, dims: int = 2) -> Projection:
    embeddings = workspace.embeddings(RECIPE)
    points = np.ascontiguousarray(embeddings.vectors[:, :dims])
    return Projection(points, embeddings.paths, embeddings.labels, "pca", RECIPE.run, {"seed": 0})


def array_file(root):
    return root / "embeddings" / RECIPE.run / "vectors.npy"


def test_embeddings_survive_reopening(filled):
    with Workspace.open(filled) as workspace:
        embeddings = workspace.embeddings(workspace.run())
    assert embeddings.paths == NAMES
    assert embeddings.labels == ("cat", "cat", "dog", "dog")
    np.testing.assert_array_equal(embeddings.vectors, vectors(range(4)))


def test_dataset_survives_reopening(filled, folder):
    with Workspace.open(filled) as workspace:
        assert workspace.dataset() == read_dataset(folder)


def test_embeddings_are_in_the_order_of_the_dataset_whatever_order_they_came_in(folder, root):
    with Workspace.create(root) as workspace:
        dataset = read_dataset(folder)
        workspace.set_dataset(dataset)
        workspace.use_run(RECIPE)
        for number in (2, 0, 3, 1):
            workspace.add(RECIPE, dataset.images[number : number + 1], vectors([number]))
        assert workspace.embeddings(RECIPE).paths == NAMES
        assert list(numbers(workspace).values()) == [0, 1, 2, 3]


def test_unchanged_files_are_reused(filled, folder):
    with Workspace.create(filled) as workspace:
        workspace.set_dataset(read_dataset(folder))
        assert pending(workspace) == []


def test_changed_file_is_pending(filled, folder):
    paint(folder / "cat" / "2.png", size=(30, 30))
    with Workspace.create(filled) as workspace:
        workspace.set_dataset(read_dataset(folder))
        assert pending(workspace) == ["cat/2.png"]
        assert "cat/2.png" not in numbers(workspace)


def test_touched_file_is_pending_even_when_its_size_is_the_same(filled, folder):
    os.utime(folder / "cat" / "2.png", ns=(0, 1_000_000_000))
    with Workspace.create(filled) as workspace:
        workspace.set_dataset(read_dataset(folder))
        assert pending(workspace) == ["cat/2.png"]


def test_changed_file_gets_its_new_vector(filled, folder):
    paint(folder / "cat" / "2.png", size=(30, 30))
    with Workspace.create(filled) as workspace:
        workspace.set_dataset(read_dataset(folder))
        workspace.add(RECIPE, workspace.pending(RECIPE.run), vectors([77]))
        assert numbers(workspace)["cat/2.png"] == 77
        assert len(numbers(workspace)) == 4


def test_new_file_is_pending(filled, folder):
    paint(folder / "emu" / "1.png")
    with Workspace.create(filled) as workspace:
        workspace.set_dataset(read_dataset(folder))
        assert pending(workspace) == ["emu/1.png"]


def test_removed_file_is_gone(filled, folder):
    (folder / "cat" / "1.png").unlink()
    with Workspace.create(filled) as workspace:
        workspace.set_dataset(read_dataset(folder))
        assert list(numbers(workspace)) == list(NAMES[1:])
        assert "cat/1.png" not in [image.path for image in workspace.dataset().images]


def test_file_that_comes_back_unchanged_is_reused(filled, folder, tmp_path):
    for source, target in ((folder, tmp_path), (tmp_path, folder)):
        shutil.move(source / "cat", target / "cat")
        with Workspace.create(filled) as workspace:
            workspace.set_dataset(read_dataset(folder))
            here = numbers(workspace)
    assert here == {"cat/1.png": 0, "cat/2.png": 1, "dog/1.png": 2, "dog/2.png": 3}


def test_runs_are_kept_apart_and_the_latest_comes_first(filled):
    other = recipe(backbone="Xception")
    with Workspace.create(filled) as workspace:
        workspace.use_run(other)
        assert workspace.run() == other
        assert len(workspace.pending(other.run)) == 4
        workspace.use_run(RECIPE)
        assert workspace.runs() == [RECIPE, other]


def test_unknown_run_is_refused_with_the_names_there_are(filled):
    with Workspace.open(filled) as workspace, pytest.raises(EngineError) as error:
        workspace.run("nothing")
    assert f"no run “nothing”; choose one of: {RECIPE.run}" in sentence(error)


def test_workspace_without_a_run_says_how_to_start(root):
    with Workspace.create(root) as workspace, pytest.raises(EngineError) as error:
        workspace.run()
    assert "image-embedding extract" in sentence(error)


def test_problem_is_kept_until_the_picture_is_embedded(folder, root):
    with Workspace.create(root) as workspace:
        dataset = read_dataset(folder)
        workspace.set_dataset(dataset)
        workspace.use_run(RECIPE)
        problem = Skipped("cat/1.png", "is empty")
        workspace.add(RECIPE, [], np.zeros((0, 0), np.float32), [problem])
        assert workspace.dataset().skipped == (problem,)
        workspace.add(RECIPE, dataset.images[:1], vectors([0]))
        assert workspace.dataset().skipped == ()


@posix
def test_names_survive_whatever_bytes_they_are_made_of(tmp_path, root):
    paths = ["a\nb.png", "😀.png", os.fsdecode(b"\xff.png")]
    images = [ImageFile(path, "", 1, 1) for path in paths]
    with Workspace.create(root) as workspace:
        workspace.set_dataset(Dataset(tmp_path, tuple(images)))
        workspace.use_run(RECIPE)
        workspace.add(RECIPE, images, vectors(range(3)))
        workspace.derived(RECIPE.run).save_projection(projection_of(workspace))
    with Workspace.open(root) as workspace:
        assert workspace.embeddings(RECIPE).paths == tuple(paths)
        assert workspace.derived(RECIPE.run).projection("pca", 2).paths == tuple(paths)


def test_tail_behind_the_vouched_rows_is_written_over(folder, root):
    dataset = read_dataset(folder)
    with Workspace.create(root) as workspace:
        workspace.set_dataset(dataset)
        workspace.use_run(RECIPE)
        workspace.add(RECIPE, dataset.images[:2], vectors([0, 1]))
        before = shutil.copy(root / "workspace.sqlite", root.parent / "before")
        workspace.add(RECIPE, dataset.images[2:], vectors([98, 99]))
    shutil.copy(before, root / "workspace.sqlite")  # as if it had been killed in between
    with Workspace.create(root) as workspace:
        assert pending(workspace) == ["dog/1.png", "dog/2.png"]
        workspace.add(RECIPE, dataset.images[2:3], vectors([2]))
        assert list(numbers(workspace).values()) == [0, 1, 2]
    assert np.load(array_file(root))[:, 0].tolist() == [0, 1, 2]


def test_projection_is_kept(filled):
    with Workspace.open(filled) as workspace:
        made = projection_of(workspace)
        file = workspace.derived(RECIPE.run).save_projection(made)
    with Workspace.open(filled) as workspace:
        kept = workspace.derived(RECIPE.run).projection("pca", 2)
    np.testing.assert_array_equal(kept.points, made.points)
    np.testing.assert_array_equal(np.load(file), made.points)
    assert (kept.paths, kept.labels, kept.parameters) == (made.paths, made.labels, {"seed": 0})


def test_projection_of_other_dims_or_another_run_is_not_mistaken_for_it(filled):
    with Workspace.open(filled) as workspace:
        workspace.derived(RECIPE.run).save_projection(projection_of(workspace))
        assert workspace.derived(RECIPE.run).projection("pca", 3) is None
        assert workspace.derived("other").projection("pca", 2) is None


def test_projection_is_dropped_when_an_embedding_changes(filled, folder):
    with Workspace.create(filled) as workspace:
        workspace.derived(RECIPE.run).save_projection(projection_of(workspace))
        paint(folder / "cat" / "2.png", size=(30, 30))
        workspace.set_dataset(read_dataset(folder))
        workspace.add(RECIPE, workspace.pending(RECIPE.run), vectors([77]))
        assert len(numbers(workspace)) == 4
        assert workspace.derived(RECIPE.run).projection("pca", 2) is None


def test_projection_is_dropped_when_a_picture_is_removed(filled, folder):
    with Workspace.create(filled) as workspace:
        workspace.derived(RECIPE.run).save_projection(projection_of(workspace))
        (folder / "cat" / "1.png").unlink()
        workspace.set_dataset(read_dataset(folder))
        assert workspace.derived(RECIPE.run).projection("pca", 2) is None


@pytest.mark.parametrize("suffix", [".npy", ".json"])
@pytest.mark.parametrize("content", [b"", b"\x00garbage", b"[]"])
def test_damaged_projection_is_dropped(filled, suffix, content):
    with Workspace.open(filled) as workspace:
        file = workspace.derived(RECIPE.run).save_projection(projection_of(workspace))
        file.with_suffix(suffix).write_bytes(content)
        assert workspace.derived(RECIPE.run).projection("pca", 2) is None


def test_projection_with_an_altered_header_is_dropped(filled):
    with Workspace.open(filled) as workspace:
        alter_header(workspace.derived(RECIPE.run).save_projection(projection_of(workspace)))
        assert workspace.derived(RECIPE.run).projection("pca", 2) is None


def test_second_writer_is_refused(filled):
    with (
        Workspace.open(filled) as first,
        Workspace.open(filled) as second,
        first.writing(),
        pytest.raises(EngineError) as error,
        second.writing(),
    ):
        pass
    assert "Another run is writing to the workspace" in sentence(error)


def test_second_writer_of_another_process_is_refused(filled):
    code = """
import sys
from pathlib import Path
from engine.errors import EngineError
from engine.workspace import Workspace
try:
    with Workspace.open(Path(sys.argv[1])) as workspace, workspace.writing():
        print("writes too")
except EngineError as error:
    print(error)
"""
    with Workspace.open(filled) as workspace, workspace.writing():
        printed = run_python(code, filled).stdout
    assert "Another run is writing to the workspace" in printed


def test_writing_is_free_again_afterwards(filled):
    with Workspace.open(filled) as first, first.writing():
        pass
    with Workspace.open(filled) as second, second.writing():
        assert is_workspace(filled)


def test_reading_goes_on_while_another_writes(filled):
    with Workspace.open(filled) as writer, Workspace.open(filled) as reader, writer.writing():
        assert len(numbers(reader)) == 4


@pytest.mark.parametrize("place", ["start", "middle"])
def test_damaged_catalogue_is_refused(filled, place):
    file = filled / "workspace.sqlite"
    data = bytearray(file.read_bytes())
    start = 0 if place == "start" else 4096
    data[start : start + 4096] = b"\xa5" * 4096
    file.write_bytes(data)
    with pytest.raises(EngineError) as error:
        Workspace.open(filled)
    assert "is damaged; move that folder away" in sentence(error)


def test_database_of_another_program_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / "workspace.sqlite") as db:
        db.execute("CREATE TABLE notes (text)")
    db.close()
    with pytest.raises(EngineError) as error:
        Workspace.open(tmp_path)
    assert "is damaged" in sentence(error)


def test_workspace_of_an_older_version_is_brought_up_to_date(filled):
    with Workspace.open(filled) as workspace:
        runs, before = workspace.runs(), numbers(workspace)
    with sqlite3.connect(filled / "workspace.sqlite") as db:  # back to version 1
        db.executescript(
            "DROP TABLE moves; DROP TABLE made_folders; ALTER TABLE items DROP COLUMN aside;"
            "DROP TABLE changes; DROP TABLE edits; ALTER TABLE items DROP COLUMN edited;"
            "ALTER TABLE items DROP COLUMN excluded; ALTER TABLE items DROP COLUMN reviewed;"
            "ALTER TABLE runs DROP COLUMN precision; PRAGMA user_version=1"
        )
    db.close()
    for _ in range(2):
        with Workspace.open(filled) as workspace:
            assert (workspace.runs(), numbers(workspace)) == (runs, before)
            assert workspace.run().precision == "f32"


def test_workspace_of_a_newer_version_is_refused(filled):
    with sqlite3.connect(filled / "workspace.sqlite") as db:
        db.execute("PRAGMA user_version=99")
    db.close()
    with pytest.raises(EngineError) as error:
        Workspace.open(filled)
    assert "was made by a newer version of Image Embedding; update" in sentence(error)


def test_folder_that_is_no_workspace_is_refused(tmp_path):
    with pytest.raises(EngineError) as error:
        Workspace.open(tmp_path)
    assert "is not a workspace (it has no workspace.sqlite)" in sentence(error)
    assert list(tmp_path.iterdir()) == []


def test_file_in_the_place_of_a_workspace_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(EngineError) as error:
        Workspace.create(tmp_path / "file")
    assert "cannot be written to" in sentence(error)


def test_array_with_an_altered_header_is_refused(filled):
    alter_header(array_file(filled))
    with Workspace.open(filled) as workspace, pytest.raises(EngineError) as error:
        workspace.embeddings(RECIPE)
    assert "damaged" in sentence(error)


def test_truncated_array_is_refused(filled):
    os.truncate(array_file(filled), 140)
    with Workspace.open(filled) as workspace, pytest.raises(EngineError) as error:
        workspace.embeddings(RECIPE)
    assert "missing or damaged; delete the folder" in sentence(error)


def test_array_that_was_deleted_is_embedded_again(filled, folder):
    """This is what the message about a damaged array tells the user to do."""
    shutil.rmtree(filled / "embeddings")
    with Workspace.create(filled) as workspace:
        workspace.set_dataset(read_dataset(folder))
        assert pending(workspace) == list(NAMES)
        workspace.add(RECIPE, workspace.pending(RECIPE.run), vectors(range(10, 14)))
        assert list(numbers(workspace).values()) == [10, 11, 12, 13]


@posix
def test_full_disk_is_reported_and_keeps_earlier_batches(folder, root):
    code = """
import resource, sys
from pathlib import Path
import numpy as np
from engine.dataset import read_dataset
from engine.errors import EngineError
from engine.values import Recipe
from engine.workspace import Workspace
folder, root = Path(sys.argv[1]), Path(sys.argv[2])
recipe = Recipe("VGG16", "abcdef0123456789", 32, "avg", 50_000)
with Workspace.create(root) as workspace:
    dataset = read_dataset(folder)
    workspace.set_dataset(dataset)
    workspace.use_run(recipe)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))
    try:
        for image in dataset.images:
            workspace.add(recipe, [image], np.ones((1, 50_000), np.float32))
            print("kept", image.path)
    except EngineError as error:
        print(error)
"""
    lines = run_python(code, folder, root).stdout.splitlines()
    assert lines[:2] == ["kept cat/1.png", "kept cat/2.png"]
    assert lines[2].startswith("There is no space left")
    with Workspace.open(root) as workspace:
        assert workspace.embeddings(workspace.run()).paths == NAMES[:2]


@as_root
def test_folder_turned_read_only_in_the_middle_keeps_earlier_batches():
    code = """
import sys
from pathlib import Path
import numpy as np
from engine.errors import EngineError
from engine.values import Dataset, ImageFile, Recipe
from engine.workspace import Workspace
root = Path(sys.argv[1]) / "workspace"
recipe = Recipe("VGG16", "abcdef0123456789", 32, "avg", 3)
images = [ImageFile(f"{number}.png", "", 1, 1) for number in range(3)]
with Workspace.create(root) as workspace, workspace.writing():
    workspace.set_dataset(Dataset(Path(sys.argv[1]), tuple(images)))
    workspace.use_run(recipe)
    try:
        for image in images:
            workspace.add(recipe, [image], np.ones((1, 3), np.float32))
            print("kept", image.path)
            root.chmod(0o500)
    except EngineError as error:
        print(error)
root.chmod(0o700)
with Workspace.open(root) as workspace:
    print([image.path for image in workspace.pending(recipe.run)])
"""
    with open_to_all() as folder:
        folder.chmod(0o777)
        lines = run_python(code, folder, as_nobody=True).stdout.splitlines()
    assert lines[0] == "kept 0.png"
    assert "cannot be written to" in lines[1]
    assert lines[2] == "['1.png', '2.png']"


def test_workspace_lies_beside_the_dataset(folder, root):
    assert default_root(folder) == root


@as_root
def test_workspace_lies_in_the_users_data_folder_when_the_parent_is_read_only():
    code = """
import sys
from pathlib import Path
from engine.workspace import default_root
print(default_root(Path(sys.argv[1])))
"""
    with open_to_all() as parent:
        paint(parent / "pictures" / "1.png")
        paint(parent / "pictures 2" / "1.png")
        places = [
            run_python(code, parent / name, as_nobody=True, XDG_DATA_HOME=parent / "data").stdout
            for name in ("pictures", "pictures 2")
        ]
        beside = run_python(code, parent / "pictures").stdout
    assert places[0].startswith(f"{parent}/data/image-embedding/workspaces/pictures-")
    assert places[0] != places[1]
    assert beside.strip() == f"{parent}/pictures.embedding"


def test_dataset_and_workspace_moved_together_still_belong_together(filled, folder, tmp_path):
    (tmp_path / "moved").mkdir()
    shutil.move(folder, tmp_path / "moved" / "pictures")
    shutil.move(filled, tmp_path / "moved" / "pictures.embedding")
    with Workspace.open(tmp_path / "moved" / "pictures.embedding") as workspace:
        assert workspace.folder == tmp_path / "moved" / "pictures"
        workspace.set_dataset(read_dataset(workspace.folder))
        assert pending(workspace) == []


def test_workspace_moved_away_alone_still_knows_its_dataset(filled, folder, tmp_path):
    shutil.move(filled, tmp_path / "elsewhere")
    with Workspace.open(tmp_path / "elsewhere") as workspace:
        assert workspace.folder == folder
