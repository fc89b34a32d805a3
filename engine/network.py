"""Which network is meant: what makes one embedding different from another."""

from dataclasses import dataclass

from engine.backbones import Backbone
from engine.weights import Weights


@dataclass(frozen=True, slots=True)
class Network:
    """A backbone with its weights, its input and what its features are reduced to.

    side:    S, the side of its square input in pixels, at least ``backbone.smallest_size``.
    pooling: "avg", "max" or "flatten".
    """

    backbone: Backbone
    weights: Weights
    side: int
    pooling: str
