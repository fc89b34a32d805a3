"""A file that is moved: whole, to a free name, on another disk too, and settled after a crash."""

import errno
import os
import tempfile
from pathlib import Path

import pytest
from helpers import posix

from engine.moving import FileChangedError, move_file, rename_to_free, settle

CONTENT = b"a picture"
MTIME_NS = 1_234_567_890_123_456_789


@pytest.fixture
def source(tmp_path):
    file = tmp_path / "cat" / "1.png"
    file.parent.mkdir()
    file.write_bytes(CONTENT)
    os.utime(file, ns=(MTIME_NS, MTIME_NS))
    return file


@pytest.fixture
def near(tmp_path):
    """A name in a folder of the same disk."""
    (tmp_path / "dog").mkdir()
    return tmp_path / "dog" / "1.png"


@pytest.fixture
def far(source):
    """A name in a folder of another disk."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == source.stat().st_dev:
        pytest.skip("needs a second disk")
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder) / "1.png"


@pytest.fixture(params=["near", "far", "without links"])
def target(request, monkeypatch):
    """A free name: on the same disk, on another one, on one that has no hard links."""
    if request.param == "without links":
        refuse_links(monkeypatch)
        return request.getfixturevalue("near")
    return request.getfixturevalue(request.param)


def refuse_links(monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "refused")

    monkeypatch.setattr(os, "link", refuse)


def temporary(target: Path) -> Path:
    return target.with_name(".part")


def move(source: Path, target: Path) -> None:
    move_file(source, target, temporary(target), lambda: None)


def test_a_file_is_moved_with_its_content_and_its_time(source, target):
    move(source, target)
    assert not source.exists()
    assert target.read_bytes() == CONTENT
    assert target.stat().st_mtime_ns == MTIME_NS
    assert list(target.parent.iterdir()) == [target]


def test_nothing_is_written_over(source, target):
    target.write_bytes(b"another")
    with pytest.raises(FileExistsError):
        move(source, target)
    assert (source.read_bytes(), target.read_bytes()) == (CONTENT, b"another")
    assert list(target.parent.iterdir()) == [target]


@posix
def test_a_broken_link_has_the_name_too(source, target):
    target.symlink_to("nowhere")
    with pytest.raises(FileExistsError):
        move(source, target)
    assert source.read_bytes() == CONTENT
    assert target.is_symlink()


def test_a_folder_that_is_missing_is_an_error_and_nothing_is_moved(source, target):
    with pytest.raises(FileNotFoundError):
        move(source, target.parent / "nothing" / "1.png")
    assert source.read_bytes() == CONTENT


def test_a_file_that_changes_while_it_is_copied_stays(source, far, monkeypatch):
    synced = os.fsync

    def change(number: int) -> None:
        synced(number)
        source.write_bytes(b"written meanwhile")

    monkeypatch.setattr(os, "fsync", change)
    with pytest.raises(FileChangedError):
        move(source, far)
    assert source.read_bytes() == b"written meanwhile"
    assert list(far.parent.iterdir()) == []


def test_a_name_given_by_somebody_while_the_file_is_copied_is_not_written_over(source, far):
    with pytest.raises(FileExistsError):
        move_file(source, far, temporary(far), lambda: far.write_bytes(b"another"))
    assert (source.read_bytes(), far.read_bytes()) == (CONTENT, b"another")
    assert list(far.parent.iterdir()) == [far]


def test_renaming_needs_no_links(source, near, monkeypatch):
    refuse_links(monkeypatch)
    rename_to_free(source, near)
    assert near.read_bytes() == CONTENT
    assert not source.exists()


def test_a_move_that_was_not_begun_is_left_undone(source, target):
    assert not settle(source, target, temporary(target), is_copied=False)
    assert source.read_bytes() == CONTENT


def test_half_a_copy_is_taken_away(source, far):
    temporary(far).write_bytes(CONTENT[:4])
    assert not settle(source, far, temporary(far), is_copied=False)
    assert list(far.parent.iterdir()) == []
    assert source.read_bytes() == CONTENT


@posix
def test_a_file_with_two_names_loses_the_first(source, near):
    os.link(source, near)
    assert settle(source, near, temporary(near), is_copied=False)
    assert not source.exists()
    assert near.read_bytes() == CONTENT


def test_a_copy_that_has_its_name_makes_the_file_go(source, far):
    far.write_bytes(CONTENT)
    assert settle(source, far, temporary(far), is_copied=True)
    assert not source.exists()
    assert far.read_bytes() == CONTENT


@pytest.mark.parametrize(("content", "is_copied"), [(CONTENT, False), (b"another", True)])
def test_a_file_of_somebody_else_at_the_target_is_left_alone(source, near, content, is_copied):
    near.write_bytes(content)
    assert not settle(source, near, temporary(near), is_copied)
    assert (source.read_bytes(), near.read_bytes()) == (CONTENT, content)


def test_an_empty_file_that_held_the_name_goes(source, near):
    near.touch()
    assert not settle(source, near, temporary(near), is_copied=False)
    assert not near.exists()
    assert source.read_bytes() == CONTENT


@posix
def test_one_file_that_is_reached_by_two_ways_is_never_taken_away(source, tmp_path):
    (tmp_path / "also cat").symlink_to(source.parent)
    other = tmp_path / "also cat" / "1.png"
    assert not settle(source, other, temporary(other), is_copied=True)
    assert source.read_bytes() == CONTENT


def test_a_move_that_was_done_is_known_as_done(source, target):
    move(source, target)
    assert settle(source, target, temporary(target), is_copied=False)
    assert target.read_bytes() == CONTENT
