"""What is exported is read again by the libraries that a user would use, to the last bit."""

import csv
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from helpers import as_root, image_file, open_to_all, posix, recipe, run_python, sentence
from PIL import Image

from engine import pipeline
from engine.cli import main
from engine.errors import EngineError
from engine.formulas import as_named
from engine.palette import FIRST
from engine.pipeline import EXPORTS, ClassifierOptions, export_run
from engine.progress import Cancelled, Progress
from engine.projection import ProjectionOptions
from engine.tsv import METADATA
from engine.values import Dataset
from engine.workspace import View, Workspace, save_view

TABLES = ("csv", "parquet", "npz", "tsv")


@pytest.fixture(scope="module")
def trained_root(embedded_folder, tmp_path_factory) -> Path:
    """A workspace with two maps and a classifier. Export from it to elsewhere."""
    place = tmp_path_factory.mktemp("exports")
    shutil.copytree(embedded_folder.workspace.parent / "pictures", place / "pictures")
    root = place / "pictures.embedding"
    shutil.copytree(embedded_folder.workspace, root, ignore=shutil.ignore_patterns("models"))
    for dims in (2, 3):
        pipeline.project(root, ProjectionOptions(dims=dims))
    pipeline.train_classifier(root, ClassifierOptions("knn", folds=2), "mine")
    return root


@pytest.fixture
def odd_root(tmp_path) -> Path:
    """A workspace of pictures whose classes and names are hard on a table."""
    folder = tmp_path / "odd"
    for path in ("=1+1/@cmd.png", "a\tb/two\nlines.png", 'x,"y"/é.png', "'quoted/+1.png"):
        (folder / path).parent.mkdir(parents=True)
        Image.new("RGB", (8, 8)).save(folder / path)
    images = tuple(
        image_file(folder, str(file.relative_to(folder))) for file in sorted(folder.rglob("*.png"))
    )
    root = tmp_path / "odd.embedding"
    with Workspace.create(root) as workspace:
        workspace.set_dataset(Dataset(folder, images))
        workspace.use_run(recipe())
        vectors = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
        vectors[0] = (1e-42, -0.0, 1 / 3)  # digits that a careless format loses
        workspace.add(recipe(), images, vectors)
    return root


def embeddings_of(root: Path):
    with Workspace.open(root) as workspace:
        return workspace.embeddings(workspace.run())


def bits(numbers) -> bytes:
    return np.ascontiguousarray(numbers, np.float32).tobytes()


def test_a_pair_of_tables_gives_the_vectors_and_what_is_known(trained_root, tmp_path):
    done = export_run(trained_root, "tsv", tmp_path)
    vectors, metadata = done.files
    read = pd.read_csv(vectors, sep="\t", header=None, dtype=np.float32)
    known = embeddings_of(trained_root)
    assert bits(read.to_numpy()) == bits(known.vectors)
    names = pd.read_csv(metadata, sep="\t", dtype={"confidence": np.float32})
    assert list(names) == ["path", "class", "folder_class", "prediction", "confidence"]
    assert tuple(names["path"]) == known.paths
    assert tuple(names["class"]) == known.labels
    assert done.points == 24


def test_metadata_of_one_column_have_no_header(odd_root, tmp_path):
    folder = tmp_path / "flat"
    shutil.copytree(tmp_path / "odd", folder)
    for number, file in enumerate(sorted(folder.rglob("*.png"))):
        file.rename(folder / f"{number}.png")
    images = tuple(image_file(folder, f"{number}.png") for number in range(4))
    root = tmp_path / "flat.embedding"
    with Workspace.create(root) as workspace:
        workspace.set_dataset(Dataset(folder, images))
        workspace.use_run(recipe())
        workspace.add(recipe(), images, np.eye(4, 3, dtype=np.float32))
    _, metadata = export_run(root, "tsv").files
    assert metadata.read_text().splitlines() == ["0.png", "1.png", "2.png", "3.png"]


def test_names_with_tabs_and_line_breaks_stay_on_their_line(odd_root, tmp_path):
    vectors, metadata = export_run(odd_root, "tsv", tmp_path / "out").files
    rows = metadata.read_bytes().decode().split("\n")
    assert len(rows) == 6  # a header, four images, and the end of the last line
    assert {row.count("\t") for row in rows[:5]} == {2}
    assert any(row.startswith("a b/two lines.png\ta b\t") for row in rows)
    read = np.loadtxt(vectors, dtype=np.float32, delimiter="\t")
    assert bits(read) == bits(embeddings_of(odd_root).vectors)


