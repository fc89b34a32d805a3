"""From a workspace to a saved classifier, and from that to the classes of new pictures."""

import json
import os
import pickle
import shutil

import numpy as np
import pytest
from helpers import paint, sentence
from PIL import Image

from engine import pipeline
from engine.cli import main
from engine.errors import EngineError
from engine.model_file import DESCRIPTION, HEAD, REFERENCES, check_name, load_model
from engine.pipeline import ClassifierOptions
from engine.progress import Cancelled, Progress

CLASSES = ["bricks", "fish", "trees"]
TRAIN_KEYS = {
    "classifier", "classes", "accuracy", "accuracy_interval", "accuracy_with_copies", "macro_f1",
    "accuracy_untuned", "log_loss", "calibration_error", "per_class", "confusion_matrix", "images",
    "left_out", "model", "seconds", "run",
}  # fmt: skip


@pytest.fixture(scope="module")
def trained(embedded_folder) -> pipeline.Trained:
    return pipeline.train_classifier(embedded_folder.workspace, name="first")


@pytest.fixture
def model(trained, tmp_path):
    """A copy of the model that a test may spoil."""
    return shutil.copytree(trained.model, tmp_path / "model")


@pytest.fixture
def unknown(sample_folder, tmp_path):
    """A folder of pictures that the classifier has not seen: two of each class, then a ninth."""
    folder = tmp_path / "unknown"
    for label in CLASSES:
        (folder / label).mkdir(parents=True)
        for file in sorted((sample_folder / label).iterdir())[20:22]:
            shutil.copy2(file, folder / label)
    return folder


def spoil(model, **changes) -> None:
    described = json.loads((model / DESCRIPTION).read_text())
    (model / DESCRIPTION).write_text(json.dumps(described | changes))


@pytest.mark.parametrize("name", ["logistic", "knn", "svm", "forest"])
def test_a_saved_classifier_says_what_it_said_before(embedded_folder, trained, name):
    done = trained
    if name != "logistic":
        done = pipeline.train_classifier(embedded_folder.workspace, ClassifierOptions(name))
    loaded = load_model(done.model)
    vectors = np.random.default_rng(0).normal(size=(5, loaded.recipe.dimensions))
    np.testing.assert_array_equal(
        loaded.head.predict_proba(vectors.astype(np.float32)),
        done.training.head.predict_proba(vectors.astype(np.float32)),
    )
    assert loaded.classes == tuple(CLASSES)
    assert loaded.recipe == embedded_folder.recipe
    assert loaded.scores["accuracy"] == done.report.accuracy > 0.7


def test_new_pictures_are_told_apart(trained, unknown):
    predictions, skipped = pipeline.predict_files(trained.model, [unknown], top=2)
    assert skipped == []
    assert [each.path.parent.name for each in predictions] == np.repeat(CLASSES, 2).tolist()
    right = [each.label == each.path.parent.name for each in predictions]
    assert sum(right) >= 5
    for each in predictions:
        assert each.top[0] == (each.label, each.probability)
        assert len(each.top) == 2
        assert each.top[0][1] >= each.top[1][1]


