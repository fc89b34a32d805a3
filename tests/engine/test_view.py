"""How a project was looked at last."""

import pytest

from engine import pipeline
from engine.projection import ProjectionOptions
from engine.workspace import View, read_view, save_view

VIEW = View("umap", 2, {"distance": 1.5, "azimuth_deg": 30.0}, {"fish": 1, "trees": 0})


def test_a_view_is_kept(tmp_path):
    save_view(tmp_path, VIEW)
    assert read_view(tmp_path) == VIEW


ENDLESS = b'{"method": "umap", "dims": 2, "camera": {}, "colours": {"fish": Infinity}}'


@pytest.mark.parametrize("content", [None, b"", b"{}", b"[]", b'{"camera": 3}', b"\xff", ENDLESS])
def test_without_a_usable_one_there_is_the_first_view(tmp_path, content):
    if content is not None:
        (tmp_path / "view.json").write_bytes(content)
    assert read_view(tmp_path) == View()


def test_a_view_of_before_classes_kept_their_colours_is_read(tmp_path):
    (tmp_path / "view.json").write_text('{"method": "umap", "dims": 2, "camera": {}}')
    assert read_view(tmp_path) == View("umap", 2)


@pytest.mark.parametrize("number", ["-1", "1" + "0" * 400])
def test_numbers_that_are_no_colours_are_passed_over(tmp_path, number):
    kept = f'{{"method": "umap", "dims": 2, "camera": {{}}, "colours": {{"fish": {number}}}}}'
    (tmp_path / "view.json").write_text(kept)
    assert read_view(tmp_path) == View("umap", 2)


def test_a_folder_opens_with_the_map_that_was_seen_last(embedded_folder):
    root = embedded_folder.workspace
    seen, _ = pipeline.project(root, ProjectionOptions("umap", 2))
    save_view(root, VIEW)
    opened = pipeline.open_folder(root)
    assert opened.projection.method == "umap"
    assert opened.projection.points.tolist() == seen.points.tolist()
    assert opened.view == VIEW


def test_a_map_that_is_not_kept_any_more_is_no_obstacle(embedded_folder):
    save_view(embedded_folder.workspace, View("tsne", 2))
    assert pipeline.open_folder(embedded_folder.workspace).projection.method == "pca"
    save_view(embedded_folder.workspace, View())
