"""The work behind the window: folders, embeddings, projections. Importing it is instant."""

__version__ = "0.1.0"
