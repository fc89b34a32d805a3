"""What TensorBoard's projector shows of a run: vectors, metadata, pictures and our own maps.

The page keeps what it has read by the name of the tensor, so that nothing is ever written over:
each export is a folder of its own, under a name that none had before. The page only sees a
configuration in the root of the folder of all logs, so that one there lists the latest export of
each run.
"""

from engine.projector.bookmarks import Map, write_bookmarks
from engine.projector.folder import Export, Note, exports, new_export
from engine.projector.metadata import Predicted, write_metadata
from engine.projector.sprite import tile_side, write_sprite
from engine.projector.tensors import write_tensors

__all__ = [
    "Export",
    "Map",
    "Note",
    "Predicted",
    "exports",
    "new_export",
    "tile_side",
    "write_bookmarks",
    "write_metadata",
    "write_sprite",
    "write_tensors",
]
