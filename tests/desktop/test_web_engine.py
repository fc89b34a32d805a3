"""How Chromium is started, by what the machine is."""

from dataclasses import replace

import pytest

from desktop import web_engine
from desktop.web_engine import FOR_SOFTWARE, Machine, obstacle, switches

CARD = Machine("linux", is_root=False, has_namespaces=True, draws_itself=False)
ROOT = Machine("linux", is_root=True, has_namespaces=True, draws_itself=False)
NO_CARD = Machine("win32", is_root=False, has_namespaces=True, draws_itself=True)
NO_NAMESPACES = Machine("linux", is_root=False, has_namespaces=False, draws_itself=False)


def test_an_ordinary_machine_needs_no_switches():
    assert switches(CARD) == ()


def test_the_sandbox_is_left_off_for_root_on_linux_alone():
    assert switches(ROOT) == ("--no-sandbox",)
    assert "--no-sandbox" not in switches(NO_CARD)
    assert "--no-sandbox" not in switches(NO_NAMESPACES)


def test_without_a_graphics_card_chromium_draws_by_itself():
    assert switches(NO_CARD) == FOR_SOFTWARE


def test_where_there_can_be_no_sandbox_there_is_no_page():
    assert obstacle(CARD) == obstacle(ROOT) == obstacle(NO_CARD) == ""
    assert "sandbox" in obstacle(NO_NAMESPACES)


def test_a_screen_of_few_colours_is_no_place_for_a_page():
    assert "too few colours" in obstacle(replace(CARD, depth=16))


def test_an_installation_without_the_engine_says_so(monkeypatch):
    monkeypatch.setattr(web_engine, "VIEW", "desktop.views.no_such_view")
    assert "is not part of this installation" in web_engine.load()


def test_an_engine_that_does_not_start_says_why(monkeypatch, tmp_path):
    (tmp_path / "broken_view.py").write_text("raise ImportError('libnss3.so: cannot open')")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(web_engine, "VIEW", "broken_view")
    assert "cannot show web pages (libnss3.so: cannot open)" in web_engine.load()


@pytest.mark.parametrize(
    ("profile", "allowed"),
    [("image-embedding (unconfined)\n", True), ("unconfined\n", False), (None, False)],
)
def test_the_profile_of_the_package_lets_it_shut_itself_in(tmp_path, monkeypatch, profile, allowed):
    restriction, current = tmp_path / "restriction", tmp_path / "current"
    restriction.write_text("1\n")
    if profile is not None:
        current.write_text(profile)
    monkeypatch.setattr(web_engine, "APPARMOR", restriction)
    monkeypatch.setattr(web_engine, "NO_NAMESPACES", {restriction: "1"})
    monkeypatch.setattr(web_engine, "PROFILES", (current,))
    assert web_engine.has_namespaces() is allowed


def test_switches_of_the_user_are_kept(qapp, monkeypatch):
    monkeypatch.setattr(web_engine, "VIEW", "desktop.views.not_loaded")
    monkeypatch.setattr(web_engine, "this_machine", lambda: ROOT)
    monkeypatch.setenv(web_engine.FLAGS, "--lang=de --no-sandbox")
    assert web_engine.prepare() == ""
    assert web_engine.os.environ[web_engine.FLAGS] == "--lang=de --no-sandbox"


def test_who_draws_here_is_found_out(qapp):
    assert isinstance(web_engine.this_machine().draws_itself, bool)


@pytest.mark.parametrize("name", ["QtWebEngineCore", "QtWebEngineWidgets"])
def test_one_file_alone_imports_the_engine(name):
    from pathlib import Path

    desktop = Path(web_engine.__file__).parent
    users = [
        file.name for file in desktop.rglob("*.py") if f"from PySide6.{name}" in file.read_text()
    ]
    assert users == ["web_view.py"]
