"""What all tests share: a home of their own, and folders of sample pictures."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "resources" / "sample"


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Know the setting of the display for those tests, too, that run without its plugin."""
    if not pluginmanager.hasplugin("xvfb"):
        parser.addini("xvfb_colordepth", "of the display that pytest-xvfb starts")


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home folder for settings, data, caches and weights: the user's own is never touched."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HOME", "USERPROFILE"):
            patch.setenv(name, str(home))
        patch.setenv("XDG_DATA_HOME", str(home / "data"))
        patch.setenv("XDG_CONFIG_HOME", str(home / "config"))
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        patch.setenv("XDG_STATE_HOME", str(home / "state"))
        (home / "run").mkdir(mode=0o700)
        patch.setenv("XDG_RUNTIME_DIR", str(home / "run"))
        patch.setenv("APPDATA", str(home / "data"))
        patch.setenv("LOCALAPPDATA", str(home / "cache"))
        patch.setenv("KERAS_HOME", str(home / "keras"))
        yield home


@pytest.fixture(scope="session")
def sample_folder() -> Path:
    """The 320 bundled pictures of 8 classes. Read them only."""
    return SAMPLE


@pytest.fixture
def small_folder(tmp_path: Path) -> Path:
    """A copy of 24 bundled pictures: 3 classes of 8."""
    folder = tmp_path / "pictures"
    for label in ("bricks", "fish", "trees"):
        (folder / label).mkdir(parents=True)
        for file in sorted((SAMPLE / label).iterdir())[:8]:
            shutil.copy2(file, folder / label)
    return folder
