"""How a project was looked at last, so that it opens as it was left."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from engine.files import replacing

FILE = "view.json"
COLOURS_MAX = 1_000_000  # a number that no window has kept


@dataclass(frozen=True, slots=True)
class View:
    """method, dims: of the map that was seen.

    camera:  numbers by name, for the window alone.
    colours: the number of each class's colour, see `engine.palette.deal`.
    """

    method: str = "pca"
    dims: int = 3
    camera: dict[str, float] = field(default_factory=dict)
    colours: dict[str, int] = field(default_factory=dict)


def read_view(root: Path) -> View:
    """Return what is kept in a workspace; the first view where there is nothing usable."""
    try:
        kept = json.loads((root / FILE).read_bytes())
        camera = {str(name): float(number) for name, number in dict(kept["camera"]).items()}
        method = str(kept["method"])
        colours = {str(name): int(number) for name, number in dict(kept.get("colours", {})).items()}
        if not all(0 <= number < COLOURS_MAX for number in colours.values()):
            colours = {}
        # It becomes part of a file's name, and a workspace may come from anyone.
        return View(method if method.isalpha() else "pca", int(kept["dims"]), camera, colours)
    # Missing, or not written by this program: nothing is lost but the view.
    except (OSError, ValueError, TypeError, KeyError, OverflowError):
        return View()


def save_view(root: Path, view: View) -> None:
    """Keep a view in a workspace.

    Raises
    ------
    OSError
        When it cannot be written, which matters to no one.
    """
    with replacing(root / FILE) as file:
        file.write(json.dumps(asdict(view)).encode())
