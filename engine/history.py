"""How a network got better while it was trained."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Epoch:
    """The mean loss and the share that is right, of images learnt from and of others.

    The others are held back to find the best epoch; where there are none, their numbers are those
    of the images learnt from.
    """

    loss: float
    accuracy: float
    other_loss: float
    other_accuracy: float


@dataclass(frozen=True, slots=True)
class History:
    """The epochs so far, in their order. The best one is kept: its loss on others is lowest."""

    epochs: tuple[Epoch, ...] = ()

    @property
    def best(self) -> int:
        """Place of the best epoch; 0 while there is none."""
        losses = [epoch.other_loss for epoch in self.epochs]
        return losses.index(min(losses)) if losses else 0
