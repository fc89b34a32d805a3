"""The window lets a process of its own compute, which ends with it."""

from multiprocessing import active_children

from window_fixtures import SOON_MS

from engine import pipeline
from engine.progress import Progress


def test_the_process_that_computes_ends_with_the_window(qtbot, window, sample_folder, tmp_path):
    before = set(active_children())
    root = tmp_path / "no workspace yet"
    call = window.parts.engine.call
    opened = call(pipeline.open_folder, sample_folder, root, progress=Progress())
    assert len(opened.dataset.images) == 320
    assert len(set(active_children()) - before) == 1
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=SOON_MS)
    assert set(active_children()) <= before
