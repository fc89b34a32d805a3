"""How long the window stands still while a folder is embedded.

Usage, from the project's folder, on a display (``xvfb-run`` gives one):

    .venv/bin/python tests/benchmarks/bench_window.py FOLDER [--images 256] [--backbone NAME]

A timer of the window should fire every 5 ms; the longest gap between two of its calls is the stall
that a user feels. It is given for each stage of the job, with where in the program the window was
in the middle of it. A second column has the longest gap of a bare loop in another process over the
same time: what the machine takes away from everybody.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bench_extract import linked  # noqa: E402
from stalls import TICK_MS, Watch, beside_bare_loop, for_seconds, run_window  # noqa: E402


def main() -> None:
    """Embed a folder in the window and print the longest stall of each stage."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--images", type=int, default=256)
    parser.add_argument("--backbone", default="MobileNetV2")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        os.environ["XDG_CONFIG_HOME"] = os.environ["XDG_DATA_HOME"] = place
        pictures = linked(options.folder, Path(place) / "pictures", options.images)
        with beside_bare_loop():
            embed(pictures, options.backbone).report()


def embed(pictures: Path, backbone: str) -> Watch:
    """Do what a user does, from the open window to the finished map."""
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

    def note_stage(step: object) -> None:
        watch.stage = step.stage

    window.runner.progressed.connect(note_stage)

    def wait() -> None:
        run_window(app, lambda: not window.runner.busy)

    watch.stage = "opening the folder"
    window.open_path(pictures)
    wait()
    watch.stage = "the dataset's page"
    rows = window.pages.setup.backbones
    names = [rows.topLevelItem(row).text(0) for row in range(rows.topLevelItemCount())]
    rows.setCurrentItem(rows.topLevelItem(names.index(backbone)))
    window.pages.setup.start_button.click()
    wait()
    watch.stage = "the finished map"
    run_window(app, for_seconds(2))
    window.close()
    run_window(app, lambda: not window.isVisible())
    return watch


if __name__ == "__main__":
    main()
