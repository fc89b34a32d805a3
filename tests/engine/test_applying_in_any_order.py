"""Whatever is edited, undone, applied, reverted and killed, in any order: no picture is lost."""

import shutil
import tempfile
from pathlib import Path

import pytest
from crashing import is_killed
from helpers import posix
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from engine import pipeline
from engine.dataset import EXCLUDED, read_dataset
from engine.pipeline import labels
from engine.workspace import Workspace

NAMES = ("0.png", "a/0.png", "a/1.png", "a/2.png", "b/1.png", "b/2.png", "c/d/1.png")
KEPT = b"never left out: a dataset has an image"
CLASSES = ("", "a", "b", "B", "c", "c/d", "e")
RESULT = {"apply": pipeline.apply_edits, "revert": pipeline.revert_edits}


class Pictures(RuleBasedStateMachine):
    """A folder of pictures, each with a content of its own, and the workspace about it."""

    @initialize()
    def fill(self):
        memory = Path("/dev/shm")
        self.place = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None)).resolve()
        self.folder = self.place / "pictures"
        self.root = self.place / "pictures.embedding"
        self.contents: set[bytes] = set()
        self.added = 0
        self.has_foreign = False
        self.write("kept.png", KEPT)
        for name in NAMES:
            self.write(name, f"picture {name}".encode())
        self.original = self.files()
        Workspace.create(self.root).close()
        self.read_folder()

    def teardown(self):
        shutil.rmtree(self.place)

    def write(self, path: str, content: bytes) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        self.contents.add(content)

    def files(self) -> dict[str, bytes]:
        return {
            file.relative_to(self.folder).as_posix(): file.read_bytes()
            for file in self.folder.rglob("*")
            if file.is_file()
        }

    def read_folder(self) -> None:
        with Workspace.open(self.root) as workspace:
            workspace.set_dataset(read_dataset(self.folder))

    def paths(self) -> list[str]:
        """All images but the kept one, those that were moved out too."""
        with Workspace.open(self.root) as workspace:
            found = [image.path for image in workspace.decisions()]
        return [path for path in found if (self.folder / path).read_bytes() != KEPT]

    @rule(data=st.data(), label=st.sampled_from(CLASSES))
    def assign(self, data, label):
        paths = data.draw(st.lists(st.sampled_from(self.paths()), unique=True))
        labels.assign(self.root, paths, label)

    @rule(data=st.data(), excluded=st.booleans())
    def exclude(self, data, excluded):
        paths = data.draw(st.lists(st.sampled_from(self.paths()), unique=True))
        labels.exclude(self.root, paths, excluded)

    @rule(old=st.sampled_from(CLASSES[1:]), new=st.sampled_from(CLASSES[1:]))
    def rename(self, old, new):
        with Workspace.open(self.root) as workspace:
            counts = workspace.dataset().counts
        if old in counts:
            labels.rename_class(self.root, old, new)

    @rule()
    def undo(self):
        labels.undo(self.root)

    @rule()
    def redo(self):
        labels.redo(self.root)

    @rule()
    def apply(self):
        plan = pipeline.plan_edits(self.root)
        done = pipeline.apply_edits(self.root)
        assert (done.moves, done.blocked) == (plan.moves, ())
        with Workspace.open(self.root) as workspace:
            assert workspace.history().unapplied == 0
            for image in workspace.decisions():
                inside = image.path.rpartition("/")[0]
                if image.excluded:  # a class given afterwards moves none of these
                    assert inside.partition("/")[0] == EXCLUDED
                else:
                    assert inside == image.label

    @rule()
    def revert(self):
        done = pipeline.revert_edits(self.root)
        assert done.blocked == ()
        if not self.has_foreign:
            assert self.files() == self.original
            with Workspace.open(self.root) as workspace:
                assert workspace.history().applied == 0

    @rule(which=st.sampled_from(sorted(RESULT)), step=st.integers(0, 60))
    def crash(self, which, step):
        is_killed(lambda: RESULT[which](self.root), self.folder, step)
        assert self.contents <= set(self.files().values())
        pipeline.settle_moves(self.root)

    @rule()
    def read_again(self):
        self.read_folder()

    @precondition(lambda self: self.added < 3)
    @rule(folder=st.sampled_from(CLASSES), number=st.integers(0, 2))
    def somebody_adds_a_picture(self, folder, number):
        path = f"{folder}/{number}.png".removeprefix("/")
        if not (self.folder / path).exists():
            self.added += 1
            self.has_foreign = True
            self.write(path, f"added {self.added}".encode())
            self.read_folder()

    @invariant()
    def each_picture_is_there_once(self):
        assert sorted(self.files().values()) == sorted(self.contents)

    @invariant()
    def the_catalogue_says_what_the_disk_says(self):
        dataset = read_dataset(self.folder)
        with Workspace.open(self.root) as workspace:
            known, decisions = workspace.dataset().images, workspace.decisions()
        stated = [(image.path, image.size, image.mtime_ns) for image in dataset.images]
        assert [(image.path, image.size, image.mtime_ns) for image in known] == stated
        assert {image.path for image in decisions} == set(self.files())


@posix
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # a fork beside threads
def test_every_picture_survives_whatever_is_done_in_whatever_order():
    bounded = settings(
        max_examples=40, stateful_step_count=20, deadline=None, derandomize=True, database=None
    )
    run_state_machine_as_test(Pictures, settings=bounded)
