"""What the user can put right. Anything else that is raised is a fault of the program."""

from pathlib import Path


class EngineError(Exception):
    """One sentence that says what happened and what to do about it.

    The window shows ``str(error)`` in a message, the command line prints it after ``error:`` and
    exits with 1. Whatever was finished before it was raised is kept on disk.
    """


class AllExcludedError(EngineError):
    """All images of a folder lie in that of the excluded ones; there is nothing to show.

    folder: the dataset folder.
    root:   the workspace that can move them back, None where none is known to.
    """

    def __init__(self, sentence: str, folder: Path) -> None:
        super().__init__(sentence)
        self.folder = folder
        self.root: Path | None = None


class WorkspaceBusyError(EngineError):
    """Another run is writing to the workspace; the same may go well once that has ended."""
