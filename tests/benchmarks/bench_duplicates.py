"""Which rule finds copies of pictures, and takes no two pictures for copies that are not.

    .venv/bin/python tests/benchmarks/bench_duplicates.py WORKSPACE... [--every 8]

Of some pictures of a dataset a copy is made in each of several ways, embedded and added to the
dataset. Every pair of a picture with its copy should be found; every other pair counts against the
rule, so give datasets without copies of their own.
"""

import argparse
import io
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from engine.images import read  # noqa: E402
from engine.neighbors import knn_graph  # noqa: E402
from engine.pipeline.embed_files import embed_files  # noqa: E402
from engine.progress import Progress  # noqa: E402
from engine.quality.duplicates import find_duplicates  # noqa: E402
from engine.quality.near_copies import hash_bits  # noqa: E402
from engine.quality.perceptual_hash import bits_apart, packed  # noqa: E402
from engine.quality.picture_facts import PictureFacts, read_facts  # noqa: E402
from engine.values import Embeddings, ImageFile, KnnGraph  # noqa: E402
from engine.workspace import Workspace  # noqa: E402

NEIGHBORS = 15
Picture = Image.Image


def jpeg(quality: int) -> Callable[[Picture], Picture]:
    """Return what saves a picture as a JPEG and reads it again."""

    def saved(picture: Picture) -> Picture:
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=quality)
        return Image.open(file).convert("RGB")

    return saved


