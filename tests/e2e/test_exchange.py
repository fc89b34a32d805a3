"""Exports and imports from the menu, and backbones compared in their panel."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from window_fixtures import SOON_MS, message_of, open_and_wait, save_as, wait_for_job

from desktop.comparing import TICK
from desktop.main_window import MainWindow
from desktop.views.compare_panel import ComparePanel
from desktop.views.export_data_dialog import ExportDataDialog
from engine import pipeline

pytestmark = pytest.mark.gl


@pytest.fixture
def vectors_file(embedded, tmp_path):
    """Noise for each of the 24 pictures and for one that is not there."""
    paths = [*embedded.project.state.projection.paths, "fish/gone.jpg"]
    vectors = np.random.default_rng(0).normal(size=(25, 6))
    np.savez(tmp_path / "noise.npz", vectors=vectors, paths=np.array(paths))
    return tmp_path / "noise.npz"


def choose_file(monkeypatch, *names) -> None:
    """Answer the dialogs for files one after the other."""
    answers = iter((str(name), "") for name in names)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: next(answers))


def export_dialog(window: MainWindow) -> ExportDataDialog:
    window._actions["export_data"].trigger()
    dialog = window.findChild(ExportDataDialog)
    assert dialog is not None
    return dialog


def test_a_table_is_exported_from_the_menu(qtbot, embedded, tmp_path):
    dialog = export_dialog(embedded)
    dialog.choices["csv"].click()
    assert not dialog.dpi.isEnabled()
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    save_as(dialog, tmp_path / "images")
    wait_for_job(qtbot, embedded)
    assert len(pd.read_csv(tmp_path / "images.csv")) == 24
    assert "24 images are in images.csv" in embedded.statusBar().currentMessage()
    assert embedded.status.folder_button.isVisible()


def test_no_file_is_replaced_unasked(qtbot, embedded, tmp_path):
    (tmp_path / "images.csv").write_text("of yesterday")
    dialog = export_dialog(embedded)
    dialog.choices["csv"].click()
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    asked = []

    def refuse() -> None:
        box = QApplication.activeModalWidget()
        asked.append(box.text())
        box.button(QMessageBox.StandardButton.No).click()

    QTimer.singleShot(500, refuse)
    save_as(dialog, tmp_path / "images")
    assert "images.csv already exists" in asked[0]
    assert not embedded.runner.busy
    assert (tmp_path / "images.csv").read_text() == "of yesterday"
    dialog.reject()


def test_the_pair_of_tables_goes_into_a_folder(qtbot, embedded, tmp_path, monkeypatch):
    dialog = export_dialog(embedded)
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(tmp_path / "out"))
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    wait_for_job(qtbot, embedded)
    names = {file.name for file in (tmp_path / "out").iterdir()}
    assert names == {"vectors.tsv", "metadata.tsv"}


def test_only_a_picture_has_a_resolution(qtbot, embedded):
    dialog = export_dialog(embedded)
    dialog.choices["png"].click()
    assert dialog.dpi.isEnabled()
    dialog.reject()
    assert not embedded.runner.busy


def test_a_folder_that_is_not_embedded_has_nothing_to_export(qtbot, window, small_folder):
    open_and_wait(qtbot, window, small_folder)
    window._actions["export_data"].trigger()
    assert window.findChild(ExportDataDialog) is None
    assert "Embed the images first" in window.statusBar().currentMessage()


def test_imported_vectors_are_shown_as_the_map(qtbot, embedded, vectors_file, monkeypatch):
    choose_file(monkeypatch, vectors_file)
    embedded._actions["import_vectors"].trigger()
    wait_for_job(qtbot, embedded)
    state = embedded.project.state
    assert state.opened.recipe.is_imported
    assert len(state.projection.points) == 24
    assert "noise" in embedded.status.facts.text()
    message = embedded.statusBar().currentMessage()
    assert message == "24 of 24 images have a vector. 1 name is not among the images."
    embedded.set_up()  # the chooser of backbones knows no backbone of that name
    assert embedded.pages.setup.options().backbone == "MobileNetV2"


def test_a_run_that_is_shown_for_the_first_time_is_seen_whole(qtbot, embedded, vectors_file):
    page = embedded.pages.map
    page.map.set_camera(replace(page.map.camera(), distance=0.5))
    embedded.parts.binding.keep_view()
    embedded.parts.exchange.bring_in(vectors_file, None)
    wait_for_job(qtbot, embedded)
    seen = page.map.camera()
    page.map.reset_camera()
    assert seen == page.map.camera()


def test_an_array_is_imported_with_a_list_of_paths(qtbot, embedded, tmp_path, monkeypatch):
    paths = embedded.project.state.projection.paths
    np.save(tmp_path / "clip.npy", np.eye(24, 5))
    (tmp_path / "list.txt").write_text("\n".join(paths))
    choose_file(monkeypatch, tmp_path / "clip.npy", tmp_path / "list.txt")
    embedded._actions["import_vectors"].trigger()
    wait_for_job(qtbot, embedded)
    assert embedded.project.state.opened.recipe.dimensions == 5


def test_a_file_that_cannot_be_imported_is_explained(qtbot, embedded, tmp_path, monkeypatch):
    (tmp_path / "x.npz").write_bytes(b"nothing")
    choose_file(monkeypatch, tmp_path / "x.npz")
    before = embedded.project.state.opened
    embedded._actions["import_vectors"].trigger()
    assert "is damaged" in message_of(embedded, qtbot)
    wait_for_job(qtbot, embedded)
    assert embedded.project.state.opened is before


@pytest.fixture
def panel(qtbot, embedded, vectors_file) -> ComparePanel:
    """The panel of a folder with a run of the bundled backbone and one of imported noise."""
    embedded.parts.exchange.bring_in(vectors_file, None)
    wait_for_job(qtbot, embedded)
    embedded._actions["compare_backbones"].trigger()
    qtbot.waitUntil(lambda: embedded.parts.comparing.panel is not None, timeout=SOON_MS)
    wait_for_job(qtbot, embedded)
    return embedded.parts.comparing.panel


def compare(qtbot, window: MainWindow, panel: ComparePanel) -> None:
    qtbot.mouseClick(panel.compare_button, Qt.MouseButton.LeftButton)
    wait_for_job(qtbot, window)


def test_the_status_says_what_to_do_in_the_panel(embedded, panel):
    assert embedded.status.currentMessage() == TICK


def test_backbones_are_compared_and_the_best_is_taken(qtbot, embedded, panel):
    assert len(panel.choice.names) == 2  # what is embedded is ticked
    compare(qtbot, embedded, panel)
    table = panel.table
    texts = [table.topLevelItem(number).text(0) for number in range(2)]
    assert texts == ["noise  (shown)", "MobileNetV2  (best)"]
    assert "24 images" in panel.says.text()
    assert "MobileNetV2 tells the classes apart best" in embedded.statusBar().currentMessage()
    qtbot.mouseClick(panel.use_button, Qt.MouseButton.LeftButton)
    wait_for_job(qtbot, embedded)
    assert embedded.project.state.opened.recipe.backbone == "MobileNetV2"
    assert table.topLevelItem(1).text(0) == "MobileNetV2  (best, shown)"
    assert not panel.use_button.isEnabled()


def test_what_cannot_be_had_is_a_row_that_says_why(qtbot, embedded, panel, monkeypatch):
    panel.choice.tick("VGG16")
    monkeypatch.setattr(
        "desktop.data_jobs.compare", lambda engine, opened, names: _without_network(opened, names)
    )
    compare(qtbot, embedded, panel)
    rows = [panel.table.topLevelItem(number) for number in range(3)]
    assert "VGG16: " in rows[2].text(0)
    assert rows[2].isDisabled()


def _without_network(opened, names):
    from desktop.side_by_side import SideBySide
    from engine import pipeline
    from engine.errors import EngineError
    from engine.projection.options import ProjectionOptions

    def job(progress):
        with pytest.MonkeyPatch.context() as patch:

            def refuse(*_):
                raise EngineError("The weights of VGG16 could not be downloaded; connect.")

            patch.setattr("engine.pipeline.extraction.download", refuse)
            done = pipeline.compare_backbones(
                opened.dataset.folder, names, opened.workspace, progress
            )
        runs = [row.recipe.run for row in done.rows if row.recipe]
        maps = {
            run: pipeline.project(opened.workspace, ProjectionOptions(dims=2), run)[0]
            for run in runs
        }
        return SideBySide(done, maps)

    return job


def test_what_is_selected_on_one_map_is_selected_on_all(qtbot, embedded, panel):
    compare(qtbot, embedded, panel)
    first, second = panel.maps
    place = QPoint(*map(int, first.places[3]))
    corner = QPoint(*map(int, first.places[3] + 3))
    qtbot.mousePress(first, Qt.MouseButton.LeftButton, pos=place - QPoint(3, 3))
    qtbot.mouseMove(first, corner)
    qtbot.mouseRelease(first, Qt.MouseButton.LeftButton, pos=corner)
    state = embedded.project.state
    chosen = {state.projection.paths[row] for row in state.selections.present}
    assert state.projection.paths[3] in chosen
    assert set(first.chosen) == set(second.chosen) == chosen
    embedded.project.select_paths(["fish/fish-01.jpg"])
    assert first.chosen == second.chosen == ("fish/fish-01.jpg",)


def test_a_drag_on_a_small_map_selects_where_it_ends(qtbot, embedded, panel):
    compare(qtbot, embedded, panel)
    first, second = panel.maps
    low, high = first.places.min(axis=0) - 3, first.places.max(axis=0) + 3
    qtbot.mousePress(first, Qt.MouseButton.LeftButton, pos=QPoint(*map(int, low)))
    qtbot.mouseRelease(first, Qt.MouseButton.LeftButton, pos=QPoint(*map(int, high)))
    assert len(first.chosen) == len(second.chosen) == 24
    assert embedded.pages.map.gallery.title.text() == "24 of 24 selected"


def test_the_panel_lists_what_was_imported_since(qtbot, embedded, vectors_file):
    def runs(panel) -> list[str]:
        choice = panel.choice
        items = [choice.topLevelItem(number) for number in range(choice.topLevelItemCount())]
        return [item.text(0) for item in items if item.text(1) == "embedded"]

    embedded._actions["compare_backbones"].trigger()
    qtbot.waitUntil(lambda: embedded.parts.comparing.panel is not None, timeout=SOON_MS)
    panel = embedded.parts.comparing.panel
    assert runs(panel) == ["MobileNetV2"]
    panel.choice.tick("VGG16")
    wait_for_job(qtbot, embedded)
    embedded.parts.exchange.bring_in(vectors_file, None)
    wait_for_job(qtbot, embedded)
    assert sorted(runs(panel)) == ["MobileNetV2", "noise"]
    assert "VGG16" in panel.choice.names
    panel.close()
    other, state = vectors_file.with_name("other.npz"), embedded.project.state
    np.savez(other, vectors=np.eye(24), paths=np.array(state.projection.paths))
    pipeline.import_vectors(other, state.opened.dataset.folder, panel.workspace)
    embedded._actions["compare_backbones"].trigger()
    wait_for_job(qtbot, embedded)
    assert sorted(runs(panel)) == ["MobileNetV2", "noise", "other"]


def test_maps_and_scores_go_when_images_are_moved(qtbot, embedded, panel):
    compare(qtbot, embedded, panel)
    embedded.project.select_paths(["fish/fish-01.jpg"])
    embedded.parts.labelling.assign("trees")
    qtbot.waitUntil(lambda: not embedded.parts.labelling.busy, timeout=SOON_MS)
    assert "Classes were changed since" in panel.says.text()
    embedded.parts.labelling.undo()
    qtbot.waitUntil(lambda: not embedded.parts.labelling.busy, timeout=SOON_MS)
    assert "Judged on 24 images" in panel.says.text()
    embedded.parts.labelling.assign("trees")
    qtbot.waitUntil(lambda: not embedded.parts.labelling.busy, timeout=SOON_MS)
    assert len(panel.maps) == 2
    embedded.parts.repair.apply(False)
    wait_for_job(qtbot, embedded)
    assert panel.maps == []
    assert panel.table.topLevelItemCount() == 0
    assert "compare again" in panel.says.text()


def test_the_panel_shows_how_far_its_job_is(qtbot, embedded, panel):
    seen = []
    embedded.runner.progressed.connect(lambda _: seen.append(panel.bar.isVisible()))
    assert not panel.bar.isVisible()
    compare(qtbot, embedded, panel)
    assert seen
    assert all(seen)
    assert not panel.bar.isVisible()


def test_the_panel_is_smaller_than_a_small_window(qtbot, embedded):
    embedded.resize(1000, 640)
    embedded._actions["compare_backbones"].trigger()
    qtbot.waitUntil(lambda: embedded.parts.comparing.panel is not None, timeout=SOON_MS)
    panel = embedded.parts.comparing.panel
    assert panel.width() < embedded.width()
    assert panel.height() < embedded.height()


def test_a_click_beside_all_points_ends_the_selection(qtbot, embedded, panel):
    compare(qtbot, embedded, panel)
    embedded.project.select_paths(["fish/fish-01.jpg"])
    qtbot.mouseClick(panel.maps[0], Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    assert panel.maps[1].chosen == ()


def test_the_panel_closes_with_its_dataset(qtbot, embedded, panel):
    embedded.close_folder()
    assert not panel.isVisible()
    assert embedded.parts.comparing.panel is None
