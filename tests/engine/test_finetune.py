"""A backbone learns a little from the pictures, together with its head."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from helpers import ROOT, posix, run_example, sentence

from engine import pipeline
from engine.cli import main
from engine.errors import EngineError
from engine.history import History
from engine.model_file import WEIGHTS, load_model
from engine.pipeline import ExtractOptions, FinetuneOptions
from engine.progress import Cancelled, Progress, Step

pytestmark = [pytest.mark.keras, pytest.mark.usefixtures("shared_keras")]
CLASSES = ("bricks", "fish", "trees")
QUICK = FinetuneOptions(unfreeze=8, epochs=2, batch_size=8, holdout=0.25)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory, sample_folder):
    """36 pictures of 3 classes, embedded at a size at which Keras is quick. Read them only."""
    folder = tmp_path_factory.mktemp("finetune") / "pictures"
    for label in CLASSES:
        (folder / label).mkdir(parents=True)
        for file in sorted((sample_folder / label).iterdir())[:12]:
            shutil.copy2(file, folder / label)
    pipeline.extract(folder, options=ExtractOptions(image_size=64))
    return folder


@pytest.fixture(scope="module")
def root(pictures):
    return pictures.with_name("pictures.embedding")


@pytest.fixture(scope="module")
def heard() -> list[Step]:
    return []


@pytest.fixture(scope="module")
def tuned(root, heard) -> pipeline.Trained:
    return pipeline.finetune_backbone(root, QUICK, name="tuned", progress=Progress(heard.append))


def test_it_is_judged_on_pictures_it_has_not_seen(tuned):
    training = tuned.training
    assert training.classes == CLASSES
    assert len(training.rows) == 9
    assert np.bincount(training.truth).tolist() == [3, 3, 3]
    assert tuned.report.accuracy > 0.5
    assert training.untuned is not None


def test_each_epoch_is_told_with_what_was_before_them(tuned, heard):
    histories = [step.partial for step in heard if isinstance(step.partial, History)]
    assert [len(history.epochs) for history in histories] == [2, 3]
    assert tuned.training.history == histories[-1]
    assert any(step.stage == "Fine-tuning, epoch 1 of 2" for step in heard)


def test_the_saved_model_says_what_keras_said(tuned, pictures):
    files = [pictures / path for path in tuned.training.paths]
    predictions, _ = pipeline.predict_files(tuned.model, files, top=3)
    for row, each in enumerate(predictions):
        said = dict(each.top)
        expected = tuned.training.probabilities[row]
        np.testing.assert_allclose([said[name] for name in CLASSES], expected, atol=2e-3)


def test_the_model_carries_its_own_backbone(tuned, root):
    assert (tuned.model / WEIGHTS).is_file()
    loaded = load_model(tuned.model)
    original = load_model(pipeline.train_classifier(root, name="beside").model)
    assert loaded.recipe.weights_hash != original.recipe.weights_hash
    assert loaded.scores["accuracy_untuned"] == tuned.training.untuned


def test_its_weights_can_embed_the_folder_anew(tuned, pictures, tmp_path):
    options = ExtractOptions(weights=str(tuned.model / WEIGHTS), image_size=64)
    done = pipeline.extract(pictures, tmp_path / "anew.embedding", options)
    assert done.embedded == 36
    assert done.recipe.weights_hash == load_model(tuned.model).recipe.weights_hash


def test_it_is_exported_with_its_own_backbone(tuned, pictures, tmp_path):
    done = pipeline.export_model(tuned.model, "openvino", tmp_path / "tuned.xml")
    files = [min((pictures / label).iterdir()) for label in CLASSES]
    said = run_example(done.example, files)
    for each in pipeline.predict_files(tuned.model, files)[0]:
        for label, probability in each.top:
            assert said[str(each.path)][label] == pytest.approx(probability, abs=1e-4)


def test_other_weights_in_its_place_are_refused(tuned, pictures, tmp_path):
    model = shutil.copytree(tuned.model, tmp_path / "model")
    whole = (model / WEIGHTS).read_bytes()
    (model / WEIGHTS).write_bytes(whole[:-1000])
    with pytest.raises(EngineError, match="weights"):
        pipeline.predict_files(model, [min((pictures / "fish").iterdir())])


def test_it_is_ended_early_with_the_best_so_far(root):
    progress = Progress(lambda step: progress.finish() if "epoch 1 of" in step.stage else None)
    options = FinetuneOptions(unfreeze=8, epochs=500, batch_size=8, holdout=0.25)
    done = pipeline.finetune_backbone(root, options, progress=progress)
    assert done.training.history is not None
    assert 2 <= len(done.training.history.epochs) < 10
    assert done.model.is_dir()


def test_a_cancelled_one_saves_nothing(root):
    before = sorted((root / "models").iterdir())
    progress = Progress(lambda step: progress.cancel() if "epoch 1 of" in step.stage else None)
    with pytest.raises(Cancelled):
        pipeline.finetune_backbone(root, QUICK, progress=progress)
    assert sorted((root / "models").iterdir()) == before


def test_a_picture_that_is_gone_is_named(pictures, root, tmp_path):
    folder = shutil.copytree(pictures, tmp_path / "pictures")
    own = shutil.copytree(root, tmp_path / "pictures.embedding")
    gone = min((folder / "fish").iterdir())
    for file in (folder / "fish").iterdir():
        file.unlink()
    with pytest.raises(EngineError) as error:
        pipeline.finetune_backbone(own, QUICK)
    assert "is no longer there; put the picture back" in sentence(error)
    assert gone.parent.name in str(error.value)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"unfreeze": 0}, "1 or more"),
        ({"learning_rate": 0.0}, "learning rate"),
        ({"holdout": 0.9}, "Hold out"),
    ],
)
def test_options_that_make_no_sense_are_refused(root, options, says):
    with pytest.raises(EngineError, match=says):
        pipeline.finetune_backbone(root, FinetuneOptions(**options))


def test_command(root, capsys):
    command = ["finetune", str(root), "--unfreeze", "3", "--epochs", "1", "--augment", "--json"]
    assert main([*command, "--name", "commanded"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["classifier"] == "finetune"
    assert answer["classes"] == list(CLASSES)
    assert answer["model"].endswith("commanded")
    assert {"accuracy", "macro_f1", "per_class", "confusion_matrix", "seconds"} <= set(answer)


@posix
@pytest.mark.slow
def test_ctrl_c_ends_the_command_with_the_best_so_far(root):
    command = [sys.executable, "-m", "engine", "finetune", str(root), "--epochs", "500", "--json"]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert running.stderr is not None
    said = next(line for line in running.stderr if "epoch 1 of 500" in line)
    running.send_signal(signal.SIGINT)
    answer, errors = running.communicate(timeout=600)
    assert running.returncode == 0, said + errors
    assert "ending with the best so far; press Ctrl-C again" in errors
    assert Path(json.loads(answer)["model"]).is_dir()
