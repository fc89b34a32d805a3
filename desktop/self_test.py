"""What `self-test` tries of the window. Qt is imported only by what is tried."""

import importlib.util
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import EngineError
from engine.progress import Progress
from engine.self_test import SKIPPED, Check, pictures

if TYPE_CHECKING:
    from desktop.main_window import MainWindow

LOOK_S = 0.02
NO_WEB_VIEW = f"{SKIPPED}this edition shows TensorBoard in the browser"
NO_DISPLAY = f"{SKIPPED}there is no display to open a window on"
SHARE = 0.001  # of the map's pixels that are coloured at least, when its points are drawn
COLOUR = 40  # grey levels between the strongest and the weakest part of what counts as colour
# How many points the projector of the page has, wherever it lies; null until there is one.
PROJECTOR = """
(() => {
  const search = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.tagName === "VZ-PROJECTOR" && element.dataSet) return element;
      const inner = element.shadowRoot ||
        (element.tagName === "IFRAME" ? element.contentDocument : null);
      const found = inner && search(inner);
      if (found) return found;
    }
    return null;
  };
  const found = search(document);
  return found ? JSON.stringify(found.dataSet.points.length) : "null";
})()
"""


def _try_window(folder: Path, *, progress: Progress) -> str:
    from desktop import app

    if not app.has_display():
        return NO_DISPLAY
    started = time.perf_counter()
    window = _open_window(progress)
    seconds = time.perf_counter() - started
    title = window.windowTitle()
    _close(window, progress)
    return f"“{title}” after {seconds:.1f} s"


def _try_map(folder: Path, *, progress: Progress) -> str:
    from desktop import app

    if not app.has_display():
        return NO_DISPLAY
    window = _open_map(folder, progress)
    coloured, count = 0.0, 0

    def is_drawn() -> bool:
        nonlocal coloured, count
        map_view = window.pages.map.map
        count, coloured = map_view.shown_count, _coloured(map_view.grabFramebuffer())
        return count > 0 and coloured >= SHARE

    _wait(is_drawn, progress)
    _close(window, progress)
    return f"{count} points, {coloured:.2%} of the pixels are coloured"


def _try_web_page(folder: Path, *, progress: Progress) -> str:
    from desktop import app

    if not app.has_display():
        return NO_DISPLAY
    window = _open_map(folder, progress)
    window.parts.board_binding.toggle()
    _wait(
        lambda: not window.parts.board.busy and window.parts.board.state.board is not None, progress
    )
    state = window.parts.board.state
    if state.obstacle or state.error:
        _close(window, progress)
        if state.error:
            raise EngineError(state.error)
        return f"{SKIPPED}{state.obstacle}" if _has_web_view() else NO_WEB_VIEW
    _wait(lambda: window.pages.board is not None and window.pages.board.view, progress)
    points = _points_of_projector(window, progress)
    _close(window, progress)
    return f"the projector shows {points} points"


def _has_web_view() -> bool:
    return importlib.util.find_spec("PySide6.QtWebEngineCore") is not None


def _points_of_projector(window: "MainWindow", progress: Progress) -> int:
    answers: list[str] = []

    def there_is() -> bool:
        view = window.pages.board.view if window.pages.board is not None else None
        if view is None:
            raise EngineError("The page ended unexpectedly.")
        view.page().runJavaScript(PROJECTOR, 0, answers.append)
        return bool(answers) and bool(json.loads(answers[-1] or "null"))

    _wait(there_is, progress, every_s=0.5)
    return int(json.loads(answers[-1]))


def _open_window(progress: Progress) -> "MainWindow":
    from desktop.app import create_application

    application = create_application(["image-embedding"])
    from desktop import settings_store, theme

    settings = settings_store.load()
    theme.choose(application, settings.theme)
    from desktop.main_window import MainWindow

    window = MainWindow(settings)
    window.show()

    def is_shown() -> bool:
        handle = window.windowHandle()
        return handle is not None and handle.isExposed()

    _wait(is_shown, progress)
    return window


def _open_map(folder: Path, progress: Progress) -> "MainWindow":
    window = _open_window(progress)
    window.open_path(pictures.dataset(folder))
    _wait(lambda: not window.runner.busy, progress)
    if window.pages.map is None:
        window.close()
        raise EngineError("The folder was opened, but no map is shown.")
    return window


def _coloured(image: object) -> float:
    """Return the share of the pixels that are of a colour, as points are and nothing else is."""
    import numpy as np
    from PySide6.QtGui import QImage

    assert isinstance(image, QImage)
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    pixels = rows[:, : 3 * image.width()].reshape(-1, 3).astype(int)
    return float((np.ptp(pixels, axis=1) > COLOUR).mean())


def _wait(holds: Callable[[], object], progress: Progress, every_s: float = LOOK_S) -> None:
    """Let the window live until something holds; who is waiting for this ends it at last."""
    from PySide6.QtCore import QEventLoop
    from PySide6.QtWidgets import QApplication

    while True:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        if holds():
            return
        progress.report("Looking at the window")
        time.sleep(every_s)


def _close(window: "MainWindow", progress: Progress) -> None:
    window.close()
    _wait(lambda: not window.isVisible(), progress)


CHECKS = (
    Check("window", _try_window, alone=True),
    Check("pixels of the map", _try_map, alone=True),
    Check("projector in the window", _try_web_page, alone=True),
)
