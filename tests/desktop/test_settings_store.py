"""The window remembers recent folders, colours and its place."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from desktop import settings_store as store
from desktop.settings_store import Settings


@pytest.fixture(autouse=True)
def _no_settings(home):
    store.settings_file().unlink(missing_ok=True)


def test_a_new_user_gets_the_defaults():
    assert store.load() == Settings()


def test_settings_are_what_was_saved():
    panels, splitters = {"show_panel": False}, {"across": "BBBB"}
    settings = Settings(("/a", "/b"), "dark", "AAAA", "VGG16", panels, splitters, hinted=True)
    settings = replace(settings, cores=2, memory_mb=4000)
    store.save(settings)
    assert store.load() == settings


def test_a_damaged_file_gives_the_defaults():
    store.save(Settings(theme="dark"))
    store.settings_file().write_text("{ not json")
    assert store.load() == Settings()


def test_a_backbone_or_theme_that_is_unknown_is_the_usual_one():
    store.save(Settings(theme="pink", backbone="Gone"))
    assert store.load() == Settings()


def test_limits_that_make_no_sense_are_none():
    store.save(Settings(cores=-1, memory_mb=-1000))
    assert store.load() == Settings()
    store.save(Settings(cores="all"))
    assert store.load() == Settings()


def test_the_folder_opened_last_comes_first_and_only_once():
    settings = Settings(("/a", "/b", "/c"))
    assert store.with_recent(settings, Path("/c")).recent == ("/c", "/a", "/b")


def test_only_the_latest_folders_are_kept():
    settings = Settings()
    for number in range(20):
        settings = store.with_recent(settings, Path(f"/{number}"))
    assert settings.recent[0] == "/19"
    assert len(settings.recent) == store.RECENT_MAX


def test_a_folder_whose_name_is_not_unicode_is_remembered():
    odd = Path(os.fsdecode(b"/photos/\xff\xfe"))
    store.save(store.with_recent(Settings(), odd))
    assert store.load().recent == (str(odd),)
