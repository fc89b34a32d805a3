"""Where points of a small map lie, and which of them a box or a click means."""

import numpy as np
from PySide6.QtCore import QPoint, QRect, QSize

from desktop.views.small_map import MARGIN, fitted, rows_within

POINTS = np.array([[0, 0], [2, 0], [2, 1]], np.float32)


def test_a_map_is_as_large_as_fits_and_upright():
    places = fitted(POINTS, 220, 220)
    assert places[:, 0].min() == MARGIN
    assert places[:, 0].max() == 220 - MARGIN
    assert places[2, 1] < places[1, 1]  # up is up
    assert np.ptp(places[:, 0]) == 2 * np.ptp(places[:, 1])


def test_points_that_lie_together_have_a_place():
    assert np.isfinite(fitted(np.zeros((2, 2), np.float32), 100, 100)).all()


def test_a_box_means_what_lies_in_it():
    places = np.array([[10.0, 10], [50, 50], [90, 90]])
    assert rows_within(places, QRect(QPoint(0, 0), QPoint(60, 60))).tolist() == [0, 1]


def test_a_click_means_the_nearest_point_unless_it_is_far():
    places = np.array([[10.0, 10], [14, 10], [90, 90]])
    assert rows_within(places, QRect(QPoint(13, 10), QSize(1, 1))).tolist() == [1]
    assert rows_within(places, QRect(QPoint(50, 50), QSize(1, 1))).tolist() == []
