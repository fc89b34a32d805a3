"""TensorBoard in the window: its real page in the real browser engine."""

import json
import re
import socket
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import active_children
from typing import ClassVar

import numpy as np
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from window_fixtures import JOB_MS, SOON_MS, open_and_wait

from desktop import web_engine
from engine import pipeline
from engine.projection.options import ProjectionOptions
from engine.training_log import TrainingLog
from engine.workspace import View, save_view

pytestmark = pytest.mark.gl

# What the projector of the page says of itself; null until there is one.
PROJECTOR = """
(() => {
  const find = (root, tag) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.tagName === tag) return element;
      const inside = element.shadowRoot && find(element.shadowRoot, tag);
      if (inside) return inside;
    }
    return null;
  };
  let there = document;
  for (let depth = 0; depth < 2; depth++) {
    const frame = find(there, "IFRAME");
    if (!frame || !frame.contentDocument) return "null";
    there = frame.contentDocument;
  }
  const projector = find(there, "VZ-PROJECTOR");
  if (!projector || !projector.dataSet || !projector.projection) return "null";
  const info = projector.dataSet.spriteAndMetadataInfo || {};
  return JSON.stringify({
    dim: projector.dataSet.dim,
    shown: projector.shadowRoot.textContent.includes("Points"),
    sprite: info.spriteImage ? [info.spriteImage.width, info.spriteImage.height] : null,
    columns: (info.stats || []).map((each) => each.name),
    tensor: projector.dataPanel.selectedTensor,
    coloured: projector.dataPanel.selectedColorOptionName,
    kind: projector.projection.projectionType,
    chosen: projector.bookmarkPanel.savedStates.map((each) => each.isSelected),
    points: projector.dataSet.points.map((each) => each.projections),
  });
})()
"""


def ask(qtbot, view, script: str):
    """Run a script in the page and return what it gives."""
    answers = []
    view.page().runJavaScript(script, 0, lambda answer: answers.append(answer))
    qtbot.waitUntil(lambda: bool(answers), timeout=SOON_MS)
    return answers[0]


def wait_for(qtbot, view, script: str, holds):
    """Ask the page again and again until its answer is right; return that."""
    kept = {}

    def look() -> bool:
        kept["answer"] = ask(qtbot, view, script)
        return holds(kept["answer"])

    qtbot.waitUntil(look, timeout=JOB_MS)
    return kept["answer"]


def open_board(qtbot, window):
    """Press the keys for TensorBoard and wait until it is served; return its page."""
    window._actions["show_tensorboard"].trigger()
    page = window.pages.board
    qtbot.waitUntil(lambda: not window.parts.board.busy, timeout=JOB_MS)
    assert window.parts.board.state.error == ""
    return page


def projector_of(qtbot, window) -> dict:
    """Wait until our map is in the projector; return what that says of itself."""
    tensor = window.parts.board.state.board.export.tensor

    def is_ours(said: str) -> bool:
        found = json.loads(said or "null")
        return found is not None and found["tensor"] == tensor and any(found["chosen"])

    return json.loads(wait_for(qtbot, window.pages.board.view, PROJECTOR, is_ours))


def is_served(address: str) -> bool:
    place = urllib.parse.urlsplit(address)
    with socket.socket() as tried:
        return tried.connect_ex((place.hostname, place.port)) == 0


def test_the_projector_opens_with_our_own_map_and_all_pictures(qtbot, window, pictures):
    root = pictures.with_name("pictures.embedding")
    flat, _ = pipeline.project(root, ProjectionOptions("umap", 2))
    save_view(root, View("umap", 2))
    open_and_wait(qtbot, window, pictures)
    open_board(qtbot, window)
    assert window.pages.on_board
    found = projector_of(qtbot, window)
    assert found["dim"] == [24, 1280]
    assert found["sprite"] == [500, 500]  # 5 x 5 of 100 pixels each
    assert found["columns"][:3] == ["row", "class", "folder_class"]
    assert found["tensor"] == window.parts.board.state.board.export.tensor
    assert found["coloured"] == "class"
    assert found["kind"] == "umap"
    assert found["chosen"] == [True, False]
    for shown, point in zip(found["points"], flat.points, strict=True):
        assert [shown["umap-0"], shown["umap-1"]] == pytest.approx(point.tolist(), rel=1e-5)


