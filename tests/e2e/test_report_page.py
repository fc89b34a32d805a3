"""The report in a real browser engine, opened from a file as a user would."""

import json
import os
import subprocess
import sys

import pytest

from engine.pipeline import export_run

pytestmark = pytest.mark.gl

# In a process of its own: a web view wants to be there before the application is.
LOOK = """
import json, sys
from PySide6.QtCore import QTimer, QUrl
from PySide6.QtWebEngineCore import QWebEnginePage
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication

app = QApplication(sys.argv)
said = []

class Page(QWebEnginePage):
    def javaScriptConsoleMessage(self, level, message, line, source):
        said.append(message)

view = QWebEngineView()
view.setPage(Page(view))
view.resize(1200, 900)
view.show()
ASK = '''(() => {
  const canvas = document.getElementById("map"), pen = canvas.getContext("2d");
  const drawn = () => {
    const bytes = pen.getImageData(0, 0, canvas.width, canvas.height).data;
    return bytes.filter((byte, place) => place % 4 === 3 && byte > 0).length;
  };
  const box = canvas.getBoundingClientRect(), tip = document.getElementById("tip");
  let pictured = "";
  for (let x = 0; x < box.width && !pictured; x += 4) for (let y = 0; y < box.height; y += 4) {
    canvas.dispatchEvent(new PointerEvent("pointermove",
      { clientX: box.left + x, clientY: box.top + y }));
    if (!tip.hidden) { pictured = tip.innerText; break; }
  }
  const legend = document.querySelectorAll("#legend button");
  return JSON.stringify({
    drawn: drawn(), pictured, src: document.getElementById("tip-picture").src.slice(0, 15),
    legend: [...legend].map((each) => each.innerText.split("\\\\n")[0]),
    cell: getComputedStyle(document.querySelector("td[data-share]")).backgroundColor,
  });
})()'''

def tell(answer):
    print(json.dumps({"page": json.loads(answer), "said": said}))
    app.quit()

def ask():
    view.page().runJavaScript("document.querySelector('#legend button') !== null", 0, again)

def again(is_ready):
    if is_ready:
        QTimer.singleShot(500, lambda: view.page().runJavaScript(ASK, 0, tell))
    else:
        QTimer.singleShot(100, ask)

view.loadFinished.connect(ask)
view.load(QUrl.fromLocalFile(sys.argv[1]))
app.exec()
"""


def test_a_report_draws_its_map_and_shows_pictures_under_a_strict_policy(modelled, tmp_path):
    (file,) = export_run(modelled, "html", tmp_path / "report.html").files
    flags = "--disable-gpu --no-sandbox"  # the sandbox refuses root, as whom tests may run
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(file)],
        env=os.environ | {"QTWEBENGINE_CHROMIUM_FLAGS": flags},
        capture_output=True, encoding="utf-8", timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    page = told["page"]
    assert told["said"] == []  # nothing was refused, nothing failed
    assert page["drawn"] > 500
    assert "Class: " in page["pictured"]
    assert page["src"] == "data:image/webp"
    assert page["legend"] == ["bricks", "fish", "trees"]
    assert page["cell"] != "rgba(0, 0, 0, 0)"


@pytest.fixture
def modelled(pictures):
    """A workspace with a classifier."""
    from engine.pipeline import ClassifierOptions, train_classifier

    root = pictures.with_name("pictures.embedding")
    train_classifier(root, ClassifierOptions("knn", folds=2))
    return root
