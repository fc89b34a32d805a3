"""How a project was looked at last."""

import pytest

from engine import pipeline
from engine.projection import ProjectionOptions
from engine.workspace import View, read_view, save_view

VIEW = View("umap", 2, {"distance": 1.5, "azimuth_deg": 30.0})


def test_a_view_is_kept(tmp_path):
    save_view(tmp_path, VIEW)
    assert read_view(tmp_path) == VIEW


@pytest.mark.parametrize("content", [None, b"", b"{}", b"[]", b'{"camera": 3}', b"\xff"])
def test_without_a_usable_one_there_is_the_first_view(tmp_path, content):
    if content is not None:
        (tmp_path / "view.json").write_bytes(content)
    assert read_view(tmp_path) == View()


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
