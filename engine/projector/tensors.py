"""The vectors as TensorBoard's projector reads them.

It takes a file for text and only for numbers when the text cannot be decoded; numbers whose first
bytes happen to be text (zeros are) make it answer with an error. Those are written as text.

Source: ``tensorboard.plugins.projector.projector_plugin`` 2.21.
"""

from pathlib import Path

import numpy as np

from engine.progress import Progress
from engine.values import Vectors
from engine.wording import mark

BINARY, TEXT = "tensors.bytes", "tensors.tsv"
CHUNK = 4_096  # rows
STAGE = mark("Writing the vectors")


def write_tensors(folder: Path, vectors: Vectors, progress: Progress) -> str:
    """Write (N, D) float32 vectors into a folder and return the name of the file.

    Raises
    ------
    OSError
        When the disk refuses.
    Cancelled
        From ``progress``.
    """
    is_binary = _is_no_text(vectors)
    name = BINARY if is_binary else TEXT
    with (folder / name).open("wb") as file:
        for start in range(0, len(vectors), CHUNK):
            progress.report(STAGE, start, len(vectors))
            rows = np.ascontiguousarray(vectors[start : start + CHUNK], dtype="<f4")
            file.write(rows.tobytes() if is_binary else _text(rows))
    progress.report(STAGE, len(vectors), len(vectors))
    return name


def _is_no_text(vectors: Vectors) -> bool:
    """Tell whether the first line of the bytes, as a reader of text sees it, cannot be decoded."""
    first = b""
    for start in range(0, len(vectors), CHUNK):
        rows = np.ascontiguousarray(vectors[start : start + CHUNK], dtype="<f4").tobytes()
        line, end, _ = rows.partition(b"\n")
        first += line + end
        try:
            first.decode("utf-8")
        except UnicodeDecodeError as error:
            # A sign that is only cut off here may go on in the next chunk.
            if end or error.reason != "unexpected end of data":
                return True
        if end:
            return False
    return False


def _text(rows: Vectors) -> bytes:
    # Nine digits give each float32 back to the last bit.
    lines = ("\t".join(f"{number:.9g}" for number in row) for row in rows.tolist())
    return "".join(f"{line}\n" for line in lines).encode("ascii")
