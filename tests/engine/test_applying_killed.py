"""Applying and reverting that is killed at any step, and finished or taken back afterwards."""

import errno
import json
import os
import shutil
import signal
import time
from pathlib import Path

import numpy as np
import pytest
from crashing import is_killed
from edited_folder import (
    catalogued,
    counts,
    disk,
    in_memory,
    numbers,
    pictures,
    read_again,
    workspace_of,
)
from helpers import (
    posix,
    start_command,
)

from engine import pipeline
from engine.cli import main
from engine.dataset import read_dataset
from engine.pipeline import labels


@pytest.fixture
def folder():
    with in_memory() as place:
        yield pictures(place)


@pytest.fixture
def root(folder):
    """Its workspace; the vector of image i of `NAMES` is (i, i, i)."""
    return workspace_of(folder)


STEPS = 60  # more than the moves below have


def edit(root: Path) -> None:
    labels.assign(root, ["dog/1.png"], "cat")  # its name is taken there
    labels.assign(root, ["5.png"], "emu/young")
    labels.exclude(root, ["cat/2.png"])


@posix
@pytest.mark.parametrize("links", ["links", "no links", "another disk"])
@pytest.mark.parametrize("then", [pipeline.apply_edits, pipeline.revert_edits])
def test_killed_at_any_step_all_is_finished_or_reverted(folder, links, then, monkeypatch):
    """The process ends with SIGKILL before each of its steps, one after the other."""
    before = disk(folder)
    numbers_before = None
    if links != "links":
        refuse(monkeypatch, errno.EPERM if links == "no links" else errno.EXDEV)
    for step in range(STEPS):
        shutil.rmtree(folder.with_name("pictures.embedding"), ignore_errors=True)
        root = workspace_of(folder)
        numbers_before = numbers_before or numbers(root)
        edit(root)
        if not is_killed(lambda root=root: pipeline.apply_edits(root), folder, step):
            assert step > 20
            break
        assert set(before.values()) <= set(disk(folder).values())
        pipeline.settle_moves(root)
        assert sorted(disk(folder).values()) == sorted(before.values())
        read_again(root, folder)
        then(root)
        assert sorted(disk(folder).values()) == sorted(before.values())
        assert counts(root) == ((0, 3) if then is pipeline.apply_edits else (3, 0))
        pipeline.revert_edits(root)
        assert disk(folder) == before
        assert numbers(root) == numbers_before
        assert sorted(place.name for place in folder.iterdir()) == ["5.png", "cat", "dog"]
    else:
        pytest.fail("the steps never ended")


def refuse(monkeypatch, reason: int) -> None:
    """Let hard links between two folders fail."""
    link = os.link

    def refusing(source, target):
        if Path(source).parent != Path(target).parent or reason == errno.EPERM:
            raise OSError(reason, os.strerror(reason))
        link(source, target)

    monkeypatch.setattr(os, "link", refusing)


@posix
def test_reverting_that_is_killed_at_any_step_is_done_by_the_next_call(folder):
    before = disk(folder)
    for step in range(STEPS):
        shutil.rmtree(folder.with_name("pictures.embedding"), ignore_errors=True)
        root = workspace_of(folder)
        edit(root)
        pipeline.apply_edits(root)
        killed = is_killed(lambda root=root: pipeline.revert_edits(root), folder, step)
        pipeline.revert_edits(root)
        assert disk(folder) == before
        assert counts(root) == (3, 0)
        if not killed:
            return
    pytest.fail("the steps never ended")


@posix
def test_a_command_that_is_killed_is_finished_by_the_next_one(tmp_path, capsys):
    folder = tmp_path / "many"
    for number in range(100):
        file = folder / "cat" / f"{number}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"%d" % number)
    before = disk(folder)
    root = workspace_of(folder)
    labels.rename_class(root, "cat", "dog")
    running = start_command("edits", "apply", root)
    while not (folder / "dog").is_dir() and running.poll() is None:
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    assert running.returncode == -signal.SIGKILL
    assert set(disk(folder).values()) == set(before.values())
    assert main(["edits", "apply", str(root), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["blocked"] == []
    assert disk(folder) == {f"dog/{path[4:]}": data for path, data in before.items()}
    assert main(["edits", "revert", str(root), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["moved"] == 100
    assert disk(folder) == before


@posix
def test_a_folder_opens_after_a_crash_with_the_images_where_they_are(root, folder):
    labels.assign(root, ["5.png"], "emu")
    step, cut_short = 0, set()
    while is_killed(lambda: pipeline.apply_edits(root), folder, step):
        opened = pipeline.open_folder(folder)
        paths = [image.path for image in opened.dataset.images]
        assert paths == [image.path for image in read_dataset(folder).images]
        cut_short.add((opened.cut_short, opened.history.unapplied))
        assert pipeline.open_folder(folder).cut_short == 0  # it is told once
        step += 1
        pipeline.revert_edits(root)
    assert step > 5
    # Before it was noted, noted and not done, done.
    assert cut_short == {(0, 1), (1, 1), (0, 0)}


@posix
def test_vectors_imported_after_a_kill_leave_each_image_what_it_is(folder, tmp_path):
    names = [image.path for image in read_dataset(folder).images]
    vectors = np.arange(3.0 * len(names)).reshape(-1, 3)
    np.savez(tmp_path / "clip.npz", vectors=vectors, paths=names)
    for step in range(STEPS):
        shutil.rmtree(folder.parent / "pictures.embedding", ignore_errors=True)
        root = workspace_of(folder)
        before = numbers(root)
        labels.assign(root, ["dog/1.png"], "emu")
        killed = is_killed(lambda root=root: pipeline.apply_edits(root), folder, step)
        pipeline.import_vectors(tmp_path / "clip.npz", folder, root)
        assert sorted(catalogued(root).values()) == ["", "cat", "cat", "dog", "emu"]
        assert sorted(numbers(root).values()) == sorted(before.values())
        read_again(root, folder)
        pipeline.revert_edits(root)
        assert numbers(root) == before
        if not killed:
            return
    pytest.fail("the steps never ended")
