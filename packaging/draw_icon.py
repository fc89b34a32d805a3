"""Draw the program's icon as .ico or .icns: python packaging/draw_icon.py FILE."""

import io
import os
import sys
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICON = Path(__file__).resolve().parent.parent / "resources" / "icons" / "app.svg"
SIDE = 1024
SIZES = [(side, side) for side in (16, 24, 32, 48, 64, 128, 256)]


def draw(file: Path) -> None:
    """Write the icon in all sizes that its format has."""
    image = QImage(SIDE, SIDE, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(ICON)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    file.parent.mkdir(parents=True, exist_ok=True)
    sizes = {"sizes": SIZES} if file.suffix == ".ico" else {}
    Image.open(io.BytesIO(buffer.data().data())).save(file, **sizes)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication(sys.argv[:1])
    draw(Path(sys.argv[1]))
