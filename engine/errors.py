"""What the user can put right. Anything else that is raised is a fault of the program."""


class EngineError(Exception):
    """One sentence that says what happened and what to do about it.

    The window shows ``str(error)`` in a message, the command line prints it after ``error:`` and
    exits with 1. Whatever was finished before it was raised is kept on disk.
    """


class WorkspaceBusyError(EngineError):
    """Another run is writing to the workspace; the same may go well once that has ended."""
