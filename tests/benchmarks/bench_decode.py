"""How long it takes to get the squares of a folder's pictures, with each decoder there is here.

Usage, from the project's folder: ``.venv/bin/python tests/benchmarks/bench_decode.py FOLDER``.
One thread; the fastest of ROUNDS rounds counts; only ratios mean anything. ``ours`` is what the
program uses: Pillow, with colour profiles, EXIF, transparency and the rest. The others only decode
and resize, so they are what could be gained at most. A decoder that is not installed is left out:
try ``pip install opencv-python-headless simplejpeg``.
"""

import argparse
import functools
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from engine.dataset import read_dataset  # noqa: E402
from engine.images import read_square  # noqa: E402

ROUNDS = 3


def main() -> None:
    """Print milliseconds per picture of each decoder, and how far its squares are from ours."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--side", type=int, default=224)
    parser.add_argument("--images", type=int, default=500)
    options = parser.parse_args()
    dataset = read_dataset(options.folder)
    step = max(1, len(dataset.images) // options.images)
    files = [options.folder / image.path for image in dataset.images[::step]]
    decoders: dict[str, Callable[[Path, int], np.ndarray]] = {
        "ours": read_square,
        "bare Pillow": pillow,
    }
    decoders |= {"OpenCV": opencv} if find_spec("cv2") else {}
    if find_spec("simplejpeg") and all(file.suffix.lower() in (".jpg", ".jpeg") for file in files):
        decoders["simplejpeg"] = simplejpeg
    best = dict.fromkeys(decoders, float("inf"))
    for _ in range(ROUNDS):
        for name, decode in decoders.items():
            started = time.perf_counter()
            for file in files:
                decode(file, options.side)
            best[name] = min(best[name], (time.perf_counter() - started) / len(files))
    ours = [read_square(file, options.side).astype(int) for file in files[:50]]
    for name, seconds in best.items():
        others = [decoders[name](file, options.side) for file in files[:50]]
        off = np.mean([np.abs(one - two).mean() for one, two in zip(ours, others, strict=True)])
        print(
            f"{name:12} {1000 * seconds:7.3f} ms a picture, {seconds / best['ours']:5.2f} of ours, "
            f"mean difference {off:.2f} of 255"
        )


def pillow(file: Path, side: int) -> np.ndarray:
    """Open, convert, resize: nothing else."""
    with Image.open(file) as picture:
        picture.draft("RGB", (2 * side, 2 * side))
        return np.asarray(picture.convert("RGB").resize((side, side), Image.Resampling.BILINEAR))


def opencv(file: Path, side: int) -> np.ndarray:
    """Decode with OpenCV; its filter for reducing is the area average."""
    import cv2

    pixels = cv2.imread(str(file), cv2.IMREAD_COLOR_RGB)
    smaller = min(pixels.shape[:2]) > side
    filter_ = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, (side, side), interpolation=filter_))


def simplejpeg(file: Path, side: int) -> np.ndarray:
    """Decode with libjpeg-turbo through simplejpeg; resize with Pillow."""
    pixels = _simplejpeg()(file.read_bytes(), min_height=2 * side, min_width=2 * side, min_factor=1)
    return np.asarray(Image.fromarray(pixels).resize((side, side), Image.Resampling.BILINEAR))


@functools.cache
def _simplejpeg() -> Callable[..., np.ndarray]:
    import simplejpeg

    decode: Callable[..., np.ndarray] = simplejpeg.decode_jpeg
    return decode


if __name__ == "__main__":
    main()
