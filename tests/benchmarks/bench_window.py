"""How long the window stands still while a folder is embedded.

Usage, from the project's folder, on a display (``xvfb-run`` gives one):

    .venv/bin/python tests/benchmarks/bench_window.py FOLDER [--images 256] [--backbone NAME]

A timer of the window should fire every 5 ms; the longest gap between two of its calls is the stall
that a user feels. It is given for each stage of the job, with where in the program the window was
in the middle of it. A second column has the longest gap of a bare loop in another process over the
same time: what the machine takes away from everybody.
"""

import argparse
import multiprocessing
import os
import sys
import tempfile
import threading
import time
import traceback
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bench_extract import linked  # noqa: E402

TICK_MS = 5
STALL_S = 0.1


class Watch:
    """Notes the longest gap between two ticks, for each stage, and what ran in it."""

    def __init__(self) -> None:
        self.gaps: dict[str, float] = {}
        self.places: dict[str, str] = {}
        self.stage = "start"
        self._last = time.perf_counter()
        self._place = ""
        self._main = threading.main_thread().ident
        threading.Thread(target=self._look, daemon=True).start()

    def tick(self) -> None:
        """Note the time since the last tick."""
        now = time.perf_counter()
        if now - self._last > self.gaps.get(self.stage, 0.0):
            self.gaps[self.stage] = now - self._last
            self.places[self.stage] = self._place
        self._last, self._place = now, ""

    def _look(self) -> None:
        while True:
            time.sleep(STALL_S / 4)
            if time.perf_counter() - self._last > STALL_S / 2 and not self._place:
                frame = sys._current_frames()[self._main]
                stack = traceback.extract_stack(frame)
                inner = [f for f in stack if f.filename != __file__][-4:]
                places = [f"{Path(f.filename).name}:{f.lineno}" for f in inner]
                self._place = " ".join(places) or "Qt"


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
        near, far = multiprocessing.Pipe()
        machine = multiprocessing.get_context("spawn").Process(target=measure_machine, args=(far,))
        machine.start()
        watch = embed(pictures, options.backbone)
        near.send("stop")
        bare = near.recv()
        machine.join()
    for stage, gap in watch.gaps.items():
        print(f"{stage:34}{1000 * gap:7.0f} ms  {watch.places[stage]}")
    print(f"{'a bare loop in another process':34}{1000 * bare:7.0f} ms")


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
        while window.runner.busy:
            app.processEvents()
            time.sleep(0.001)

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
    until = time.perf_counter() + 2
    while time.perf_counter() < until:
        app.processEvents()
        time.sleep(0.001)
    window.close()
    while window.isVisible():
        app.processEvents()
    return watch


def measure_machine(stop: Connection) -> None:
    """Sleep a millisecond over and over until told to stop; answer with the longest gap."""
    longest, last = 0.0, time.perf_counter()
    while not stop.poll():
        time.sleep(0.001)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    stop.send(longest)


if __name__ == "__main__":
    main()
