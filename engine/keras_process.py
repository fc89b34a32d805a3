"""Keras in a process of its own, started when it is first needed and ended with its owner.

TensorFlow takes seconds to import and stalls every other thread meanwhile; it cannot be cancelled;
and its LLVM crashes a process that already draws with Mesa's software OpenGL. In a process of its
own it can be waited for, killed, and its end is nobody else's.
"""

import math
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from engine.backbones import Backbone
from engine.converted import Converted
from engine.dense_head import DenseHead, HeadOptions
from engine.exportable_head import NeighborHead
from engine.finetune import FinetuneOptions, Pictures, Tuned
from engine.history import History
from engine.network import Network
from engine.own_process import OwnProcess
from engine.progress import Progress, Step
from engine.values import Pixels, Vectors
from engine.wording import mark

ENDED = mark(
    "The process that runs Keras ended unexpectedly (exit code {code}), perhaps for lack of "
    "memory; close other programs or choose a smaller backbone, what was finished is kept."
)

Hear = Callable[[History], None]


class KerasProcess:
    """The near end: each method runs `engine.keras_model` at the far end and waits for it.

    Use it in a ``with``; leaving it ends the process. What the far end raises as an `EngineError`
    is raised here; a far end that dies becomes an `EngineError`, too.
    """

    def __init__(self, progress: Progress) -> None:
        """Start the process; ``progress`` is told of the waiting, and can stop it."""
        self._progress = progress
        self._process = OwnProcess(_Requests, ENDED)
        self._process.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.close()

    def download(self, backbone: Backbone, folder: Path) -> Path:
        """See `engine.keras_model.download`; reports megabytes."""
        file = folder / "models" / backbone.weights_file
        total = math.ceil(backbone.weights_mb)

        def megabytes() -> tuple[int, int]:
            size = file.stat().st_size if file.exists() else 0
            return min(total, size // 1_000_000), total

        stage = mark(f"Downloading {backbone.name}, megabytes")
        done: Path = self._ask(stage, "download", backbone, folder, measure=megabytes)
        return done

    def convert(self, network: Network, file: Path) -> Converted:
        """Build the network, see `engine.keras_model.build`, and convert it into ``file``."""
        stage = mark(f"Preparing {network.backbone.name} (once)")
        made: Converted = self._ask(stage, "convert", network, file)
        return made

    def build(self, network: Network) -> int:
        """Build the network that `run` will use, and return its dimensions."""
        dimensions: int = self._ask(f"Loading {network.backbone.name}", "build", network)
        return dimensions

    def export(
        self,
        network: Network,
        image_size: int,
        head: DenseHead | NeighborHead,
        classes: int,
        kind: str,
        file: Path,
    ) -> None:
        """See `engine.keras_export.export`."""
        stage = mark(f"Exporting for {kind}")
        self._ask(stage, "export", network, image_size, head, classes, kind, file)

    def count_gpus(self) -> int:
        """See `engine.keras_model.count_gpus`."""
        count: int = self._ask(mark("Looking for a GPU"), "count_gpus")
        return count

    def run(self, pixels: Pixels) -> Vectors:
        """Embed (B, S, S, 3) uint8 with the network that was built: (B, D) float32."""
        vectors: Vectors = self._ask("", "run", pixels)
        return vectors

    def fit_head(
        self,
        stage: str,
        vectors: Vectors,
        truth: NDArray[np.int64],
        groups: NDArray[np.int64],
        options: HeadOptions,
        seed: int,
        hear: Hear | None = None,
    ) -> tuple[DenseHead, History]:
        """See `engine.keras_head.fit_head`; ``hear`` gets the history after each epoch."""
        made: tuple[DenseHead, History] = self._process.ask(
            "fit_head", stage, vectors, truth, groups, options, seed, progress=self._heard_by(hear)
        )
        if hear is not None:
            hear(made[1])  # steps are thinned out: the last epochs may be new
        return made

    def finetune(
        self,
        network: Network,
        pictures: Pictures,
        start: DenseHead,
        options: FinetuneOptions,
        weights_file: Path,
        hear: Hear | None = None,
    ) -> Tuned:
        """See `engine.finetune.finetune`; ``hear`` gets the history after each epoch."""
        values = (network, pictures, start, options, weights_file)
        made: Tuned = self._process.ask("finetune", *values, progress=self._heard_by(hear))
        if hear is not None:
            hear(made.history)
        return made

    def _heard_by(self, hear: Hear | None) -> Progress:
        if hear is None:
            return self._progress

        def listen(step: Step) -> None:
            if isinstance(step.partial, History):
                hear(step.partial)

        return self._progress.heard_by(listen)

    def _ask(
        self,
        stage: str,
        method: str,
        *values: Any,
        measure: Callable[[], tuple[int, int]] = lambda: (0, 0),
    ) -> Any:
        """Ask the far end; ``measure`` tells meanwhile how far it is."""

        def waiting() -> None:
            if stage:
                self._progress.report(stage, *measure())

        return self._process.ask(method, *values, progress=self._progress, waiting=waiting)


class _Requests:
    """What the far end can do; it keeps the network that was built last."""

    def __init__(self) -> None:
        self._run: Callable[[Pixels], Vectors] | None = None

    def download(self, progress: Progress, backbone: Backbone, folder: Path) -> Path:
        from engine import keras_model

        return keras_model.download(backbone, folder)

    def convert(self, progress: Progress, network: Network, file: Path) -> Converted:
        from engine import converted, keras_model

        built = keras_model.build(network)
        return converted.make(built.forward, built.run, network.side, file)

    def build(self, progress: Progress, network: Network) -> int:
        from engine import keras_model

        built = keras_model.build(network)
        self._run = built.run
        return built.dimensions

    def run(self, progress: Progress, pixels: Pixels) -> Vectors:
        assert self._run is not None
        return self._run(pixels)

    def export(self, progress: Progress, *values: Any) -> None:
        from engine import keras_export

        keras_export.export(*values)

    def count_gpus(self, progress: Progress) -> int:
        from engine import keras_model

        return keras_model.count_gpus()

    def fit_head(self, progress: Progress, *values: Any) -> tuple[DenseHead, History]:
        from engine import keras_head

        return keras_head.fit_head(progress, *values)

    def finetune(self, progress: Progress, *values: Any) -> Tuned:
        from engine import finetune

        return finetune.finetune(progress, *values)