def test_a_csv_tells_classes_predictions_and_places_on_the_maps(trained_root, tmp_path):
    (file,) = export_run(trained_root, "csv", tmp_path / "images.csv").files
    read = pd.read_csv(file)
    known = embeddings_of(trained_root)
    trained = pipeline.open_trained(trained_root / "models" / "mine")
    assert tuple(read["path"]) == known.paths
    assert tuple(read["folder_class"]) == known.labels
    likely = trained.training.probabilities
    assert bits(read["confidence"]) == bits(likely.max(axis=1))
    classes = trained.training.classes
    assert list(read["prediction"]) == [classes[number] for number in likely.argmax(axis=1)]
    for dims in (2, 3):
        points = pipeline.project(trained_root, ProjectionOptions(dims=dims))[0].points
        columns = [f"pca_{dims}d_{axis}" for axis in "xyz"[:dims]]
        assert bits(read[columns].to_numpy()) == bits(points)


def test_a_csv_says_which_class_was_given_and_which_the_folder_says(trained_root, tmp_path):
    root = shutil.copytree(trained_root, tmp_path / "copy.embedding")
    (tmp_path / "pictures").symlink_to(trained_root.with_name("pictures"))
    path = embeddings_of(root).paths[0]
    with Workspace.open(root) as workspace:
        workspace.assign([path], "walls")
    (file,) = export_run(root, "csv", tmp_path / "images.csv").files
    first = pd.read_csv(file).iloc[0]
    assert (first["path"], first["class"], first["folder_class"]) == (path, "walls", "bricks")


def test_a_csv_says_what_is_excluded_and_how_doubtful_each_class_is(trained_root, tmp_path):
    root = shutil.copytree(trained_root, tmp_path / "copy.embedding")
    (tmp_path / "pictures").symlink_to(trained_root.with_name("pictures"))
    with Workspace.open(root) as workspace:
        workspace.exclude(["fish/fish-01.jpg"])
    found = pipeline.find_quality(root)
    (file,) = export_run(root, "csv", tmp_path / "images.csv").files
    table = pd.read_csv(file, index_col="path", keep_default_na=False, na_values={"suspicion": ""})
    assert table.index[table["excluded"] == "excluded"].tolist() == ["fish/fish-01.jpg"]
    assert table["class"]["fish/fish-01.jpg"] == "fish"
    said = table["suspicion"].dropna()
    assert set(said.index) == set(found.suspicion) == set(table.index) - {"fish/fish-01.jpg"}
    np.testing.assert_allclose(said, [found.suspicion[path] for path in said.index], rtol=1e-6)


def test_a_run_is_exported_for_tensorboard_like_in_any_other_format(trained_root, tmp_path):
    done = export_run(trained_root, "tensorboard", tmp_path / "logs")
    assert done.points == 24
    assert (tmp_path / "logs" / "projector_config.pbtxt") in done.files
    assert all(file.is_file() for file in done.files)


def test_no_name_in_a_csv_can_be_calculated_and_each_is_found_again(odd_root, tmp_path):
    (file,) = export_run(odd_root, "csv", tmp_path / "images.csv").files
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    for row in rows:
        for cell in (row["path"], row["class"], row["folder_class"]):
            assert cell[0] not in "=+-@\t\r"
    known = embeddings_of(odd_root)
    assert tuple(as_named(row["path"]) for row in rows) == known.paths
    assert tuple(as_named(row["class"]) for row in rows) == known.labels


def test_a_parquet_file_holds_each_vector_as_a_list_of_fixed_size(trained_root, tmp_path):
    (file,) = export_run(trained_root, "parquet", tmp_path / "x.parquet").files
    known = embeddings_of(trained_root)
    kind = pq.read_schema(file).field("vector").type
    assert str(kind) == "fixed_size_list<element: float>[1280]"
    frame = pd.read_parquet(file)
    assert bits(np.stack(frame["vector"].to_list())) == bits(known.vectors)
    assert tuple(frame["path"]) == known.paths
    assert frame["confidence"].dtype == np.float32
    points = pipeline.project(trained_root, ProjectionOptions())[0].points
    assert bits(frame[["pca_3d_x", "pca_3d_y", "pca_3d_z"]].to_numpy()) == bits(points)


def test_a_parquet_file_tells_how_it_was_made(odd_root, tmp_path):
    (file,) = export_run(odd_root, "parquet", tmp_path / "x.parquet").files
    about = json.loads(pq.read_schema(file).metadata[b"image_embedding"])
    assert (about["backbone"], about["run"]) == ("VGG16", recipe().run)


