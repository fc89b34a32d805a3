"""Vectors of other programs become a run: found by their paths, checked, and never run as code."""

import json
import pickle
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from helpers import alter_header, sentence

from engine import pipeline
from engine.cli import main
from engine.dataset import read_dataset
from engine.errors import EngineError
from engine.foreign.matching import matched
from engine.pipeline import ClassifierOptions, export_run, import_vectors
from engine.progress import Cancelled, Progress
from engine.projection import ProjectionOptions
from engine.workspace import Workspace


@pytest.fixture
def paths(small_folder) -> list[str]:
    """Paths of the 24 pictures of the folder."""
    return [image.path for image in read_dataset(small_folder).images]


@pytest.fixture
def foreign(paths) -> np.ndarray:
    """Vectors of seven numbers that tell the three classes apart."""
    random = np.random.default_rng(0)
    return (np.repeat(np.eye(3, 7) * 9, 8, axis=0) + random.normal(size=(24, 7))).astype("f4")


def kept(done: pipeline.Imported):
    with Workspace.open(done.workspace) as workspace:
        return workspace.embeddings(done.recipe)


def save_npz(file: Path, vectors: np.ndarray, paths: list[str]) -> Path:
    np.savez(file, vectors=vectors, paths=np.array(paths))
    return file


def save_parquet(file: Path, vectors: np.ndarray, paths: list[str]) -> Path:
    pd.DataFrame({"file": paths, "embedding": list(vectors)}).to_parquet(file)
    return file


def save_numbered(file: Path, vectors: np.ndarray, paths: list[str]) -> Path:
    frame = pd.DataFrame(vectors, columns=[f"dim_{number}" for number in range(7)])
    frame.insert(3, "filename", paths)
    save = frame.to_parquet if file.suffix == ".parquet" else frame.to_csv
    save(file, **({"sep": "\t"} if file.suffix == ".tsv" else {}))
    return file


WRITERS = {
    "x.npz": save_npz,
    "x.parquet": save_parquet,
    "wide.parquet": save_numbered,
    "x.csv": save_numbered,
    "x.tsv": save_numbered,
}


@pytest.mark.parametrize("name", WRITERS)
def test_files_with_paths_become_a_run(small_folder, tmp_path, foreign, paths, name):
    order = np.random.default_rng(1).permutation(24)
    file = WRITERS[name](tmp_path / name, foreign[order], [paths[row] for row in order])
    done = import_vectors(file, small_folder)
    known = kept(done)
    assert known.paths == tuple(paths)
    assert known.vectors.tobytes() == foreign.tobytes()
    assert (done.images, done.imported, done.unmatched, done.missing) == (24, 24, (), ())
    assert done.recipe.run.startswith(f"{file.stem}-imported-")


@pytest.mark.parametrize("listed", ["x.txt", "x.csv", "x.npy"])
def test_an_array_needs_a_list_of_paths(small_folder, tmp_path, foreign, paths, listed):
    np.save(tmp_path / "clip.npy", foreign.astype(np.float64))
    with pytest.raises(EngineError) as error:
        import_vectors(tmp_path / "clip.npy", small_folder)
    assert "--paths" in sentence(error)
    file = tmp_path / listed
    if file.suffix == ".npy":
        np.save(file, np.array(paths))
    else:
        header = ["path"] if file.suffix == ".csv" else []
        file.write_text("\n".join([*header, *paths]))
    done = import_vectors(tmp_path / "clip.npy", small_folder, paths=file)
    assert kept(done).vectors.tobytes() == foreign.tobytes()


@pytest.mark.parametrize("kind", ["tsv", "parquet", "npz"])
def test_what_was_exported_here_can_be_imported(embedded_folder, tmp_path, kind):
    folder = embedded_folder.workspace.with_name("pictures")
    out = tmp_path / ("out" if kind == "tsv" else f"x.{kind}")
    file = export_run(embedded_folder.workspace, kind, out).files[0]
    done = import_vectors(file, folder, tmp_path / "other.embedding")
    with Workspace.open(embedded_folder.workspace) as workspace:
        before = workspace.embeddings(embedded_folder.recipe)
    after = kept(done)
    assert after.vectors.tobytes() == before.vectors.tobytes()
    assert after.paths == before.paths


