"""Every command is declared once; menus, shortcuts and what is enabled follow from it."""

from collections import Counter

from desktop.actions import enable_actions, shortcut_groups
from desktop.commands import COMMANDS, Has
from desktop.views.map_commands import MapCommands


def test_every_command_has_a_method_that_carries_it_out(window):
    assert {command.name for command in COMMANDS} == set(window._actions)
    for command in COMMANDS:
        if Has.MAP in command.needs:
            assert callable(getattr(MapCommands, command.name))


def test_no_shortcut_is_given_twice():
    shortcuts = Counter(command.shortcut for command in COMMANDS if command.shortcut)
    assert max(shortcuts.values()) == 1


def test_without_a_folder_only_opening_one_makes_sense(window):
    enabled = {name for name, action in window._actions.items() if action.isEnabled()}
    assert enabled == {
        "browse", "open_sample", "show_settings", "close", "show_shortcuts", "show_about"
    }  # fmt: skip


def test_while_a_job_runs_it_can_be_stopped_and_nothing_else_opened(window):
    enable_actions(window._actions, Has.JOB | Has.DATASET)
    assert window._actions["cancel_job"].isEnabled()
    assert not window._actions["browse"].isEnabled()
    assert not window._actions["set_up"].isEnabled()


def test_the_help_lists_every_shortcut_and_the_keys_of_the_review():
    listed = [keys for lines in shortcut_groups().values() for _, keys in lines]
    assert {command.shortcut for command in COMMANDS if command.shortcut} <= set(listed)
    assert ("It is fine as it is", "K") in shortcut_groups()["In the panel of the review"]
