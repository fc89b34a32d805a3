"""The window for the tests of its parts."""

from window_fixtures import qapp, window

__all__ = ["qapp", "window"]
