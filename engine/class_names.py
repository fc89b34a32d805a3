"""Which names a class may have: those that its folder could have on every system."""

import unicodedata

from engine.dataset import EXCLUDED, is_hidden
from engine.errors import EngineError
from engine.wording import mark

MOST_BYTES = 200  # of a whole name: file systems take 255 for each part, Windows 260 for a path
FORBIDDEN = frozenset('<>:"\\|?*')
# Names of devices, which Windows gives to no folder, whatever follows a dot.
PORTS = [f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10)]
DEVICES = frozenset(("CON", "PRN", "AUX", "NUL", *PORTS))
CONTROL = mark("control characters")


def new_class_name(text: str) -> str:
    """Return the name of a new class as it is kept: composed Unicode without spaces at its ends.

    Raises
    ------
    EngineError
        When no folder could be called so, or would not be read as a class; parts that are joined
        with ``/`` are folders within one another.
    """
    name = unicodedata.normalize("NFC", text.strip())
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        raise EngineError(_refused(name, mark("is no text; type another name"))) from None
    if size > MOST_BYTES:
        short = f"{name[:40]}…"
        raise EngineError(_refused(short, mark("is too long; choose a shorter name")))
    if name.partition("/")[0].casefold() == EXCLUDED:
        raise EngineError(_refused(name, mark("is where excluded images go; choose another one")))
    for part in name.split("/"):
        wrong = _fault(part)
        if wrong:
            raise EngineError(_refused(name, wrong))
    return name


def _fault(part: str) -> str:
    """Say what is wrong with the name of one folder, "" when nothing is."""
    if not part:
        return mark("has an empty part; write it without a / at an end or two in a row")
    if part in (".", ".."):
        return mark("leads out of the folder; write it without “.” and “..”")
    unfit = sorted({letter for letter in part if letter in FORBIDDEN or not letter.isprintable()})
    if unfit:
        what = " ".join(letter if letter.isprintable() else CONTROL for letter in unfit)
        return mark(f"holds what folders cannot have ({what}); leave it out")
    if part != part.strip() or part.endswith("."):
        return mark("has a part that ends with a dot or a space; leave that out")
    if part.partition(".")[0].upper() in DEVICES:
        return mark("is the name of a device on Windows; choose another one")
    if is_hidden(part):
        return mark("would be a hidden folder, which is not read; choose another one")
    return ""


def _refused(name: str, why: str) -> str:
    shown = "".join(letter if letter.isprintable() else "?" for letter in name)
    return mark(f"The class name “{shown}” {why}.")
