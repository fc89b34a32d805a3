"""The models of a workspace: reopened with their reports, listed, put away."""

import json
import os
import pickle
import shutil

import numpy as np
import pytest
from helpers import sentence

from engine import pipeline
from engine.errors import EngineError
from engine.judged_file import JUDGED, Judged, read_judged, write_judged
from engine.model_file import DESCRIPTION, load_model
from engine.pipeline import ClassifierOptions


@pytest.fixture(scope="module")
def workspace(embedded_folder, tmp_path_factory):
    """A copy of the workspace: other tests count the models of theirs."""
    place = tmp_path_factory.mktemp("models") / "pictures.embedding"
    return shutil.copytree(
        embedded_folder.workspace, place, ignore=shutil.ignore_patterns("models")
    )


@pytest.fixture(scope="module")
def trained(workspace) -> pipeline.Trained:
    return pipeline.train_classifier(workspace, ClassifierOptions("knn", folds=3), "first")


@pytest.fixture
def models(trained, tmp_path):
    """A workspace's models that a test may spoil."""
    shutil.copytree(trained.model.parent, tmp_path / "models")
    return tmp_path / "models"


def rewrite(model, **changes) -> None:
    described = json.loads((model / DESCRIPTION).read_text())
    (model / DESCRIPTION).write_text(json.dumps(described | changes))


def test_a_model_opens_with_the_report_it_was_trained_with(trained):
    again = pipeline.open_trained(trained.model)
    assert again.report.calibration == trained.report.calibration
    assert again.report.per_class == trained.report.per_class
    assert again.report.log_loss == pytest.approx(trained.report.log_loss)
    np.testing.assert_array_equal(again.report.confusion, trained.report.confusion)
    before, after = trained.training, again.training
    assert after.paths == before.paths
    assert after.options == before.options
    assert after.mistakes == before.mistakes
    assert after.taken_for(1, 1) == before.taken_for(1, 1)
    np.testing.assert_array_equal(after.probabilities, before.probabilities)
    assert again.model == trained.model


def test_names_that_are_no_unicode_come_back(trained, tmp_path):
    one = np.zeros(1, np.int64)
    names = ("fish/\udcff.png",)
    write_judged(Judged("run", one, names, one, np.ones((1, 2), np.float32), None, ()), tmp_path)
    assert read_judged(tmp_path, 2).paths == names


def test_a_model_without_predictions_shows_its_scores(models):
    (models / "first" / JUDGED).unlink()
    opened = pipeline.open_trained(models / "first")
    assert opened.training.paths == ()
    assert opened.report.calibration == ()
    assert opened.report.confusion.sum() == 24
    assert opened.report.accuracy == load_model(models / "first").scores["accuracy"]


@pytest.mark.parametrize("rest", [0, 0.5])
def test_damaged_predictions_are_told_in_one_sentence(models, rest):
    file = models / "first" / JUDGED
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * rest)])
    with pytest.raises(EngineError, match="are damaged") as error:
        pipeline.open_trained(models / "first")
    sentence(error)
    assert load_model(models / "first").name == "first"  # it still predicts


def test_predictions_of_other_classes_are_refused(models):
    with np.load(models / "first" / JUDGED) as arrays:
        other = {**arrays, "probabilities": arrays["probabilities"][:, :2]}
    np.savez(models / "first" / JUDGED, **other)
    with pytest.raises(EngineError, match="are damaged"):
        pipeline.open_trained(models / "first")


class Marker:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder):
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (self.folder,)


def test_pickled_predictions_are_refused_and_not_run(models, tmp_path):
    mark = Marker(str(tmp_path / "run"))
    (models / "first" / JUDGED).write_bytes(pickle.dumps(mark))
    with pytest.raises(EngineError, match="are damaged"):
        pipeline.open_trained(models / "first")
    np.savez(models / "first" / JUDGED, words=np.array([mark], object))
    with pytest.raises(EngineError, match="are damaged"):
        pipeline.open_trained(models / "first")
    assert not (tmp_path / "run").exists()


def test_damaged_scores_are_told_in_one_sentence(models):
    (models / "first" / JUDGED).unlink()
    rewrite(models / "first", scores={"accuracy": 1.0})
    with pytest.raises(EngineError, match="scores of the model") as error:
        pipeline.open_trained(models / "first")
    sentence(error)


def test_the_models_are_listed_with_their_scores_the_latest_first(models, trained):
    shutil.copytree(models / "first", models / "second")
    rewrite(models / "first", trained="2026-01-02T03:04:05+00:00")
    rewrite(models / "second", trained="2026-02-02T03:04:05+00:00")
    second, first = pipeline.saved_models(models.parent)
    assert (second.name, first.name) == ("second", "first")
    assert first.trained == "2026-01-02T03:04:05+00:00"
    assert first.classifier == "knn"
    assert first.run == trained.training.run
    assert first.backbone == "MobileNetV2"
    assert first.accuracy == trained.report.accuracy
    assert first.interval == trained.report.interval
    assert first.macro_f1 == trained.report.macro_f1
    assert first.log_loss == trained.report.log_loss
    assert (first.images, first.classes, first.problem) == (24, 3, "")


def test_a_model_that_does_not_say_when_it_was_trained_has_the_time_of_its_file(models):
    file = models / "first" / DESCRIPTION
    described = json.loads(file.read_text())
    del described["trained"]
    file.write_text(json.dumps(described))
    (listed,) = pipeline.saved_models(models.parent)
    assert listed.trained.endswith("+00:00")


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "is damaged"), ("[]", "is damaged"), ('{"format": 99}', "newer version")],
)
def test_a_model_that_cannot_be_used_is_listed_with_the_reason(models, text, says):
    (models / "first" / DESCRIPTION).write_text(text)
    (listed,) = pipeline.saved_models(models.parent)
    assert says in listed.problem


def test_a_folder_without_a_description_is_listed_as_unreadable(models):
    (models / "first" / DESCRIPTION).unlink()
    assert "cannot be read" in pipeline.saved_models(models.parent)[0].problem


def test_a_workspace_without_models_lists_none(tmp_path):
    assert pipeline.saved_models(tmp_path) == ()


def test_a_deleted_model_lies_aside_and_its_name_is_free(models):
    shutil.copytree(models / "first", models / "spare")
    aside = pipeline.delete_model(models / "first")
    assert load_model(aside).name == "first"
    assert [model.name for model in pipeline.saved_models(models.parent)] == ["spare"]
    (models / "spare").rename(models / "first")
    assert pipeline.delete_model(models / "first").name == "first-2"
    assert pipeline.saved_models(models.parent) == ()


def test_what_is_no_model_is_not_deleted(tmp_path):
    (tmp_path / "holiday").mkdir()
    with pytest.raises(EngineError, match="is not a model"):
        pipeline.delete_model(tmp_path / "holiday")
    assert (tmp_path / "holiday").is_dir()
