"""Learning from few labels: what is suggested, and what to look at next."""

from dataclasses import replace

import numpy as np
import pytest

from engine import pipeline
from engine.neighbors import knn_graph
from engine.pipeline import Relabelled
from engine.pipeline import labels as edit
from engine.suggestions import SPREAD, suggest
from engine.values import Embeddings
from engine.workspace import History, Workspace

GROUPS, EACH = 4, 30


@pytest.fixture(scope="module")
def groups() -> Embeddings:
    """Four groups of thirty points, without classes; the paths say which group."""
    rng = np.random.default_rng(0)
    centres = rng.normal(0, 5, (GROUPS, 8))
    points = np.repeat(centres, EACH, axis=0) + rng.normal(0, 1, (GROUPS * EACH, 8))
    paths = tuple(f"{name}{number}" for name in "abcd" for number in range(EACH))
    return Embeddings(points.astype(np.float32), paths, ("",) * len(paths), "run")


def suggested(embeddings: Embeddings, given: dict[str, str]):
    labels = tuple(given.get(path, "") for path in embeddings.paths)
    graph = knn_graph(embeddings.vectors, 10, "cosine")
    return suggest(replace(embeddings, labels=labels), graph)


def test_what_is_not_labelled_gets_the_class_of_its_group(groups):
    done = suggested(groups, {f"{name}0": name.upper() for name in "abcd"})
    assert done.classes == ("A", "B", "C", "D")
    assert done.labelled == 4
    assert len(done.paths) == GROUPS * EACH - 4
    right = [path[0].upper() == label for path, label in zip(done.paths, done.labels, strict=True)]
    assert np.mean(right) > 0.95
    assert 0.25 < done.confidence <= 1
    assert done.probability.dtype == done.uncertainty.dtype == np.float32


@pytest.mark.parametrize("given", [{}, {"a0": "A", "a1": "A"}])
def test_with_fewer_than_two_classes_nothing_is_suggested_but_an_order(groups, given):
    done = suggested(groups, given)
    assert (done.classes, set(done.labels), done.confidence) == ((), {""}, 0.0)
    first = {done.paths[number][0] for number in done.order[:6]}
    assert first | set("".join(given)) >= set("abcd")  # of every group, though each has thirty


def test_the_order_holds_each_image_without_a_class_once(groups):
    done = suggested(groups, {"a0": "A", "b0": "B"})
    assert sorted(done.order) == list(range(len(done.paths)))


def test_groups_that_no_label_speaks_for_come_first(groups):
    given = {f"{name}{n}": name.upper() for name in "ab" for n in range(15)}
    done = suggested(groups, given)
    assert {done.paths[number][0] for number in done.order[:4]} == {"c", "d"}


def test_copies_of_a_picture_are_not_asked_for_one_after_the_other(groups):
    copies = np.repeat(groups.vectors[:1], 12, axis=0)
    vectors = np.concatenate([groups.vectors, copies])
    paths = (*groups.paths, *(f"copy{number}" for number in range(12)))
    done = suggested(Embeddings(vectors, paths, ("",) * len(paths), "run"), {"b0": "B", "c0": "C"})
    first = [done.paths[number] for number in done.order[:8]]
    assert sum(path.startswith("copy") or path == "a0" for path in first) <= 1


def test_beyond_those_that_are_spread_the_most_uncertain_come_first():
    rng = np.random.default_rng(1)
    vectors = rng.normal(0, 1, (SPREAD + 60, 4)).astype(np.float32)
    paths = tuple(map(str, range(len(vectors))))
    done = suggested(Embeddings(vectors, paths, ("",) * len(paths), "run"), {"0": "A", "1": "B"})
    rest = done.uncertainty[done.order[SPREAD:]]
    assert (np.diff(rest) <= 0).all()


def test_a_class_that_has_no_label_yet_is_found_although_the_classifier_is_sure(embedded_folder):
    with Workspace.open(embedded_folder.workspace) as workspace:
        embeddings = workspace.embeddings(workspace.run())
    truth = dict(zip(embeddings.paths, embeddings.labels, strict=True))
    given: dict[str, str] = {}
    for _ in range(6):
        done = suggested(embeddings, given)
        path = done.paths[done.order[0]]
        given[path] = truth[path]
    assert set(given.values()) == {"bricks", "fish", "trees"}


def test_with_very_many_labels_every_class_is_still_learnt(groups, monkeypatch):
    monkeypatch.setattr("engine.suggestions.MOST_LEARNT", 12)
    given = {path: path[0].upper() for path in groups.paths[:-2] if path != "a0"}
    done = suggested(groups, given)
    assert done.labelled == len(given)
    assert dict(zip(done.paths, done.labels, strict=True)) == {"a0": "A", "d28": "D", "d29": "D"}


def test_when_all_are_labelled_there_is_nothing_to_look_at(groups):
    done = suggested(groups, {path: path[0] for path in groups.paths})
    assert (done.paths, len(done.order), done.confidence) == ((), 0, 0.0)
    assert done.labelled == GROUPS * EACH


def test_the_same_labels_give_the_same_order(groups):
    given = {"a0": "A", "b0": "B"}
    np.testing.assert_array_equal(suggested(groups, given).order, suggested(groups, given).order)


def test_labels_in_the_workspace_become_suggestions(small_folder):
    root = pipeline.extract(small_folder).workspace
    paths = pipeline.suggest(root).paths
    assert paths == ()  # every folder is a class
    done = edit.assign(root, ["fish/" + name for name in _names(small_folder / "fish")[1:]], "")
    assert done.text == "fish → no class, 7 images"
    found = pipeline.suggest(root)
    assert found.labelled == 17
    assert set(found.classes) == {"bricks", "fish", "trees"}
    assert set(found.paths) == set(done.images)
    back = edit.undo(root)
    assert back.history == History(undo="", redo=done.text)
    assert _classes(back) == {"fish"}
    assert pipeline.suggest(root).paths == ()
    assert edit.redo(root).history == History(undo=done.text, redo="", unapplied=7)
    assert _classes(edit.rename_class(root, "trees", "wood")) == {"wood"}
    assert edit.rename_class(root, "wood", "wood").text == ""


def _classes(done: Relabelled) -> set[str]:
    return {image.label for image in done.images.values()}


def _names(folder):
    return sorted(file.name for file in folder.iterdir())


def test_an_excluded_image_is_not_asked_about():
    points = np.random.default_rng(0).normal(size=(30, 4))
    paths = tuple(map(str, range(30)))
    labels = ("A", "B") * 5 + ("",) * 20
    embeddings = Embeddings(points.astype(np.float32), paths, labels, "run", frozenset({"29"}))
    found = suggest(embeddings, knn_graph(embeddings.vectors, 5, "cosine"))
    assert set(found.paths) == set(paths[10:29])
    assert sorted(found.order) == list(range(19))
