"""Trainings in TensorBoard: read back with its own readers and from its own server."""

import io
import json
import re
import shutil
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from types import ModuleType

import numpy as np
import pytest
from helpers import posix, run_python
from PIL import Image

from engine import pipeline
from engine.cli import main
from engine.confusion_image import MARGIN, cell_colour, cell_side
from engine.evaluation import evaluate
from engine.pipeline import ClassifierOptions
from engine.training_log import Outcome, TrainingLog

WITHOUT_TENSORFLOW = "tensorboard.compat.notf"  # TensorBoard looks for it before TensorFlow
CLASSES = ("cat", "dog")
HISTORY = {"loss": [0.9, 0.5, 0.4], "val_loss": [1.0, 0.7, 0.8], "accuracy": [0.5, 0.8, 0.9]}
NETWORK = {
    "class_name": "Sequential",
    "config": {
        "name": "head",
        "layers": [
            {"class_name": "InputLayer", "config": {"name": "in", "dtype": "float32"}},
            {"class_name": "Dense", "config": {"name": "dense", "units": 64, "activation": "relu"}},
            {"class_name": "Dropout", "config": {"name": "dropout", "rate": 0.3}},
            {"class_name": "Dense", "config": {"name": "out", "units": 2, "activation": "softmax"}},
        ],
    },
}  # fmt: skip


def outcome(classes: tuple[str, ...] = CLASSES) -> Outcome:
    """Three of four images recognised."""
    likely = np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8], [0.6, 0.4]])
    report = evaluate(np.array([0, 0, 1, 1]), likely, classes)
    return Outcome(classes, report, {"classifier": "mlp", "dropout": 0.3}, NETWORK)


def write_log(folder, name: str, outcome: Outcome, history=None) -> str:
    """Write the log of a training that has ended; return what the user is told of the disk."""
    history = history or {}
    with TrainingLog(folder, name) as log:
        for number, values in enumerate(zip(*history.values(), strict=True), start=1):
            log.epoch(number, dict(zip(history, values, strict=True)))
        log.outcome(outcome)
    return log.problem


@pytest.fixture
def read(monkeypatch):
    """Read a run as TensorBoard does."""
    monkeypatch.setitem(sys.modules, WITHOUT_TENSORFLOW, ModuleType(WITHOUT_TENSORFLOW))
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    def run(folder) -> EventAccumulator:
        return EventAccumulator(str(folder), {"tensors": 0}).Reload()  # 0: all of them

    return run


def curve(run, tag: str) -> list[tuple[int, float]]:
    """The steps and values of a tag."""
    return [
        (event.step, pytest.approx(float(event.tensor_proto.float_val[0]), abs=1e-6))
        for event in run.Tensors(tag)
    ]


@pytest.fixture(scope="module")
def trained(embedded_folder, tmp_path_factory) -> pipeline.Trained:
    root = tmp_path_factory.mktemp("logged") / "workspace"
    others = shutil.ignore_patterns("logs", "models")
    shutil.copytree(embedded_folder.workspace, root, ignore=others)
    return pipeline.train_classifier(root, ClassifierOptions("knn", folds=3), name="knn of 3 folds")


@pytest.fixture(scope="module")
def logs(trained):
    return trained.model.parents[1] / "logs"


def test_a_training_leaves_its_scores(trained, logs, read):
    run, report = read(logs / "knn of 3 folds" / "scores"), trained.report
    assert curve(run, "scores/accuracy") == [(0, report.accuracy)]
    assert curve(run, "scores/macro_f1") == [(0, report.macro_f1)]
    assert curve(run, "scores/log_loss") == [(0, report.log_loss)]
    assert curve(run, "scores/calibration_error") == [(0, report.calibration_error)]
    whole = read(logs / "knn of 3 folds")
    for each in report.per_class:
        assert curve(whole, f"f1/{each.label}") == [(0, each.f1)]
    assert trained.note == ""


