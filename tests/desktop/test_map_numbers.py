"""What the map computes before it draws: cameras, names, pictures, how many points."""

import numpy as np
import pytest

from desktop.views.atlas import build_atlas, picture_scale
from desktop.views.camera import Camera, between, framing
from desktop.views.label_layout import place_labels
from desktop.views.level_of_detail import FRAME_S, LEAST, SMOOTH_MAX, Detail, Smoothness
from desktop.views.map_names import as_names, place_names
from desktop.views.map_values import as_rgba, in_unit_ball, point_size
from desktop.views.picture_choice import choose_pictures


def test_a_flight_ends_exactly_where_it_should_and_turns_the_short_way():
    start, goal = Camera(azimuth=170), Camera((1, 2, 3), 1.0, -170, 45)
    assert between(start, goal, 1.0) == goal
    assert between(start, goal, 0.5).azimuth == 180


def test_a_camera_that_frames_points_looks_at_their_middle_from_the_same_side():
    cube = np.array([(x, y, z) for x in (4, 6) for y in (0, 2) for z in (0, 2)], np.float32)
    camera = framing(Camera(), cube, 0.5)
    assert camera.centre == (5, 1, 1)
    assert (camera.azimuth, camera.elevation) == (Camera().azimuth, Camera().elevation)
    assert framing(Camera(), cube * 2, 0.5).distance == pytest.approx(2 * camera.distance)
    assert framing(Camera(), cube, 1.0).distance < camera.distance, "more room, nearer"


def test_one_point_is_framed_from_a_little_way_off():
    assert framing(Camera(), np.zeros((1, 3), np.float32), 0.5).distance > 0.1


def test_of_two_names_at_one_place_that_of_the_larger_class_stays():
    anchors = np.array([(100, 100), (105, 102), (300, 100)])
    placed = place_labels(anchors, [(50, 16)] * 3, [10, 20, 5], 400, 200)
    assert sorted(placed) == [1, 2]


def test_a_name_at_the_edge_is_pushed_inside_and_one_behind_the_camera_left_out():
    anchors = np.array([(2, 2), (np.nan, np.nan), (-1, 50)])
    assert place_labels(anchors, [(50, 16)] * 3, [1, 1, 1], 400, 200) == {0: (0, 0, 50, 16)}


def test_a_name_stands_in_the_middle_of_its_visible_points():
    points = np.array([(0, 0, 0), (1, 0, 0), (2, 0, 0), (9, 9, 9)], np.float32)
    names = as_names([("fish", np.array([True, True, True, False])), ("none", np.zeros(4, bool))])
    (label,) = place_names(names, points, np.ones(4, bool))
    assert (label.text, label.centre.tolist(), label.weight) == ("fish", [1, 0, 0], 3)
    (label,) = place_names(names, points, np.array([False, True, False, True]))
    assert (label.centre.tolist(), label.weight) == ([1, 0, 0], 1)


def test_pictures_are_the_nearest_of_each_square_of_the_view():
    screen = np.array([(5, 5, 0.5), (6, 6, 0.1), (60, 5, 0.9), (500, 5, 0), (7, 7, np.nan)])
    assert choose_pictures(screen.astype(np.float32), 100, 100, 50).tolist() == [1, 2]


def test_of_too_many_pictures_the_nearest_ones_are_shown():
    random = np.random.default_rng(0)
    screen = random.uniform((0, 0, -1), (800, 600, 1), (20_000, 3)).astype(np.float32)
    rows = choose_pictures(screen, 800, 600, 20, limit=100)
    assert len(set(rows.tolist())) == 100
    assert (np.diff(screen[rows, 2]) >= 0).all()


def test_each_picture_is_found_again_in_the_atlas():
    thumbnails = np.random.default_rng(0).integers(0, 255, (7, 8, 8, 3), np.uint8)
    atlas, edges = build_atlas(thumbnails)
    height, width = atlas.shape[:2]
    for picture, (left, top, right, bottom) in zip(thumbnails, edges, strict=True):
        columns = slice(int(left * width), int(right * width) + 1)
        lines = slice(int(top * height), int(bottom * height) + 1)
        assert (atlas[lines, columns, :3] == picture).all()


