"""The order of the stages, from a folder to a map. The command line and the window call this."""

from engine.pipeline.extraction import POOLINGS, Extraction, ExtractOptions, extract, size_note
from engine.pipeline.maps import Opened, agreement, clusters, open_folder, project
from engine.pipeline.similar import Neighbor, Similar

__all__ = [
    "POOLINGS",
    "ExtractOptions",
    "Extraction",
    "Neighbor",
    "Opened",
    "Similar",
    "agreement",
    "clusters",
    "extract",
    "open_folder",
    "project",
    "size_note",
]