def test_an_image_that_was_not_judged_has_no_prediction(trained_root, tmp_path):
    root = shutil.copytree(trained_root, tmp_path / "copy.embedding")
    (tmp_path / "pictures").symlink_to(trained_root.with_name("pictures"))
    options = ClassifierOptions("knn", holdout=0.25)
    pipeline.train_classifier(root, options, "held-out")
    (file,) = export_run(root, "parquet", tmp_path / "x.parquet").files
    frame = pd.read_parquet(file)
    assert int(frame["confidence"].notna().sum()) == 6
    assert ((frame["prediction"] == "") == frame["confidence"].isna()).all()


def test_arrays_are_read_without_running_anything(trained_root, tmp_path):
    (file,) = export_run(trained_root, "npz", tmp_path / "x.npz").files
    known = embeddings_of(trained_root)
    with np.load(file, allow_pickle=False) as arrays:
        assert bits(arrays["vectors"]) == bits(known.vectors)
        assert arrays["vectors"].dtype == np.float32
        assert tuple(arrays["path"]) == known.paths
        assert tuple(arrays["class"]) == known.labels
        assert str(arrays["run"]) == known.run
        assert arrays["pca_3d"].shape == (24, 3)


@posix
@pytest.mark.parametrize("kind", TABLES)
def test_names_that_are_no_unicode_are_exported(tmp_path, kind):
    folder = tmp_path / "raw"
    folder.mkdir()
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    name = os.fsdecode(b"\xff.png")
    (tmp_path / "a.png").rename(folder / name)
    with Workspace.create(tmp_path / "raw.embedding") as workspace:
        image = image_file(folder, name)
        workspace.set_dataset(Dataset(folder, (image,)))
        workspace.use_run(recipe())
        workspace.add(recipe(), [image], np.ones((1, 3), np.float32))
    assert export_run(tmp_path / "raw.embedding", kind).points == 1


def test_a_picture_of_the_map_fills_a_sheet_at_the_resolution_asked_for(trained_root, tmp_path):
    (file,) = export_run(trained_root, "png", tmp_path / "map.png", dpi=100).files
    with Image.open(file) as picture:
        assert picture.size == (1169, 827)  # A4, laid across
        assert picture.info["dpi"] == pytest.approx((100, 100), abs=0.1)
        assert len(picture.getcolors(1_000_000)) > 10


@pytest.mark.parametrize("kind", TABLES)
def test_without_a_place_an_export_lies_with_its_run(trained_root, kind):
    done = export_run(trained_root, kind)
    run = embeddings_of(trained_root).run
    assert {file.parent for file in done.files} == {trained_root / "embeddings" / run}


def test_what_was_exported_before_is_replaced_whole(trained_root, tmp_path):
    file = tmp_path / "images.csv"
    file.write_text("old")
    export_run(trained_root, "csv", file)
    assert len(pd.read_csv(file)) == 24
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("kind", TABLES)
def test_a_cancelled_export_leaves_nothing(trained_root, tmp_path, kind):
    def listen(step):
        if step.stage.startswith("Writing"):
            progress.cancel()

    progress = Progress(listen)
    place = tmp_path / "out" / "x"
    with pytest.raises(Cancelled):
        export_run(trained_root, kind, place, progress=progress)
    assert [file for file in (tmp_path / "out").rglob("*") if file.is_file()] == []


@pytest.fixture
def damaged_root(trained_root, tmp_path) -> Path:
    """A workspace whose classifier has lost what it was judged by."""
    root = shutil.copytree(trained_root, tmp_path / "copy.embedding")
    (tmp_path / "pictures").symlink_to(trained_root.with_name("pictures"))
    (root / "models" / "mine" / "training.npy").write_bytes(b"no array")
    return root


def test_a_damaged_classifier_does_not_keep_the_rest_from_being_exported(damaged_root, tmp_path):
    done = export_run(damaged_root, "csv", tmp_path / "images.csv")
    assert "Predictions are left out" in done.note
    assert "prediction" not in pd.read_csv(done.files[0])


def test_nor_from_being_shown_by_tensorboard(damaged_root, tmp_path):
    done = export_run(damaged_root, "tensorboard", tmp_path / "logs")
    assert done.note.count("Predictions are left out") == 1
    (table,) = (file for file in done.files if file.name == METADATA)
    assert "prediction" not in table.read_text().splitlines()[0]


def test_what_is_exported_for_tensorboard_is_read_once(trained_root, tmp_path):
    stages = []
    listen = Progress(lambda step: stages.append(step.stage))
    assert export_run(trained_root, "tensorboard", tmp_path / "logs", progress=listen).note == ""
    assert stages.count("Reading the embeddings") == 1


def test_exports_are_kept_out_of_the_folder_of_the_images(trained_root):
    place = trained_root.with_name("pictures") / "images.csv"
    with pytest.raises(EngineError) as error:
        export_run(trained_root, "csv", place)
    assert "only read" in sentence(error)
    assert not place.exists()


