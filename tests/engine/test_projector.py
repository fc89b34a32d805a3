"""Exports for TensorBoard's projector, read back as its server and its page read them."""

import json
import shutil
import sys
from types import ModuleType

import numpy as np
import pytest
from helpers import paint, recipe, sentence
from PIL import Image

from engine import pipeline
from engine.errors import EngineError
from engine.pipeline import ClassifierOptions
from engine.pipeline.projector import MOST
from engine.progress import Cancelled, Progress
from engine.projection.options import ProjectionOptions
from engine.projector import Map, tile_side, write_bookmarks, write_sprite
from engine.projector.folder import NOTE
from engine.projector.tensors import BINARY, CHUNK, TEXT, write_tensors
from engine.workspace import View, Workspace, save_view


@pytest.fixture
def root(embedded_folder, tmp_path):
    """A workspace with its folder of 24 pictures of 3 classes beside it."""
    shutil.copytree(embedded_folder.workspace.with_suffix(""), tmp_path / "pictures")
    root = shutil.copytree(embedded_folder.workspace, tmp_path / "pictures.embedding")
    shutil.rmtree(root / "logs", ignore_errors=True)
    shutil.rmtree(root / "models", ignore_errors=True)
    for made in root.glob("embeddings/*/*-?d.*"):  # maps of other tests
        made.unlink()
    return root


@pytest.fixture
def listed(monkeypatch):
    """Read the configuration in a folder of logs as TensorBoard does."""
    name = "tensorboard.compat.notf"
    monkeypatch.setitem(sys.modules, name, ModuleType(name))
    from google.protobuf import text_format
    from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig

    def read(logs):
        text = (logs / "projector_config.pbtxt").read_text(encoding="ascii")
        return list(text_format.Parse(text, ProjectorConfig()).embeddings)

    return read


def table(export) -> list[dict[str, str]]:
    """The metadata, a dictionary for each line."""
    (file,) = [file for file in export.files if file.name == "metadata.tsv"]
    head, *lines = file.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    return [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines]


def bookmarks(export):
    (file,) = [file for file in export.files if file.name == "bookmarks.json"]
    return json.loads(file.read_bytes())


def vectors_of(root):
    with Workspace.open(root) as workspace:
        return workspace.embeddings(workspace.run()).vectors


def add_run(root, backbone: str) -> str:
    """Let another backbone have embedded the pictures; returns the name of its run."""
    made = recipe(5, backbone)
    with Workspace.open(root) as workspace, workspace.writing():
        workspace.use_run(made)
        images = workspace.dataset().images
        numbers = np.random.default_rng(0).normal(size=(len(images), 5)).astype(np.float32)
        workspace.add(made, images, numbers)
    return made.run


def test_the_configuration_lies_in_the_root_of_the_logs_and_names_files_beside_it(root, listed):
    export = pipeline.export_projector(root)
    (entry,) = listed(root / "logs")
    assert entry.tensor_name == export.tensor
    assert list(entry.tensor_shape) == [24, 1280]
    named = {entry.tensor_path, entry.metadata_path, entry.bookmarks_path, entry.sprite.image_path}
    assert all((root / "logs" / path).is_file() for path in named)
    assert list(entry.sprite.single_image_dim) == [100, 100]
    assert not export.sampled


def test_the_vectors_are_those_of_the_run_to_the_last_bit(root, listed):
    pipeline.export_projector(root)
    (entry,) = listed(root / "logs")
    read = np.fromfile(root / "logs" / entry.tensor_path, "<f4").reshape(24, 1280)
    assert read.tobytes() == vectors_of(root).tobytes()


def test_names_in_addresses_need_no_escaping(root, listed):
    run = add_run(root, "my model & more#1")
    export = pipeline.export_projector(root, run)
    assert export.run == run
    assert export.tensor.startswith("my-model-more-1")
    assert listed(root / "logs")[0].tensor_name == export.tensor


@pytest.mark.parametrize("rows", [3, CHUNK + 1])
def test_numbers_that_could_be_taken_for_text_are_written_as_text(tmp_path, rows):
    vectors = np.zeros((rows, 2), np.float32)
    vectors[-1] = np.frombuffer(b"abcd", "<f4")
    assert write_tensors(tmp_path, vectors, Progress()) == TEXT
    read = np.loadtxt(tmp_path / TEXT, delimiter="\t", dtype=np.float32)
    assert np.array_equal(read, vectors)