def test_the_confusion_matrix_is_a_picture(trained, logs, read):
    run = read(logs / "knn of 3 folds")
    width, height, encoded = run.Tensors("confusion_matrix")[0].tensor_proto.string_val
    picture = Image.open(io.BytesIO(encoded))
    assert picture.size == (int(width), int(height))
    confusion, side = trained.report.confusion, cell_side(3)
    first = picture.width - MARGIN - 3 * side
    for row, column in np.argwhere(confusion):
        place = (first + side * int(column) + 3, first + side * int(row) + 3)
        share = confusion[row, column] / confusion[row].sum()
        assert picture.getpixel(place) == cell_colour(float(share), row == column)


def test_curves_of_what_was_learnt_and_what_was_not_lie_over_one_another(tmp_path, read):
    assert write_log(tmp_path, "mlp", outcome(), HISTORY) == ""
    learnt, judged = read(tmp_path / "mlp" / "train"), read(tmp_path / "mlp" / "validation")
    assert curve(learnt, "epoch/loss") == [(1, 0.9), (2, 0.5), (3, 0.4)]
    assert curve(learnt, "epoch/accuracy") == [(1, 0.5), (2, 0.8), (3, 0.9)]
    assert curve(judged, "epoch/loss") == [(1, 1.0), (2, 0.7), (3, 0.8)]


def test_the_graph_of_a_head_shows_its_layers(tmp_path, read):
    write_log(tmp_path, "mlp", outcome())
    graph = read(tmp_path / "mlp").Graph()
    assert [node.name for node in graph.node] == [
        "head/in", "head/dense", "head/dropout", "head/out",
    ]  # fmt: skip
    assert list(graph.node[3].input) == ["head/dropout"]
    assert graph.node[1].attr["units"].s == b"64"
    assert graph.node[1].attr["activation"].s == b"relu"
    assert graph.node[2].attr["rate"].s == b"0.3"


def test_epochs_are_shown_while_the_training_goes_on(tmp_path, read):
    with TrainingLog(tmp_path, "live") as log:
        log.epoch(1, {"loss": 0.9})
        run = read(tmp_path / "live" / "train")
        assert curve(run, "epoch/loss") == [(1, 0.9)]
        log.epoch(2, {"loss": 0.5})
        run.Reload()
        assert curve(run, "epoch/loss") == [(1, 0.9), (2, 0.5)]


def test_a_training_that_is_stopped_leaves_no_log(tmp_path):
    with pytest.raises(KeyboardInterrupt), TrainingLog(tmp_path, "live") as log:  # noqa: PT012
        log.epoch(1, {"loss": 0.9})
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_the_log_of_an_earlier_model_of_that_name_is_replaced(tmp_path, read):
    write_log(tmp_path, "mlp", outcome(), HISTORY)
    write_log(tmp_path, "mlp", outcome())
    assert sorted(file.name for file in (tmp_path / "mlp").iterdir() if file.is_dir()) == ["scores"]
    assert len(curve(read(tmp_path / "mlp" / "scores"), "scores/accuracy")) == 1


def test_names_that_are_no_text_are_logged(tmp_path, read):
    classes = ("caf\udce9", "tea")
    assert write_log(tmp_path, "mlp", outcome(classes)) == ""
    assert "f1/caf?" in read(tmp_path / "mlp").Tags()["tensors"]


def test_a_training_whose_log_cannot_be_written_is_saved_and_says_so(
    embedded_folder, tmp_path, capsys
):
    root = shutil.copytree(embedded_folder.workspace, tmp_path / "workspace")
    shutil.rmtree(root / "logs", ignore_errors=True)
    (root / "logs").write_text("in the way")
    command = ["train", str(root), "--classifier", "knn", "--name", "kept", "--json"]
    assert main(command) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["model"] == str(root / "models" / "kept")
    assert (root / "models" / "kept" / "model.json").is_file()
    (said,) = [line for line in printed.err.splitlines() if "TensorBoard" in line]
    assert said.endswith(".")
    assert "the classifier itself is complete" in said


FULL = """
import resource, sys
from pathlib import Path
from engine.training_log import TrainingLog
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))
with TrainingLog(Path(sys.argv[1]), "live") as log:
    for number in range(1, 100):
        log.epoch(number, {"loss": 1 / number})
print(log.problem)
"""


