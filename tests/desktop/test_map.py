"""The map in a real window: turned, pointed at and selected in by clicks and keys."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QProxyStyle, QStyle
from window_fixtures import SOON_MS

from desktop.theme import DARK, LIGHT
from desktop.views.camera import Camera
from desktop.views.map_view import MapView

pytestmark = pytest.mark.gl

LEFT, NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
RED, GREEN, BLUE = (214, 40, 40), (40, 180, 60), (40, 60, 230)
# Three heaps of ten points: left, in the middle and right, as the straight view from above shows.
HEAPS = np.repeat(np.array([(-1, 0, 0), (0, 0, 0), (1, 0, 0)], np.float32), 10, axis=0)
POINTS = HEAPS + np.random.default_rng(0).normal(size=(30, 3)).astype(np.float32) * 0.05
COLOURS = np.repeat(np.array([RED, GREEN, BLUE], np.uint8), 10, axis=0)
LEFT_HEAP, RIGHT_HEAP = list(range(10)), list(range(20, 30))


@pytest.fixture
def view(qtbot) -> Iterator[MapView]:
    """A map of three heaps, seen from straight above."""
    view = MapView()
    view.resize(600, 400)
    view.show_points(POINTS, COLOURS)
    view.look_from(-90, 90)
    view.show()
    qtbot.waitExposed(view, timeout=SOON_MS)
    yield view
    view.close()
    view.deleteLater()


@pytest.fixture
def selections(view) -> list[list[int]]:
    """What the map says was selected, each time."""
    said: list[list[int]] = []
    view.selected.connect(lambda rows: said.append(rows.tolist()))
    return said


def send(view: MapView, kind: QEvent.Type, place: QPoint, button, buttons, keys) -> None:
    """The event goes to the view itself, not through the display's cursor."""
    screen = view.mapToGlobal(place).toPointF()
    event = QMouseEvent(kind, place.toPointF(), screen, button, buttons, keys)
    QApplication.sendEvent(view, event)


def drag(view: MapView, *places: tuple[float, float], keys=PLAIN, release: bool = True) -> None:
    first, *others = (QPoint(round(x), round(y)) for x, y in places)
    send(view, QEvent.Type.MouseButtonPress, first, LEFT, LEFT, keys)
    for place in others:
        send(view, QEvent.Type.MouseMove, place, NO_BUTTON, LEFT, keys)
    if release:
        send(view, QEvent.Type.MouseButtonRelease, others[-1], LEFT, NO_BUTTON, keys)


