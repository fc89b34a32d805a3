"""What is slow to make is made once for all tests of the engine."""

import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine import converted, pipeline
from engine.backbones import BACKBONES
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


@pytest.fixture(scope="session")
def random_backbones(tmp_path_factory) -> Iterator[dict[str, RandomBackbone]]:
    """Xception and VGG16 of random weights at the smallest size they take."""
    import keras

    folder = tmp_path_factory.mktemp("weights")
    made = {}
    for name, side in SMALLEST.items():
        keras.utils.set_random_seed(1)
        constructor = getattr(keras.applications, name)
        network = constructor(include_top=False, weights=None, input_shape=(side, side, 3))
        files = {suffix: folder / f"{name}{suffix}" for suffix in WEIGHTS_SUFFIXES[name]}
        for suffix, file in files.items():
            (network.save_weights if suffix == ".weights.h5" else network.save)(file)
        made[name] = RandomBackbone(network, side, files)
    yield made
    shutil.rmtree(folder)  # hundreds of megabytes


@pytest.fixture(scope="session")
def vgg16_file(random_backbones) -> Path:
    """Random weights of VGG16."""
    return random_backbones["VGG16"].files[".weights.h5"]


@pytest.fixture(scope="session")
def converted_vgg16(vgg16_file, tmp_path_factory) -> Iterator[Path]:
    """A cache folder that holds the converted VGG16 of ``vgg16_file``. Read it only."""
    cache = tmp_path_factory.mktemp("cache")
    vgg16 = BACKBONES["VGG16"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache))
        plan(Network(vgg16, find(vgg16, str(vgg16_file)), 32, "avg"))
    yield cache
    shutil.rmtree(cache)


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
