"""Which labels are wrong: what is found among clouds of points whose true classes are known."""

import weakref
from dataclasses import replace

import numpy as np
import pytest

from engine.neighbors import knn_graph
from engine.progress import Cancelled, Progress
from engine.quality.discriminant import deal, in_folds, reduced, unseen_evidence
from engine.quality.findings import LABEL
from engine.quality.label_issues import FOLDS, PASSES, Pass, label_findings, label_issues
from engine.quality.label_noise import TRIES, Witnesses, confident_joint, fit_noise, neighbor_votes
from engine.values import Embeddings

EACH = 80


def clouds(classes: str = "abcd", each: int = EACH, spread: float = 1.0) -> Embeddings:
    """Points around a middle for each class; a path starts with the true class."""
    rng = np.random.default_rng(0)
    middles = rng.normal(0, 3, (len(classes), 16))
    points = np.repeat(middles, each, axis=0) + rng.normal(0, spread, (len(classes) * each, 16))
    paths = tuple(f"{name}{number}" for name in classes for number in range(each))
    return Embeddings(points.astype(np.float32), paths, tuple(path[0] for path in paths), "run")


def given(embeddings: Embeddings, **labels: str) -> Embeddings:
    """Give some images another class, by path."""
    named = zip(embeddings.paths, embeddings.labels, strict=True)
    return replace(embeddings, labels=tuple(labels.get(path, label) for path, label in named))


def issues_of(embeddings: Embeddings, progress: Progress | None = None):
    neighbors = min(15, len(embeddings.paths) - 1)
    return label_issues(embeddings, knn_graph(embeddings.vectors, neighbors, "cosine"), progress)


def found_in(embeddings: Embeddings) -> dict[str, str]:
    """The paths of the findings with the classes that they suggest, the worst first."""
    found = label_findings(issues_of(embeddings), embeddings.paths)
    assert all(finding.kind == LABEL and finding.says for finding in found)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    return {finding.path: finding.suggested for finding in found}


PLANTED = {"a3": "b", "a40": "c", "b7": "a", "c0": "d", "d79": "b"}
RIGHT = {path: path[0] for path in PLANTED}


def test_planted_errors_are_found_with_their_true_classes_and_nothing_else():
    assert found_in(given(clouds(), **PLANTED)) == RIGHT


def test_where_all_labels_are_right_nothing_is_found():
    issues = issues_of(clouds())
    assert len(issues.rows) == 4 * EACH
    assert issues.suspicion.max() < 0.5
    assert issues.notes == ()


