"""What is open and shown."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from window_fixtures import SOON_MS

from desktop.project import Project
from engine.colouring import Scale, by_value
from engine.pipeline import Opened, Relabelled
from engine.values import Dataset, ImageFile, Projection, Recipe
from engine.workspace import History, View

WOLF = ImageFile("dogs/1.png", "wolves", 1, 1)
IMAGES = tuple(ImageFile(f"{label}/1.png", label, 1, 1) for label in ("cats", "dogs"))
RECIPE = Recipe("VGG16", "abc", 224, "avg", 512)


def projection(count: int) -> Projection:
    names = tuple(IMAGES[index].path for index in range(count))
    return Projection(np.zeros((count, 3), np.float32), names, names, "pca", RECIPE.run)


@pytest.fixture
def unembedded() -> Opened:
    return Opened(Dataset(Path("/data/pets"), IMAGES), Path("/data/pets.embedding"))


@pytest.fixture
def embedded(unembedded) -> Opened:
    return Opened(unembedded.dataset, unembedded.workspace, RECIPE, projection(2))


def test_the_title_names_the_folder(qapp, embedded):
    project = Project()
    assert project.state.title == "Image Embedding"
    project.open(embedded)
    assert project.state.title == "pets – Image Embedding"


def test_the_facts_are_images_classes_and_backbone(qapp, embedded):
    project = Project()
    project.open(embedded)
    assert project.state.facts == "pets · 2 images · 2 classes · VGG16"


def test_the_growing_map_is_shown_first(qapp, embedded):
    project = Project()
    project.open(embedded)
    project.grow(projection(1))
    assert len(project.state.projection.points) == 1


def test_a_stopped_run_gives_way_to_the_whole_map_there_was_before(qapp, embedded):
    project = Project()
    project.open(embedded)
    project.grow(projection(1))
    project.stop_growing()
    assert len(project.state.projection.points) == 2


def test_a_stopped_first_run_keeps_what_it_has(qapp, unembedded):
    project = Project()
    project.open(unembedded)
    project.grow(projection(1))
    project.stop_growing()
    assert len(project.state.projection.points) == 1


def test_views_are_told_of_every_change(qtbot, embedded):
    project = Project()
    with qtbot.waitSignal(project.changed, timeout=SOON_MS):
        project.open(embedded)
    with qtbot.waitSignal(project.changed, timeout=SOON_MS):
        project.close()
    assert project.state.opened is None


def test_the_selection_holds_on_another_map_of_the_same_images(qapp, embedded):
    project = Project()
    project.open(embedded)
    project.select(np.array([1]))
    project.pick(0)
    project.keep(projection(2))
    assert project.state.selections.present.tolist() == [1]
    assert project.state.picked == 0


def test_the_selection_ends_with_a_map_of_other_images(qapp, embedded):
    project = Project()
    project.open(embedded)
    project.select(np.array([1]))
    project.pick(0)
    project.grow(projection(1))
    assert len(project.state.selections.present) == 0
    assert project.state.picked is None


def test_colours_that_tell_of_one_map_end_with_it(qapp, embedded):
    project = Project()
    project.open(embedded)
    by_class = project.state.colouring
    scale = Scale(0, 1, "", "")
    project.colour(by_value("lasting", np.zeros(2), scale))
    project.keep(projection(2))
    assert project.state.colouring.title == "lasting"
    project.colour(by_value("of one map", np.zeros(2), scale, of_map=True))
    project.keep(projection(2))
    assert project.state.colouring.title == by_class.title


def test_a_change_of_classes_is_shown_on_the_map_that_is_there(qapp, embedded):
    project = Project()
    project.open(embedded)
    project.relabel(Relabelled("", {WOLF.path: WOLF}, History()))
    assert project.state.classes == ["cats", "wolves"]
    assert list(project.state.colouring.palette) == ["cats", "wolves"]
    assert project.state.projection.points is embedded.projection.points


def test_classes_keep_their_colours_while_the_folder_is_open(qapp, embedded):
    project = Project()
    project.open(embedded)
    cats, dogs = project.state.colours.values()
    moved = replace(IMAGES[0], label="dogs")
    for images in ({moved.path: moved}, {moved.path: IMAGES[0]}):
        project.relabel(Relabelled("", images, History()))
        assert project.state.colours["dogs"] == project.state.colouring.palette["dogs"] == dogs
    project.open(embedded)  # as after moving files
    assert project.state.colours == {"cats": cats, "dogs": dogs}


def test_a_class_keeps_its_colour_while_all_of_its_images_are_excluded(qapp, embedded):
    project = Project()
    project.open(embedded)
    cats, dogs = project.state.colours.values()
    away = replace(IMAGES[1], label="", excluded=True, put_aside="dogs")
    foxes = replace(IMAGES[0], label="foxes")
    project.relabel(Relabelled("", {away.path: away}, History()))
    project.relabel(Relabelled("", {foxes.path: foxes}, History()))
    assert project.state.colours == {"foxes": cats}
    project.relabel(Relabelled("", {foxes.path: IMAGES[0]}, History()))
    project.relabel(Relabelled("", {away.path: IMAGES[1]}, History()))
    assert project.state.colours == {"cats": cats, "dogs": dogs}


def test_a_folder_opens_with_the_colours_that_it_had_the_last_time(qapp, embedded):
    project = Project()
    project.open(embedded)
    cats, dogs = project.state.colours.values()
    project.open(replace(embedded, workspace=Path("/data/others.embedding"),
                         view=View(colours={"cats": 1, "dogs": 0})))  # fmt: skip
    assert project.state.colours == {"cats": dogs, "dogs": cats}


def test_a_map_that_was_begun_before_a_change_of_classes_has_the_new_ones(qapp, embedded):
    project = Project()
    project.open(embedded)
    for show in (project.grow, project.keep):
        project.relabel(Relabelled("", {WOLF.path: WOLF}, History()))
        show(projection(2))
        assert "wolves" in project.state.projection.labels
        assert "wolves" in project.state.colouring.groups


def test_a_class_is_given_to_the_selection_else_to_the_picked_image(qapp, embedded):
    project = Project()
    project.open(embedded)
    assert project.state.at_hand.tolist() == []
    project.pick(1)
    assert project.state.at_hand.tolist() == [1]
    project.select(np.array([0]))
    assert project.state.at_hand.tolist() == [0]