@pytest.mark.parametrize("kind", ["csv", "tsv"])
def test_a_file_is_no_folder_and_a_folder_no_file(trained_root, tmp_path, kind):
    place = tmp_path / "place"
    place.mkdir() if EXPORTS[kind].suffix else place.write_text("")
    with pytest.raises(EngineError) as error:
        export_run(trained_root, kind, place)
    assert str(place) in sentence(error)


def test_a_picture_has_the_colours_of_the_screen(trained_root, tmp_path):
    root = shutil.copytree(trained_root, tmp_path / "copy.embedding")
    (tmp_path / "pictures").symlink_to(trained_root.with_name("pictures"))
    with Workspace.open(root) as workspace:
        images = workspace.dataset().images
        workspace.exclude(image.path for image in images if image.label == "fish")
        workspace.assign([images[-1].path], "boats")
    save_view(root, View("pca", 2, colours={"bricks": 7, "fish": 3, "trees": 0}))
    (file,) = export_run(root, "png", tmp_path / "map.png", dpi=100).files
    with Image.open(file) as picture:
        left = picture.width * 4 // 5
        dots = picture.crop((left, 0, left + 30, picture.height))
    colours = {colour for _, colour in dots.getcolors(1_000_000)}
    seen = [number for number, colour in enumerate(FIRST) if colour in colours]
    assert seen == [0, 1, 7]  # in the legend, where no class is but those that count


def test_a_picture_is_made_of_the_map_that_was_looked_at_last(trained_root, tmp_path):
    root = shutil.copytree(trained_root, tmp_path / "copy.embedding")
    (tmp_path / "pictures").symlink_to(trained_root.with_name("pictures"))
    pictures = []
    for dims in (2, 3):
        save_view(root, View("pca", dims))
        (file,) = export_run(root, "png", tmp_path / f"{dims}.png", dpi=50).files
        pictures.append(file.read_bytes())
    assert pictures[0] != pictures[1]


def test_where_no_map_is_kept_one_is_made_for_a_picture(odd_root, tmp_path):
    assert export_run(odd_root, "csv", tmp_path / "x.csv").points == 4
    assert "pca" not in (tmp_path / "x.csv").read_text()
    assert export_run(odd_root, "png", tmp_path / "x.png", dpi=50).points == 4


def test_formats_and_resolutions_that_do_not_exist_are_refused(trained_root, tmp_path):
    with pytest.raises(EngineError) as error:
        export_run(trained_root, "xls")
    assert "parquet" in sentence(error)
    with pytest.raises(EngineError) as error:
        export_run(trained_root, "png", tmp_path / "x.png", dpi=6000)
    assert "36 to 600" in sentence(error)


def test_without_pyarrow_parquet_is_the_only_format_that_is_missing(trained_root, tmp_path):
    code = f"""
import sys
class NotInstalled:
    def find_spec(self, name, *_):
        if name == "pyarrow":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, NotInstalled())
from pathlib import Path
from engine.errors import EngineError
from engine.pipeline import export_run
root, out = Path({str(trained_root)!r}), Path({str(tmp_path)!r})
export_run(root, "npz", out / "x.npz")
try:
    export_run(root, "parquet", out / "x.parquet")
except EngineError as error:
    print(error)
"""
    done = run_python(code)
    assert "image-embedding[parquet]" in done.stdout, done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["x.npz"]


@as_root
def test_a_place_that_cannot_be_written_to_is_said():
    with open_to_all() as place:
        folder = place / "shut"
        folder.mkdir(mode=0o500)
        code = """
import sys
from pathlib import Path
import numpy as np
from engine.errors import EngineError
from engine.exports.csv_file import write_csv
from engine.exports.table import Table
from engine.progress import Progress
from engine.values import Recipe
table = Table(Recipe("VGG16", "ab", 32, "avg", 1), np.ones((1, 1), np.float32), ("a",), ("",))
try:
    write_csv(table, Path(sys.argv[1]) / "x.csv", Progress())
except EngineError as error:
    print(error)
"""
        done = run_python(code, folder, as_nobody=True)
    assert "cannot be written to" in done.stdout, done.stderr


def test_the_command_tells_the_files_and_how_many_points_they_hold(trained_root, tmp_path, capsys):
    run = embeddings_of(trained_root).run
    out = tmp_path / "x.npz"
    arguments = ("export", trained_root, "--format", "npz", "--out", out, "--run", run, "--json")
    assert main([str(each) for each in arguments]) == 0
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert answer == {"format": "npz", "files": [str(out)], "points": 24, "note": ""}
