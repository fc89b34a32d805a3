"""Images that are the same picture: the same file, or one that was saved, cut or turned anew."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import limits
from engine.progress import Progress
from engine.quality.copies import NEAR_AT_MOST
from engine.quality.copy_groups import gather_copies
from engine.quality.findings import DUPLICATE, EXACT, NEAR, Finding
from engine.quality.near_copies import copy_pairs, hash_bits
from engine.quality.perceptual_hash import BITS
from engine.quality.picture_facts import PictureFacts, rows_of
from engine.values import Embeddings, ImageFile, KnnGraph, natural_key
from engine.wording import mark

FLAT = 8  # grey levels between dark and bright: with fewer, a hash tells of noise

_STAGE = mark("Comparing files")
_DIGEST = 16  # bytes
_AT_ONCE = 64  # files that are compared before the next report

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What a dataset has more than once.

    groups:   paths that show the same picture, the one that would stay first.
    findings: one for each image that would not stay; groups of several classes first, then by how
              alike they are.
    """

    groups: tuple[tuple[str, ...], ...]
    findings: tuple[Finding, ...]


def find_duplicates(
    folder: Path,
    images: Sequence[ImageFile],
    embeddings: Embeddings,
    graph: KnnGraph,
    facts: PictureFacts,
    progress: Progress | None = None,
) -> Duplicates:
    """Find the pictures that a dataset has more than once.

    Of a group the image of the most pixels stays, then of the most bytes, then of the shortest
    path; all others are copies of that one.

    Parameters
    ----------
    folder
        The dataset folder.
    images
        All images, with their classes.
    embeddings, graph
        Of those that are embedded, with their nearest neighbours by cosine distance.
    facts
        Of those that could be read. Others are nobody's copies.
    progress
        Hears the steps.

    Raises
    ------
    Cancelled
        From ``progress``.
    """
    progress = progress or Progress()
    known = {image.path: image for image in images}
    files = [known[path] for path in facts.paths]
    content = _contents(folder, files, facts, progress)
    rows = rows_of(facts.paths, embeddings.paths)
    pairs = copy_pairs(facts.hashes, _has_contrast(facts), graph, rows, progress)
    groups = gather_copies(facts.hashes, _rank(files, facts), content, pairs)
    findings = [
        finding for group in sorted(groups) for finding in _findings(group, files, content, facts)
    ]
    findings.sort(key=lambda finding: (not finding.conflict, -finding.score))
    paths = tuple(tuple(files[row].path for row in group) for group in sorted(groups))
    return Duplicates(paths, tuple(findings))


def _contents(
    folder: Path, files: Sequence[ImageFile], facts: PictureFacts, progress: Progress
) -> Rows:
    """Return (M,) numbers, equal for files that are equal byte for byte."""
    alike = defaultdict(list)
    for row, file in enumerate(files):
        # Equal files have equal hashes: others need not be read.
        alike[file.size, facts.hashes[row].tobytes()].append(row)
    waiting = [row for rows in alike.values() if len(rows) > 1 for row in rows]
    numbers: dict[tuple[int, bytes], int] = {}
    result = np.arange(len(files))
    for row, digest in _digests(folder, files, waiting, progress):
        if digest is not None:
            result[row] = numbers.setdefault((files[row].size, digest), row)
    return result


def _digests(
    folder: Path, files: Sequence[ImageFile], rows: Sequence[int], progress: Progress
) -> Iterator[tuple[int, bytes | None]]:
    """Yield each row with the digest of its file, None where it cannot be read any more."""

    def digest(row: int) -> bytes | None:
        try:
            with (folder / files[row].path).open("rb") as file:
                made = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=_DIGEST))
        except OSError:  # it is reported where pictures are read
            return None
        return made.digest()

    with ThreadPoolExecutor(limits.cores(), thread_name_prefix="digest") as pool:
        for start in range(0, len(rows), _AT_ONCE):
            progress.report(_STAGE, start, len(rows))
            some = rows[start : start + _AT_ONCE]
            yield from zip(some, pool.map(digest, some), strict=True)


def _has_contrast(facts: PictureFacts) -> NDArray[np.bool_]:
    levels = facts.brightness.astype(np.int64)
    return levels[:, -1] - levels[:, 0] >= FLAT


def _rank(files: Sequence[ImageFile], facts: PictureFacts) -> Rows:
    """Return (M,) the order in which images would stay, 0 for the first."""
    pixels = facts.sizes.astype(np.int64).prod(axis=1).tolist()
    order = sorted(
        range(len(files)),
        key=lambda row: (
            -pixels[row],
            -files[row].size,
            len(files[row].path),
            natural_key(files[row].path),
        ),
    )
    rank = np.empty(len(files), np.int64)
    rank[order] = np.arange(len(files))
    return rank


def _findings(
    group: Sequence[int], files: Sequence[ImageFile], content: Rows, facts: PictureFacts
) -> Iterator[Finding]:
    stays, *others = group
    twin = files[stays]
    conflict = len({files[row].label for row in group} - {""}) > 1
    bits = hash_bits(facts.hashes, np.column_stack([np.full(len(others), stays), others]))
    for row, apart in zip(others, bits.tolist(), strict=True):
        file = files[row]
        is_exact = content[row] == content[stays]
        yield Finding(
            DUPLICATE,
            file.path,
            1.0 if is_exact else NEAR_AT_MOST * (1 - apart / BITS),
            given=file.label,
            issue=EXACT if is_exact else NEAR,
            twin=twin.path,
            conflict=conflict,
        )
