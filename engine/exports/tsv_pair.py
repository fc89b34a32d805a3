"""Two tables for TensorBoard's projector and for the site of the embedding projector.

Source: both take a file of vectors without a header and one of metadata, whose first line is a
header when it has two columns or more and no header when it has one.
"""

from pathlib import Path

from engine.exports.table import Table
from engine.exports.texts import cells, encoded, lines
from engine.files import whole_file
from engine.progress import Progress
from engine.tsv import METADATA, one_line

VECTORS = "vectors.tsv"
AT_ONCE = 512  # rows


def write_tsv(table: Table, folder: Path, progress: Progress) -> tuple[Path, Path]:
    """Write the pair into a folder that exists; return the file of vectors and that of metadata.

    Raises
    ------
    EngineError
        When the disk is full or cannot be written to.
    Cancelled
        From ``progress``. Nothing is written.
    """
    vectors, metadata = folder / VECTORS, folder / METADATA
    total = len(table.paths)
    columns = table.description
    with whole_file(vectors) as numbers, whole_file(metadata) as names:
        if len(columns) > 1:
            names.write(encoded("\t".join(columns) + "\n"))
        texts = [cells(column) for column in columns.values()]
        for row in zip(*texts, strict=True):
            names.write(encoded("\t".join(one_line(cell) for cell in row) + "\n"))
        for start in range(0, total, AT_ONCE):
            progress.report("Writing the vectors", start, total)
            some = lines(table.vectors[start : start + AT_ONCE])
            numbers.write("".join(f"{line}\n" for line in some).encode("ascii"))
        progress.report("Writing the vectors", total, total)
    return vectors, metadata
