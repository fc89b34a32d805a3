"""Notes of a crash that no Python survives, kept for the next start.

Each running program has a file of its own beside the log, into which `faulthandler` writes where
the threads were. It is empty until then, and gone after an end as it should be.
"""

import contextlib
import faulthandler
import logging
import os
import time
from typing import IO

from desktop.log_file import log_file

KEPT_EMPTY_S = 30 * 24 * 3600.0  # after a kill nobody removes it; who runs longer than that?

log = logging.getLogger(__name__)


class CrashNotes:
    """Keeps this program's file open; use one for each run of it."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._path = log_file().with_name(f"crash-{os.getpid()}.txt")

    def take_last(self) -> str:
        """Return what programs that crashed before have left, and remove it; "" if none did."""
        left = []
        for file in sorted(self._path.parent.glob("crash-*.txt")):
            with contextlib.suppress(OSError):  # another one that starts now has taken it
                noted = file.read_text("utf-8", errors="replace").strip()
                if noted:
                    left.append(noted)
                if noted or time.time() - file.stat().st_mtime > KEPT_EMPTY_S:
                    file.unlink()
        return "\n\n".join(left)

    def start(self) -> None:
        """Take notes from now on; without a place to write to there are none."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("wb")
        except OSError as error:
            log.warning("a crash would leave no notes: %s", error)
            return
        faulthandler.enable(self._file)

    def end(self) -> None:
        """Take no more notes: the program ends as it should."""
        if self._file is not None:
            faulthandler.disable()
            self._file.close()
            self._file = None
            with contextlib.suppress(OSError):
                self._path.unlink()
