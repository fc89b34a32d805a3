"""The log file: what to send along when something goes wrong."""

import logging
import logging.handlers
from pathlib import Path

import platformdirs

SIZE_BYTES = 500_000


def log_file() -> Path:
    """Return where the program writes its log."""
    return platformdirs.user_log_path("image-embedding", appauthor=False) / "window.log"


def start_logging() -> None:
    """Write warnings and faults to the log file; without one where it cannot be written."""
    handlers: list[logging.Handler] = [logging.StreamHandler()]
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
        handlers=handlers,
    )
