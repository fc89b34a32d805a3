"""Pictures from anywhere become vectors as those of a run did."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine import runtime
from engine.backbones import backbone_named, estimate_seconds
from engine.errors import EngineError
from engine.extract import batch_size_for, embed_batches
from engine.network import Network
from engine.progress import Progress
from engine.values import ImageFile, Recipe, Skipped, Vectors
from engine.weights import Weights, find

PRECISIONS = {"f32": "exact", "bf16": "fast"}


def embed_files(
    files: Sequence[Path], recipe: Recipe, progress: Progress, weights: Path | None = None
) -> tuple[list[Path], Vectors, list[Skipped]]:
    """Embed files as a run would, or with the backbone that ``weights`` are a file of.

    Returns
    -------
    files, vectors, skipped
        Those that could be read, in their order; (B, D) float32, a row for each of them; the
        others, with the reasons.

    Raises
    ------
    EngineError
        When the weights of the run are not here any more.
    Cancelled
        From ``progress``.
    """
    network = network_of(recipe, weights)
    side = network.side
    plan = runtime.plan(network, "auto", PRECISIONS[recipe.precision], progress)
    images = [ImageFile(str(file), "", 0, 0) for file in files]
    done: list[Path] = []
    vectors: list[Vectors] = [np.zeros((0, recipe.dimensions), np.float32)]
    skipped: list[Skipped] = []
    with runtime.started(plan, progress) as model:
        batches = embed_batches(
            Path(),
            images,
            model.run,
            side=recipe.image_size,
            enlarge_to=side,
            batch_size=batch_size_for(side, estimate_seconds(network.backbone, 1, side)),
        )
        with contextlib.closing(batches):
            for batch in batches:
                done += [Path(image.path) for image in batch.images]
                vectors += [batch.vectors] if batch.images else []
                skipped += batch.skipped
                progress.report("Embedding images", len(done) + len(skipped), len(images))
    return done, np.concatenate(vectors), skipped


def network_of(recipe: Recipe, weights: Path | str | None = None) -> Network:
    """Return the network of a recipe; ``weights`` says where they are, see `engine.weights.find`.

    Raises
    ------
    EngineError
        When the weights are not here, or not those that the recipe names, or another program made
        the vectors.
    """
    if recipe.is_imported:
        raise EngineError(
            f"The vectors of “{recipe.run}” were imported, so no other picture can be embedded as "
            "they were; choose a run or a model of a backbone for that."
        )
    backbone = backbone_named(recipe.backbone)
    side = max(recipe.image_size, backbone.smallest_size)
    return Network(backbone, _weights(recipe, weights), side, recipe.pooling)


def _weights(recipe: Recipe, choice: Path | str | None) -> Weights:
    weights = find(backbone_named(recipe.backbone), str(choice or ""))
    if weights is None or weights.hash != recipe.weights_hash:
        raise EngineError(
            f"The weights that “{recipe.run}” was made with are not those that are here for "
            f"{recipe.backbone}; embed the folder again to compare other pictures with it."
        )
    return weights
