"""Pictures from elsewhere beside a dataset: neighbours, and classes where there is a classifier."""

import shutil

import pytest
from helpers import paint, sentence

from engine import pipeline
from engine.errors import EngineError
from engine.pipeline import ClassifierOptions, Similar, outside


@pytest.fixture(scope="module")
def similar(embedded_folder) -> Similar:
    return Similar.open(embedded_folder.workspace)


@pytest.fixture(scope="module")
def model(embedded_folder, tmp_path_factory):
    root = tmp_path_factory.mktemp("outside") / "pictures.embedding"
    shutil.copytree(embedded_folder.workspace, root, ignore=shutil.ignore_patterns("models"))
    return pipeline.train_classifier(root, ClassifierOptions("knn", folds=2)).model


@pytest.fixture
def strangers(sample_folder, tmp_path):
    """Two fish and two trees, none of the dataset, in a folder."""
    for label in ("fish", "trees"):
        for file in sorted((sample_folder / label).iterdir())[20:22]:
            shutil.copy2(file, tmp_path / f"{label}-{file.name}")
    return tmp_path


def test_pictures_get_their_neighbours(similar, strangers):
    found = pipeline.compare_files(similar, sorted(strangers.iterdir()), 5)
    assert len(found.compared) == 4
    for each in found.compared:
        assert each.prediction is None
        assert list(each.neighbors) == similar.to_file(each.file, 5)


def test_a_classifier_names_them_as_it_does_elsewhere(similar, model, strangers):
    found = pipeline.compare_files(similar, [strangers], 5, model)
    named, _ = pipeline.predict_files(model, [strangers])
    assert [each.prediction for each in found.compared] == named


def test_what_cannot_be_read_is_left_out_with_the_reason(similar, strangers):
    (strangers / "broken.png").write_text("no picture")
    found = pipeline.compare_files(similar, [strangers], 5)
    assert len(found.compared) == 4
    assert [item.path for item in found.skipped] == [str(strangers / "broken.png")]


def test_nothing_that_can_be_read_is_an_error(similar, tmp_path):
    (tmp_path / "broken.png").write_text("no picture")
    with pytest.raises(EngineError, match=r"broken\.png") as error:
        pipeline.compare_files(similar, [tmp_path / "broken.png"], 5)
    sentence(error)


def test_of_very_many_the_first_are_taken(similar, tmp_path, monkeypatch):
    monkeypatch.setattr(outside, "MOST", 2)
    for number in range(5):
        paint(tmp_path / f"{number}.png")
    found = pipeline.compare_files(similar, [tmp_path], 1)
    assert (len(found.compared), found.left_out) == (2, 3)