def test_it_is_zoomed_and_left_and_then_as_it_was(qtbot, embedded):
    page = open_board(qtbot, embedded)
    projector_of(qtbot, embedded)
    assert page.note.text() == ""
    page.view.without_webgl.emit()
    assert "draws no 3D" in page.note.text()
    ask(qtbot, page.view, "window.seen = 1")
    qtbot.mouseClick(page.larger_button, Qt.MouseButton.LeftButton)
    assert page.view.zoomFactor() == pytest.approx(1.1)
    assert page.zoom_button.text() == "110 %"
    qtbot.mouseClick(page.zoom_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.smaller_button, Qt.MouseButton.LeftButton)
    assert page.view.zoomFactor() == pytest.approx(0.9)
    qtbot.mouseClick(page.back_button, Qt.MouseButton.LeftButton)
    assert embedded.pages.on_map
    open_board(qtbot, embedded)
    assert embedded.pages.on_board
    assert ask(qtbot, page.view, "window.seen") == 1
    embedded.activateWindow()
    qtbot.waitUntil(embedded.isActiveWindow, timeout=SOON_MS)
    QTest.keyClick(page, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert embedded.pages.on_map


def test_reload_exports_what_has_changed(qtbot, embedded):
    page = open_board(qtbot, embedded)
    before = projector_of(qtbot, embedded)
    first = embedded.parts.board.state.board
    embedded.project.select(np.array([0]))
    embedded.parts.labelling.assign("walls")
    qtbot.waitUntil(lambda: not embedded.parts.labelling.busy, timeout=JOB_MS)
    qtbot.mouseClick(page.reload_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not embedded.parts.board.busy, timeout=JOB_MS)
    after = projector_of(qtbot, embedded)
    assert after["tensor"] != before["tensor"]
    assert not is_served(first.address)


def test_reload_and_another_theme_load_the_page_again(qtbot, embedded):
    page = open_board(qtbot, embedded)
    theme = "JSON.parse(localStorage.getItem('_tb_global_settings')).theme"
    projector_of(qtbot, embedded)
    ask(qtbot, page.view, "window.seen = 1")
    qtbot.mouseClick(page.reload_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not embedded.parts.board.busy, timeout=JOB_MS)
    wait_for(qtbot, page.view, "window.seen === undefined", bool)
    projector_of(qtbot, embedded)
    assert ask(qtbot, page.view, theme) == "light"
    ask(qtbot, page.view, "window.seen = 1")
    page.set_dark(True)
    wait_for(qtbot, page.view, "window.seen === undefined", bool)
    assert ask(qtbot, page.view, theme) == "dark"
    projector_of(qtbot, embedded)


def test_a_server_that_ended_is_started_again_without_a_question(qtbot, embedded):
    before = set(active_children())
    open_board(qtbot, embedded)
    projector_of(qtbot, embedded)
    first = embedded.parts.board.state.board
    (server,) = set(active_children()) - before
    embedded._actions["show_tensorboard"].trigger()
    assert embedded.pages.on_map
    server.kill()
    server.join()
    open_board(qtbot, embedded)
    assert is_served(embedded.parts.board.state.board.address)
    assert embedded.parts.board.state.board.address != first.address
    assert projector_of(qtbot, embedded)["dim"] == [24, 1280]


def test_curves_appear_while_a_training_goes_on(qtbot, embedded):
    page = open_board(qtbot, embedded)
    projector_of(qtbot, embedded)
    root = embedded.project.state.opened.workspace
    with TrainingLog(root / "logs", "live") as log:
        log.epoch(1, {"loss": 0.9})
        settings = ask(qtbot, page.view, "localStorage.getItem('_tb_global_settings')")
        assert json.loads(settings)["autoReload"] is True
        ask(qtbot, page.view, "location.hash = '#timeseries'; 0")
        text = "document.body.innerText"
        wait_for(qtbot, page.view, text, lambda said: "live/train" in (said or ""))
        wait_for(qtbot, page.view, text, lambda said: "epoch/loss" in said or "loss" in said)


class Counting(BaseHTTPRequestHandler):
    """Serves a page that asks ``elsewhere``; notes who was asked for what."""

    elsewhere = ""
    asked: ClassVar[list[str]] = []

    def do_GET(self):
        self.asked.append(f"{self.server.server_port}{self.path}")
        body = f"""<script>
        const place = "{self.elsewhere}";
        const ask = (path) => fetch(place + path, {{mode: "no-cors"}}).catch(() => 0);
        const image = new Image(); image.src = place + "/image";
        const frame = document.createElement("iframe"); frame.src = place + "/frame";
        document.documentElement.append(image, frame);
        Promise.all([ask("/fetch"), ask("/beacon")]).then(() => fetch("/own"));
        </script>""".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def servers():
    """Two servers; the page of the first one asks the second one."""
    first, second = (ThreadingHTTPServer(("127.0.0.1", 0), Counting) for _ in range(2))
    Counting.elsewhere = f"http://127.0.0.1:{second.server_port}"
    Counting.asked.clear()
    for server in (first, second):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield first, second
    for server in (first, second):
        server.shutdown()
        server.server_close()


def test_a_page_reaches_its_own_server_alone(qtbot, qapp, servers):
    assert web_engine.prepare() == ""
    assert web_engine.load() == ""
    from desktop.views.web_view import WebView

    first, second = servers
    view = WebView()
    view.show()
    view.show_board(f"http://127.0.0.1:{first.server_port}/", "", is_dark=False)
    qtbot.waitUntil(lambda: f"{first.server_port}/own" in Counting.asked, timeout=JOB_MS)
    assert not [each for each in Counting.asked if each.startswith(str(second.server_port))]
    view.leave()
    view.deleteLater()


def test_what_leads_elsewhere_opens_in_the_browser_and_nothing_is_saved(
    qtbot, embedded, monkeypatch
):
    seen = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: seen.append(url.toString()))
    page = open_board(qtbot, embedded)
    projector_of(qtbot, embedded)
    link = (
        "const a = document.createElement('a'); a.href = 'https://example.org/help';"
        "document.body.append(a); a.click(); 0"
    )
    ask(qtbot, page.view, link)
    qtbot.waitUntil(lambda: seen != [], timeout=SOON_MS)
    assert seen == ["https://example.org/help"]
    assert page.view.url().host() == "127.0.0.1"
    ask(qtbot, page.view, "location.href = 'file:///etc/passwd'; window.open('/'); 0")
    script = (
        "const b = document.createElement('a'); b.download = 'x.txt';"
        "b.href = URL.createObjectURL(new Blob(['x'])); document.body.append(b); b.click(); 0"
    )
    with qtbot.waitSignal(page.view.download_refused, timeout=SOON_MS):
        ask(qtbot, page.view, script)
    assert "in the browser" in embedded.statusBar().currentMessage()
    assert page.view.url().host() == "127.0.0.1"
    assert len(seen) == 1


