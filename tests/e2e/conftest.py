"""The window for the tests that walk through it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from language_fixtures import program
from review_fixtures import flipped, planted, reviewed
from window_fixtures import open_and_wait, qapp, window

from desktop.main_window import MainWindow
from engine.engine_process import EngineProcess
from engine.pipeline import extract

__all__ = ["flipped", "planted", "program", "qapp", "reviewed", "window"]


@pytest.fixture(scope="session")
def one_engine() -> Iterator[EngineProcess]:
    """A process that computes, which has imported what it needs after the first job."""
    engine = EngineProcess()
    yield engine
    engine.close()


@pytest.fixture(autouse=True)
def kept_engine(one_engine, monkeypatch) -> None:
    """The windows of these tests let one process compute; those of other tests have their own."""
    monkeypatch.setattr("desktop.parts.EngineProcess", lambda: one_engine)
    monkeypatch.setattr(one_engine, "close", lambda: None)


@pytest.fixture(scope="session")
def embedded_folder(sample_folder, tmp_path_factory) -> Path:
    """24 pictures of three classes with their workspace beside them. Copy it."""
    folder = tmp_path_factory.mktemp("embedded") / "pictures"
    for label in ("bricks", "fish", "trees"):
        (folder / label).mkdir(parents=True)
        for file in sorted((sample_folder / label).iterdir())[:8]:
            shutil.copy2(file, folder / label)
    extract(folder)
    return folder


@pytest.fixture
def pictures(embedded_folder, tmp_path) -> Path:
    """A folder of 24 pictures that was embedded before."""
    shutil.copytree(
        embedded_folder.with_name("pictures.embedding"), tmp_path / "pictures.embedding"
    )
    return Path(shutil.copytree(embedded_folder, tmp_path / "pictures"))


@pytest.fixture
def embedded(qtbot, window, pictures) -> MainWindow:
    """A window that shows the map of 24 pictures of three classes."""
    open_and_wait(qtbot, window, pictures)
    return window
