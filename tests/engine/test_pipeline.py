"""The stages in their order, from a folder to a map, with the real bundled backbone."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from helpers import SIGN_DIGITS, note_distances, paint, sentence

from engine import pipeline
from engine.dataset import read_dataset
from engine.errors import EngineError
from engine.openvino_model import precisions
from engine.pipeline import ExtractOptions
from engine.progress import Cancelled, Progress
from engine.values import Projection, Recipe
from engine.workspace import Workspace


def vectors_of(done: pipeline.Extraction) -> np.ndarray:
    with Workspace.open(done.workspace) as workspace:
        return workspace.embeddings(done.recipe).vectors


def cancelled_at(folder: Path, images: int) -> None:
    """Extract in batches of four until so many images are done."""

    def listen(step):
        if step.stage == "Embedding images" and step.done >= images:
            progress.cancel()

    progress = Progress(listen)
    with pytest.raises(Cancelled):
        pipeline.extract(folder, options=ExtractOptions(batch_size=4), progress=progress)


def knn_accuracy(vectors: np.ndarray, labels: np.ndarray, k: int = 5) -> float:
    """Share of images whose class most of their k nearest neighbours (cosine) have."""
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    likeness = units @ units.T - 2 * np.eye(len(units))
    nearest = labels[np.argsort(-likeness, axis=1)[:, :k]]
    votes = [max(set(row), key=row.tolist().count) for row in nearest]
    return float(np.mean(np.array(votes) == labels))


def test_extraction_embeds_every_picture(embedded_folder):
    assert (embedded_folder.images, embedded_folder.embedded, embedded_folder.reused) == (24, 24, 0)
    assert embedded_folder.counts == {"bricks": 8, "fish": 8, "trees": 8}
    assert embedded_folder.runtime == "openvino"
    assert vectors_of(embedded_folder).shape == (24, 1280)


def test_embedding_tells_the_classes_apart(embedded_folder):
    labels = np.repeat(np.arange(3), 8)
    assert knn_accuracy(vectors_of(embedded_folder), labels) > 0.9


def test_dataset_folder_is_not_written_to(small_folder):
    before = {path: path.stat().st_mtime_ns for path in small_folder.rglob("*")}
    pipeline.extract(small_folder)
    assert {path: path.stat().st_mtime_ns for path in small_folder.rglob("*")} == before


def test_only_changed_and_new_pictures_are_embedded_again(small_folder):
    pipeline.extract(small_folder)
    paint(small_folder / "fish" / "new.png")
    os.utime(sorted((small_folder / "trees").iterdir())[0], (1, 1))
    again = pipeline.extract(small_folder)
    assert (again.images, again.embedded, again.reused) == (25, 2, 23)


def test_unreadable_picture_is_skipped_with_its_reason(small_folder):
    (small_folder / "fish" / "broken.png").write_text("no picture")
    done = pipeline.extract(small_folder)
    assert done.embedded == 24
    assert [(item.path, item.reason) for item in done.skipped] == [
        ("fish/broken.png", "is not an image in a format that can be read")
    ]


def test_what_could_not_be_read_is_tried_again_without_loading_the_backbone(small_folder):
    (small_folder / "fish" / "broken.png").write_text("no picture")
    pipeline.extract(small_folder)
    again = pipeline.extract(small_folder)
    assert (again.embedded, again.reused, again.runtime) == (0, 24, "none")
    assert [item.path for item in again.skipped] == ["fish/broken.png"]


def test_picture_that_can_be_read_by_now_is_embedded(small_folder):
    """Neither its size nor its time tell, as when only its permissions were changed."""
    picture = paint(small_folder / "fish" / "new.png")
    good, times = picture.read_bytes(), (10**9, 10**9)
    picture.write_bytes(bytes(len(good)))
    os.utime(picture, times)
    assert len(pipeline.extract(small_folder).skipped) == 1
    picture.write_bytes(good)
    os.utime(picture, times)
    again = pipeline.extract(small_folder)
    assert (again.embedded, again.reused, again.skipped) == (1, 24, ())


def test_folder_in_which_no_picture_can_be_read_is_refused(tmp_path):
    (tmp_path / "pictures").mkdir()
    for name in ("1.png", "2.png"):
        (tmp_path / "pictures" / name).touch()
    with pytest.raises(EngineError) as error:
        pipeline.extract(tmp_path / "pictures")
    assert "None of the 2 images could be read" in sentence(error)


def test_cancelling_keeps_the_finished_batches(small_folder):
    cancelled_at(small_folder, 8)
    again = pipeline.extract(small_folder)
    assert (again.embedded, again.reused) == (16, 8)


def test_folder_can_be_opened_when_its_extraction_was_cancelled_at_once(small_folder):
    cancelled_at(small_folder, 0)
    opened = pipeline.open_folder(small_folder)
    assert len(opened.dataset.images) == 24
    assert opened.projection is None


def test_live_map_grows_with_the_embedding(small_folder):
    steps = []
    options = ExtractOptions(batch_size=8, live_map=True)
    pipeline.extract(small_folder, options=options, progress=Progress(steps.append))
    maps = [step.partial for step in steps if step.partial is not None]
    assert all(isinstance(partial, Projection) for partial in maps)
    assert [len(partial.points) for partial in maps] == [8, 16, 24]
    assert sorted(maps[-1].paths) == sorted(i.path for i in read_dataset(small_folder).images)
    assert set(maps[0].labels) == {"bricks", "fish", "trees"}


def test_live_map_begins_with_what_is_reused(small_folder):
    cancelled_at(small_folder, 8)
    steps = []
    options = ExtractOptions(batch_size=8, live_map=True)
    pipeline.extract(small_folder, options=options, progress=Progress(steps.append))
    maps = [step.partial for step in steps if step.partial is not None]
    assert [len(partial.points) for partial in maps] == [16, 24]


def test_workspace_of_another_folder_is_refused(small_folder, embedded_folder, tmp_path):
    root = tmp_path / "workspace"
    pipeline.extract(small_folder, root)
    other = shutil.copytree(small_folder, tmp_path / "other")
    with pytest.raises(EngineError) as error:
        pipeline.extract(other, root)
    assert f"belongs to “{small_folder}”" in sentence(error)


def test_dataset_moved_together_with_its_workspace_is_reused(small_folder, tmp_path):
    pipeline.extract(small_folder)
    (tmp_path / "moved").mkdir()
    for name in ("pictures", "pictures.embedding"):
        shutil.move(tmp_path / name, tmp_path / "moved" / name)
    again = pipeline.extract(tmp_path / "moved" / "pictures")
    assert (again.embedded, again.reused) == (0, 24)


def test_other_image_size_makes_another_run(small_folder):
    first = pipeline.extract(small_folder)
    options = ExtractOptions(image_size=28, runtime="openvino")
    assert first.recipe.run.startswith("MobileNetV2-224-avg-")
    with Workspace.open(first.workspace) as workspace:
        other = Recipe("MobileNetV2", first.recipe.weights_hash, 28, "avg", 1280)
        assert other.run != first.recipe.run
        assert len(workspace.pending(other.run)) == 24
    assert "28 x 28" in pipeline.size_note(options)


@pytest.mark.skipif("bf16" not in precisions(), reason="this processor has no bfloat16")
@pytest.mark.keras
def test_exact_vectors_are_another_run_than_fast_ones(small_folder, vgg16_file, own_cache):
    note_distances(own_cache, f32=1e-7, bf16=1e-6)

    def extract(precision: str) -> tuple[str, int]:
        options = ExtractOptions("VGG16", str(vgg16_file), image_size=32, precision=precision)
        done = pipeline.extract(small_folder, options=options)
        return done.recipe.precision, done.embedded

    assert extract("auto") == ("bf16", 24)
    assert extract("exact") == ("f32", 24)
    assert [extract(name) for name in ("auto", "exact", "fast")] == [
        ("bf16", 0),
        ("f32", 0),
        ("bf16", 0),
    ]


@pytest.mark.parametrize("size", [-1, 100_000])
def test_impossible_image_size_is_refused(small_folder, size):
    with pytest.raises(EngineError) as error:
        pipeline.extract(small_folder, options=ExtractOptions(image_size=size))
    assert "size" in sentence(error).lower()


def test_size_note_is_empty_when_no_picture_is_enlarged():
    assert pipeline.size_note(ExtractOptions()) == ""
    assert pipeline.size_note(ExtractOptions(image_size=32)) == ""


def test_projection_is_computed_once(small_folder):
    root = pipeline.extract(small_folder).workspace
    first, file = pipeline.project(root)
    time = file.stat().st_mtime_ns
    second, same_file = pipeline.project(root)
    np.testing.assert_array_equal(first.points, second.points)
    assert (same_file, same_file.stat().st_mtime_ns) == (file, time)


def test_folder_that_was_embedded_opens_with_its_map(embedded_folder):
    folder = embedded_folder.workspace.with_name("pictures")
    for place in (folder, embedded_folder.workspace):
        opened = pipeline.open_folder(place)
        assert opened.dataset.folder == folder
        assert len(opened.projection.points) == 24
        assert opened.recipe == embedded_folder.recipe


def test_folder_that_was_not_embedded_opens_without_a_map(small_folder):
    opened = pipeline.open_folder(small_folder)
    assert len(opened.dataset.images) == 24
    assert (opened.recipe, opened.projection) == (None, None)
    assert not opened.workspace.exists()


@pytest.mark.skipif(not SIGN_DIGITS.is_dir(), reason="the pictures of sign digits are not here")
def test_photographs_of_ten_signs_are_told_apart(tmp_path):
    for label in sorted(SIGN_DIGITS.iterdir()):
        (tmp_path / "digits" / label.name).mkdir(parents=True)
        for file in sorted(label.iterdir())[:20]:
            shutil.copy2(file, tmp_path / "digits" / label.name)
    done = pipeline.extract(tmp_path / "digits")
    assert (done.embedded, len(done.counts)) == (200, 10)
    assert knn_accuracy(vectors_of(done), np.repeat(np.arange(10), 20)) > 0.5


def test_folder_and_workspace_that_were_copied_together_belong_together(embedded_folder, tmp_path):
    for name in ("pictures", "pictures.embedding"):
        shutil.copytree(embedded_folder.workspace.with_name(name), tmp_path / name)
    done = pipeline.extract(tmp_path / "pictures")
    assert (done.reused, done.workspace) == (24, tmp_path / "pictures.embedding")


def test_folder_that_only_has_the_name_of_the_workspace_is_not_taken_for_its_dataset(
    small_folder, tmp_path
):
    (tmp_path / "elsewhere" / "other").mkdir(parents=True)
    root = pipeline.extract(small_folder, tmp_path / "elsewhere" / "other.embedding").workspace
    assert pipeline.open_folder(root).dataset.folder == small_folder


def test_folder_with_one_picture_can_be_embedded_and_opened(tmp_path):
    paint(tmp_path / "one" / "a.png")
    pipeline.extract(tmp_path / "one")
    assert len(pipeline.open_folder(tmp_path / "one").projection.points) == 1


def test_extracting_again_counts_the_classes_that_the_user_gave(small_folder):
    root = pipeline.extract(small_folder).workspace
    with Workspace.open(root) as workspace:
        workspace.rename_class("fish", "sharks")
    again = pipeline.extract(small_folder)
    assert again.counts == {"bricks": 8, "sharks": 8, "trees": 8}
    assert set(pipeline.project(root)[0].labels) == set(again.counts)
