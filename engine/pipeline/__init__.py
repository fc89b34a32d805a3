"""The order of the stages, from a folder to a map. The command line and the window call this."""

from engine.pipeline.extraction import POOLINGS, Extraction, ExtractOptions, extract, size_note
from engine.pipeline.maps import METHODS, Opened, open_folder, project

__all__ = [
    "METHODS",
    "POOLINGS",
    "ExtractOptions",
    "Extraction",
    "Opened",
    "extract",
    "open_folder",
    "project",
    "size_note",
]