def test_an_imported_run_is_explored_trained_on_and_exported(
    small_folder, tmp_path, foreign, paths
):
    done = import_vectors(save_npz(tmp_path / "clip.npz", foreign, paths), small_folder)
    root, run = done.workspace, done.recipe.run
    opened = pipeline.open_folder(small_folder)
    assert opened.recipe == done.recipe
    assert opened.projection.points.shape == (24, 3)
    points, _ = pipeline.project(root, ProjectionOptions("umap", dims=2, neighbors=5))
    assert points.points.shape == (24, 2)
    near = pipeline.Similar.open(root).to_image(paths[0], 3)
    assert {item.label for item in near} == {"bricks"}
    trained = pipeline.train_classifier(root, ClassifierOptions(folds=2))
    assert trained.report.accuracy > 0.9
    assert export_run(root, "npz", tmp_path / "out.npz", run).points == 24


@pytest.mark.parametrize("use", ["predict", "export", "similar", "tune"])
def test_no_other_picture_can_be_embedded_as_an_imported_run_was(
    small_folder, tmp_path, foreign, paths, use
):
    done = import_vectors(save_npz(tmp_path / "clip.npz", foreign, paths), small_folder)
    root, picture = done.workspace, small_folder / paths[0]
    model = pipeline.train_classifier(root, ClassifierOptions("knn", folds=2)).model
    other = shutil.copy(picture, tmp_path / "elsewhere.jpg")
    acts = {
        "predict": lambda: pipeline.predict_files(model, [picture]),
        "export": lambda: pipeline.export_model(model, out=tmp_path / "x.keras"),
        "similar": lambda: pipeline.Similar.open(root).to(str(other), 3),
        "tune": lambda: pipeline.finetune_backbone(root),
    }
    with pytest.raises(EngineError) as error:
        acts[use]()
    assert "were imported" in sentence(error)


def test_an_imported_run_is_left_alone_by_an_extraction(small_folder, tmp_path, foreign, paths):
    save_npz(tmp_path / "half.npz", foreign[:12], paths[:12])
    done = import_vectors(tmp_path / "half.npz", small_folder)
    pipeline.extract(small_folder)
    assert len(kept(done).paths) == 12


def test_the_same_vectors_are_kept_once(small_folder, tmp_path, foreign, paths):
    first = import_vectors(save_npz(tmp_path / "a.npz", foreign, paths), small_folder)
    file = first.workspace / "embeddings" / first.recipe.run / "vectors.npy"
    before = file.stat().st_mtime_ns
    again = import_vectors(save_npz(tmp_path / "b.npz", foreign, paths), small_folder)
    assert again.recipe == first.recipe
    assert file.stat().st_mtime_ns == before
    other = import_vectors(save_npz(tmp_path / "b.npz", foreign * 2, paths), small_folder)
    assert other.recipe.run != first.recipe.run


def test_images_without_a_vector_and_vectors_without_an_image_are_told(
    small_folder, tmp_path, foreign, paths
):
    names = [*paths[:20], "fish/gone.jpg", "x.jpg", "y.jpg", "z.jpg"]
    done = import_vectors(save_npz(tmp_path / "a.npz", foreign, names), small_folder)
    assert done.imported == 20
    assert done.missing == tuple(paths[20:])
    assert done.unmatched == ("fish/gone.jpg", "x.jpg", "y.jpg", "z.jpg")


def test_a_vector_that_is_not_finite_is_left_out_and_told(small_folder, tmp_path, foreign, paths):
    foreign[3, 2], foreign[5, 0] = np.nan, np.inf
    done = import_vectors(save_npz(tmp_path / "a.npz", foreign, paths), small_folder)
    assert done.imported == 22
    assert [item.path for item in done.skipped] == [paths[3], paths[5]]
    foreign[:] = np.nan
    with pytest.raises(EngineError) as error:
        import_vectors(save_npz(tmp_path / "a.npz", foreign, paths), small_folder)
    assert "finite" in sentence(error)


class Evil:
    def __reduce__(self):
        return (Path.touch, (Path("ran"),))


