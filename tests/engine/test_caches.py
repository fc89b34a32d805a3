"""What is kept beside the datasets: its size, and that nothing else is deleted with it."""

import pytest

from engine import caches, converted, weights
from engine.backbones import BACKBONES


@pytest.fixture
def kept(monkeypatch, tmp_path):
    """A converted backbone, weights of ours, and a file of another program beside them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    backbone = converted.cache_folder() / "VGG16-224.bin"
    ours = weights.keras_file(BACKBONES["VGG16"])
    for file, size in ((backbone, 3000), (ours, 500), (ours.with_name("another.h5"), 70)):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(bytes(size))
    return caches.caches()


def test_the_size_counts_what_is_ours(kept):
    assert [cache.size for cache in kept] == [3000, 500]


def test_clearing_deletes_what_is_ours_and_nothing_else(kept):
    assert [caches.clear(cache) for cache in kept] == [3000, 500]
    assert [cache.size for cache in kept] == [0, 0]
    assert [file.name for file in kept[1].folder.iterdir()] == ["another.h5"]


def test_clearing_nothing_frees_nothing(kept):
    caches.clear(kept[0])
    assert caches.clear(kept[0]) == 0
