"""What `self-test` tries of the window."""

import pytest

from desktop import self_test as window
from engine import self_test
from engine.self_test import run_checks

pytestmark = pytest.mark.gl


def test_the_window_is_opened_and_its_map_drawn(qapp):
    extraction = next(c for c in self_test.CHECKS if c.name == "extraction by OpenVINO")
    opened, drawn = window.CHECKS[:2]
    done = run_checks([extraction, opened, drawn])
    assert [(each.ok, each.trace) for each in done] == [(True, "")] * 3
    assert done[1].detail.startswith("“Image Embedding” after ")
    assert done[2].detail.startswith("65 points, ")


def test_without_a_display_it_is_said_that_nothing_was_tried(qapp, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    done = run_checks(window.CHECKS)
    assert all(each.ok for each in done)
    assert all(each.detail.startswith(self_test.SKIPPED) for each in done)
