"""The point under the cursor is found on the processor, from the camera alone."""

import numpy as np
import pytest
from PySide6.QtGui import QMatrix4x4, QVector3D

from desktop.views.picking import nearest, on_screen


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
