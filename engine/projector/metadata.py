"""What is known of each image, as a table that TensorBoard's projector shows.

The page takes a table of several columns to have a head, skips empty lines, and colours by columns
of at most 50 different values.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.progress import Progress
from engine.tsv import one_line
from engine.values import ImageFile, Vectors, printable
from engine.wording import mark

CLASS = "class"  # the column that the page colours and names points by
CHUNK = 1_024  # images
STAGE = mark("Writing what is known of the images")


@dataclass(frozen=True, slots=True, eq=False)
class Predicted:
    """What a classifier says of N images.

    labels:     the likeliest class; "" where it was not asked.
    confidence: (N,) float32 probability of that class.
    split:      "judged" where it had not seen the image, "learnt" where it had, so that what it
                says is flattering, "new" for an image without a class; "" where it was not asked.
    """

    labels: Sequence[str]
    confidence: Vectors
    split: Sequence[str]


def write_metadata(
    file: Path,
    images: Sequence[ImageFile],
    rows: NDArray[np.int64],
    predicted: Predicted | None,
    progress: Progress,
) -> None:
    """Write a table with a line for each of the chosen images.

    Parameters
    ----------
    file
        To write.
    images
        All N images of the run.
    rows
        (M,) which of them, in the order of the vectors.
    predicted
        Of all N; the table has no such columns without.
    progress
        Hears the lines.

    Raises
    ------
    OSError
        When the disk refuses.
    Cancelled
        From ``progress``.
    """
    # By the first one that holds words the page names points and searches them.
    columns = ["row", CLASS, "folder_class"]
    is_any_excluded = any(images[row].excluded for row in rows.tolist())
    columns += ["excluded"] if is_any_excluded else []
    columns += ["prediction", "confidence"] if predicted is not None else []
    columns += ["path"]
    columns += ["split"] if predicted is not None else []
    with file.open("w", encoding="utf-8", newline="\n") as table:
        table.write("\t".join(columns) + "\n")
        for done, row in enumerate(rows.tolist()):
            if done % CHUNK == 0:
                progress.report(STAGE, done, len(rows))
            image = images[row]
            cells = [str(row), image.label, image.folder_label]
            cells += ["excluded" if image.excluded else ""] if is_any_excluded else []
            if predicted is not None:
                label = predicted.labels[row]
                confidence = f"{predicted.confidence[row]:.4f}" if label else ""
                cells += [label, confidence, image.path, predicted.split[row]]
            else:
                cells += [image.path]
            table.write("\t".join(one_line(printable(cell)) for cell in cells) + "\n")
    progress.report(STAGE, len(rows), len(rows))
