"""Which findings are looked at, and where the user is among them."""

from dataclasses import replace

import pytest

from desktop.review_queue import ReviewQueue
from engine.quality.findings import DUPLICATE, LABEL, ODD, OUTLIER, Finding, Quality
from engine.quality.queue import ALL, OPEN, SETTLED, SKIPPED, Wanted
from engine.values import ImageFile

A = Finding(LABEL, "a.png", 0.9, "cat", "dog")
B = Finding(LABEL, "b.png", 0.8, "dog", "cow")
C = Finding(LABEL, "c.png", 0.7, "cat", "dog")
GONE = Finding(LABEL, "gone.png", 0.6, "cat", "dog")
ALONE = Finding(OUTLIER, "a.png", 0.5, "cat")
QUALITY = Quality("run", (A, B, C, GONE, ALONE))
IMAGES = {
    path: ImageFile(path, label, 1, 1)
    for path, label in {"a.png": "cat", "b.png": "dog", "c.png": "cat"}.items()
}


def with_changed(path: str, **changed) -> dict[str, ImageFile]:
    return IMAGES | {path: replace(IMAGES[path], **changed)}


@pytest.fixture
def queue() -> ReviewQueue:
    queue = ReviewQueue()
    queue.show(QUALITY, IMAGES)
    return queue


def test_findings_about_images_that_are_there_are_listed_worst_first(queue):
    assert queue.findings == [A, B, C]
    queue.choose(Wanted(OUTLIER))
    assert queue.findings == [ALONE]


def test_a_class_is_looked_for_among_given_and_suggested_ones(queue):
    queue.choose(Wanted(name="dog"))
    assert queue.findings == [A, B, C]
    queue.choose(Wanted(name="cow"))
    assert queue.findings == [B]


@pytest.mark.parametrize(
    ("which", "found"), [(OPEN, [C]), (SKIPPED, [B]), (SETTLED, [A]), (ALL, [A, B, C])]
)
def test_what_was_answered_is_listed_where_it_is_asked_for(queue, which, found):
    images = with_changed("a.png", reviewed="label:keep") | {
        "b.png": replace(IMAGES["b.png"], reviewed="label:skip")
    }
    queue.show(QUALITY, images)
    queue.choose(Wanted(which=which))
    assert queue.findings == found


def test_progress_counts_what_was_looked_at_kind_by_kind(queue):
    queue.show(QUALITY, with_changed("c.png", label="", excluded=True))
    counts = queue.counts
    assert (counts[LABEL].total, counts[LABEL].looked_at, counts[LABEL].left) == (3, 1, 2)
    queue.show(QUALITY, with_changed("a.png", label="dog"))
    assert queue.counts[LABEL].left == 2
    assert queue.counts[OUTLIER].left == 1
    assert queue.counts[DUPLICATE].total == queue.counts[ODD].total == 0


def test_an_answer_counts_at_once_and_stays_when_it_is_written(queue):
    queue.answered(queue.current)
    assert queue.current == B
    queue.show(QUALITY, with_changed("a.png", reviewed="label:keep"))
    queue.written()
    assert queue.findings == [B, C]
    assert queue.current == B


def test_an_answer_that_could_not_be_written_comes_back(queue):
    queue.answered(queue.current)
    queue.written()
    assert queue.findings == [A, B, C]
    assert queue.current == B


def test_after_the_last_one_comes_the_one_before(queue):
    queue.look_at(2)
    queue.answered(queue.current)
    assert queue.current == B
    for _ in range(3):
        queue.answered(queue.current)
    assert queue.current is None


def test_one_returns_to_what_was_taken_back(queue):
    queue.answered(queue.current)
    queue.return_to("a.png")
    assert queue.current == A
    queue.choose(Wanted(OUTLIER))
    queue.return_to("b.png")
    assert (queue.wanted.kind, queue.current) == (LABEL, B)


def test_of_other_findings_the_first_kind_that_waits_is_shown(queue):
    queue.choose(Wanted(name="cow"))
    queue.show(Quality("run", (ALONE,)), IMAGES)
    assert (queue.wanted, queue.current) == (Wanted(OUTLIER), ALONE)