def crop(share: float) -> Callable[[Picture], Picture]:
    """Return what cuts ``share`` off at the left and top and half of it at the right and bottom."""

    def cut(picture: Picture) -> Picture:
        x, y = (max(1, round(side * share)) for side in picture.size)
        return picture.crop((x, y, picture.width - x // 2, picture.height - y // 2))

    return cut


def scaled(by: float) -> Callable[[Picture], Picture]:
    """Return what makes a picture larger or smaller."""
    return lambda picture: picture.resize(
        (round(picture.width * by), round(picture.height * by)), Image.Resampling.LANCZOS
    )


def turned(picture: Picture) -> Picture:
    """Turn by two degrees."""
    corner = picture.getpixel((0, 0))
    return picture.rotate(2, Image.Resampling.BICUBIC, fillcolor=corner)


def written_on(picture: Picture) -> Picture:
    """Write a line of text into the lower corner."""
    copy = picture.copy()
    size = max(10, copy.height // 9)
    ImageDraw.Draw(copy).text(
        (2, copy.height - size - 3), "(c) 2024 me", (255, 255, 0), font_size=size
    )
    return copy


WAYS: dict[str, Callable[[Picture], Picture]] = {
    "jpeg90": jpeg(90),
    "jpeg50": jpeg(50),
    "jpeg30": jpeg(30),
    "half": scaled(0.5),
    "double": scaled(2),
    "crop2%": crop(0.02),
    "crop5%": crop(0.05),
    "bright": lambda picture: ImageEnhance.Brightness(picture).enhance(1.25),
    "dark": lambda picture: ImageEnhance.Brightness(picture).enhance(0.75),
    "contr.": lambda picture: ImageEnhance.Contrast(picture).enhance(1.3),
    "turn2": turned,
    "mirror": ImageOps.mirror,
    "grey": lambda picture: picture.convert("L").convert("RGB"),
    "text": written_on,
    "border": lambda picture: ImageOps.expand(picture, max(2, picture.width // 30), (200, 30, 30)),
}


def rules() -> dict[str, Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], np.ndarray]]:
    """Name what decides by cosine distance, bits of 64, of 256, and of 256 in several ways."""
    found: dict = {}
    for cut in (0.02, 0.05, 0.1):  # the last is the default of imagededup
        found[f"embedding {cut}"] = lambda d, low, whole, ways, cut=cut: d <= cut
    for cut in (2, 10):  # the last is the default of imagededup
        found[f"64 bits {cut}"] = lambda d, low, whole, ways, cut=cut: low <= cut
    found["0.1 and 64 bits 10"] = lambda d, low, whole, ways: (d <= 0.1) & (low <= 10)
    for cut in (16, 24, 32, 36, 40, 48):
        found[f"256 bits {cut}"] = lambda d, low, whole, ways, cut=cut: whole <= cut
    for cut in (24, 28, 32, 36, 40):
        found[f"in 4 ways {cut}"] = lambda d, low, whole, ways, cut=cut: ways <= cut
    for near, cut in ((0.03, 64), (0.04, 64), (0.05, 64), (0.06, 56), (0.08, 48), (0.08, 56)):
        found[f"32 or {near} and {cut}"] = lambda d, low, whole, ways, near=near, cut=cut: (
            (ways <= 32) | ((d <= near) & (ways <= cut))
        )
    return found


def measure(root: Path, every: int) -> None:
    """Print what each rule finds of each kind of copy, and its precision over all kinds."""
    with Workspace.open(root) as workspace:
        recipe = workspace.run()
        embeddings, dataset = workspace.embeddings(recipe), workspace.dataset()
    known = {image.path: image for image in dataset.images}
    images = [known[path] for path in embeddings.paths]
    facts = read_facts(dataset.folder, images)
    chosen = np.arange(0, len(images), every)
    hits = {rule: np.zeros((len(WAYS), 2), int) for rule in [*rules(), "find_duplicates"]}
    with tempfile.TemporaryDirectory() as place:
        files = []
        for row in chosen:
            picture = Image.fromarray(read(dataset.folder / images[row].path))
            for way, change in WAYS.items():
                files.append(Path(place) / f"{row}-{way}.png")
                change(picture).save(files[-1])
        done, vectors, _ = embed_files(files, recipe, Progress())
        copies = [ImageFile(f.name, "", f.stat().st_size, 0) for f in done]
        of_copies = read_facts(Path(place), copies)
    for number in range(len(WAYS)):
        some = np.arange(number, len(files), len(WAYS))
        both = joined(embeddings, images, facts, some, copies, vectors, of_copies)
        truth = np.concatenate([np.arange(len(images)), chosen])
        for rule, found in found_by(dataset.folder, *both).items():
            right = truth[found[:, 0]] == truth[found[:, 1]]
            hits[rule][number] += right.sum(), (~right).sum()
    print(f"\n{root.stem}: {len(images):,} pictures and {len(chosen)} copies in each way, recall")
    print(f"{'':22}" + "".join(f"{way:>7}" for way in WAYS) + f"{'all':>7}{'precision':>11}")
    for rule, counts in hits.items():
        right, wrong = counts.sum(axis=0)
        line = "".join(f"{share:7.2f}" for share in counts[:, 0] / len(chosen))
        all_of = right / (len(chosen) * len(WAYS))
        print(f"{rule:22}{line}{all_of:7.3f}{right / max(right + wrong, 1):11.4f}")


def joined(
    embeddings: Embeddings,
    images: Sequence[ImageFile],
    facts: PictureFacts,
    some: np.ndarray,
    copies: Sequence[ImageFile],
    vectors: np.ndarray,
    of_copies: PictureFacts,
) -> tuple[list[ImageFile], Embeddings, KnnGraph, PictureFacts]:
    """Add the copies of one kind to a dataset."""
    files = [*images, *(copies[number] for number in some)]
    paths = tuple(file.path for file in files)
    everything = Embeddings(
        np.concatenate([embeddings.vectors, vectors[some]]), paths, ("",) * len(paths), "run"
    )
    fields = ("sizes", "brightness", "sharpness", "information", "hashes")
    arrays = [np.concatenate([getattr(facts, f), getattr(of_copies, f)[some]]) for f in fields]
    graph = knn_graph(everything.vectors, NEIGHBORS)
    return files, everything, graph, PictureFacts(paths, *arrays)


def found_by(
    folder: Path,
    files: list[ImageFile],
    embeddings: Embeddings,
    graph: KnnGraph,
    facts: PictureFacts,
) -> dict[str, np.ndarray]:
    """Return the pairs that each rule finds among all pairs, and those of the program."""
    unit = embeddings.vectors / np.linalg.norm(embeddings.vectors, axis=1, keepdims=True)
    distance = 1 - unit @ unit.T
    low = np.zeros((1, 16, 16), bool)
    low[:, :8, :8] = True
    mask = packed(low)[0]
    whole = facts.hashes[:, 0]
    above = np.column_stack(np.triu_indices(len(files), 1))
    bits64 = np.concatenate(
        [bits_apart(whole[row] & mask, whole[row + 1 :] & mask) for row in range(len(files))]
    )
    bits256 = np.concatenate(
        [bits_apart(whole[row], whole[row + 1 :]) for row in range(len(files))]
    )
    ways = hash_bits(facts.hashes, above)
    apart = distance[above[:, 0], above[:, 1]]
    found = {name: above[rule(apart, bits64, bits256, ways)] for name, rule in rules().items()}
    place = {file.path: row for row, file in enumerate(files)}
    groups = find_duplicates(folder, files, embeddings, graph, facts).groups
    found["find_duplicates"] = np.array(
        [(place[group[0]], place[path]) for group in groups for path in group[1:]], int
    ).reshape(-1, 2)
    return found


def main() -> None:
    """Print a table for each workspace."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workspaces", nargs="+", type=Path)
    parser.add_argument("--every", type=int, default=8, help="one picture in so many is copied")
    options = parser.parse_args()
    for root in options.workspaces:
        measure(root, options.every)


if __name__ == "__main__":
    main()
