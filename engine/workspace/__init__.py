"""What the program keeps on disk about one dataset folder: a catalogue and arrays."""

from engine.workspace.derived import Derived
from engine.workspace.edits import Change, Edit, History
from engine.workspace.location import default_root
from engine.workspace.thumbnails import Thumbnails
from engine.workspace.view import View, read_view, save_view
from engine.workspace.workspace import Workspace, is_workspace

__all__ = [
    "Change",
    "Derived",
    "Edit",
    "History",
    "Thumbnails",
    "View",
    "Workspace",
    "default_root",
    "is_workspace",
    "read_view",
    "save_view",
]
