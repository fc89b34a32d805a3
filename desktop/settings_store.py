"""What the window remembers between two starts, in one JSON file of the user's."""

import json
import logging
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import platformdirs

from engine.errors import EngineError
from engine.files import disk_errors, whole_file

RECENT_MAX = 8

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """recent: folders, the latest first. theme: "system", "light" or "dark". geometry: Qt's."""

    recent: tuple[str, ...] = ()
    theme: str = "system"
    geometry: str = field(default="", repr=False)


def with_recent(settings: Settings, folder: Path) -> Settings:
    """Put a folder first among the recent ones."""
    others = tuple(path for path in settings.recent if path != str(folder))
    return replace(settings, recent=(str(folder), *others)[:RECENT_MAX])


def without_recent(settings: Settings, folder: Path) -> Settings:
    """Forget a folder."""
    return replace(settings, recent=tuple(p for p in settings.recent if p != str(folder)))


def settings_file() -> Path:
    """Return where the settings are kept."""
    return platformdirs.user_config_path("image-embedding", appauthor=False) / "window.json"


def load() -> Settings:
    """Read the settings; a missing or damaged file gives the defaults."""
    try:
        stored = json.loads(settings_file().read_bytes())
        return Settings(
            tuple(str(path) for path in stored.get("recent", ())),
            str(stored.get("theme", "system")),
            str(stored.get("geometry", "")),
        )
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError, AttributeError, TypeError) as error:
        log.warning("settings are not used: %s", error)
        return Settings()


def save(settings: Settings) -> None:
    """Write the settings. Where that fails the program works on, it only forgets."""
    file = settings_file()
    try:
        with disk_errors(file.parent):
            file.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(file) as out:
            # ASCII, since names of folders need not be valid Unicode.
            out.write(json.dumps(asdict(settings), indent=1, ensure_ascii=True).encode("ascii"))
    except EngineError as error:
        log.warning("settings are not saved: %s", error)
