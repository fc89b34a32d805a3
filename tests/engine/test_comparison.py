"""Backbones compared on a folder: by images that were not learnt from, the same for all of them."""

import json
import shutil
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from helpers import paint, sentence

from engine import pipeline
from engine.cli import main
from engine.comparison import best, sampled, separations
from engine.errors import EngineError
from engine.pipeline import compare_backbones, import_vectors
from engine.progress import Cancelled, Progress
from engine.splits import agreed_groups, copy_groups
from engine.values import Embeddings, KnnGraph
from engine.workspace import Workspace

WEIGHTS = files("resources") / "weights" / (
    "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5"
)  # fmt: skip


def embeddings_with(spread: float, count: int = 60, seed: int = 0) -> Embeddings:
    """Three classes around three corners; the wider they spread, the worse they are told apart."""
    random = np.random.default_rng(seed)
    labels = np.repeat(["a", "b", "c"], count // 3)
    corners = np.repeat(np.eye(3, 6), count // 3, axis=0)
    vectors = corners + random.normal(size=(count, 6)) * spread
    paths = tuple(f"{label}/{number}.png" for number, label in enumerate(labels))
    return Embeddings(vectors.astype(np.float32), paths, tuple(map(str, labels)), f"run-{spread}")


def test_what_tells_the_classes_apart_better_has_the_better_scores():
    good, poor = separations([embeddings_with(0.1), embeddings_with(0.8)])
    assert good.knn_accuracy > poor.knn_accuracy
    assert good.logistic_accuracy > poor.logistic_accuracy
    assert good.silhouette > poor.silhouette
    low, high = poor.logistic_interval
    assert low < poor.logistic_accuracy < high


def test_the_best_is_marked_and_so_is_what_may_be_as_good():
    runs = [embeddings_with(0.9), embeddings_with(0.2), embeddings_with(0.2, seed=1)]
    winner, as_good = best(separations(runs))
    assert winner in (1, 2)
    assert as_good == [False, True, True]


def test_noise_is_not_learnt_by_heart():
    noise = embeddings_with(1000.0, count=300)
    (found,) = separations([noise])
    assert found.knn_accuracy < 0.5
    assert found.logistic_accuracy < 0.5


def test_copies_of_a_picture_flatter_no_backbone():
    noise = embeddings_with(1000.0, count=60)
    twice = Embeddings(
        np.repeat(noise.vectors, 4, axis=0),
        tuple(f"{path}-{copy}" for path in noise.paths for copy in range(4)),
        tuple(label for label in noise.labels for _ in range(4)),
        "copies",
    )
    (found,) = separations([twice])
    assert found.knn_accuracy < 0.6


def test_what_is_a_copy_is_said_by_more_than_half_of_the_backbones():
    far, near = np.full((3, 2), 0.5, np.float32), np.zeros((3, 2), np.float32)
    indices = np.array([[1, 2], [0, 2], [0, 1]])
    alike, unlike = KnnGraph(indices, near, "cosine"), KnnGraph(indices, far, "cosine")
    assert len(set(copy_groups(alike))) == 1
    assert len(set(agreed_groups([alike, alike, unlike]))) == 1
    assert len(set(agreed_groups([alike, unlike]))) == 3


def test_above_some_size_a_share_of_each_class_is_judged():
    labels = {f"{n}.png": "rare" if n < 3 else "" if n < 10 else "common" for n in range(1000)}
    other = {path: label for path, label in labels.items() if path != "999.png"}
    chosen = sampled([labels, other], most=100)
    assert len(chosen) == pytest.approx(100, abs=3)
    assert len({"0.png", "1.png", "2.png"} & chosen) == 2
    assert "5.png" not in chosen
    assert "999.png" not in chosen
    assert sampled([labels, other], most=100) == chosen


@pytest.fixture
def folder(embedded_folder, tmp_path) -> Path:
    """A folder of 24 pictures with a run of the bundled backbone and one of imported noise."""
    pictures = embedded_folder.workspace.with_name("pictures")
    shutil.copytree(embedded_folder.workspace, tmp_path / "pictures.embedding")
    folder = Path(shutil.copytree(pictures, tmp_path / "pictures"))
    paths = sorted(str(file.relative_to(folder)) for file in folder.rglob("*.jpg"))
    vectors = np.random.default_rng(0).normal(size=(24, 5))
    np.savez(tmp_path / "noise.npz", vectors=vectors, paths=np.array(paths))
    import_vectors(tmp_path / "noise.npz", folder)
    return folder


def latest(folder: Path) -> str:
    with Workspace.open(folder.with_name("pictures.embedding")) as workspace:
        return workspace.run().run


def test_runs_that_are_there_are_compared_without_embedding_anything(folder):
    before = latest(folder)
    done = compare_backbones(folder)
    noise, bundled = done.rows
    assert (noise.backbone, noise.recipe.run) == ("noise", before)
    assert bundled.is_best
    assert not noise.may_be_as_good
    assert bundled.separation.logistic_accuracy > 0.9 > noise.separation.logistic_accuracy
    assert bundled.images_per_second > 0
    assert noise.images_per_second is None
    assert (done.judged, done.images) == (24, 24)
    assert latest(folder) == before


def test_an_imported_run_is_asked_for_as_the_table_shows_it(folder):
    (row,) = compare_backbones(folder, ["noise"]).rows
    assert (row.backbone, row.recipe.run) == ("noise", latest(folder))


def test_a_run_that_is_named_twice_has_one_row(folder, embedded_folder):
    run = embedded_folder.recipe.run
    done = compare_backbones(folder, ["MobileNetV2", "noise", run, latest(folder)])
    assert [row.recipe.run for row in done.rows] == [run, latest(folder)]
    assert [row.is_best for row in done.rows] == [True, False]


def test_what_is_missing_is_embedded_and_what_cannot_be_had_is_a_row(small_folder, tmp_path):
    done = compare_backbones(small_folder, ["Nonsense", "MobileNetV2", "VGG16=/no/such/file.h5"])
    nonsense, bundled, gone = done.rows
    assert "no backbone" in nonsense.problem
    assert gone.backbone == "VGG16 (file.h5)"
    assert "no weights file" in gone.problem
    assert bundled.is_best
    assert done.workspace == tmp_path / "pictures.embedding"


def test_what_cannot_be_had_is_found_out_before_time_is_spent_on_others(small_folder):
    stages = []
    compare_backbones(
        small_folder, ["MobileNetV2", "VGG16=/no/such/file.h5"],
        progress=Progress(lambda step: stages.append(step.stage)),
    )  # fmt: skip
    told = stages.index("VGG16 (file.h5) cannot be had")
    assert told < stages.index("MobileNetV2: Embedding images")


def test_a_backbone_may_have_weights_of_ones_own(folder, embedded_folder):
    (row,) = compare_backbones(folder, [f"MobileNetV2={WEIGHTS}"]).rows
    assert row.recipe == embedded_folder.recipe
    assert row.images_per_second > 0


def test_when_nothing_can_be_had_the_reason_is_the_error(small_folder):
    with pytest.raises(EngineError) as error:
        compare_backbones(small_folder, ["Nonsense"])
    assert "no backbone" in sentence(error)


def test_a_folder_without_classes_is_refused_before_anything_is_embedded(tmp_path):
    paint(tmp_path / "flat" / "a.png")
    with pytest.raises(EngineError) as error:
        compare_backbones(tmp_path / "flat", ["MobileNetV2"])
    assert "classes" in sentence(error)
    assert not (tmp_path / "flat.embedding").exists()


def test_a_workspace_of_another_folder_is_refused(folder, tmp_path):
    other = shutil.copytree(folder, tmp_path / "other")
    with pytest.raises(EngineError) as error:
        compare_backbones(other, ["MobileNetV2"], folder.with_name("pictures.embedding"))
    assert "belongs to" in sentence(error)


def test_a_cancelled_comparison_leaves_the_latest_run_as_it_was(folder):
    before = latest(folder)

    def listen(step):
        if step.stage == "Judging the backbones":
            progress.cancel()

    progress = Progress(listen)
    with pytest.raises(Cancelled):
        compare_backbones(folder, ["MobileNetV2", before], progress=progress)
    assert latest(folder) == before


def test_another_run_can_be_made_the_one_that_is_shown(folder, embedded_folder):
    root, run = folder.with_name("pictures.embedding"), embedded_folder.recipe.run
    pipeline.use_run(root, run)
    assert pipeline.open_folder(folder).recipe.run == run


def test_the_command_prints_a_row_for_each_backbone(folder, capsys):
    names = f"MobileNetV2,{latest(folder)},Nonsense"
    assert main(["compare", str(folder), "--backbones", names, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out.splitlines()[-1])["rows"]
    wanted = {
        "backbone", "knn_accuracy", "logistic_accuracy", "silhouette", "images_per_second",
        "dimensions",
    }  # fmt: skip
    assert all(wanted <= set(row) for row in rows)
    assert [row["dimensions"] for row in rows] == [1280, 5, None]
    assert main(["compare", str(folder), "--backbones", names]) == 0
    assert "best" in capsys.readouterr().out