def test_a_line_that_ends_before_the_first_byte_that_is_no_text_is_text(tmp_path):
    first = np.frombuffer(b"1\n1\n", "<f4")[0]
    vectors = np.array([[first, -1.0]], np.float32)
    assert write_tensors(tmp_path, vectors, Progress()) == TEXT
    assert write_tensors(tmp_path, vectors[:, ::-1], Progress()) == BINARY


def test_the_class_of_the_folder_stands_beside_the_one_that_was_given(root):
    with Workspace.open(root) as workspace:
        path = workspace.dataset().images[0].path
        workspace.assign([path], "wall")
    lines = table(pipeline.export_projector(root))
    assert [line["row"] for line in lines] == [str(row) for row in range(24)]
    assert (lines[0]["class"], lines[0]["folder_class"], lines[0]["path"]) == (
        "wall", "bricks", path,
    )  # fmt: skip
    assert "prediction" not in lines[0]


def test_excluded_images_are_marked_where_there_are_any(root):
    with Workspace.open(root) as workspace:
        paths = [image.path for image in workspace.dataset().images]
        workspace.assign(paths[:2], "")
        before = pipeline.refresh_projector(root)
        workspace.exclude(paths[1:2])  # which had no class before
    assert "excluded" not in table(before)[0]
    lines = table(pipeline.refresh_projector(root))
    assert [line["path"] for line in lines if line["excluded"] == "excluded"] == paths[1:2]
    assert {line["excluded"] for line in lines} == {"", "excluded"}


def test_what_would_break_the_table_is_replaced(tmp_path):
    folder = tmp_path / "odd"
    for name in ("a\tb\nc.png", "r\u202egnp.png", "caf\udce9.png"):
        paint(folder / "one" / name, (200, 30, 30), (40, 20))
    done = pipeline.extract(folder)
    lines = table(pipeline.export_projector(done.workspace))
    assert {line["path"] for line in lines} == {
        "one/a b c.png", "one/r gnp.png", "one/caf?.png",
    }  # fmt: skip


def test_what_a_classifier_said_of_unseen_images_is_shown(root):
    trained = pipeline.train_classifier(root, ClassifierOptions("knn", folds=2), "knn")
    export = pipeline.export_projector(root)
    assert export.model == "knn"
    lines = table(export)
    likely = trained.training.probabilities
    for line, row in zip(lines, likely, strict=True):
        assert line["prediction"] == trained.training.classes[row.argmax()]
        assert float(line["confidence"]) == pytest.approx(row.max(), abs=1e-4)
        assert line["split"] == "judged"


def test_an_image_that_was_learnt_from_or_came_later_says_so(root):
    pipeline.train_classifier(root, ClassifierOptions("knn", holdout=0.25), "held")
    with Workspace.open(root) as workspace:
        workspace.assign([workspace.dataset().images[-1].path], "boats")
    splits = [line["split"] for line in table(pipeline.export_projector(root))]
    assert splits.count("judged") == 6
    assert splits.count("learnt") + splits.count("new") == 18
    assert splits[-1] in ("new", "judged")


def test_the_pictures_lie_in_a_square_and_keep_their_shape(tmp_path):
    red, wide = np.full((128, 128, 3), (250, 0, 0), np.uint8), np.zeros((64, 128, 3), np.uint8)
    write_sprite(tmp_path / "s.png", 5, [red, wide, "broken", red, red], Progress())
    sheet = np.asarray(Image.open(tmp_path / "s.png"))
    assert sheet.shape == (300, 300, 4)  # 3 x 3, the last four of them empty
    assert sheet[50, 50].tolist() == [250, 0, 0, 255]
    assert sheet[50, 150].tolist() == [0, 0, 0, 255]
    assert sheet[10, 150, 3] == 0  # above the wide one
    assert sheet[50, 250, 3] == 255  # a grey square for the broken one
    assert sheet[150, 250, 3] == 0
    assert sheet[250, 250, 3] == 0


@pytest.mark.parametrize(
    ("count", "side"),
    [(1, 100), (6_561, 100), (6_562, 64), (16_384, 64), (16_385, 32), (65_536, 32), (MOST, 25)],
)
def test_the_sheet_of_pictures_stays_within_what_the_page_takes(count, side):
    assert tile_side(count) == side
    assert int(np.ceil(np.sqrt(count))) * side <= 8_192


