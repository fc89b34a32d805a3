"""What a window shows, for the one that takes its place in another language."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desktop.edit_writer import AnswersGiven
from desktop.review_queue import Place
from desktop.selection import NOTHING
from desktop.state import State
from engine.pipeline import ExtractOptions
from engine.workspace import View

if TYPE_CHECKING:
    from desktop.parts import Parts
    from desktop.views.map_controls import MapChoices
    from desktop.views.training_options import TrainingChoices


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """state:   what every view reads, with its colours before some points were made grey.

    sets_up:  whether the page is seen on which the backbone is chosen.
    embeds:   what is chosen there, seen or not.
    answers:  which edits the review takes back.
    view:     how the map is looked at; None while its page was not made, as for what follows.
    hidden:   groups of the legend that are not seen.
    switches: which switches of the menus are on, by their names; those of the panels among them.
    place:    where the user is in the review, None before anything was looked at.
    first:    which picture of the gallery is the first in view.
    chosen:   what is chosen above the map.
    trains:   what is to be trained.
    """

    state: State
    sets_up: bool
    embeds: ExtractOptions
    answers: AnswersGiven
    view: View | None = None
    hidden: frozenset[str] = frozenset()
    switches: Mapping[str, bool] | None = None
    place: Place | None = None
    first: int = 0
    chosen: "MapChoices | None" = None
    trains: "TrainingChoices | None" = None


def scene_of(parts: "Parts") -> Scene:
    """Return what is shown now; to be asked before the window is closed."""
    # What is marked in the gallery, it alone can show.
    state = replace(parts.project.state, colouring=parts.project.colouring, marked=NOTHING)
    sets_up = parts.pages.currentWidget() is parts.pages.setup
    scene = Scene(state, sets_up, parts.pages.setup.options(), parts.labelling.writer.answers)
    page = parts.pages.map
    if page is None:
        return scene
    return replace(
        scene,
        view=page.view(),
        hidden=page.legend.hidden,
        switches={name: switch.isChecked() for name, switch in parts.switches.items()},
        place=page.review.queue.place,
        first=page.gallery.list.first,
        chosen=page.controls.choices,
        trains=page.training.asks.choices,
    )


def bring_back(scene: Scene, parts: "Parts") -> None:
    """Show a scene in a window that has shown nothing yet."""
    parts.labelling.writer.answers = scene.answers
    if scene.state.projection is None:
        parts.project.show_again(scene.state)
        return
    parts.show_map()
    page = parts.pages.map
    page.review.show_state(State(scene.state.opened))  # before there are findings
    page.review.queue.place = scene.place
    parts.project.show_again(scene.state)
    for name, is_on in (scene.switches or {}).items():
        parts.switches[name].setChecked(is_on)
    page.legend.show_all_but(scene.hidden)
    page.gallery.list.begin(scene.first)
    if scene.chosen is not None:
        page.controls.show_choices(scene.chosen)
    if scene.trains is not None:
        page.training.asks.choose(scene.trains)
    parts.review_binding.stay()
    if scene.view is not None:
        page.show_view(scene.view)
