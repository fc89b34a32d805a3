"""A small folder of pictures to try everything on: some of the sample, in every kind of file."""

from importlib.resources import files
from itertools import cycle
from pathlib import Path

from PIL import Image

OF_EACH = 8
# Names of Pillow for every kind of file that is read, with a suffix of it.
KINDS = {
    "JPEG": ".jpg",
    "PNG": ".png",
    "BMP": ".bmp",
    "DIB": ".dib",
    "GIF": ".gif",
    "WEBP": ".webp",
    "TIFF": ".tif",
    "AVIF": ".avif",
}
SIDE = 96
GIVEN, TRUE = "bricks", "fish"  # the classes of the picture that lies in the wrong folder
WRONG = "ভুল – falsch.png"


def dataset(folder: Path) -> Path:
    """Return where the pictures lie: one folder for each class."""
    return folder / "Bilder – ছবি"


def workspace(folder: Path) -> Path:
    """Return where their workspace lies."""
    return folder / "Bilder – ছবি.embedding"


def wrong_picture() -> str:
    """Return the path, in the dataset, of the picture that lies in the wrong folder."""
    return f"{GIVEN}/{WRONG}"


def copy_pictures(folder: Path) -> None:
    """Write some pictures of each class of the sample, in all kinds of files by turns."""
    sample = Path(str(files("resources") / "sample"))
    kinds = cycle(KINDS.items())
    for label in sorted(path for path in sample.iterdir() if path.is_dir()):
        to = dataset(folder) / label.name
        to.mkdir(parents=True)
        pictures = sorted(label.glob("*.jpg"))
        for source, (kind, suffix) in zip(pictures[:OF_EACH], kinds, strict=False):
            _write(source, to / f"{source.stem} ü{suffix}", kind)
        if label.name == TRUE:
            _write(pictures[OF_EACH], dataset(folder) / GIVEN / WRONG, "PNG")


def _write(source: Path, to: Path, kind: str) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(source) as image:
        image.resize((SIDE, SIDE)).save(to, kind)
