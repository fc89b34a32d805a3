"""The row above the map, by itself."""

import pytest
from PySide6.QtCore import Qt
from window_fixtures import SOON_MS

from desktop.theme import SPACE
from desktop.views.map_controls import MapControls
from engine.colouring import SUGGESTED


@pytest.fixture
def controls(qtbot) -> MapControls:
    controls = MapControls()
    qtbot.addWidget(controls)
    controls.show()
    qtbot.waitExposed(controls, timeout=SOON_MS)
    return controls


def unfold(qtbot, controls: MapControls) -> None:
    controls.menu.popup(controls.mapToGlobal(controls.rect().bottomLeft()))
    qtbot.waitUntil(controls.menu.isVisible, timeout=SOON_MS)


def test_the_options_have_the_room_that_each_way_of_making_a_map_needs(qtbot, controls):
    unfold(qtbot, controls)
    controls.menu.close()
    for method in ("umap", "tsne", "axes", "pca"):
        controls.show_map(method, 3)
        unfold(qtbot, controls)
        assert controls.form.height() >= controls.form.minimumSizeHint().height()
        assert controls.menu.rect().contains(controls.form.geometry())
        qtbot.keyClick(controls.menu, Qt.Key.Key_Escape)


def test_what_is_searched_can_be_read_in_the_narrowest_window(qtbot, controls):
    controls.show_colouring(SUGGESTED)
    controls.resize(controls.minimumSizeHint())
    room = controls.search.fontMetrics().horizontalAdvance("IMG_5346")
    qtbot.waitUntil(lambda: controls.width() < 1000, timeout=SOON_MS)
    assert controls.search.width() > room + 2 * SPACE
    assert controls.colour.width() >= controls.colour.sizeHint().width()