def test_what_was_never_seen_is_said_to_be_unlike_it(trained, unknown, embedded_folder, tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    folder = embedded_folder.workspace.parent / "pictures" / "fish"
    seen = min(folder.iterdir())
    predictions, _ = pipeline.predict_files(trained.model, [tmp_path / "noise.png", seen])
    assert [each.unlike for each in predictions] == [True, False]


def test_what_cannot_be_read_is_skipped_with_the_reason(trained, unknown):
    (unknown / "broken.png").write_text("no picture")
    missing = unknown / "missing.png"
    predictions, skipped = pipeline.predict_files(trained.model, [unknown, missing])
    assert len(predictions) == 6
    assert [item.path for item in skipped] == [str(unknown / "broken.png"), str(missing)]
    assert all(item.reason for item in skipped)


def test_nothing_but_broken_pictures_is_no_fault(trained, tmp_path):
    (tmp_path / "broken.png").write_text("no picture")
    predictions, skipped = pipeline.predict_files(trained.model, [tmp_path / "broken.png"])
    assert (predictions, len(skipped)) == ([], 1)


def test_a_model_is_never_written_over(embedded_folder, trained):
    with pytest.raises(EngineError) as error:
        pipeline.train_classifier(embedded_folder.workspace, name="first")
    assert "There is a model “first” already" in sentence(error)
    knn = ClassifierOptions("knn", folds=2)
    names = [pipeline.train_classifier(embedded_folder.workspace, knn).model.name for _ in "ab"]
    assert names[1] == f"knn-{int(names[0].removeprefix('knn').removeprefix('-') or 1) + 1}"


@pytest.mark.parametrize("name", [".hidden", "a/b", "..", "what?", " spaced "])
def test_names_that_are_no_folder_are_refused(name):
    with pytest.raises(EngineError, match="cannot be called"):
        check_name(name)


def test_a_cancelled_training_saves_nothing(embedded_folder):
    before = sorted((embedded_folder.workspace / "models").iterdir())
    progress = Progress(lambda step: progress.cancel() if step.done == 2 else None)
    with pytest.raises(Cancelled):
        pipeline.train_classifier(embedded_folder.workspace, progress=progress)
    assert sorted((embedded_folder.workspace / "models").iterdir()) == before


def test_a_folder_that_is_no_model_is_refused(tmp_path):
    with pytest.raises(EngineError) as error:
        load_model(tmp_path)
    assert "is not a model" in sentence(error)


def test_a_newer_model_is_refused(model):
    spoil(model, format=99)
    with pytest.raises(EngineError, match="update the program"):
        load_model(model)


@pytest.mark.parametrize("file", [DESCRIPTION, HEAD, REFERENCES])
@pytest.mark.parametrize("rest", [0, 0.5])
def test_a_truncated_model_is_refused(model, file, rest):
    whole = (model / file).read_bytes()
    (model / file).write_bytes(whole[: int(len(whole) * rest)])
    with pytest.raises(EngineError) as error:
        load_model(model)
    assert "is damaged" in sentence(error)


@pytest.mark.parametrize(
    "changes", [{"recipe": {}}, {"classes": ["fish"]}, {"unlike_beyond": "far"}, {"scores": 3}]
)
def test_a_description_that_does_not_fit_is_refused(model, changes):
    spoil(model, **changes)
    with pytest.raises(EngineError, match="is damaged"):
        load_model(model)


def test_a_description_that_is_nested_without_end_is_refused(model):
    (model / DESCRIPTION).write_text("[" * 100_000)
    with pytest.raises(EngineError, match="is damaged"):
        load_model(model)


def test_a_classifier_of_other_embeddings_is_refused(model):
    described = json.loads((model / DESCRIPTION).read_text())
    spoil(model, recipe=described["recipe"] | {"dimensions": 3})
    np.save(model / REFERENCES, np.ones((2, 3), np.float16))
    with pytest.raises(EngineError, match="is damaged"):
        load_model(model)


def test_a_missing_part_is_named_as_unreadable(model):
    (model / HEAD).unlink()
    with pytest.raises(EngineError, match="cannot be read"):
        load_model(model)


class Marker:
    """Makes a file when it is unpickled."""

    def __init__(self, file):
        self.file = file

    def __reduce__(self):
        return os.mkdir, (self.file,)


@pytest.mark.parametrize("file", [HEAD, REFERENCES])
def test_a_pickle_is_refused_and_not_run(model, tmp_path, file):
    (model / file).write_bytes(pickle.dumps(Marker(str(tmp_path / "run"))))
    with pytest.raises(EngineError, match="is damaged"):
        load_model(model)
    assert not (tmp_path / "run").exists()


def test_an_array_of_pickled_objects_is_refused_and_not_run(model, tmp_path):
    np.save(model / REFERENCES, np.array([Marker(str(tmp_path / "run"))]), allow_pickle=True)
    with pytest.raises(EngineError, match="is damaged"):
        load_model(model)
    assert not (tmp_path / "run").exists()


def test_a_classifier_with_foreign_parts_is_refused(model):
    import skops.io
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer

    head = load_model(model).head
    skops.io.dump(make_pipeline(FunctionTransformer(os.system), head), model / HEAD)
    with pytest.raises(EngineError) as error:
        load_model(model)
    assert "might run foreign code" in sentence(error)
    assert "system" in str(error.value)


def test_commands(embedded_folder, unknown, capsys):
    root = str(embedded_folder.workspace)
    assert main(["train", root, "--classifier", "knn", "--folds", "3", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == TRAIN_KEYS
    assert answer["classes"] == CLASSES
    assert np.sum(answer["confusion_matrix"]) == answer["images"] == 24
    assert {each["label"] for each in answer["per_class"]} == set(CLASSES)
    paint(unknown / "broken.png").write_text("no picture")
    assert main(["predict", answer["model"], str(unknown), "--top", "2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"predictions", "skipped"}
    assert len(told["predictions"]) == 6
    assert set(told["predictions"][0]) == {"path", "label", "probability", "top", "unlike"}
    assert [item["path"] for item in told["skipped"]] == [str(unknown / "broken.png")]


def test_commands_in_words(embedded_folder, trained, unknown, capsys):
    assert main(["train", str(embedded_folder.workspace), "--holdout", "0.25"]) == 0
    out = capsys.readouterr().out
    assert "accuracy" in out
    assert "fish" in out
    assert main(["predict", str(trained.model), str(unknown)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6
    assert "%" in lines[0]


def test_command_refuses_what_makes_no_sense(embedded_folder, tmp_path, capsys):
    root = str(embedded_folder.workspace)
    assert main(["train", root, "--folds", "1"]) == 1
    assert "error: A cross-validation needs 2 folds" in capsys.readouterr().err
    assert main(["predict", str(tmp_path), "picture.png"]) == 1
    assert "error: " in capsys.readouterr().err