@posix
def test_a_disk_that_is_full_ends_the_log_and_not_the_training(tmp_path, read):
    done = run_python(FULL, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "File too large" in done.stdout
    written = curve(read(tmp_path / "live" / "train"), "epoch/loss")
    assert 3 < len(written) < 99
    assert written[0] == (1, 1.0)


ALL_OF_IT = """
import json, sys
from pathlib import Path
import numpy as np
from engine.evaluation import ClassScore, Report
from engine.training_log import Outcome, TrainingLog
scores = tuple(ClassScore(name, 1.0, 1.0, 1.0, 1) for name in "ab")
report = Report(1.0, (0.5, 1.0), 1.0, 0.1, 0.0, scores, np.eye(2, dtype=np.int64), ())
network = json.loads(sys.argv[2])
with TrainingLog(Path(sys.argv[1]), "mlp") as log:
    log.epoch(1, {"loss": 1.0, "val_loss": 2.0})
    log.outcome(Outcome(("a", "b"), report, {"seed": 0}, network))
print(log.problem)
print("tensorflow" in sys.modules, "tensorboard" in sys.modules)
"""


def test_nothing_of_it_imports_tensorflow(tmp_path):
    done = run_python(ALL_OF_IT, tmp_path, json.dumps(NETWORK))
    assert done.stdout.split() == ["False", "True"], done.stderr


SERVE = f"""
import sys, types
sys.modules[{WITHOUT_TENSORFLOW!r}] = types.ModuleType({WITHOUT_TENSORFLOW!r})
from tensorboard.main import run_main
run_main()
"""


@pytest.fixture(scope="module")
def ask(logs):
    """Ask a TensorBoard that shows the logs, the one of a head with epochs among them."""
    write_log(logs, "mlp", outcome(), HISTORY)
    options = ["--logdir", str(logs), "--port", "0", "--load_fast", "false"]
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE, *options], stderr=subprocess.PIPE, encoding="utf-8"
    )
    url = None
    while url is None:
        line = server.stderr.readline()
        assert line, "TensorBoard ended"
        url = re.search(r"http://localhost:\d+/", line)

    def get(route: str, data: dict | None = None, **query: str):
        address = f"{url[0]}data/plugin/{route}?{urllib.parse.urlencode(query)}"
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    for _ in range(300):
        if "mlp/validation" in get("scalars/tags"):  # it reads the folder meanwhile
            break
        time.sleep(0.1)
    yield get
    server.terminate()
    server.communicate()


def test_tensorboard_shows_scalars_and_pictures(ask):
    scalars = ask("scalars/tags")
    assert set(scalars) == {
        "knn of 3 folds", "knn of 3 folds/scores",
        "mlp", "mlp/scores", "mlp/train", "mlp/validation",
    }  # fmt: skip
    assert set(scalars["knn of 3 folds"]) == {"f1/bricks", "f1/fish", "f1/trees"}
    points = ask("scalars/scalars", run="mlp/train", tag="epoch/loss")
    assert [(step, round(value, 4)) for _, step, value in points] == [(1, 0.9), (2, 0.5), (3, 0.4)]
    assert {run for run, tags in ask("images/tags").items() if "confusion_matrix" in tags} == {
        "knn of 3 folds", "mlp",
    }  # fmt: skip
    assert ask("graphs/info")["mlp"]["run_graph"]


def test_tensorboard_compares_hyperparameters(ask, trained):
    experiment = ask("hparams/experiment", {"experimentName": ""})
    names = {each["name"] for each in experiment["hparamInfos"]}
    assert {"classifier", "folds", "seed", "backbone", "image_size", "dropout"} <= names
    metrics = {each["name"]["tag"] for each in experiment["metricInfos"]}
    assert metrics == {
        "scores/accuracy", "scores/macro_f1", "scores/log_loss", "scores/calibration_error",
    }  # fmt: skip
    request = {
        "experimentName": "", "allowedStatuses": ["STATUS_UNKNOWN", "STATUS_RUNNING"],
        "colParams": [{"metric": {"tag": "scores/accuracy", "group": ""}}],
        "startIndex": 0, "sliceSize": 10,
    }  # fmt: skip
    groups = ask("hparams/session_groups", request)["sessionGroups"]
    found = {each["hparams"]["classifier"]: each["metricValues"][0]["value"] for each in groups}
    assert found == {"knn": pytest.approx(trained.report.accuracy), "mlp": pytest.approx(0.75)}
