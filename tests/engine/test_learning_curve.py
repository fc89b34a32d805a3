"""Whether more pictures would help: found out by learning from fewer."""

import json
from itertools import pairwise

import numpy as np
import pytest
from helpers import sentence

from engine import fitting, pipeline
from engine import learning_curve as module
from engine.cli import main
from engine.errors import EngineError
from engine.fitting import ClassifierOptions
from engine.learning_curve import LearningCurve, learning_curve
from engine.neighbors import knn_graph
from engine.progress import Cancelled, Progress
from engine.values import Embeddings

KNN, LOGISTIC = ClassifierOptions("knn"), ClassifierOptions("logistic")
DIMS = 40


def pictures(
    each: int, apart: float, classes: int = 4, seed: int = 0, copies: int = 1
) -> Embeddings:
    """Heaps of vectors of spread 1, whose middles are some way apart."""
    random = np.random.default_rng(seed)
    middles = apart * np.eye(classes, DIMS)
    vectors = np.repeat(middles, each, axis=0) + random.normal(size=(classes * each, DIMS))
    vectors = np.repeat(vectors, copies, axis=0).astype(np.float32)
    labels = tuple(np.repeat([f"class {n}" for n in range(classes)], each * copies).tolist())
    return Embeddings(vectors, tuple(map(str, range(len(labels)))), labels, "a-run")


def curve(embeddings: Embeddings, options=KNN, progress=None) -> LearningCurve:
    graph = knn_graph(embeddings.vectors, min(15, len(embeddings.paths) - 1))
    return learning_curve(embeddings, graph, options, progress)


def test_where_accuracy_still_rises_more_pictures_would_help():
    found = curve(pictures(60, apart=3), LOGISTIC)
    assert found.sizes == pytest.approx((20, 40, 76, 136, 192), abs=4)
    assert found.accuracy[-1] > found.accuracy[0] + 0.1
    assert 0.01 < found.gain_when_doubled < 1 - found.accuracy[-1]
    assert found.says.startswith("Twice as many pictures would bring about")


def test_what_half_of_the_pictures_say_comes_true_with_all_of_them():
    """On average of three; a single true gain is known to some points only."""
    expected, gained = [], []
    for seed in range(3):
        half, whole = (curve(pictures(each, apart=2.5, seed=seed), LOGISTIC) for each in (100, 200))
        expected.append(half.gain_when_doubled)
        gained.append(whole.accuracy[-1] - half.accuracy[-1])
    assert np.mean(expected) == pytest.approx(np.mean(gained), abs=0.015)


def test_from_noise_nothing_more_would_be_learnt():
    found = curve(pictures(500, apart=0, classes=2))
    assert found.accuracy[-1] == pytest.approx(0.5, abs=0.06)
    assert found.gain_when_doubled < 0.02
    assert found.says == "More pictures would hardly help."


def test_where_nearly_all_are_right_more_would_hardly_help():
    found = curve(pictures(60, apart=12))
    assert found.accuracy[-1] > 0.99
    assert 0 <= found.gain_when_doubled < 0.005
    assert found.says == "More pictures would hardly help."


def test_few_pictures_do_not_tell():
    for found in (curve(pictures(15, apart=0, classes=2)), curve(pictures(3, apart=9))):
        assert found.says == "There are too few pictures to tell whether more would help."
    assert found.gain_when_doubled is None
    assert len(found.sizes) == len(found.accuracy) == len(found.error) < 3


def test_the_standard_error_is_that_of_a_share():
    found = curve(pictures(100, apart=3))
    judged = 3 / 5 * 400
    for accuracy, error in zip(found.accuracy, found.error, strict=True):
        assert error == pytest.approx((accuracy * (1 - accuracy) / judged) ** 0.5, rel=0.2)


def test_the_seed_makes_it_repeatable():
    embeddings = pictures(30, apart=3)
    first, second = (curve(embeddings, ClassifierOptions("knn", seed=3)) for _ in range(2))
    assert first == second
    assert first != curve(embeddings, ClassifierOptions("knn", seed=4))