def around(view: MapView, rows: list[int], spare: float = 12) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of some points in the view."""
    places = [view.place_of(row) for row in rows]
    x, y = [p.x() for p in places], [p.y() for p in places]
    return min(x) - spare, min(y) - spare, max(x) + spare, max(y) + spare


def encircle(view: MapView, rows: list[int], **how) -> None:
    left, top, right, bottom = around(view, rows)
    drag(view, (left, top), (right, top), (right, bottom), (left, bottom), **how)


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


def count_of(view: MapView, colour: tuple[int, int, int]) -> int:
    """How many pixels of the map have about this colour."""
    distance = np.abs(pixels(view.grabFramebuffer()) - colour).max(axis=2)
    return int((distance <= 30).sum())


def click(view: MapView, row: int) -> None:
    place = view.place_of(row).toPoint()
    send(view, QEvent.Type.MouseButtonPress, place, LEFT, LEFT, PLAIN)
    send(view, QEvent.Type.MouseButtonRelease, place, LEFT, NO_BUTTON, PLAIN)


def test_a_click_on_a_point_picks_it_and_one_beside_picks_none(view):
    picked = []
    view.picked.connect(picked.append)
    view.show_only(np.arange(30) == 4)
    click(view, 4)
    drag(view, (3, 3), (3, 3))
    assert picked == [4, None]


def test_a_hidden_point_is_neither_drawn_nor_picked(view):
    picked = []
    view.picked.connect(picked.append)
    view.show_only(np.arange(30) >= 10)
    assert view.shown_count == 20
    assert count_of(view, RED) == 0
    click(view, 4)
    assert picked == [None]


def test_a_box_selects_what_lies_in_it(view, selections):
    view.set_tool("box")
    left, top, right, bottom = around(view, LEFT_HEAP)
    drag(view, (left, top), (right, bottom))
    assert selections == [LEFT_HEAP]


def test_shift_adds_with_a_lasso_and_alt_takes_away(view, selections):
    encircle(view, LEFT_HEAP, keys=SHIFT)
    encircle(view, RIGHT_HEAP, keys=SHIFT)
    encircle(view, LEFT_HEAP, keys=ALT)
    assert selections == [LEFT_HEAP, LEFT_HEAP + RIGHT_HEAP, RIGHT_HEAP]


def test_the_lasso_tool_replaces_what_was_selected(view, selections):
    view.set_tool("lasso")
    encircle(view, LEFT_HEAP)
    encircle(view, RIGHT_HEAP)
    assert selections == [LEFT_HEAP, RIGHT_HEAP]


def test_hidden_points_are_not_selected(view, selections):
    view.show_only(np.arange(30) != 3)
    encircle(view, LEFT_HEAP, keys=SHIFT)
    assert selections == [[row for row in LEFT_HEAP if row != 3]]


def test_points_outside_a_selection_turn_grey_and_come_back(view, selections):
    assert count_of(view, BLUE) > 50
    encircle(view, LEFT_HEAP, keys=SHIFT)
    assert count_of(view, RED) > 50
    assert count_of(view, BLUE) == 0
    view.select(np.zeros(0, np.int64))
    assert count_of(view, BLUE) > 50


def test_escape_gives_up_a_lasso(view, selections, qtbot):
    left, top, right, bottom = around(view, LEFT_HEAP)
    drag(view, (left, top), (right, top), (right, bottom), keys=SHIFT, release=False)
    assert view.overlay.isVisible()
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert not view.overlay.isVisible()
    end = QPoint(round(left), round(bottom))
    send(view, QEvent.Type.MouseButtonRelease, end, LEFT, NO_BUTTON, SHIFT)
    assert selections == []


def test_a_plain_drag_turns_the_map_and_selects_nothing(view, selections):
    before = view.camera()
    drag(view, (300, 200), (360, 180))
    assert view.camera().azimuth != before.azimuth
    assert selections == []


def test_a_flat_map_is_moved_by_dragging_and_does_not_turn(view):
    view.set_flat(True)
    before, place = view.camera(), view.place_of(0)
    drag(view, (300, 200), (360, 180))
    after = view.camera()
    assert (after.azimuth, after.elevation) == (before.azimuth, before.elevation)
    moved = view.place_of(0) - place
    assert (moved.x(), moved.y()) == pytest.approx((60, -20), abs=1.5)


def test_leaving_two_dimensions_shows_the_map_as_it_was_seen_before(view):
    view.look_from(20, 30)
    before = view.camera()
    changes = []
    view.flat_changed.connect(changes.append)
    view.set_flat(True)
    assert view.camera().flat
    view.set_flat(False)
    assert (view.camera().azimuth, view.camera().elevation) == (before.azimuth, before.elevation)
    assert changes == [True, False]


@pytest.mark.parametrize("size", [(600, 400), (900, 300), (400, 600)])
def test_the_first_view_of_a_flat_map_has_room_for_strays(view, size):
    rim = np.array([(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0)], np.float32)
    strays = np.array([(0, 1.1, 0), (0, -1.1, 0)], np.float32)
    view.resize(*size)
    view.show_points(np.vstack([np.repeat(rim, 100, axis=0), strays]), [RED] * 402)
    view.set_flat(True)  # from the first view of the deep map
    for _ in range(2):
        places = [view.place_of(row) for row in range(402)]
        assert all(0 < place.x() < size[0] and 0 < place.y() < size[1] for place in places)
        view.zoom(3)
        view.reset_camera()


def test_the_first_view_of_the_deep_map_is_had_again_after_the_flat_one(view):
    view.reset_camera()
    view.look_from(20, 30)
    before = view.camera()
    view.set_flat(True)
    view.set_flat(False)
    assert view.camera() == before


def test_how_near_the_map_is_stays_when_it_becomes_flat(view):
    view.zoom(4)
    before = view.camera().distance
    view.set_flat(True)
    assert view.camera().distance == before


def test_without_perspective_height_does_not_matter(view):
    stacked = np.array([(0.5, 0, -1), (0.5, 0, 1), (-1, 0, 0)], np.float32)
    view.show_points(stacked, [RED, GREEN, BLUE])
    view.set_flat(True)
    low, high = view.place_of(0), view.place_of(1)
    assert (low - high).manhattanLength() < 0.1


def test_a_camera_is_kept_and_restored(view):
    camera = Camera((0.25, 0.5, -0.125), 1.5, 10, 20)
    view.set_camera(camera)
    place = view.place_of(7)
    assert view.camera() == camera
    view.set_flat(True)
    view.set_camera(camera)
    assert view.place_of(7) == place


def test_flying_to_some_points_fills_the_view_with_them(view, qtbot):
    view.fly_to(np.array(RIGHT_HEAP))
    qtbot.waitUntil(lambda: view.camera().distance < 0.6, timeout=SOON_MS)
    qtbot.waitUntil(lambda: abs(view.place_of(25).x() - 300) < 200, timeout=SOON_MS)
    left, top, right, bottom = around(view, RIGHT_HEAP, 0)
    assert left > 0
    assert right < 600
    assert max(right - left, bottom - top) > 100


def test_beside_a_panel_points_are_drawn_around_the_middle_and_picked_where_they_are_drawn(
    view, qtbot
):
    picked = []
    view.picked.connect(picked.append)
    view.show_grid(False)
    for width, height in ((240, 380), (500, 160)):
        view.resize(width, height)
        drawn = pixels(view.grabFramebuffer())
        ys, xs = np.nonzero(np.abs(drawn - drawn[0, 0]).max(axis=2) > 30)
        left, top, right, bottom = around(view, list(range(30)), 0)
        found = xs.min(), ys.min(), xs.max(), ys.max()
        assert found == pytest.approx((left, top, right, bottom), abs=8)
        assert (left + right) / 2 == pytest.approx(width / 2, abs=width * 0.05)
        assert (top + bottom) / 2 == pytest.approx(height / 2, abs=height * 0.05)
        for row in (4, 25):
            view.show_only(np.arange(30) == row)
            click(view, row)
            view.show_only(np.ones(30, bool))
    assert picked == [4, 25, 4, 25]


def test_the_wheel_zooms_within_limits(view):
    for _ in range(100):
        event = QWheelEvent(
            QPointF(300, 200),
            QPointF(300, 200),
            QPoint(),
            QPoint(0, 240),
            NO_BUTTON,
            PLAIN,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(view, event)
    assert view.camera().distance == pytest.approx(0.05)


def test_the_turntable_turns_until_it_is_stopped(view, qtbot):
    before = view.camera().azimuth
    view.turntable(True)
    qtbot.waitUntil(lambda: view.camera().azimuth > before + 0.5, timeout=SOON_MS)
    view.turntable(False)
    stopped = view.camera().azimuth
    qtbot.wait(100)
    assert view.camera().azimuth == stopped


def test_points_wander_to_their_new_places_even_when_called_back_on_the_way(view, qtbot):
    start = view.place_of(0)
    view.move_points(POINTS * (-1, 1, 1))
    qtbot.waitUntil(lambda: view.place_of(0).x() > start.x() + 5, timeout=SOON_MS)
    view.move_points(POINTS)
    qtbot.waitUntil(lambda: abs(view.place_of(0).x() - start.x()) < 0.1, timeout=SOON_MS)


class WithoutMotion(QProxyStyle):
    def styleHint(self, hint, option=None, widget=None, returned=None):
        if hint == QStyle.StyleHint.SH_Widget_Animation_Duration:
            return 0
        return super().styleHint(hint, option, widget, returned)


@pytest.fixture(scope="module")
def still() -> WithoutMotion:
    """A style that outlives the view: a widget does not own its style."""
    return WithoutMotion("Fusion")


def test_who_asks_for_no_motion_sees_the_new_places_at_once(view, still):
    view.setStyle(still)
    start = view.place_of(0)
    view.move_points(POINTS * (-1, 1, 1))
    assert view.place_of(0).x() == pytest.approx(600 - start.x(), abs=1)


def test_only_a_point_that_is_not_well_within_the_view_is_brought_to_the_middle(view, still):
    view.setStyle(still)
    before = view.camera()
    for row in (0, 15, 29):
        view.bring_into_view(row)
    assert view.camera() == before
    view.zoom(5)  # now the heaps aside are out of sight
    view.bring_into_view(25)
    assert (view.place_of(25).x(), view.place_of(25).y()) == pytest.approx((300, 200), abs=0.1)
    view.set_camera(Camera((0.0, 2.0, 0.0), 1.0, -90, 0))  # and the middle one behind the eye
    view.bring_into_view(15)
    assert (view.place_of(15).x(), view.place_of(15).y()) == pytest.approx((300, 200), abs=0.1)


def test_as_many_places_as_points_are_wanted(view):
    with pytest.raises(ValueError, match="3 places for 30 points"):
        view.move_points(np.zeros((3, 3), np.float32))


def test_other_colours_leave_selection_and_places_alone(view):
    view.select(np.array(LEFT_HEAP))
    place = view.place_of(0)
    view.recolour(np.tile(np.array([BLUE], np.uint8), (30, 1)))
    assert count_of(view, BLUE) > 50
    assert view.selected_rows.tolist() == LEFT_HEAP
    assert view.place_of(0) == place


def test_names_stand_on_their_classes_and_can_be_hidden(view):
    view.show_labels([("red", np.arange(30) < 10), ("blue", np.arange(30) >= 20)])
    bare = pixels(view.grab().toImage())
    assert view.overlay.isVisible()
    view.set_labels_visible(False)
    assert not view.overlay.isVisible()
    assert (bare != pixels(view.grab().toImage())).any()


@pytest.mark.parametrize("size", [(300, 200), (1500, 1000), (4200, 2800)])
def test_a_snapshot_of_any_size_shows_the_same_map(view, size):
    image = view.snapshot(*size)
    assert (image.width(), image.height()) == size
    seen = pixels(image)
    red = np.abs(seen - RED).max(axis=2) <= 30
    heap = np.mean([view.place_of(row).toTuple() for row in LEFT_HEAP], axis=0)
    y, x = np.nonzero(red)
    scale = size[0] / 600
    assert (x.mean() / scale, y.mean() / scale) == pytest.approx(heap, abs=8)
    share = red.mean()
    assert share == pytest.approx(count_of(view, RED) / (600 * 400), rel=0.35)


def test_pictures_stand_on_their_points_and_can_be_clicked_anywhere(view):
    picked = []
    view.picked.connect(picked.append)
    white = np.full((1, 64, 64, 3), (250, 20, 250), np.uint8)
    view.show_pictures(np.array([25]), white)
    assert count_of(view, (250, 20, 250)) > 500
    place = view.place_of(25).toPoint() + QPoint(12, -12)
    send(view, QEvent.Type.MouseButtonPress, place, LEFT, LEFT, PLAIN)
    send(view, QEvent.Type.MouseButtonRelease, place, LEFT, NO_BUTTON, PLAIN)
    assert picked == [25]
    view.show_only(np.arange(30) != 25)
    assert count_of(view, (250, 20, 250)) == 0


def test_floor_and_axes_can_be_hidden(view):
    view.look_from(35, 22)
    view.show_grid(False)
    view.show_only(np.zeros(30, bool))
    assert np.ptp(pixels(view.grabFramebuffer()).reshape(-1, 3), axis=0).max() == 0
    view.show_axes(True)
    assert np.ptp(pixels(view.grabFramebuffer()).reshape(-1, 3), axis=0).max() > 50


def test_dimmed_points_are_seen_on_dark_and_on_light(view):
    view.select(np.array(LEFT_HEAP))
    for theme in (DARK, LIGHT):
        view.set_theme(theme)
        x, y = view.place_of(25).toTuple()
        ratio = view.devicePixelRatioF()
        image = pixels(view.grabFramebuffer())
        point, background = image[int(y * ratio), int(x * ratio)], image[5, 5]
        assert np.abs(point - background).max() > 25
