"""The window for the tests that walk through it."""

from window_fixtures import qapp, window

__all__ = ["qapp", "window"]
