"""Tell the classes of pictures. Made by Image Embedding together with the model.

pip install numpy pillow RUNTIME
python THIS_FILE PICTURE...
"""

import contextlib
import io
import json
import sys
from pathlib import Path

import numpy as np
from load_RUNTIME import load
from PIL import Image, ImageCms, ImageOps

MODEL = Path(__file__).with_name("MODEL_FILE")
ABOUT = json.loads(Path(__file__).with_name("ABOUT_FILE").read_text(encoding="utf-8"))
WHITE = (255, 255, 255, 255)


def read(path):
    """Read a picture as Image Embedding does: (1, H, W, 3) uint8, upright, sRGB."""
    with Image.open(path) as picture:
        # A large JPEG comes reduced, which is faster; the model does the rest of the resizing.
        picture.draft("RGB", (2 * ABOUT["image_size"], 2 * ABOUT["image_size"]))
        picture.load()
        with contextlib.suppress(Exception):  # some cameras write EXIF that nobody understands
            ImageOps.exif_transpose(picture, in_place=True)
        return np.asarray(to_rgb(picture))[None]


def to_rgb(picture):
    """Return a picture of 8 bits in sRGB, on white where it is transparent."""
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        return from_wide(np.asarray(picture).astype(np.float32), picture.mode)
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layer.size, WHITE), layer).convert("RGB")
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "CMYK"):
        with contextlib.suppress(ImageCms.PyCMSError, OSError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if "srgb" not in ImageCms.getProfileDescription(source).lower():
                srgb = ImageCms.createProfile("sRGB")
                return ImageCms.profileToProfile(picture, source, srgb, outputMode="RGB")
    return picture.convert("RGB")


def from_wide(values, mode):
    """Return grey of 16 or 32 bits as 8 bits, by the range it seems to use."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
    values = np.nan_to_num(values, nan=low, posinf=high, neginf=low)
    if mode.startswith("I;16"):
        low, high = 0.0, 65535.0
    elif low >= 0:
        low, high = 0.0, next((top for top in (1, 255, 65535) if high <= top), high)
    scaled = (values - low) * (255.0 / max(high - low, 1e-9))
    return Image.fromarray(np.clip(scaled + 0.5, 0, 255).astype(np.uint8)).convert("RGB")


def main(files):
    """Print a line for each file: its name, then the likeliest classes with their probabilities."""
    run = load(MODEL)
    for file in files:
        probabilities = run(read(file))[0]
        best = np.argsort(-probabilities, kind="stable")[:3]
        classes = (f"{ABOUT['classes'][place]} {probabilities[place]:.6f}" for place in best)
        print(file, *classes, sep="\t")


if __name__ == "__main__":
    main(sys.argv[1:])