def test_the_pictures_of_the_next_ones_are_wanted_ahead(queue):
    twin = Finding(DUPLICATE, "a.png", 1.0, twin="c.png")
    queue.show(Quality("run", (twin,)), IMAGES)
    assert queue.ahead == ("a.png", "c.png")


def test_a_copy_of_an_excluded_image_is_a_copy_of_the_next_one_that_stays(queue):
    second = Finding(DUPLICATE, "b.png", 1.0, issue="exact", twin="a.png")
    third = Finding(DUPLICATE, "c.png", 0.8, issue="near", twin="a.png")
    copies = Quality("run", (second, third), (("a.png", "b.png", "c.png"),))
    queue.show(copies, IMAGES)
    assert queue.findings == [second, third]
    without_a = with_changed("a.png", excluded=True)
    queue.show(copies, without_a)
    assert queue.findings == [third]
    assert queue.current_now == replace(third, twin="b.png")
    assert queue.ahead == ("c.png", "b.png")
    assert (queue.counts[DUPLICATE].looked_at, queue.counts[DUPLICATE].left) == (1, 1)
    queue.show(copies, without_a | {"b.png": replace(IMAGES["b.png"], excluded=True)})
    assert queue.current_now is None
    assert queue.counts[DUPLICATE].left == 0
    queue.show(copies, IMAGES)
    assert queue.findings == [second, third]


def test_one_stays_at_the_same_image_when_it_is_ranked_otherwise(queue):
    queue.look_at(1)
    again = replace(B, score=0.2)
    queue.show(Quality("run", (C, A, again)), IMAGES)
    assert (queue.current, queue.row) == (again, 2)


def test_one_stays_with_the_same_kind_class_and_answer_of_other_findings(queue):
    wanted = Wanted(LABEL, "dog", ALL)
    queue.choose(wanted)
    queue.show(Quality("run", (ALONE, C)), IMAGES)
    assert (queue.wanted, queue.current) == (wanted, C)


def test_what_a_new_search_finds_is_looked_at_though_nothing_is_left_of_the_kind_before(queue):
    finished = with_changed("a.png", reviewed="label:keep outlier:keep")
    queue.choose(Wanted(OUTLIER))
    queue.show(QUALITY, finished)
    assert queue.current is None
    queue.show(Quality("run", (B, C)), finished)
    assert (queue.wanted, queue.current) == (Wanted(LABEL), B)


def test_a_search_after_one_that_found_nothing_begins_at_what_it_finds(queue):
    queue.show(Quality("run", ()), IMAGES)
    queue.show(Quality("run", (ALONE,)), IMAGES)
    assert (queue.wanted, queue.current) == (Wanted(OUTLIER), ALONE)


def test_a_kind_that_was_finished_in_another_window_stays_so(queue):
    finished = with_changed("a.png", reviewed="label:keep outlier:keep")
    queue.begin_anew()
    queue.place = Wanted(OUTLIER), None
    queue.show(None, finished)
    queue.show(QUALITY, finished)
    assert (queue.wanted, queue.current) == (Wanted(OUTLIER), None)


def test_an_answer_that_is_being_written_holds_for_other_findings_too(queue):
    queue.answered(A)
    queue.show(Quality("run", (replace(A, score=0.3), B)), IMAGES)
    assert queue.findings == [B]


def test_one_finds_the_place_again_after_the_image_was_moved(queue):
    queue.choose(Wanted(OUTLIER))
    queue.show(None, IMAGES)
    queue.follow({"a.png": "cat/a.png"})
    moved = replace(ALONE, path="cat/a.png")
    queue.show(
        Quality("run", (B, moved)),
        {**IMAGES, "cat/a.png": replace(IMAGES["a.png"], path="cat/a.png")},
    )
    assert (queue.wanted, queue.current) == (Wanted(OUTLIER), moved)


def test_another_folder_is_begun_at_its_worst_finding(queue):
    queue.choose(Wanted(OUTLIER))
    queue.begin_anew()
    queue.show(Quality("run", (A, ALONE)), IMAGES)
    assert (queue.wanted, queue.current) == (Wanted(), A)


def test_an_answer_to_one_that_is_not_looked_at_leaves_one_where_one_is(queue):
    queue.look_at(1)
    queue.answered(A)
    assert (queue.current, queue.findings) == (B, [B, C])
