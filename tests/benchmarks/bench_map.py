"""How fast the map draws, and how fast it finds what a hand points at.

Usage, from the project's folder, on a display (``xvfb-run`` gives one):

    .venv/bin/python tests/benchmarks/bench_map.py [--points 100000 1000000] [--frames 12]

Frames are timed one by one until OpenGL has drawn them, composed into the window or not: the bare
``GLScatterPlotItem`` of pyqtgraph, our points at rest, and our points while the camera turns. The
bare item is timed with points of the same size as ours. Of the frames that are drawn without the
window the quicker ones count, of those on the screen the middle one. Everything is measured in one
run, so that the ratios hold on any machine.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

SIZE = (1200, 800)
HOVERS, LASSOS = 200, 9
QUICK = 0.1  # of the frames are left out as lucky; slower ones say what else the machine was doing


def main() -> None:
    """Print a table for each number of points."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--frames", type=int, default=12)
    options = parser.parse_args()
    from desktop.app import create_application

    app = create_application(["image-embedding"])
    for count in options.points:
        points, colours = cloud(count)
        print(f"{count:,} points")
        bare = measure_bare(app, points, colours, options.frames)
        measure_ours(app, points, colours, options.frames, bare)


def cloud(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return twenty clusters as a projection has them."""
    random = np.random.default_rng(0)
    cluster = random.integers(0, 20, count)
    points = random.normal(size=(20, 3))[cluster] + random.normal(size=(count, 3)) * 0.3
    colours = random.integers(40, 220, (20, 3), np.uint8)[cluster]
    return points.astype(np.float32), colours


def measure_bare(app: object, points: np.ndarray, colours: np.ndarray, frames: int) -> float:
    """Return the frames a second of pyqtgraph's own item."""
    from pyqtgraph.opengl import GLScatterPlotItem, GLViewWidget

    from desktop.views.map_values import as_rgba, in_unit_ball, point_size

    view = GLViewWidget()
    view.resize(*SIZE)
    item = GLScatterPlotItem(
        pos=in_unit_ball(points),
        color=as_rgba(colours).astype(np.float32) / 255,
        size=point_size(len(points)),
        glOptions="opaque",
    )
    view.addItem(item)
    view.setCameraPosition(distance=2.7)
    view.show()
    settle(app)
    rate = frame_rate(view, lambda: view.orbit(1, 0), frames)
    report("bare scatter item", f"{rate:7.1f} frames/s, 28 bytes a point")
    view.close()
    return rate


def measure_ours(
    app: object, points: np.ndarray, colours: np.ndarray, frames: int, bare: float
) -> None:
    """Print what our view does with the same points."""
    from desktop.views.map_view import MapView

    view = MapView()
    view.resize(*SIZE)
    view.show_points(points, colours)
    view.show()
    settle(app)
    still = frame_rate(view, view.update, frames)
    report("ours at rest", f"{still:7.1f} frames/s, 17 bytes a point, {still / bare:.1f} of bare")
    moving = frame_rate(view, lambda: view.orbit(1, 0), 3 * frames)
    report("ours while it turns", f"{moving:7.1f} frames/s, {moving / bare:.1f} of bare")
    composed = window_rate(app, view, 3 * frames)
    report("the same, composed", f"{composed:7.1f} frames/s on the screen")

    view.orbit(1, 0)
    report("first look after a turn", f"{1000 * seconds(view.places):7.1f} ms")
    random = np.random.default_rng(1)
    places = random.uniform((0.2, 0.2), (0.8, 0.8), (HOVERS, 2)) * SIZE
    from PySide6.QtCore import QPointF

    times = [seconds(lambda p=place: view._under(QPointF(*p))) for place in places]
    report("hover", f"{1000 * np.median(times):7.2f} ms, longest {1000 * max(times):.2f} ms")
    turn = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    middle = np.array(SIZE) / 2
    lasso = middle + np.column_stack([np.cos(turn), np.sin(turn)]) * middle * 0.6
    times = [seconds(lambda: view.rows_in_polygon(lasso)) for _ in range(LASSOS)]
    report(
        "lasso of 200 corners",
        f"{1000 * np.median(times):7.2f} ms, longest {1000 * max(times):.2f} ms",
    )
    view.close()


def settle(app: object) -> None:
    """Let the window come up."""
    until = time.perf_counter() + 1.5
    while time.perf_counter() < until:
        app.processEvents()
        time.sleep(0.02)


def frame_rate(view: object, change: Callable[[], object], frames: int) -> float:
    """Return the rate of frames that are drawn one after another, without the window."""
    from OpenGL import GL

    times = []
    view.makeCurrent()
    for _ in range(frames):
        change()
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, view.defaultFramebufferObject())
        times.append(seconds(lambda: (view.paintGL(), GL.glFinish())))
    view.doneCurrent()
    return 1 / float(np.quantile(times[frames // 3 :], QUICK))


def window_rate(app: object, view: object, frames: int) -> float:
    """Return the rate at which a turning map comes to the screen."""
    shown = []
    view.frameSwapped.connect(lambda: shown.append(time.perf_counter()))
    stop = time.perf_counter() + 20
    while len(shown) < frames and time.perf_counter() < stop:
        view.orbit(1, 0)
        app.processEvents()
        time.sleep(0.001)
    return 1 / float(np.median(np.diff(shown[frames // 3 :])))


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def report(what: str, value: str) -> None:
    """Print one line of the table."""
    print(f"  {what:26}{value}", flush=True)


if __name__ == "__main__":
    main()
