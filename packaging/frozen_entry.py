"""What the packaged program starts with, on every system and in every process of its own."""

import multiprocessing
import os
import sys


def give_streams() -> None:
    """Open what a program without a console lacks, so that whatever prints does no harm.

    With a real file behind it: a process of the engine's own sends its output on into its log.
    """
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is not None:
            continue
        nowhere = os.open(os.devnull, os.O_WRONLY)
        if nowhere != descriptor:
            os.dup2(nowhere, descriptor)
            os.close(nowhere)
        stream = os.fdopen(descriptor, "w", encoding="utf-8", errors="replace")
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


if __name__ == "__main__":
    give_streams()
    # A process of the engine's own is this program once more: it goes its own way here, before
    # anything else is imported, and never returns.
    multiprocessing.freeze_support()

    from desktop.__main__ import main

    sys.exit(main())
