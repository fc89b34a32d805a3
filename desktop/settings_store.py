"""What the window remembers between two starts, in one JSON file of the user's."""

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import platformdirs

from desktop.catalogue import CHOICES, SYSTEM
from engine.backbones import BACKBONES, DEFAULT
from engine.errors import EngineError
from engine.files import disk_errors, whole_file

RECENT_MAX = 8
THEMES = ("system", "light", "dark")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """What is remembered.

    recent:    folders, the latest first.
    theme:     "system", "light" or "dark".
    geometry:  of the window, as Qt writes it, base64.
    backbone:  that is offered first.
    panels:    whether each panel of the map is open, by the name of its command.
    splitters: how the page of the map is divided, as Qt writes it, base64.
    hinted:    whether the first hints were seen.
    language:  one of `desktop.catalogue.CHOICES`.
    cores:     of the processor that computing may use; 0 for all.
    memory_mb: that one job may take, MB of a million bytes; 0 for no limit.
    """

    recent: tuple[str, ...] = ()
    theme: str = "system"
    geometry: str = field(default="", repr=False)
    backbone: str = DEFAULT
    panels: Mapping[str, bool] = field(default_factory=dict)
    splitters: Mapping[str, str] = field(default_factory=dict, repr=False)
    hinted: bool = False
    language: str = SYSTEM
    cores: int = 0
    memory_mb: int = 0


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
        theme = str(stored.get("theme", "system"))
        backbone = str(stored.get("backbone", DEFAULT))
        language = str(stored.get("language", SYSTEM))
        return Settings(
            tuple(str(path) for path in stored.get("recent", ())),
            theme if theme in THEMES else "system",
            str(stored.get("geometry", "")),
            backbone if backbone in BACKBONES else DEFAULT,
            {str(name): bool(is_open) for name, is_open in stored.get("panels", {}).items()},
            {str(name): str(sizes) for name, sizes in stored.get("splitters", {}).items()},
            bool(stored.get("hinted", False)),
            language if language in CHOICES else SYSTEM,
            max(0, int(stored.get("cores", 0))),
            max(0, int(stored.get("memory_mb", 0))),
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