@pytest.mark.parametrize("seed", range(12))
def test_a_third_of_the_labels_may_be_wrong_and_the_number_of_errors_is_estimated(seed):
    rng = np.random.default_rng(seed)
    known = clouds()
    wrong = rng.permutation(len(known.paths))[: len(known.paths) // 3]
    labels = {
        known.paths[row]: rng.choice(sorted(set("abcd") - {known.labels[row]})) for row in wrong
    }
    found = found_in(given(known, **labels))
    assert len(set(found) & set(labels)) > 0.95 * len(wrong)
    assert len(found) == pytest.approx(len(wrong), rel=0.05)


def test_errors_that_go_one_way_are_found_though_they_are_a_quarter_of_a_class():
    labels = {f"a{number}": "b" for number in range(EACH // 4)}
    found = found_in(given(clouds(), **labels))
    assert set(found) == set(labels)
    assert set(found.values()) == {"a"}


def test_images_without_a_class_are_not_judged_and_teach_nothing():
    unlabelled = {f"{name}{number}": "" for name in "abcd" for number in range(EACH // 2)}
    issues = issues_of(given(clouds(), **(unlabelled | {"b70": "a"})))
    judged = {clouds().paths[row] for row in issues.rows}
    assert judged.isdisjoint(unlabelled)
    assert [clouds().paths[issues.rows[number]] for number in issues.worst_first[:1]] == ["b70"]


def test_an_error_is_found_in_a_class_of_six_beside_large_ones():
    known = clouds()
    few = {f"d{number}": "" for number in range(6, EACH)}
    assert found_in(given(known, **(few | {"d5": "a"}))) == {"d5": "d"}


def test_classes_that_lie_in_pieces_are_judged_by_their_neighbours():
    """One class is around the other, where no straight border parts them."""
    rng = np.random.default_rng(2)
    angle, where = rng.uniform(0, 2 * np.pi, 400), np.arange(400) % 4
    radius = np.array([1.0, 3.0, 5.0, 7.0])[where] + rng.normal(0, 0.1, 400)
    plane = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    points = np.column_stack([plane, np.full(400, 2.0)]).astype(np.float32)
    labels = tuple("ab"[ring % 2] for ring in where)
    paths = tuple(map(str, range(400)))
    known = given(Embeddings(points, paths, labels, "run"), **{"0": "b", "201": "a"})
    assert set(found_in(known)) == {"0", "201"}


def test_two_copies_with_the_same_wrong_label_do_not_hide_each_other():
    known = clouds()
    points = known.vectors.copy()
    points[1] = points[0] * 1.001
    assert found_in(given(replace(known, vectors=points), a0="b", a1="b")) == {"a0": "a", "a1": "a"}


def test_of_two_copies_with_different_labels_the_wrong_one_is_found():
    known = clouds()
    points = known.vectors.copy()
    points[1] = points[0] * 1.001
    assert found_in(given(replace(known, vectors=points), a1="b")) == {"a1": "a"}


@pytest.mark.parametrize(
    ("labels", "words"), [([""] * 4, "No image has a class"), (["a", "a", "b", ""], "two classes")]
)
def test_where_nothing_can_be_judged_a_note_says_why(labels, words):
    points = np.eye(4, 8, dtype=np.float32)
    issues = issues_of(Embeddings(points, ("w", "x", "y", "z"), tuple(labels), "run"))
    assert len(issues.rows) == len(issues.suspicion) == 0
    assert label_findings(issues, ("w", "x", "y", "z")) == ()
    assert words in issues.notes[0]


def test_a_class_of_one_picture_is_left_out_with_a_note():
    issues = issues_of(given(clouds(), a0="alone", b3="a"))
    assert issues.classes == ("a", "b", "c", "d")
    assert 0 not in issues.rows
    assert issues.notes == ("The labels of classes with a single picture are not judged: “alone”.",)
    assert issues.classes[issues.suggested[issues.worst_first[0]]] == "b"


def test_where_everything_is_a_copy_of_everything_labels_are_judged_all_the_same():
    known = clouds()
    near = known.vectors / 1000 + 10
    issues = issues_of(given(replace(known, vectors=near.astype(np.float32)), a0="b"))
    assert len(issues.rows) == len(known.paths)


def test_two_identical_vectors_and_vectors_of_zeros_give_finite_suspicions():
    known = clouds(each=4)
    points = known.vectors.copy()
    points[1], points[2] = points[0], 0
    assert np.isfinite(issues_of(replace(known, vectors=points)).suspicion).all()


def test_the_same_images_are_judged_the_same_twice():
    known = given(clouds(spread=3), **PLANTED)
    np.testing.assert_array_equal(issues_of(known).suspicion, issues_of(known).suspicion)


@pytest.mark.parametrize("after", [3, FOLDS + 1, PASSES * (FOLDS + TRIES) - 1])
def test_it_can_be_cancelled(after):
    """Also while it is learnt how labels go wrong."""
    progress = Progress()
    listened = progress.heard_by(lambda step: progress.cancel() if step.done == after else None)
    with pytest.raises(Cancelled):
        issues_of(clouds(), listened)


def test_its_steps_are_as_many_as_it_says():
    steps = []
    issues_of(clouds(), Progress(steps.append))
    assert [step.done for step in steps] == list(range(steps[-1].total + 1))


def test_of_its_passes_one_is_in_memory_at_a_time(monkeypatch):
    """Each has a number for each image and class."""
    seen = []

    def noted(evidence, *others):
        assert [each() for each in seen] == [None] * len(seen)
        seen.append(weakref.ref(evidence))
        return Pass(evidence, *others)

    monkeypatch.setattr("engine.quality.label_issues.Pass", noted)
    issues_of(clouds())
    assert len(seen) == PASSES


def test_a_classifier_never_learns_from_what_it_judges():
    known = clouds()
    truth = np.repeat(np.arange(4), EACH)
    shares = np.eye(4, dtype=np.float32)[truth]
    folds = in_folds(reduced(known.vectors), deal(truth, np.arange(len(truth)), 5))
    part, before = next(unseen_evidence(folds, shares))
    shares[part] = np.roll(shares[part], 1, axis=1)
    again, after = next(unseen_evidence(folds, shares))
    np.testing.assert_array_equal(part, again)
    np.testing.assert_allclose(before, after, rtol=1e-4)


def test_parts_hold_every_class_alike_and_copies_are_not_parted():
    truth = np.repeat([0, 1, 2], [50, 20, 5])
    groups = np.arange(75)
    groups[[10, 30, 60]] = 10
    numbers = deal(truth, groups, 5)
    assert len(set(numbers[[10, 30, 60]])) == 1
    counts = np.array([np.bincount(numbers[truth == each], minlength=5) for each in range(3)])
    assert counts.min(axis=1).tolist() >= [9, 3, 0]
    assert counts.max(axis=1).tolist() <= [12, 5, 2]


def test_the_confident_joint_counts_what_passes_the_threshold_of_its_class():
    likely = np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8], [0.1, 0.9], [0.95, 0.05]])
    # On average 0.8 of class 0 where it is the label, and 0.58 of class 1.
    truth = np.array([0, 0, 1, 1, 1])
    assert confident_joint(likely, truth).tolist() == [[1, 1], [0, 2]]


def test_neighbours_vote_by_nearness_and_a_copy_with_the_same_label_has_no_vote():
    points = np.array([[1, 0], [1, 0.001], [1, 0.3], [0, 1]], np.float32)
    graph = knn_graph(points, 3, "cosine")
    groups = np.array([0, 0, 1, 2])

    def votes_on_the_first(labels: list[int], rows: list[int]) -> list[float]:
        votes = neighbor_votes(graph, np.array(rows), np.array(labels), groups, 2).toarray()
        np.testing.assert_allclose(votes.sum(axis=1), 1, rtol=1e-6)
        return votes[0].tolist()

    for_it, against_it = votes_on_the_first([0, 0, 0, 1], [0, 1, 2, 3])
    assert for_it > 0.9  # by the third alone, which is nearer than the fourth
    for_it, against_it = votes_on_the_first([0, 1, 0, 1], [0, 1, 2, 3])
    assert against_it > 0.7  # by its copy above all
    assert votes_on_the_first([0, 1], [0, 3]) == [0, 1]  # the others have no label


def test_it_is_learnt_which_classes_are_taken_for_which():
    labels = {f"a{number}": "b" for number in range(EACH // 4)}
    known = given(clouds(), **labels)
    truth = np.array(["abcd".index(label) for label in known.labels])
    right = np.repeat(np.arange(4), EACH)
    evidence = np.where(np.eye(4, dtype=bool)[right], 0, -9).astype(np.float32)
    graph = knn_graph(known.vectors, 5, "cosine")
    votes = neighbor_votes(graph, np.arange(len(truth)), truth, np.arange(len(truth)), 4)
    rates = fit_noise(Witnesses(evidence, votes), truth).rates
    assert rates[0, 1] == pytest.approx(0.25, abs=0.03)
    assert rates[1, 1] > 0.9
    np.testing.assert_allclose(rates.sum(axis=1), 1)
