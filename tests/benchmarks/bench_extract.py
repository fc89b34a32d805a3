"""How fast a folder is embedded, beside what it could be and what a plain script does.

Usage, from the project's folder:

    .venv/bin/python tests/benchmarks/bench_extract.py FOLDER [--backbones MobileNetV2,VGG16]
    .venv/bin/python tests/benchmarks/bench_extract.py FOLDER --scale 20000

Every way runs in a process of its own, in turn, three rounds; the fastest round counts, and only
ratios of one call of this script mean anything. Where the ImageNet weights of a backbone are not
here, random ones take their place: they take the same time.

    naive    Pillow decodes everything, then ``model.predict`` of Keras
    ready    OpenVINO on arrays that are ready in memory, the same batches, nothing else
    extract  the program: reading, decoding, resizing, OpenVINO, writing
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from engine import converted, openvino_model, pipeline  # noqa: E402
from engine.backbones import BACKBONES, Backbone, estimate_seconds  # noqa: E402
from engine.dataset import read_dataset  # noqa: E402
from engine.extract import batch_size_for  # noqa: E402
from engine.images import read_square  # noqa: E402
from engine.memory import peak_memory_mb  # noqa: E402
from engine.network import Network  # noqa: E402
from engine.runtime import plan  # noqa: E402
from engine.weights import find  # noqa: E402


def main() -> None:
    """Compare the ways for each backbone, or show that memory stays flat."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--backbones", default="MobileNetV2,Xception,VGG16")
    parser.add_argument("--images", type=int, default=0, help="at most; default: all")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scale", type=int, help="repeat the pictures to so many, instead")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--precision", default="exact", help=argparse.SUPPRESS)
    parser.add_argument("--weights", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        backbone = BACKBONES[options.backbones]
        print(json.dumps(WAYS[options.way](options.folder, backbone, options)))
    elif options.scale:
        show_memory(options.folder, options.scale)
    else:
        for name in options.backbones.split(","):
            compare(options.folder, BACKBONES[name], options.images, options.rounds)


def compare(folder: Path, backbone: Backbone, images: int, rounds: int) -> None:
    """Print images a second, ratios and peak memory of each way."""
    with tempfile.TemporaryDirectory() as place:
        pictures = linked(folder, Path(place) / "pictures", images)
        weights = ""
        if find(backbone) is None:
            weights = call("save", pictures, backbone)["file"]
        made = plan(Network(backbone, find(backbone, weights), backbone.native_size, "avg"))
        calls = [("naive", "exact"), ("ready", "exact"), ("extract", "exact")]
        if made.precision == openvino_model.FAST:
            calls += [("ready", "fast"), ("extract", "fast")]
        best: dict[tuple[str, str], dict[str, Any]] = {}
        for _ in range(rounds):
            for way, precision in calls:
                done = call(way, pictures, backbone, precision, weights)
                old = best.get((way, precision), done)
                best[way, precision] = max(done, old, key=lambda each: each["per_second"])
        if weights:
            Path(weights).unlink()
    print(f"\n{backbone.name} at {backbone.native_size} px, {done['images']} images")
    naive, ready = best["naive", "exact"], best["ready", "exact"]
    print(f"{'':16}{'img/s':>8}{'of naive':>10}{'of ready':>10}{'peak MB':>9}")
    for (way, precision), each in best.items():
        rate = each["per_second"]
        print(
            f"{way + ' ' + precision:16}{rate:8.1f}{rate / naive['per_second']:10.2f}"
            f"{rate / ready['per_second']:10.2f}{each['peak_mb']:9.0f}"
        )
    distances = {key: f"{value:.1g}" for key, value in made.converted.distances.items()}
    print(f"cosine distance to Keras at conversion: {distances}", flush=True)


def show_memory(folder: Path, scale: int) -> None:
    """Embed a tenth of ``scale`` pictures and all of them; print peak memory and a second run."""
    backbone = BACKBONES["MobileNetV2"]
    with tempfile.TemporaryDirectory() as place:
        for images in (scale // 10, scale):
            pictures = linked(folder, Path(place) / str(images), images)
            for title in ("first run", "second run"):
                done = call("extract", pictures, backbone, keep=True)
                print(
                    f"{images:7,} images, {title:10}: {done['seconds']:8.1f} s, "
                    f"{done['per_second']:6.1f} img/s, peak {done['peak_mb']:.0f} MB",
                    flush=True,
                )


def linked(folder: Path, to: Path, images: int) -> Path:
    """Make a folder of links to the pictures, as many as asked for, repeated if need be."""
    found = read_dataset(folder)
    step = max(1, len(found.images) // images) if images else 1
    chosen = found.images[::step][: images or None]
    for number in range(images or len(chosen)):
        image = chosen[number % len(chosen)]
        file = to / image.label / f"{number}-{Path(image.path).name}"
        file.parent.mkdir(parents=True, exist_ok=True)
        os.link(image_copy(folder / image.path, to.parent), file)
    return to


def image_copy(file: Path, place: Path) -> Path:
    """Copy a picture once: links across file systems are not possible."""
    copy = place / "copies" / file.parent.name / file.name
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    return copy


def call(
    way: str,
    folder: Path,
    backbone: Backbone,
    precision: str = "exact",
    weights: str = "",
    keep: bool = False,
) -> dict[str, Any]:
    """Run one way in a process of its own."""
    arguments = [str(folder), "--way", way, "--backbones", backbone.name]
    arguments += ["--precision", precision, "--weights", weights]
    done = subprocess.run(
        [sys.executable, __file__, *arguments], stdout=subprocess.PIPE, text=True, check=True
    )
    if not keep:
        shutil.rmtree(folder.with_name(folder.name + ".embedding"), ignore_errors=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def save(folder: Path, backbone: Backbone, options: argparse.Namespace) -> dict[str, Any]:
    """Let Keras save random weights."""
    import keras

    handle, file = tempfile.mkstemp(suffix=".weights.h5")
    os.close(handle)
    keras.utils.set_random_seed(1)
    getattr(keras.applications, backbone.name)(include_top=False, weights=None).save_weights(file)
    return {"file": file}


def naive(folder: Path, backbone: Backbone, options: argparse.Namespace) -> dict[str, Any]:
    """Embed as the scripts of most people do."""
    import keras
    from PIL import Image

    side = backbone.native_size
    network = getattr(keras.applications, backbone.name)(
        include_top=False, weights=None, pooling="avg", input_shape=(side, side, 3)
    )
    network.load_weights(str(find(backbone, options.weights).path))
    preprocess = getattr(keras.applications, backbone.module).preprocess_input
    network.predict(np.zeros((32, side, side, 3), np.float32), verbose=0)  # traces it
    files = [image.path for image in read_dataset(folder).images]
    started = time.perf_counter()
    pixels = np.zeros((len(files), side, side, 3), np.float32)
    for row, file in enumerate(files):
        picture = Image.open(folder / file).convert("RGB").resize((side, side))
        pixels[row] = np.asarray(picture)
    network.predict(preprocess(pixels), batch_size=32, verbose=0)
    return measured(len(files), time.perf_counter() - started)


def ready(folder: Path, backbone: Backbone, options: argparse.Namespace) -> dict[str, Any]:
    """Let the inference engine work on arrays that are there already, over and over."""
    side, dataset = backbone.native_size, read_dataset(folder)
    found = converted.find(Network(backbone, find(backbone, options.weights), side, "avg"))
    fast = options.precision == "fast"
    run, _ = openvino_model.load(found.file, "bf16" if fast else "f32")
    size = batch_size_for(side, estimate_seconds(backbone, 1, side))
    images = dataset.images[: 4 * size]
    pixels = np.stack([read_square(folder / image.path, side) for image in images])
    batches = [pixels[start : start + size] for start in range(0, len(pixels), size)]
    run(batches[0])
    rounds = max(1, len(dataset.images) // len(images))
    started = time.perf_counter()
    for _ in range(rounds):
        for batch in batches:
            run(batch)
    return measured(rounds * len(images), time.perf_counter() - started)


def extract(folder: Path, backbone: Backbone, options: argparse.Namespace) -> dict[str, Any]:
    """Embed with the program."""
    choices = pipeline.ExtractOptions(
        backbone=backbone.name, weights=options.weights, precision=options.precision
    )
    done = pipeline.extract(folder, options=choices)
    return measured(done.embedded, done.embedding_seconds) | {"seconds": done.seconds}


def measured(images: int, seconds: float) -> dict[str, Any]:
    """What every way answers with."""
    rate = images / max(seconds, 1e-9)
    return {
        "images": images,
        "seconds": seconds,
        "per_second": rate,
        "peak_mb": peak_memory_mb(),
    }


WAYS = {"save": save, "naive": naive, "ready": ready, "extract": extract}

if __name__ == "__main__":
    main()
