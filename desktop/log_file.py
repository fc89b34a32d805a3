"""The log file: what to send along when something goes wrong."""

import io
import logging
import logging.handlers
import sys
from pathlib import Path

import platformdirs

SIZE_BYTES = 500_000


def log_file() -> Path:
    """Return where the program writes its log."""
    return platformdirs.user_log_path("image-embedding", appauthor=False) / "window.log"


def start_logging() -> None:
    """Write warnings and faults to the log file; without one where it cannot be written.

    A program without a console has no streams; what is printed goes to the log then.
    """
    handlers: list[logging.Handler] = []
    if sys.stderr is not None:
        handlers.append(logging.StreamHandler())
    try:
        log_file().parent.mkdir(parents=True, exist_ok=True)
        handlers.append(
            logging.handlers.RotatingFileHandler(
                log_file(), maxBytes=SIZE_BYTES, backupCount=1, encoding="utf-8", errors="replace"
            )
        )
    except OSError as error:
        logging.getLogger(__name__).warning("no log file: %s", error)
    logging.basicConfig(
        level=logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        handlers=handlers or [logging.NullHandler()],
    )
    if sys.stdout is None:
        sys.stdout = PrintedToLog()
    if sys.stderr is None:
        sys.stderr = PrintedToLog()


def last_lines(count: int) -> list[str]:
    """Return the end of the log; nothing where it cannot be read."""
    try:
        return log_file().read_text("utf-8", errors="replace").splitlines()[-count:]
    except OSError:
        return []


class PrintedToLog(io.TextIOBase):
    """Takes the place of a stream that is not there."""

    def __init__(self) -> None:
        super().__init__()
        self._line = ""
        self._writes = False

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, text: str) -> int:
        """Log each line when it is whole."""
        *lines, self._line = (self._line + text).split("\n")
        if not self._writes:  # logging prints what it could not write
            self._writes = True
            try:
                for line in filter(str.strip, lines):
                    logging.getLogger("printed").warning("%s", line)
            finally:
                self._writes = False
        return len(text)
