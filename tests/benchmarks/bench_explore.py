"""How long the window stands still while a map of many images is made and their gallery scrolled.

Usage, from the project's folder, on a display (``xvfb-run`` gives one):

    .venv/bin/python tests/benchmarks/bench_explore.py FOLDER [--images 50000] [--method umap]

FOLDER must have been embedded: its pictures are repeated and its vectors mixed until there are as
many as asked for, and the window opens them as any folder. See bench_window.py for what is printed.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bench_extract import linked  # noqa: E402
from bench_maps import multiplied  # noqa: E402
from stalls import TICK_MS, Watch, beside_bare_loop, for_seconds, run_window  # noqa: E402

from engine.dataset import read_dataset  # noqa: E402
from engine.workspace import Workspace, default_root  # noqa: E402

SCROLLED_S = 10


def main() -> None:
    """Print the longest stall of each stage."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--images", type=int, default=50_000)
    parser.add_argument("--method", choices=("umap", "tsne"), default="umap")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        os.environ["XDG_CONFIG_HOME"] = os.environ["XDG_DATA_HOME"] = place
        pictures = linked(options.folder, Path(place) / "pictures", options.images)
        embed(pictures, default_root(options.folder))
        with beside_bare_loop():
            explore(pictures, options.method).report()


def embed(pictures: Path, source: Path) -> None:
    """Make the workspace of the pictures from the vectors of another one."""
    dataset = read_dataset(pictures)
    with Workspace.open(source) as known:
        recipe = known.run()
    vectors = multiplied(source, len(dataset.images))
    with Workspace.create(default_root(pictures)) as workspace, workspace.writing():
        workspace.set_dataset(dataset)
        workspace.use_run(recipe)
        workspace.add(recipe, dataset.images, vectors)


def explore(pictures: Path, method: str) -> Watch:
    """Open the folder, make a map, scroll the gallery."""
    from PySide6.QtCore import QTimer

    from desktop import settings_store
    from desktop.app import create_application
    from desktop.main_window import MainWindow

    app = create_application(["image-embedding"])
    window = MainWindow(settings_store.Settings())
    window.show()
    app.processEvents()
    watch = Watch()
    timer = QTimer(window, interval=TICK_MS)
    timer.timeout.connect(watch.tick)
    timer.start()

    def wait(title: str) -> None:
        watch.stage = title
        run_window(app, lambda: not window.runner.busy)

    def note_stage(step: object) -> None:
        watch.stage = step.stage

    window.open_path(pictures)
    wait("opening the folder")
    watch.stage = "the first map"
    run_window(app, for_seconds(3))
    window.runner.progressed.connect(note_stage)
    window.pages.map.controls.choose(method)
    wait("asking for the map")
    watch.stage = "the finished map"
    run_window(app, for_seconds(3))

    watch.stage = "scrolling the gallery"
    bar = window.pages.map.gallery.list.verticalScrollBar()
    step = bar.maximum() // 600

    def scroll() -> None:
        bar.setValue((bar.value() + step) % bar.maximum())

    scroller = QTimer(window, interval=16)
    scroller.timeout.connect(scroll)
    scroller.start()
    run_window(app, for_seconds(SCROLLED_S))
    scroller.stop()
    watch.stage = "the end"
    window.close()
    run_window(app, lambda: not window.isVisible())
    return watch


if __name__ == "__main__":
    main()