@pytest.mark.parametrize("name", ["x.npy", "x.npz"])
def test_objects_are_refused_and_not_run(small_folder, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    array = np.array([Evil()] * 24, object)
    file = tmp_path / name
    if name == "x.npy":
        np.save(file, array, allow_pickle=True)
        (tmp_path / "paths.txt").write_text("a.jpg")
    else:
        np.savez(file, vectors=array, paths=array)
    with pytest.raises(EngineError) as error:
        import_vectors(
            file, small_folder, paths=tmp_path / "paths.txt" if name == "x.npy" else None
        )
    assert "foreign code" in sentence(error)
    assert not (tmp_path / "ran").exists()


def test_a_pickle_is_no_file_of_vectors(small_folder, tmp_path):
    (tmp_path / "x.pkl").write_bytes(pickle.dumps([1]))
    with pytest.raises(EngineError) as error:
        import_vectors(tmp_path / "x.pkl", small_folder)
    assert ".parquet" in sentence(error)


@pytest.mark.parametrize("name", ["x.npy", "x.npz", "x.parquet", "x.csv", "x.tsv"])
@pytest.mark.parametrize("content", [b"", b"\x93NUMPY\x01\x00rubbish", b"PK\x03\x04 cut off"])
def test_a_damaged_file_is_told(small_folder, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    (tmp_path / "paths.txt").write_text("a.jpg")
    with pytest.raises(EngineError) as error:
        import_vectors(tmp_path / name, small_folder, paths=tmp_path / "paths.txt")
    assert name in sentence(error)


@pytest.mark.parametrize("name", ["x.npy", "paths.npy"])
def test_an_altered_header_is_told(small_folder, tmp_path, name):
    np.save(tmp_path / "x.npy", np.ones((3, 2), np.float32))
    np.save(tmp_path / "paths.npy", np.array(["a.jpg", "b.jpg", "c.jpg"]))
    alter_header(tmp_path / name)
    with pytest.raises(EngineError) as error:
        import_vectors(tmp_path / "x.npy", small_folder, paths=tmp_path / "paths.npy")
    assert f"{name}” is damaged" in sentence(error)


@pytest.mark.parametrize(
    ("vectors", "says"),
    [
        (np.zeros((24, 2, 2)), "(24, 2, 2)"),
        (np.array([["a"] * 3] * 24), "(24, 3)"),
        (np.zeros((24, 0)), "(24, 0)"),
        (np.zeros((23, 3)), "23 rows of numbers for 24 paths"),
    ],
)
def test_what_is_no_table_of_numbers_is_told(small_folder, tmp_path, paths, vectors, says):
    with pytest.raises(EngineError) as error:
        import_vectors(save_npz(tmp_path / "x.npz", vectors, paths), small_folder)
    assert says in sentence(error)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("path,dim_0,dim_1\nbricks/0.jpg,1,2\nbricks/1.jpg,1,x\n", "row 2"),
        ("path,class,confidence\nbricks/0.jpg,a,0.5\n", "numbered columns"),
        ("dim_0,dim_1\n1,2\n", "which images"),
        ("path,dim_0\n", "no rows"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(small_folder, tmp_path, text, says):
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(EngineError) as error:
        import_vectors(tmp_path / "x.csv", small_folder)
    assert says in sentence(error)


def test_lists_of_several_lengths_are_told(small_folder, tmp_path, paths):
    frame = pd.DataFrame({"path": paths[:2], "vector": [[1.0, 2.0], [1.0]]})
    frame.to_parquet(tmp_path / "x.parquet")
    with pytest.raises(EngineError) as error:
        import_vectors(tmp_path / "x.parquet", small_folder)
    assert "several lengths" in sentence(error)


@pytest.mark.parametrize("count", [2, 4])
@pytest.mark.parametrize("name", ["x.parquet", "columns.parquet", "x.npy"])
def test_a_list_of_more_or_fewer_paths_than_rows_is_told(small_folder, tmp_path, name, count):
    numbers = np.ones((3, 2), np.float32)
    np.save(tmp_path / "x.npy", numbers)
    pd.DataFrame({"vector": list(numbers)}).to_parquet(tmp_path / "x.parquet")
    pd.DataFrame(numbers, columns=["dim_0", "dim_1"]).to_parquet(tmp_path / "columns.parquet")
    (tmp_path / "paths.txt").write_text("".join(f"{number}.jpg\n" for number in range(count)))
    with pytest.raises(EngineError) as error:
        import_vectors(tmp_path / name, small_folder, paths=tmp_path / "paths.txt")
    assert f"has 3 rows of numbers for {count} paths" in sentence(error)


def test_rows_without_a_vector_are_images_without_one(small_folder, tmp_path, paths):
    vectors = [[1.0, 2.0], None, [3.0, 4.0]]
    frame = pd.DataFrame({"path": paths[:3], "vector": vectors})
    frame.to_parquet(tmp_path / "x.parquet")
    assert kept(import_vectors(tmp_path / "x.parquet", small_folder)).paths == (paths[0], paths[2])


def test_two_vectors_for_one_image_are_refused(small_folder, tmp_path, foreign, paths):
    with pytest.raises(EngineError) as error:
        import_vectors(save_npz(tmp_path / "a.npz", foreign, paths[:1] * 24), small_folder)
    assert "24 vectors for" in sentence(error)


def test_vectors_of_another_folder_are_refused_before_anything_is_written(
    small_folder, tmp_path, foreign
):
    names = [f"other/{number}.png" for number in range(24)]
    with pytest.raises(EngineError) as error:
        import_vectors(save_npz(tmp_path / "a.npz", foreign, names), small_folder)
    assert "other/0.png" in sentence(error)
    assert not (tmp_path / "pictures.embedding").exists()


def test_a_cancelled_import_goes_on_from_where_it_was(
    small_folder, tmp_path, foreign, paths, monkeypatch
):
    monkeypatch.setattr("engine.pipeline.importing.AT_ONCE", 10)

    def listen(step):
        if step.stage == "Keeping the vectors" and step.done == 20:
            progress.cancel()

    progress, file = Progress(listen), save_npz(tmp_path / "a.npz", foreign, paths)
    with pytest.raises(Cancelled):
        import_vectors(file, small_folder, progress=progress)
    known = kept(import_vectors(file, small_folder))
    assert known.vectors.tobytes() == foreign.tobytes()


@pytest.mark.parametrize(
    "name",
    [
        "fish/a.jpg",
        "./fish/a.jpg",
        "fish\\a.jpg",
        "pictures/fish/a.jpg",
        "/data/pictures/fish/a.jpg",
    ],
)
def test_images_are_found_however_their_paths_are_written(name):
    assert matched([name], Path("/data/pictures"), ["fish/b.jpg", "fish/a.jpg"]) == [1]


def test_quotes_blanks_and_accents_of_other_programs_are_understood():
    paths = ["=1+1.png", "two\nlines.png", "e\u0301.png", "'quoted.png"]
    names = ["'=1+1.png", "two lines.png", "\xe9.png", "''quoted.png"]
    assert matched(names, Path("/data"), paths) == [0, 1, 2, 3]


def test_a_name_that_may_mean_two_images_means_none():
    assert matched(["a b.png"], Path("/data"), ["a\tb.png", "a\nb.png"]) == [None]


def test_a_run_can_be_called_otherwise_but_never_out_of_its_folder(
    small_folder, tmp_path, foreign, paths
):
    file = save_npz(tmp_path / "a.npz", foreign, paths)
    done = import_vectors(file, small_folder, name="../../CLIP ViT/B-32")
    assert done.recipe.run.startswith("CLIP-ViT-B-32-imported-")


def test_the_command_tells_what_was_imported(small_folder, tmp_path, foreign, paths, capsys):
    file = save_npz(tmp_path / "clip.npz", foreign, paths)
    code = main(["import", str(file), "--folder", str(small_folder), "--json"])
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert code == 0
    assert (answer["images"], answer["imported"], answer["dimensions"]) == (24, 24, 7)
    assert answer["workspace"] == str(small_folder.with_name("pictures.embedding"))
    assert answer["run"].startswith("clip-imported-")
