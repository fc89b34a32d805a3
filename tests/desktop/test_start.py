"""How the program starts: what it needs, what it does not load, what it says without a display."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from engine.pipeline import extract

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {
    "tensorflow", "keras", "sklearn", "scipy", "openvino", "onnx", "numba", "pyqtgraph", "OpenGL",
    "tensorboard", "pyarrow", "pandas", "PySide6.QtWebEngineCore", "PySide6.QtWebEngineWidgets",
    "natsort", "filelock", "urllib.request", "PIL.ImageDraw", "PIL.ImageCms", "PIL.TiffImagePlugin",
}  # fmt: skip
SHOW_WINDOW = """
import json, sys
from desktop.app import create_application
app = create_application(["image-embedding"])
from desktop.main_window import MainWindow
window = MainWindow()
window.show()
app.processEvents()
print(json.dumps([window.isVisible(), sorted(sys.modules)]))
"""
BROWSER = "[name for name in sys.modules if 'WebEngine' in name or 'web_view' in name]"
OPEN_FOLDER = """
import sys
from PySide6.QtCore import QTimer
from desktop import app, main_window
from desktop.__main__ import main

class Window(main_window.MainWindow):
    def _opened(self, opened):
        super()._opened(opened)
        print(self.windowTitle())
        QTimer.singleShot(0, self.close)

main_window.MainWindow = Window
sys.exit(main([sys.argv[1]]))
"""
WITHOUT_BROWSER = OPEN_FOLDER.replace("print(self.windowTitle())", f"print({BROWSER})")
MAKE_TYPES = """
import sys, threading
from desktop.app import create_application
app = create_application(["image-embedding"])
from desktop.main_window import MainWindow
window = MainWindow()
while not window.types.made.is_set():
    app.processEvents()
"""
ASK_FOR_TYPES = """
from PySide6 import QtCore, QtGui, QtOpenGL, QtWidgets
modules = (QtCore, QtGui, QtWidgets, QtOpenGL)
names = [(module, name) for module in modules for name in dir(module)]
together = threading.Barrier(4)
def ask():
    together.wait()
    for module, name in names:
        getattr(module, name)
threads = [threading.Thread(target=ask) for _ in range(4)]
sys.setswitchinterval(1e-6)
for each in threads:
    each.start()
for each in threads:
    each.join()
print("alive")
"""
WATCH_PYQTGRAPH = """
import sys
from PySide6 import QtWidgets
class Watch:
    def find_spec(name, *_):
        if name == "pyqtgraph":
            print(set(dir(QtWidgets)) <= set(vars(QtWidgets)))
sys.meta_path.insert(0, Watch)
"""
READY_TO_DRAW = OPEN_FOLDER.replace(
    "print(self.windowTitle())",
    "print(self.pages.map is None, {'pyqtgraph', 'OpenGL'} <= set(sys.modules))",
)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        timeout=600,
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
    )


def test_the_window_appears_before_anything_heavy_is_imported(qapp):
    visible, modules = json.loads(run("-c", SHOW_WINDOW).stdout)
    assert visible
    assert "desktop.views.welcome" in modules
    assert not HEAVY & set(modules)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a display")
def test_without_a_display_it_says_so_and_what_to_do(tmp_path):
    done = run("-m", "desktop", DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    assert done.returncode == 1
    assert done.stderr.startswith("error: There is no display")
    assert "extract FOLDER" in done.stderr


def test_a_command_needs_neither_display_nor_qt():
    code = "import sys; from desktop.__main__ import main\n"
    code += "try: main(['--help'])\nexcept SystemExit: print('PySide6' in sys.modules)"
    done = run("-c", code, DISPLAY="", WAYLAND_DISPLAY="")
    assert "extract" in done.stdout
    assert done.stdout.splitlines()[-1] == "False"


def test_a_misspelt_option_is_a_usage_error_and_opens_no_window():
    assert run("-m", "desktop", "--no-such-option").returncode == 2
    assert run("-m", "desktop", "extract").returncode == 2


@pytest.mark.gl
def test_a_folder_as_the_only_argument_is_opened(qapp, small_folder):
    done = run("-c", OPEN_FOLDER, str(small_folder))
    assert done.stdout.strip() == "pictures – Image Embedding"


@pytest.mark.gl
def test_the_catalogue_of_a_workspace_stands_for_it(qapp, small_folder):
    root = extract(small_folder).workspace
    assert run("-c", OPEN_FOLDER, str(root / "workspace.sqlite")).stdout.startswith("pictures – ")


@pytest.mark.gl
def test_the_browser_engine_is_not_imported_before_tensorboard_is_wanted(qapp, small_folder):
    extract(small_folder)
    assert run("-c", WITHOUT_BROWSER, str(small_folder)).stdout.strip() == "[]"


@pytest.mark.gl
def test_what_draws_the_map_is_imported_before_it_is_wanted(qapp, small_folder):
    """By the job that reads the folder: in the window's own thread it would stall the window."""
    assert run("-c", READY_TO_DRAW, str(small_folder)).stdout.strip() == "True True"


def test_threads_may_ask_for_any_type_of_qt_once_the_window_has_made_all(qapp):
    """Otherwise this ends in a segmentation fault."""
    assert run("-c", MAKE_TYPES + ASK_FOR_TYPES).stdout.strip() == "alive"


@pytest.mark.gl
def test_pyqtgraph_which_asks_for_all_of_them_is_imported_after_that(qapp, small_folder):
    done = run("-c", WATCH_PYQTGRAPH + OPEN_FOLDER, str(small_folder))
    assert done.stdout.split("\n")[0] == "True"


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal since Python 3.12")
def test_qt_does_not_use_up_none(qapp):
    """PySide6 6.12.0 dropped a reference at every call, which ends the program in minutes."""
    label = QLabel()
    before = sys.getrefcount(None)
    for _ in range(2_000):
        label.setText("again")
        label.update()
    assert abs(sys.getrefcount(None) - before) < 1_000
