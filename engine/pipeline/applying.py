"""Images are moved on the disk to where the edits say, and back: each move noted before it is done.

What a crash cuts short is settled by the next command; nothing goes on that nobody asked for.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.applying import BACK, Move, Plan, Wanted, fault_of, plan_moves
from engine.errors import EngineError
from engine.files import numbered
from engine.moving import move_file, settle
from engine.progress import Cancelled, Progress
from engine.values import Skipped
from engine.wording import mark
from engine.workspace import Thumbnails, Workspace, is_workspace
from engine.workspace.moves import Moves

MOVING, MOVING_BACK = mark("Moving images"), mark("Moving images back")


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a plan.

    moves:   what was moved, with the targets that the files have got.
    blocked: what was left where it is, and why.
    """

    moves: tuple[Move, ...]
    blocked: tuple[Skipped, ...]


def plan_edits(root: Path, progress: Progress | None = None) -> Plan:
    """Tell what `apply_edits` would do. Nothing is moved.

    Raises
    ------
    EngineError
        When there is no workspace, its folder is gone, or another program is writing.
    Cancelled
        From ``progress``.
    """
    with _settled(root) as workspace:
        return _plan(workspace, Moves.to_apply, progress or Progress())


def plan_revert(root: Path, progress: Progress | None = None) -> Plan:
    """Tell what `revert_edits` would do. Nothing is moved.

    Raises
    ------
    EngineError
        When there is no workspace, its folder is gone, or another program is writing.
    Cancelled
        From ``progress``.
    """
    with _settled(root) as workspace:
        return _plan(workspace, Moves.to_revert, progress or Progress())


def apply_edits(root: Path, progress: Progress | None = None) -> Applied:
    """Move each image into the folder of its class, those left out into `_excluded`.

    Nothing is written over: where a name is taken, the image gets another one. A file that is gone,
    has changed or may not be moved stays, and the rest goes on.

    Raises
    ------
    EngineError
        When there is no workspace, its folder is gone, or another program is writing.
    Cancelled
        From ``progress``, between two moves. What was moved stays so, and can be moved back.
    """
    return _carry_out(root, Moves.to_apply, MOVING, progress or Progress())


def revert_edits(root: Path, progress: Progress | None = None) -> Applied:
    """Move each image back to where it lay before anything was applied; the edits stay.

    Folders that were made for them and are empty are removed. A file that is gone or has changed
    stays, and the rest goes on.

    Raises
    ------
    EngineError
        When there is no workspace, its folder is gone, or another program is writing.
    Cancelled
        From ``progress``, between two moves. What was moved back stays so.
    """
    return _carry_out(root, Moves.to_revert, MOVING_BACK, progress or Progress())


def settle_moves(root: Path) -> int:
    """Finish the move that was under way when the program was killed, or leave it undone.

    Afterwards the workspace knows where each image lies. The moves that were to follow are not
    done: the edits are applied, or reverted, when the user asks again.

    Returns
    -------
    int
        How many moves were noted and are not done, 0 when nothing was cut short.

    Raises
    ------
    EngineError
        When another program is writing, or a disk refuses.
    """
    if not is_workspace(root):
        return 0
    with Workspace.open(root) as workspace:
        return _settle(workspace)


def _settled(root: Path) -> Workspace:
    """Open a workspace that knows where each image lies, and whose folder is there."""
    workspace = Workspace.open(root)
    try:
        if not workspace.folder.is_dir():
            raise EngineError(
                f"The folder “{workspace.folder}” does not exist; connect its disk, or bring it "
                "back to where it was."
            )
        _settle(workspace)
    except BaseException:
        workspace.close()
        raise
    return workspace


def _settle(workspace: Workspace) -> int:
    if not workspace.moves.is_open() or not workspace.folder.is_dir():
        return 0
    with workspace.writing():
        left = len(workspace.moves.unfinished())
        if left and _settle_first(workspace):
            left -= 1
        _remove_made_folders(workspace)
        workspace.moves.close()
    return left


def _settle_first(workspace: Workspace) -> bool:
    """Settle the only move that may have been begun; tell whether its file lies at its target."""
    move = workspace.moves.unfinished()[0]
    source, target = workspace.folder / move.source, workspace.folder / move.target
    try:
        is_done = settle(source, target, _temporary(target, move.number), move.copied)
        status = target.lstat() if is_done else None
    except OSError as error:
        raise EngineError(
            f"A move of “{source}” to “{target}” was cut short and cannot be finished "
            f"({error.strerror or error}); allow writing to both folders."
        ) from error
    if status is None:
        workspace.moves.drop(move.number)
        return False
    return workspace.moves.done(move.number, status.st_size, status.st_mtime_ns)


