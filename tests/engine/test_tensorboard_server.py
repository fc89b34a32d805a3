"""TensorBoard as the program serves it: asked as its page and as a stranger would ask."""

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from helpers import ROOT, posix, recipe, run_python, sentence, start_command

from engine import pipeline
from engine.engine_process import EngineProcess
from engine.errors import EngineError
from engine.progress import Progress
from engine.training_log import TrainingLog
from engine.workspace import Workspace

LIVE = str(Path("live", "train"))
SOON_S = 60.0  # only a hang ends a wait


@pytest.fixture(scope="module")
def root(embedded_folder, tmp_path_factory):
    """A workspace with two runs; the second one's vectors are all zeros, which look like text."""
    place = tmp_path_factory.mktemp("served")
    shutil.copytree(embedded_folder.workspace.with_suffix(""), place / "pictures")
    root = shutil.copytree(embedded_folder.workspace, place / "pictures.embedding")
    shutil.rmtree(root / "logs", ignore_errors=True)
    with Workspace.open(root) as workspace, workspace.writing():
        latest = workspace.run()
        workspace.use_run(recipe())
        images = workspace.dataset().images
        workspace.add(recipe(), images, np.zeros((len(images), 3), np.float32))
        workspace.use_run(latest)
    pipeline.export_projector(root, recipe().run)
    return root


@pytest.fixture(scope="module")
def board(root):
    """TensorBoard on the workspace, by a process of its own."""
    with closing(EngineProcess()) as process:
        yield process.call(pipeline.open_tensorboard, root, progress=Progress())


def get(address: str, **headers: str) -> bytes:
    request = urllib.request.Request(address, headers=headers)
    with urllib.request.urlopen(request, timeout=SOON_S) as answer:
        return answer.read()


def ask(address: str, route: str, **query: str) -> bytes:
    return get(f"{address}data/plugin/{route}?{urllib.parse.urlencode(query)}")


def status_of(address: str, **headers: str) -> int:
    try:
        get(address, **headers)
    except urllib.error.HTTPError as error:
        return error.code
    return 200


def is_served(address: str) -> bool:
    place = urllib.parse.urlsplit(address)
    with socket.socket() as tried:
        return tried.connect_ex((place.hostname, place.port)) == 0


def wait_until(holds) -> None:
    until = time.monotonic() + SOON_S
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_the_projector_is_there_when_the_address_is_told(board):
    listed = json.loads(get(f"{board.address}data/plugins_listing"))
    assert listed["projector"]["enabled"]
    assert {"timeseries", "scalars", "images", "graphs", "hparams"} <= set(listed)


def test_it_serves_what_was_exported(board, root):
    assert json.loads(ask(board.address, "projector/runs")) == ["."]
    entries = json.loads(ask(board.address, "projector/info", run="."))["embeddings"]
    shapes = {each["tensorName"]: each["tensorShape"] for each in entries}
    assert shapes[board.export.tensor] == [24, 1280]
    asked = {"run": ".", "name": board.export.tensor}
    with Workspace.open(root) as workspace:
        vectors = workspace.embeddings(workspace.run()).vectors
    assert ask(board.address, "projector/tensor", **asked) == vectors.tobytes()
    assert len(ask(board.address, "projector/metadata", **asked).splitlines()) == 25
    assert ask(board.address, "projector/sprite_image", **asked).startswith(b"\x89PNG")
    assert len(json.loads(ask(board.address, "projector/bookmarks", **asked))) >= 1


def test_vectors_of_zeros_are_served_too(board):
    entries = json.loads(ask(board.address, "projector/info", run="."))["embeddings"]
    (name,) = {each["tensorName"] for each in entries} - {board.export.tensor}
    served = ask(board.address, "projector/tensor", run=".", name=name)
    assert served == np.zeros((24, 3), np.float32).tobytes()


def test_only_who_knows_the_secret_part_is_answered(board):
    place = urllib.parse.urlsplit(board.address)
    assert len(place.path) > 20
    assert status_of(f"http://{place.netloc}/") == 404
    assert status_of(f"http://{place.netloc}/data/plugins_listing") == 404
    assert status_of(f"{board.address}data/plugins_listing") == 200


