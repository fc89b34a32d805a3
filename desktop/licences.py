"""Licences of what the program is made of: the libraries that are installed, and a font."""

import re
from dataclasses import dataclass
from importlib import metadata
from importlib.resources import files
from pathlib import Path

PROGRAM = "image-embedding"
FILE_NAMES = re.compile(r"(licen[cs]e|copying|notice|copyright)", re.IGNORECASE)
REQUIREMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
SHORT = 60  # characters of a field that names a licence; a longer one is its text
OF_QT = (
    "Qt and PySide are used under the GNU Lesser General Public License, version 3. They are "
    "separate libraries, which you may replace by others that fit: from source with pip, in a "
    "packaged program by the files of Qt in its folder. Their source is at "
    "https://download.qt.io/official_releases/."
)


@dataclass(frozen=True, slots=True)
class Library:
    """A library or font: its name, version, licence in a few words, and the files of its text."""

    name: str
    version: str
    licence: str
    texts: tuple[Path, ...]

    def text(self) -> str:
        """Return the licence's text, that of Qt with what it asks to be said."""
        parts = [OF_QT] if self.name.lower().startswith(("pyside6", "shiboken6")) else []
        parts += [file.read_text("utf-8", errors="replace") for file in self.texts]
        return "\n\n".join(parts) or f"Licence: {self.licence or 'not told'}."


def libraries() -> list[Library]:
    """Return the libraries that the program needs, directly or through others, and its font.

    They are in the order of their names. Where the program itself is not installed, all that is.
    """
    every = {_key(each.name): each for each in metadata.distributions() if each.name}
    wanted = _needed(_key(PROGRAM), every) if _key(PROGRAM) in every else set(every)
    chosen = [each for key, each in every.items() if key in wanted and key != _key(PROGRAM)]
    found = [*map(_library, chosen), _font()]
    return sorted(found, key=lambda library: library.name.lower())


def _font() -> Library:
    text = Path(str(files("resources") / "fonts" / "OFL.txt"))
    return Library("Noto Sans Bengali", "2.001", "OFL-1.1", (text,))


def _needed(start: str, every: dict[str, metadata.Distribution]) -> set[str]:
    found, waiting = set(), [start]
    while waiting:
        key = waiting.pop()
        if key in found or key not in every:
            continue
        found.add(key)
        for line in every[key].requires or ():
            name = REQUIREMENT.match(line)
            if name is not None and "extra ==" not in line:
                waiting.append(_key(name.group()))
    return found


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _library(distribution: metadata.Distribution) -> Library:
    about = distribution.metadata.json
    stated = str(about.get("license_expression") or about.get("license") or "").strip()
    kinds = [
        line.rpartition("::")[2].strip()
        for line in about.get("classifier", ())
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    first_line = stated.partition("\n")[0].rpartition("::")[2].strip()[:SHORT]
    is_name = "\n" not in stated and len(stated) <= SHORT
    texts = [
        Path(str(file.locate()))
        for file in distribution.files or ()
        if FILE_NAMES.search(file.name) and file.suffix in ("", ".txt", ".md", ".rst")
        and any(part.endswith(".dist-info") for part in file.parts)
    ]  # fmt: skip
    return Library(
        distribution.name,
        distribution.version,
        (first_line if is_name else "") or ", ".join(kinds) or first_line,
        tuple(sorted(file for file in texts if file.is_file())),
    )