def _plan(
    workspace: Workspace, wanted: Callable[[Moves], list[Wanted]], progress: Progress
) -> Plan:
    moves = workspace.moves
    images = wanted(moves)
    # What goes back gets just the name it had, beside whatever was beside it then.
    key = str if images and images[0].reason == BACK else None
    return plan_moves(workspace.folder, images, moves.known_paths(), progress, key)


def _carry_out(
    root: Path, wanted: Callable[[Moves], list[Wanted]], stage: str, progress: Progress
) -> Applied:
    with _settled(root) as workspace, workspace.writing():
        plan = _plan(workspace, wanted, progress)
        done: list[Move] = []
        blocked = list(plan.blocked)
        numbers = workspace.moves.begin(plan.moves)
        try:
            for move, number in zip(plan.moves, numbers, strict=True):
                progress.report(stage, len(done), len(plan.moves))
                outcome = _move(workspace, move, number)
                if isinstance(outcome, Skipped):
                    blocked.append(outcome)
                else:
                    done.append(outcome)
            progress.report(stage, len(plan.moves), len(plan.moves))
        except Cancelled:
            _tidy(workspace, done)
            raise
        _tidy(workspace, done)
        return Applied(tuple(done), tuple(blocked))


def _tidy(workspace: Workspace, done: Sequence[Move]) -> None:
    _remove_made_folders(workspace)
    workspace.moves.close()
    with Thumbnails(workspace.root, workspace.folder) as thumbnails:
        thumbnails.follow((move.source, move.target) for move in done)


def _move(workspace: Workspace, move: Move, number: int) -> Move | Skipped:
    """Move one file and note it; return what was done, or why nothing was."""
    moves, folder, target = workspace.moves, workspace.folder, move.target
    fault = fault_of(folder / move.source, move.wanted.size, move.wanted.mtime_ns)
    try:
        while not fault:
            _make_folder(workspace, target.rpartition("/")[0])
            place = folder / target
            try:
                move_file(folder / move.source, place, _temporary(place, number),
                          lambda: moves.vouch(number))  # fmt: skip
            except FileExistsError:
                target = _other_name(workspace, move.wanted.target)
                moves.retarget(number, target)
            else:
                status = place.lstat()
                moves.done(number, status.st_size, status.st_mtime_ns)
                return replace(move, target=target, renamed=target != move.wanted.target)
    except OSError as error:
        if _settle_first(workspace):
            return replace(move, target=target)
        fault = mark(f"cannot be moved to “{target}”: {error.strerror or error}")
        return Skipped(move.source, fault)
    moves.drop(number)
    return Skipped(move.source, fault)


def _other_name(workspace: Workspace, wanted: str) -> str:
    """Return the first name beside a wanted one that neither the disk nor the workspace knows."""
    folder, _, name = wanted.rpartition("/")
    number = 2
    while True:
        path = f"{folder}/{numbered(name, number)}".removeprefix("/")
        if not os.path.lexists(workspace.folder / path) and not workspace.moves.is_known(path):
            return path
        number += 1


def _make_folder(workspace: Workspace, folder: str) -> None:
    """Make a folder and those that hold it, each noted before so that it can be removed."""
    place = workspace.folder / folder
    if place.is_dir():
        return
    _make_folder(workspace, folder.rpartition("/")[0])
    workspace.moves.note_folder(folder)
    try:
        place.mkdir()
    except OSError as error:
        workspace.moves.forget_folder(folder)
        if not place.is_dir():
            raise NotADirectoryError(error.errno, error.strerror) from error


def _remove_made_folders(workspace: Workspace) -> None:
    """Remove the folders that were made for images and hold nothing any more."""
    for folder in workspace.moves.made_folders():
        place = workspace.folder / folder
        try:
            place.rmdir()
        except FileNotFoundError:
            pass
        except OSError:  # it holds something, or may not be removed
            continue
        workspace.moves.forget_folder(folder)


def _temporary(target: Path, number: int) -> Path:
    """Return the name of a copy that is not complete; no dataset shows it."""
    return target.with_name(f".image-embedding-{number}.part")