@pytest.mark.parametrize("name", ["evil.example", "evil.example:{port}", "127.0.0.1:1", ""])
def test_only_a_name_of_this_computer_is_answered(board, name):
    port = urllib.parse.urlsplit(board.address).port
    assert status_of(board.address, Host=name.format(port=port)) == 403
    assert status_of(board.address, Host=f"localhost:{port}") == 200


def test_it_listens_to_this_computer_alone(board):
    assert urllib.parse.urlsplit(board.address).hostname == "127.0.0.1"
    with socket.socket() as taken:  # as free on all other addresses as if nothing listened
        taken.bind(("127.0.0.2", urllib.parse.urlsplit(board.address).port))


def test_a_training_is_shown_while_it_goes_on(board, root):
    def epochs() -> int:
        runs = json.loads(ask(board.address, "scalars/tags"))
        if "epoch/loss" not in runs.get(LIVE, {}):
            return 0
        asked = {"run": LIVE, "tag": "epoch/loss"}
        return len(json.loads(ask(board.address, "scalars/scalars", **asked)))

    with TrainingLog(root / "logs", "live") as log:
        log.epoch(1, {"loss": 0.9})
        wait_until(lambda: epochs() == 1)
        log.epoch(2, {"loss": 0.5})
        wait_until(lambda: epochs() == 2)


def test_a_port_that_is_taken_is_an_error_that_says_what_to_do(root):
    with socket.socket() as taken, closing(EngineProcess()) as process:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(EngineError) as error:
            process.call(pipeline.open_tensorboard, root, port=port, progress=Progress())
    assert f"the port {port}" in sentence(error)


WITHOUT_TENSORFLOW = """
import sys, urllib.request
from pathlib import Path
from engine import pipeline
board = pipeline.open_tensorboard(Path(sys.argv[1]))
for route in ("projector/info?run=.", "scalars/tags", "images/tags", "graphs/info"):
    urllib.request.urlopen(f"{board.address}data/plugin/{route}").read()
print("tensorflow" in sys.modules, "keras" in sys.modules)
"""


def test_tensorflow_is_never_imported(root):
    done = run_python(WITHOUT_TENSORFLOW, root)
    assert done.stdout.split() == ["False", "False"], done.stderr


def test_it_ends_with_its_process(root):
    process = EngineProcess()
    address = process.call(pipeline.open_tensorboard, root, progress=Progress()).address
    assert is_served(address)
    process.close()
    assert not is_served(address)


OWNER = """
import sys, time
from pathlib import Path
from engine import pipeline
from engine.engine_process import EngineProcess
from engine.progress import Progress
if __name__ == "__main__":
    process = EngineProcess()
    board = process.call(pipeline.open_tensorboard, Path(sys.argv[1]), progress=Progress())
    print(board.address, flush=True)
    time.sleep(1e6)
"""


@posix
def test_it_ends_when_its_owner_is_killed(root):
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(root)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    with owner:
        address = owner.stdout.readline().strip()
        assert is_served(address)
        owner.send_signal(signal.SIGKILL)
    wait_until(lambda: not is_served(address))


@posix
def test_the_command_prints_the_address_and_serves_until_ctrl_c(root):
    with start_command("tensorboard", root, "--json") as command:
        answer = json.loads(command.stdout.readline())
        assert json.loads(get(f"{answer['url']}data/plugins_listing"))["projector"]["enabled"]
        assert answer["points"] == 24
        command.send_signal(signal.SIGINT)
        rest, said = command.communicate(timeout=SOON_S)
    assert command.returncode == 0, said
    assert rest == ""
    assert not is_served(answer["url"])


def test_a_workspace_without_embeddings_is_an_error(tmp_path):
    with pytest.raises(EngineError) as error:
        pipeline.open_tensorboard(tmp_path)
    assert "is not a workspace" in sentence(error)
