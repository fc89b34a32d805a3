"""What those who write and those who read tables for the embedding projector have in common."""

import re

METADATA = "metadata.tsv"  # beside a file of vectors: which images its rows belong to
# Whatever a reader takes for the end of a cell or of a line, other controls, and what turns the
# direction of writing.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def one_line(cell: str) -> str:
    """Return a name without what would end its cell or its line, or cannot be seen."""
    return _UNSEEN.sub(" ", cell)
