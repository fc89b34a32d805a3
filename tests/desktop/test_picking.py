"""The point under the cursor is found on the processor, from the camera alone."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMatrix4x4, QPolygonF, QVector3D

from desktop.views.picking import ScreenGrid, combine, in_box, in_polygon, nearest, on_screen


@pytest.fixture
def transform() -> np.ndarray:
    """A camera on the z axis, five units away, looking at the origin."""
    matrix = QMatrix4x4()
    matrix.perspective(60, 2.0, 0.1, 100)
    matrix.lookAt(QVector3D(0, 0, 5), QVector3D(0, 0, 0), QVector3D(0, 1, 0))
    return np.array(matrix.copyDataTo(), np.float32).reshape(4, 4)


def points(*rows: tuple[float, float, float]) -> np.ndarray:
    return np.array(rows, np.float32)


def test_the_centre_of_the_map_lies_in_the_middle_of_the_view(transform):
    screen = on_screen(points((0, 0, 0)), transform, 400, 200)
    assert screen[0, :2] == pytest.approx((200, 100), abs=1e-3)


def test_x_grows_to_the_right_and_y_grows_downwards(transform):
    right, up = on_screen(points((1, 0, 0), (0, 1, 0)), transform, 400, 200)
    assert right[0] > 200
    assert up[1] < 100


def test_a_point_behind_the_camera_is_nowhere(transform):
    screen = on_screen(points((0, 0, 9)), transform, 400, 200)
    assert np.isnan(screen).all()
    assert nearest(screen, 200, 100, 50) is None


def test_of_two_points_under_the_cursor_the_one_in_front_is_found(transform):
    screen = on_screen(points((0, 0, -1), (0, 0, 1), (0, 0, 0)), transform, 400, 200)
    assert nearest(screen, 200, 100, 5) == 1


def test_nothing_is_found_beyond_the_radius(transform):
    screen = on_screen(points((0, 0, 0)), transform, 400, 200)
    assert nearest(screen, 204, 100, 5) == 0
    assert nearest(screen, 206, 100, 5) is None


def test_an_empty_map_has_nothing_under_the_cursor(transform):
    screen = on_screen(np.zeros((0, 3), np.float32), transform, 400, 200)
    assert nearest(screen, 200, 100, 5) is None


@pytest.fixture
def cloud(transform) -> np.ndarray:
    """The places of 5,000 points in a view of 400 x 200; some lie outside or behind."""
    random = np.random.default_rng(0)
    return on_screen(random.normal(size=(5000, 3)).astype(np.float32) * 2, transform, 400, 200)


def test_looking_into_cells_finds_the_same_point_as_looking_at_all(cloud):
    grid = ScreenGrid(cloud, 400, 200)
    visible = (cloud[:, :2] >= 0).all(axis=1) & (cloud[:, :2] <= (400, 200)).all(axis=1)
    inside = np.where(visible[:, None], cloud, np.nan)
    for x, y in np.random.default_rng(1).uniform((0, 0), (400, 200), (300, 2)):
        assert grid.nearest(x, y, 6) == nearest(inside, x, y, 6)


def test_outside_the_view_nothing_is_found(cloud):
    grid = ScreenGrid(cloud, 400, 200)
    assert grid.nearest(-50, 100, 6) is None
    assert grid.nearest(200, 900, 6) is None


def test_a_dimmed_point_is_found_only_where_no_other_one_is(transform):
    screen = on_screen(points((0, 0, 1), (0, 0, 0), (1, 0, 0)), transform, 400, 200)
    grid = ScreenGrid(screen, 400, 200, order=np.array([1, 0, 1], np.uint8))
    assert grid.nearest(200, 100, 5) == 1
    assert grid.nearest(*screen[2, :2], 5) == 2


def test_a_box_is_the_same_from_each_of_its_corners(cloud):
    rows = in_box(cloud, 100, 50, 300, 150)
    assert len(rows) > 100
    assert (in_box(cloud, 300, 50, 100, 150) == rows).all()
    places = cloud[rows]
    assert (places[:, 0] >= 100).all()
    assert (places[:, 1] <= 150).all()


def test_points_behind_the_camera_are_in_no_box_and_no_lasso(transform):
    screen = on_screen(points((0, 0, 9), (0, 0, 0)), transform, 400, 200)
    assert in_box(screen, 0, 0, 400, 200).tolist() == [1]
    assert in_polygon(screen, np.array([(0, 0), (400, 0), (400, 200), (0, 200)])).tolist() == [1]


def test_a_lasso_around_a_box_holds_what_the_box_holds(cloud):
    corners = np.array([(100, 50), (300, 50), (300, 150), (100, 150)])
    assert (in_polygon(cloud, corners) == in_box(cloud, 100, 50, 300, 150)).all()


def test_a_lasso_that_crosses_itself_leaves_out_what_it_encircles_twice():
    screen = points((10, 10, 0), (50, 50, 0))
    twice = np.array([(0, 0), (100, 0), (100, 100), (0, 100), (0, 0), (30, 0), (30, 30), (0, 30)])
    assert in_polygon(screen, twice).tolist() == [1]


def test_a_lasso_agrees_with_qt(cloud):
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    radius = 60 + 35 * np.cos(5 * turn)  # a flower
    corners = np.column_stack([200 + radius * np.cos(turn), 100 + radius * np.sin(turn)])
    polygon = QPolygonF([QPointF(*corner) for corner in corners.astype(np.float32).tolist()])
    rule = Qt.FillRule.OddEvenFill
    seen = np.flatnonzero(np.abs(cloud[:, 2]) <= 1)
    expected = [i for i in seen if polygon.containsPoint(QPointF(*map(float, cloud[i, :2])), rule)]
    assert in_polygon(cloud, corners).tolist() == expected


@pytest.mark.parametrize("turns", [1, 2])
@pytest.mark.parametrize("reach", [30, 90, 200])
def test_the_grid_finds_in_a_lasso_what_a_look_at_each_point_finds(cloud, turns, reach):
    turn = np.linspace(0, 2 * np.pi * turns, 90, endpoint=False)
    radius = reach * (1 + 0.4 * np.cos(3.5 * turn))  # leaves the view when it is large
    corners = np.column_stack([190 + radius * np.cos(turn), 90 + radius * np.sin(turn)])
    seen = in_box(cloud, 0, 0, 400, 200)
    expected = np.intersect1d(in_polygon(cloud, corners), seen)
    assert len(expected) > 50
    assert (ScreenGrid(cloud, 400, 200).in_polygon(corners) == expected).all()


def test_a_line_encircles_nothing(cloud):
    assert not len(ScreenGrid(cloud, 400, 200).in_polygon(np.array([(0, 0), (400, 200)])))
    assert not len(in_polygon(cloud, np.array([(0, 0), (400, 200)])))


@pytest.mark.parametrize(
    ("how", "rows"), [("replace", [4, 5]), ("add", [1, 2, 4, 5]), ("subtract", [1, 2])]
)
def test_selections_are_replaced_joined_and_taken_away(how, rows):
    assert combine(np.array([1, 2, 4]), np.array([5, 4]), how).tolist() == rows