def test_more_images_than_the_page_takes_are_sampled_and_it_says_so(root, monkeypatch, listed):
    monkeypatch.setattr("engine.pipeline.projector.MOST", 10)
    export = pipeline.export_projector(root)
    assert export.sampled
    assert "10 of 24 images" in export.text
    rows = [int(line["row"]) for line in table(export)]
    (entry,) = listed(root / "logs")
    read = np.fromfile(root / "logs" / entry.tensor_path, "<f4").reshape(10, 1280)
    assert np.array_equal(read, vectors_of(root)[rows])
    assert len(bookmarks(export)[0]["projections"]) == 10


def test_the_maps_that_are_kept_are_bookmarks_first_the_one_seen_last(root):
    flat, _ = pipeline.project(root, ProjectionOptions("umap", 2))
    save_view(root, View("umap", 2))
    first, second = bookmarks(pipeline.export_projector(root))
    assert (first["label"], second["label"]) == ("UMAP, 2D", "PCA, 3D")
    read = np.array([[point["umap-0"], point["umap-1"]] for point in first["projections"]])
    assert np.allclose(read, flat.points, rtol=1e-6)
    assert first["dataSetDimensions"] == [24, 1280]
    assert first["selectedColorOptionName"] == "class"


def test_a_t_sne_is_shown_where_the_page_computes_none(tmp_path):
    points = np.eye(3, dtype=np.float32)
    made = Map("t-SNE, 3D", "tsne", points)
    write_bookmarks(tmp_path / "b.json", [made], (3, 9), False, Progress())
    (state,) = json.loads((tmp_path / "b.json").read_bytes())
    assert state["selectedProjection"] == "umap"
    assert state["projections"][2] == {"umap-0": 0, "umap-1": 0, "umap-2": 1}


def test_each_export_has_a_new_name_and_the_one_before_is_removed(root, listed):
    first, second = pipeline.export_projector(root), pipeline.export_projector(root)
    assert first.tensor != second.tensor
    assert [entry.tensor_name for entry in listed(root / "logs")] == [second.tensor]
    assert not first.files[0].parent.exists()


def test_several_runs_stand_side_by_side(root, listed):
    first = pipeline.export_projector(root)
    other = pipeline.export_projector(root, add_run(root, "VGG16"))
    again = pipeline.export_projector(root, first.run)
    names = {entry.tensor_name for entry in listed(root / "logs")}
    assert names == {other.tensor, again.tensor}
    assert all(file.is_file() for file in (*other.files, *again.files))


def test_what_is_of_no_run_of_the_workspace_is_not_listed_in_its_logs(root, listed):
    first = pipeline.export_projector(root)
    note = first.files[0].parent / NOTE
    note.write_text(note.read_text().replace(first.run, "gone"))
    pipeline.export_run(root, "tensorboard")
    assert len(listed(root / "logs")) == 1


def test_an_export_elsewhere_is_a_folder_of_logs_of_its_own(root, tmp_path, listed):
    export = pipeline.export_projector(root, out=tmp_path / "board")
    assert export.logs == tmp_path / "board"
    assert [entry.tensor_name for entry in listed(tmp_path / "board")] == [export.tensor]
    assert not (root / "logs").exists()


def test_an_export_that_is_still_right_is_not_made_again(root):
    first = pipeline.refresh_projector(root)
    assert pipeline.refresh_projector(root) == first
    pipeline.train_classifier(root, ClassifierOptions("knn", folds=2), "knn")
    second = pipeline.refresh_projector(root)
    assert second.tensor != first.tensor
    with Workspace.open(root) as workspace:
        workspace.rename_class("fish", "fishes")
    assert pipeline.refresh_projector(root).tensor not in (first.tensor, second.tensor)


@pytest.mark.parametrize("stage", ["Writing the vectors", "Laying the pictures out"])
def test_a_cancelled_export_leaves_what_there_was(root, listed, stage):
    before = pipeline.export_projector(root)

    def stop(step):
        if step.stage == stage:
            progress.cancel()

    progress = Progress(stop)
    with pytest.raises(Cancelled):
        pipeline.export_projector(root, progress=progress)
    assert [entry.tensor_name for entry in listed(root / "logs")] == [before.tensor]
    folders = [each.name for each in (root / "logs" / "projector").iterdir() if each.is_dir()]
    assert folders == [before.tensor]


def test_logs_that_cannot_be_written_are_an_error_that_says_what_to_do(root):
    (root / "logs").write_text("in the way")
    with pytest.raises(EngineError) as error:
        pipeline.export_projector(root)
    assert "cannot be written to" in sentence(error)