def test_an_atlas_takes_no_more_than_every_opengl_can_hold():
    atlas, edges = build_atlas(np.zeros((20, 1500, 1500, 3), np.uint8))
    assert max(atlas.shape) <= 4096
    assert len(edges) == 4


def test_pictures_grow_when_near_but_not_without_end():
    transform = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 1, 0]], np.float32)
    depths = np.array([(0, 0, 0.01), (0, 0, 1), (0, 0, 2), (0, 0, 100)], np.float32)
    assert picture_scale(depths, transform, 2.0).tolist() == pytest.approx([2.5, 2.0, 1.0, 0.6])
    assert picture_scale(depths, transform, 0).tolist() == [1, 1, 1, 1]


def test_a_map_is_centred_and_scaled_whatever_its_numbers():
    points = np.random.default_rng(0).normal(1e4, 500, (1000, 2)).astype(np.float32)
    placed = in_unit_ball(points)
    assert placed.shape == (1000, 3)
    low, high = np.percentile(placed, (1, 99), axis=0)
    np.testing.assert_allclose(low, -high, atol=1e-3)
    assert 0.95 < (np.linalg.norm(placed, axis=1) <= 1).mean() < 1
    assert in_unit_ball(np.ones((5, 3), np.float32)).tolist() == np.zeros((5, 3)).tolist()


def test_a_small_group_far_away_does_not_push_the_rest_to_the_edge():
    crowd = np.random.default_rng(0).normal(0, 0.1, (900, 3))
    group = crowd[:100] + np.array([10.0, 0, 0])
    placed = in_unit_ball(np.concatenate([crowd, group]).astype(np.float32))
    assert placed[:900, 0].mean() == pytest.approx(-placed[900:, 0].mean(), abs=0.05)


def test_colours_may_be_triples_or_arrays():
    assert as_rgba([(1, 2, 3)]).tolist() == [[1, 2, 3, 255]]
    assert as_rgba(np.array([(1, 2, 3, 4)], np.uint8)).tolist() == [[1, 2, 3, 4]]
    assert as_rgba([]).shape == (0, 4)


def test_points_are_smaller_the_more_there_are():
    assert point_size(10) == point_size(1000) == 9
    assert 2 < point_size(1_000_000) < point_size(100_000) < 9


def test_a_slow_machine_draws_fewer_points_in_motion_and_a_fast_one_all():
    slow, fast = Detail(), Detail()
    for _ in range(30):
        slow.note(slow.count(1_000_000), slow.count(1_000_000) * 1e-6)
        fast.note(fast.count(1_000_000), 0.001)
    assert slow.count(1_000_000) * 1e-6 == pytest.approx(FRAME_S, rel=0.1)
    assert fast.count(1_000_000) == 1_000_000


def test_points_lose_their_smooth_rims_where_these_are_too_dear():
    smoothness = Smoothness()
    for seconds in (0.3, 0.01, 0.3, 0.3):
        smoothness.note(100_000, seconds)
        assert smoothness.affords(100_000)
    smoothness.note(100_000, 0.3)
    assert not smoothness.affords(100_000)
    assert smoothness.affords(60_000)


def test_points_too_small_to_show_a_smooth_rim_have_none():
    assert Smoothness().affords(SMOOTH_MAX)
    assert not Smoothness().affords(SMOOTH_MAX + 1)


def test_one_slow_frame_is_no_rule_and_some_points_are_always_drawn():
    detail = Detail()
    before = detail.count(10**6)
    detail.note(before, 60.0)
    assert detail.count(10**6) >= before // 3
    for _ in range(20):
        detail.note(detail.count(10**6), 60.0)
    assert detail.count(10**6) == LEAST
    assert detail.count(100) == 100
