"""Embeddings reduced to two or three coordinates that can be looked at."""

from engine.projection.growing import GrowingPca
from engine.projection.pca import pca

__all__ = ["GrowingPca", "pca"]
