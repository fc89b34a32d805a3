"""A dense head is trained by Keras in a process of its own, watched, stopped and ended early."""

import json
import shutil

import numpy as np
import pytest
from helpers import run_python

from engine import pipeline
from engine.cli import main
from engine.dense_head import HeadOptions
from engine.errors import EngineError
from engine.fitting import ClassifierOptions, predict
from engine.history import Epoch, History
from engine.keras_process import KerasProcess
from engine.model_file import DENSE_HEAD, load_model
from engine.progress import Cancelled, Progress, Step
from engine.splits import held_back

DIMS, CLASSES = 16, 3
QUICK = HeadOptions(epochs=25, learning_rate=2e-3)
PREDICT = """
import sys
from pathlib import Path
from engine import pipeline
(each,), _ = pipeline.predict_files(Path(sys.argv[1]), [Path(sys.argv[2])])
print(each.label, {"keras", "tensorflow"} & set(sys.modules))
"""
pytestmark = [pytest.mark.keras, pytest.mark.usefixtures("shared_keras")]


@pytest.fixture(scope="module")
def heaps():
    """60 vectors in three heaps, their classes, and that none is a copy."""
    rng = np.random.default_rng(0)
    truth = np.repeat(np.arange(CLASSES), 20)
    middles = 3 * np.eye(CLASSES, DIMS)
    vectors = (middles[truth] + rng.normal(size=(len(truth), DIMS))).astype(np.float32)
    return vectors, truth, np.arange(len(truth))


@pytest.fixture(scope="module")
def keras():
    with KerasProcess(Progress()) as keras:
        yield keras


def fit(keras, heaps, options=None, seed=0):
    return keras.fit_head("Training", *heaps, options or QUICK, seed)


def test_it_learns_and_tells_how_it_got_better(keras, heaps):
    head, history = fit(keras, heaps)
    vectors, truth, _ = heaps
    assert np.mean(predict(head, vectors, CLASSES).argmax(axis=1) == truth) > 0.95
    assert history.epochs[-1].loss < history.epochs[0].loss
    assert 0 <= history.epochs[history.best].other_accuracy <= 1


def test_the_seed_makes_it_repeatable(keras, heaps):
    few = HeadOptions(epochs=3)
    first, second = (fit(keras, heaps, few, seed=5)[0] for _ in range(2))
    for one, other in zip(first.layers, second.layers, strict=True):
        np.testing.assert_array_equal(one[0], other[0])


def test_layers_are_those_that_are_asked_for(keras, heaps):
    head, _ = fit(keras, heaps, HeadOptions((7, 5), epochs=1))
    assert [len(bias) for _, bias in head.layers] == [7, 5, CLASSES]
    bare, _ = fit(keras, heaps, HeadOptions((), epochs=1))
    assert [weights.shape for weights, _ in bare.layers] == [(DIMS, CLASSES)]


def test_it_ends_when_it_gets_no_better(keras, heaps):
    _, history = fit(keras, heaps, HeadOptions(epochs=500, patience=2, learning_rate=0.1))
    assert len(history.epochs) == history.best + 1 + 2 < 500


def test_it_is_watched_and_ended_early_with_the_best_so_far(heaps):
    heard: list[Step] = []

    def listen(step: Step) -> None:
        heard.append(step)
        if step.done == 3:
            progress.finish()

    progress = Progress(listen)
    with KerasProcess(progress) as keras:
        _, history = keras.fit_head("Training", *heaps, HeadOptions(epochs=10_000), 0)
    assert 3 <= len(history.epochs) < 10_000
    assert isinstance(heard[0].partial, History)
    assert (heard[0].stage, heard[0].done, heard[0].total) == ("Training", 1, 10_000)


def test_it_is_stopped_in_the_middle(heaps):
    progress = Progress(lambda step: progress.cancel() if step.done == 2 else None)
    with KerasProcess(progress) as keras, pytest.raises(Cancelled):
        keras.fit_head("Training", *heaps, HeadOptions(epochs=10_000), 0)


def test_the_best_epoch_is_that_of_the_lowest_loss_on_others():
    losses = (0.9, 0.4, 0.6)
    history = History(tuple(Epoch(0.1, 1.0, loss, 0.5) for loss in losses))
    assert history.best == 1
    assert History().best == 0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"layers": (0,)}, "one unit"),
        ({"dropout": 1.0}, "Leave out a share"),
        ({"epochs": 0}, "1 or more"),
        ({"learning_rate": 0.0}, "learning rate"),
    ],
)
def test_options_that_make_no_sense_are_refused(options, says):
    with pytest.raises(EngineError, match=says):
        ClassifierOptions("mlp", head=HeadOptions(**options)).check()


def test_copies_are_not_held_back_from_each_other():
    truth = np.repeat([0, 1, 2], [20, 20, 1])
    groups = np.concatenate([np.arange(20) // 2, 10 + np.arange(20) // 2, [99]])
    learn, other = held_back(truth, groups, 0.15, 0)
    assert len(learn) + len(other) == len(truth)
    assert not set(groups[learn]) & set(groups[other])
    assert set(truth[other]) == {0, 1}
    assert 40 in learn  # the only one of its class


def test_of_classes_of_one_picture_nothing_is_held_back():
    learn, other = held_back(np.arange(3), np.arange(3), 0.15, 0)
    assert (learn.tolist(), other.tolist()) == ([0, 1, 2], [])


def test_it_is_trained_saved_and_used_without_keras(embedded_folder, tmp_path, capsys):
    root = shutil.copytree(embedded_folder.workspace, tmp_path / "pictures.embedding")
    shutil.copytree(embedded_folder.workspace.parent / "pictures", tmp_path / "pictures")
    command = ["train", str(root), "--classifier", "mlp", "--holdout", "0.25", "--epochs", "20"]
    assert main([*command, "--layers", "16", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["classifier"] == "mlp"
    model = root / "models" / "mlp"
    assert (model / DENSE_HEAD).is_file()
    assert load_model(model).classifier["head"]["layers"] == [16]
    picture = min((tmp_path / "pictures" / "fish").iterdir())
    label, modules = run_python(PREDICT, model, picture).stdout.split(maxsplit=1)
    assert (label, modules.strip()) == ("fish", "set()")


def test_a_damaged_head_is_refused(embedded_folder, tmp_path):
    root = shutil.copytree(embedded_folder.workspace, tmp_path / "pictures.embedding")
    options = ClassifierOptions("mlp", holdout=0.25, head=HeadOptions((4,), epochs=2))
    model = pipeline.train_classifier(root, options).model
    file = model / DENSE_HEAD
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(EngineError, match="is damaged"):
        load_model(model)