def watch(monkeypatch) -> list[np.ndarray]:
    """The vectors of each fit, and after each those that are judged."""
    seen = []
    fit, say = fitting.fitted, module.predict
    monkeypatch.setattr(fitting, "fitted", lambda v, t, o: (seen.append((v, t)), fit(v, t, o))[1])
    monkeypatch.setattr(module, "predict", lambda h, v, c: (seen.append(v), say(h, v, c))[1])
    return seen


def keys(vectors: np.ndarray) -> set[bytes]:
    return {row.tobytes() for row in vectors}


def test_copies_never_lie_on_both_sides_and_are_learnt_together(monkeypatch):
    seen = watch(monkeypatch)
    curve(pictures(20, apart=3, copies=3))
    for (learnt, _), judged in zip(seen[::2], seen[1::2], strict=True):
        assert keys(learnt) & keys(judged) == set()
        assert len(learnt) == 3 * len(keys(learnt))


def test_more_is_learnt_of_the_same_and_judged_on_the_same(monkeypatch):
    seen = watch(monkeypatch)
    curve(pictures(20, apart=3))
    assert len(seen) == 2 * 3 * 5
    for start in range(0, len(seen), 10):
        learnt, judged = seen[start : start + 10 : 2], seen[start + 1 : start + 10 : 2]
        for (fewer, _), (more, _) in pairwise(learnt):
            assert keys(fewer) < keys(more)
        for _, truth in learnt:
            counts = np.bincount(truth)
            assert counts.min() >= 2
            assert np.ptp(counts) <= 1
        assert all(keys(each) == keys(judged[0]) for each in judged)


def test_a_class_of_two_pictures_is_learnt_at_every_size(monkeypatch):
    embeddings = pictures(20, apart=3)
    few = Embeddings(embeddings.vectors[:62], embeddings.paths[:62], embeddings.labels[:62], "run")
    seen = watch(monkeypatch)
    curve(few)
    assert all(len(np.unique(truth)) == 4 for _, truth in seen[::2])


def test_it_says_how_far_it_is_and_can_be_cancelled():
    heard = []
    curve(pictures(10, apart=3), progress=Progress(heard.append))
    assert [(step.done, step.total) for step in heard] == [(done, 15) for done in range(16)]
    progress = Progress(lambda step: progress.cancel() if step.done == 4 else None)
    with pytest.raises(Cancelled):
        curve(pictures(10, apart=3), progress=progress)


def test_too_little_to_learn_from_is_explained():
    with pytest.raises(EngineError) as error:
        curve(pictures(10, apart=3, classes=1))
    assert "at least two classes" in sentence(error)


def test_half_points_are_told():
    def says(gain: float, error: float = 0.001) -> str:
        return LearningCurve((10, 20, 40), (0.5, 0.6, 0.7), (0.1,) * 3, gain, error).says

    assert "about 1.5 points of accuracy" in says(0.0163)
    assert "about 1 point of accuracy" in says(0.011)
    assert says(0.004) == says(-0.02) == "More pictures would hardly help."
    assert says(0.02, error=0.02) == says(0.0, error=0.02)
    assert "too few pictures" in says(0.0, error=0.02)


def test_of_a_workspace(embedded_folder):
    found = pipeline.learning_curve(embedded_folder.workspace, KNN)
    assert found.sizes[-1] == pytest.approx(24 * 4 / 5, abs=1)
    assert 0.5 < found.accuracy[-1] <= 1


def test_command(embedded_folder, tmp_path, capsys):
    command = ["train", str(embedded_folder.workspace), "--classifier", "knn", "--learning-curve"]
    assert main([*command, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["learning_curve"]
    assert set(told) == {"sizes", "accuracy", "error", "gain_when_doubled", "says"}
    assert len(told["sizes"]) == len(told["accuracy"]) == len(told["error"])
    assert main(command) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2] == told["says"]
    assert lines[-2 - len(told["sizes"]) - 1].startswith("learnt from  accuracy")
