"""What is said of a plan before files are moved."""

from pathlib import Path

from desktop.views.apply_dialog import ApplyDialog
from engine.applying import Move, Plan, Wanted
from engine.values import Skipped
from engine.workspace import History


def says(qtbot, moves: int, blocked: int) -> str:
    wanted = Wanted(1, "a.png", "cat/a.png", "class given", 0, 0)
    move = Move("a.png", "cat/a.png", "class given", renamed=False, wanted=wanted)
    plan = Plan((move,) * moves, (Skipped("b.png", "it is not there any more"),) * blocked)
    dialog = ApplyDialog(plan, False, Path("signs"), History())
    qtbot.addWidget(dialog)
    assert dialog.apply_button.isEnabled() == bool(moves)
    return dialog.says.text()


def test_what_cannot_be_moved_is_said_first(qtbot):
    assert says(qtbot, 0, 3) == "None of 3 files in “signs” can be moved; the list says why."
    assert says(qtbot, 0, 1) == "The file to move in “signs” cannot be moved; the list says why."
    assert says(qtbot, 2, 1).startswith("1 cannot be moved: it is listed first. 2 files in “signs”")
    assert says(qtbot, 1, 0).startswith("1 file in “signs” is moved into the folder")
