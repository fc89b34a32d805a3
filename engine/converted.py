"""Backbones converted for OpenVINO: where they are kept, and how far each is from Keras."""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path

import numpy as np
import platformdirs

from engine import openvino_model
from engine.files import replacing
from engine.images import read_square
from engine.network import Network
from engine.values import Pixels, Vectors

FORMAT = 1  # grows when files converted before are of no use any more
TOLERANCE = 1e-4  # cosine distance to Keras's own vectors up to which vectors count as the same
CHECK_PICTURES = 16

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Converted:
    """A converted backbone on this machine.

    file:      the .xml; its .bin and a .json with the distances lie beside it.
    distances: for each precision that was tried, the largest cosine distance between its vectors
               of the check pictures and Keras's own.
    """

    file: Path
    distances: dict[str, float] = field(hash=False)

    def is_close(self, precision: str) -> bool:
        """Whether vectors of this precision may stand for Keras's own."""
        return self.distances.get(precision, np.inf) <= TOLERANCE


def find(network: Network) -> Converted | None:
    """Find a converted backbone, bundled or in the cache; None where there is none of use."""
    name = converted_name(network)
    for folder in (bundled_folder(), cache_folder()):
        file = folder / name
        if not (file.is_file() and file.with_suffix(".bin").is_file()):
            continue
        try:
            distances = json.loads(file.with_suffix(".json").read_bytes())["distances"]
            return Converted(file, {str(key): float(value) for key, value in distances.items()})
        # Files in a cache get lost or damaged; then they are made again.
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            log.warning("%s cannot be used: %s", file, error)
    return None


def make(forward: object, keras: Callable[[Pixels], Vectors], side: int, file: Path) -> Converted:
    """Convert a backbone and compare it with Keras on pictures of the sample.

    Parameters
    ----------
    forward
        The backbone as a concrete TensorFlow function.
    keras
        The same as Keras runs it: (B, S, S, 3) uint8 to (B, D) float32.
    side
        S.
    file
        The .xml to write.
    """
    openvino_model.convert(forward, file)
    pixels = check_pictures(side)
    expected = keras(pixels)
    distances = {}
    for precision in openvino_model.precisions():
        run, _ = openvino_model.load(file, precision)
        distances[precision] = float(cosine_distances(run(pixels), expected).max())
    converted = Converted(file, distances)
    note = asdict(converted) | {"file": file.name, "pictures": len(pixels)}
    with replacing(file.with_suffix(".json")) as written:
        written.write((json.dumps(note, indent=1) + "\n").encode())
    return converted


def check_pictures(side: int) -> Pixels:
    """Return (16, S, S, 3) uint8: pictures of the sample, some of each class."""
    sample = Path(str(files("resources") / "sample"))
    pictures = sorted(sample.rglob("*.jpg"))
    step = len(pictures) // CHECK_PICTURES
    return np.stack([read_square(file, side) for file in pictures[::step][:CHECK_PICTURES]])


def cosine_distances(first: Vectors, second: Vectors) -> Vectors:
    """Return N distances between the rows of two (N, D) arrays: 0 same direction, 2 opposite.

    A row of zeros has no direction: it is at 0 from another one, and at 1 from everything else.
    """
    one, other = first.astype(np.float64), second.astype(np.float64)
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    products = np.einsum("nd,nd->n", one, other) / np.where(lengths == 0, 1, lengths)
    both_zero = ~one.any(axis=1) & ~other.any(axis=1)
    return np.asarray(np.where(both_zero, 0, 1 - products), dtype=np.float32)


def converted_name(network: Network) -> str:
    """Return the file name of a converted backbone: another one for all that changes it."""
    return (
        f"{network.backbone.name}-{network.side}-{network.pooling}-{network.weights.hash[:16]}"
        f"-v{FORMAT}.xml"
    )


def bundled_folder() -> Path:
    """Return where the converted backbone that travels with the program lies."""
    return Path(str(files("resources") / "weights"))


def cache_folder() -> Path:
    """Return where converted backbones are kept; it may be deleted at any time."""
    return platformdirs.user_cache_path("image-embedding", appauthor=False) / "converted"