def test_a_page_that_ends_unexpectedly_can_be_loaded_again(qtbot, embedded):
    page = open_board(qtbot, embedded)
    projector_of(qtbot, embedded)
    page.view.load(QUrl("chrome://crash"))
    qtbot.waitUntil(lambda: page.again_button.isVisible(), timeout=SOON_MS)
    assert "ended unexpectedly" in page.text.text()
    qtbot.mouseClick(page.again_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.view is not None, timeout=JOB_MS)
    assert projector_of(qtbot, embedded)["dim"] == [24, 1280]


def test_without_a_web_view_the_browser_is_offered(qtbot, embedded, monkeypatch):
    seen = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: seen.append(url.toString()))
    monkeypatch.setattr(web_engine, "prepare", lambda: "This system has no web view.")
    page = open_board(qtbot, embedded)
    assert page.view is None
    assert "no web view" in page.text.text()
    assert "in the browser: it has 24 images" in embedded.statusBar().currentMessage()
    assert not page.reload_button.isEnabled()  # nothing is loaded here
    qtbot.mouseClick(page.other_button, Qt.MouseButton.LeftButton)
    assert seen == [embedded.parts.board.state.board.address]


def test_what_keeps_it_from_opening_is_said_and_it_can_be_tried_again(qtbot, embedded):
    root = embedded.project.state.opened.workspace
    (root / "logs").write_text("in the way")
    embedded._actions["show_tensorboard"].trigger()
    page = embedded.pages.board
    qtbot.waitUntil(lambda: page.again_button.isVisible(), timeout=JOB_MS)
    assert "cannot be written to" in page.text.text()
    (root / "logs").unlink()
    qtbot.mouseClick(page.again_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.view is not None, timeout=JOB_MS)


def test_it_is_stopped_while_it_starts(qtbot, embedded):
    embedded._actions["show_tensorboard"].trigger()
    page = embedded.pages.board
    assert re.search("being opened", page.title.text())
    qtbot.mouseClick(page.stop_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not embedded.parts.board.busy, timeout=JOB_MS)
    assert "stopped" in page.text.text()
    assert embedded.parts.board.state.board is None


def test_it_ends_with_the_folder_and_with_the_window(qtbot, embedded, pictures):
    open_board(qtbot, embedded)
    address = embedded.parts.board.state.board.address
    assert is_served(address)
    embedded.close_folder()
    assert not is_served(address)
    open_and_wait(qtbot, embedded, pictures)
    open_board(qtbot, embedded)
    address = embedded.parts.board.state.board.address
    embedded.close()
    qtbot.waitUntil(lambda: not embedded.isVisible(), timeout=JOB_MS)
    assert not is_served(address)
