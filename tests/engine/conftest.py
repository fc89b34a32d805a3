"""What is slow to make is made once for all tests of the engine."""

import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from made_once import made_once, shared_folder

from engine import converted, pipeline
from engine.backbones import BACKBONES
from engine.keras_process import KerasProcess
from engine.own_process import OwnProcess
from engine.progress import Progress
from engine.runtime import Network, plan
from engine.weights import find

SMALLEST = {"Xception": 71, "VGG16": 32}
WEIGHTS_SUFFIXES = {"Xception": (".weights.h5",), "VGG16": (".weights.h5", ".h5", ".keras")}


@dataclass(frozen=True)
class RandomBackbone:
    """A backbone as Keras builds it, and the files in which Keras saved its random weights."""

    network: Any
    side: int
    files: dict[str, Path]


def _network(name: str) -> Any:
    import keras

    side = SMALLEST[name]
    constructor = getattr(keras.applications, name)
    return constructor(include_top=False, weights=None, input_shape=(side, side, 3))


def _save_random_weights(folder: Path) -> None:
    import keras

    for name, suffixes in WEIGHTS_SUFFIXES.items():
        keras.utils.set_random_seed(1)
        network = _network(name)
        for suffix in suffixes:
            save = network.save_weights if suffix == ".weights.h5" else network.save
            save(folder / f"{name}{suffix}")


@pytest.fixture(scope="session")
def random_weights(tmp_path_factory) -> Iterator[Path]:
    """A folder of random weights of Xception and VGG16 at the smallest size they take."""
    with made_once(shared_folder(tmp_path_factory) / "weights", _save_random_weights) as folder:
        yield folder


@pytest.fixture(scope="session")
def random_backbones(random_weights) -> dict[str, RandomBackbone]:
    """Xception and VGG16 with these weights, in this process."""
    made = {}
    for name, side in SMALLEST.items():
        files = {suffix: random_weights / f"{name}{suffix}" for suffix in WEIGHTS_SUFFIXES[name]}
        network = _network(name)
        network.load_weights(files[".weights.h5"])
        made[name] = RandomBackbone(network, side, files)
    return made


@pytest.fixture(scope="session")
def vgg16_file(random_weights) -> Path:
    """Random weights of VGG16."""
    return random_weights / "VGG16.weights.h5"


@pytest.fixture(scope="session")
def kept_process() -> Iterator[OwnProcess]:
    """The process of Keras, started once for all tests that do not ask how it starts."""
    with KerasProcess(Progress()) as keras:
        yield keras._process


@pytest.fixture(scope="module")
def shared_keras(kept_process) -> Iterator[None]:
    """Whoever starts Keras gets the process that runs already, and leaves it running."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.keras_process.OwnProcess", lambda *_: kept_process)
        patch.setattr(KerasProcess, "__exit__", lambda *_: None)
        yield


@pytest.fixture(scope="session")
def converted_vgg16(vgg16_file, tmp_path_factory, request) -> Iterator[Path]:
    """A cache folder that holds the converted VGG16 of ``vgg16_file``. Read it only."""
    vgg16 = BACKBONES["VGG16"]

    def convert(cache: Path) -> None:
        running = request.getfixturevalue("kept_process")  # started for this where it is not yet
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_CACHE_HOME", str(cache))
            patch.setattr("engine.keras_process.OwnProcess", lambda *_: running)
            patch.setattr(KerasProcess, "__exit__", lambda *_: None)
            plan(Network(vgg16, find(vgg16, str(vgg16_file)), 32, "avg"))

    with made_once(shared_folder(tmp_path_factory) / "cache", convert) as cache:
        yield cache


@pytest.fixture
def own_cache(converted_vgg16, tmp_path, monkeypatch):
    """A cache folder with the converted VGG16 that a test may change; gives its .xml file."""
    shutil.copytree(converted_vgg16, tmp_path / "cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (file,) = converted.cache_folder().glob("*.xml")
    return file


@pytest.fixture
def vgg16():
    return BACKBONES["VGG16"]


@pytest.fixture
def mobilenet():
    return BACKBONES["MobileNetV2"]


@pytest.fixture(scope="session")
def embedded_folder(tmp_path_factory, sample_folder) -> pipeline.Extraction:
    """24 bundled pictures of 3 classes, embedded by the bundled backbone. Read them only."""
    folder = tmp_path_factory.mktemp("embedded") / "pictures"
    for label in ("bricks", "fish", "trees"):
        (folder / label).mkdir(parents=True)
        for file in sorted((sample_folder / label).iterdir())[:8]:
            shutil.copy2(file, folder / label)
    return pipeline.extract(folder)


@pytest.fixture(autouse=True)
def ctrl_c_belongs_to_pytest() -> Iterator[None]:
    """The command line takes Ctrl-C for itself; give it back after each test."""
    handler = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, handler)
