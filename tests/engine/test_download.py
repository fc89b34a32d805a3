"""ImageNet weights come by Keras's own download; here from a server on this machine."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from helpers import sentence

from engine.download import download
from engine.errors import EngineError
from engine.keras_model import PUBLISHED_AT
from engine.keras_process import KerasProcess
from engine.progress import Cancelled, Progress
from engine.weights import Availability, availability, find, keras_file

pytestmark = pytest.mark.keras

# Read by every new Python at its start: what is asked of where Keras publishes weights, is asked
# of the server. Of anybody else nothing may be asked.
REDIRECT = f"""
import urllib.request
from pathlib import Path
open_address = urllib.request.urlopen
def redirected(asked, *rest, **named):
    request = urllib.request.Request(asked) if isinstance(asked, str) else asked
    assert request.full_url.startswith({PUBLISHED_AT!r}), request.full_url
    port = Path({{port_file!r}}).read_text()
    request.full_url = f"http://127.0.0.1:{{{{port}}}}/" + request.full_url.rsplit("/", 1)[1]
    return open_address(request, *rest, **named)
urllib.request.urlopen = redirected
"""
NOBODY_LISTENS = "9"
WITHOUT_NETWORK = """
import sys
from pathlib import Path
from engine.backbones import BACKBONES
from engine.errors import EngineError
from engine.keras_model import download
try:
    download(BACKBONES["VGG16"], Path(sys.argv[1]))
except EngineError as error:
    print(error)
print([name for name in ("keras", "tensorflow") if name in sys.modules])
"""
ROOT = Path(__file__).resolve().parents[2]


class Server(ThreadingHTTPServer):
    """Sends one content, whatever is asked for; it may hold back the second half."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = b""
        self.asked: list[str] = []
        self.go_on = threading.Event()
        self.go_on.set()


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_HEAD(self) -> None:
        self.send_response(404)
        self.end_headers()

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        content = self.server.content
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        half = len(content) // 2
        self.wfile.write(content[:half])
        self.server.go_on.wait()
        self.wfile.write(content[half:])

    def log_message(self, *_: object) -> None:
        """Keep silent."""


@pytest.fixture
def port_file(tmp_path) -> Path:
    """Says to which port downloads go."""
    return tmp_path / "port"


@pytest.fixture
def server(tmp_path, monkeypatch, port_file) -> Iterator[Server]:
    server = Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port_file.write_text(str(server.server_port))
    (tmp_path / "sitecustomize.py").write_text(REDIRECT.format(port_file=str(port_file)))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    yield server
    server.go_on.set()
    server.shutdown()
    server.server_close()


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def test_weights_are_kept_where_keras_keeps_them(server, mobilenet):
    server.content = find(mobilenet, "bundled").path.read_bytes()
    steps = []
    weights = download(mobilenet, Progress(steps.append))
    assert server.asked == [f"/{mobilenet.weights_file}"]
    assert weights.path == keras_file(mobilenet)
    assert weights.hash == find(mobilenet, "bundled").hash
    assert weights.is_imagenet
    assert files_in(weights.path.parent) == [mobilenet.weights_file]
    assert steps[-1].stage == "Downloading MobileNetV2, megabytes"
    assert steps[-1].total == 10


def test_download_says_how_far_it_is_and_leaves_nothing_when_it_is_stopped(server, vgg16, tmp_path):
    server.content = bytes(40_000_000)
    server.go_on.clear()
    far = []

    def stop(step):
        far.append(step.done)
        if step.done >= 10:  # of 20 that the server sends
            progress.cancel()

    progress = Progress(stop)
    with pytest.raises(Cancelled):
        download(vgg16, progress)
    assert far == sorted(far)
    assert files_in(tmp_path / "keras") == ["models"]
    assert availability(vgg16) is Availability.TO_DOWNLOAD


def test_a_download_that_fails_says_why_and_which_file_to_put_where(
    server, port_file, tmp_path, vgg16, monkeypatch
):
    """Without network, then with another checksum: both in one Keras, whose start is slow."""
    server.content = b"not what Keras published"
    port_file.write_text(NOBODY_LISTENS)
    with KerasProcess(Progress()) as keras:
        monkeypatch.setattr("engine.download.KerasProcess", lambda _: nullcontext(keras))
        with pytest.raises(EngineError) as error:
            download(vgg16, Progress())
        assert "The weights of VGG16 could not be downloaded" in sentence(error)
        assert vgg16.weights_file in str(error.value)
        assert f"“{tmp_path / 'keras' / 'models'}”" in str(error.value)
        port_file.write_text(str(server.server_port))
        with pytest.raises(EngineError) as error:
            download(vgg16, Progress())
    assert "The weights of VGG16 arrived damaged" in sentence(error)
    assert files_in(tmp_path / "keras") == ["models"]


def test_without_network_it_says_so_before_keras_is_imported(server, port_file, tmp_path):
    port_file.write_text(NOBODY_LISTENS)
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_NETWORK, str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))},
    )  # fmt: skip
    assert done.stdout.splitlines()[0].startswith("The weights of VGG16 could not be downloaded")
    assert done.stdout.splitlines()[1] == "[]"


def test_a_place_that_cannot_be_written_to_is_an_error(tmp_path, vgg16, monkeypatch):
    (tmp_path / "keras").write_text("a file where the folder should be")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    with pytest.raises(EngineError) as error:
        download(vgg16, Progress())
    assert "cannot be kept in" in sentence(error)
