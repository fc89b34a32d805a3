"""Names of files and classes as SQLite keeps them: text, or the bytes of what is no Unicode."""

import os


def stored(name: str) -> str | bytes:
    """Keep names that are not valid Unicode as the bytes they are on disk."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name)
    return name


def loaded(kept: str | bytes) -> str:
    """Return the name that was given to `stored`."""
    return os.fsdecode(kept) if isinstance(kept, bytes) else kept
