"""Drawing helpers for make_sample.py: colours, soft shapes, backgrounds and camera effects.

Pictures are drawn on a square canvas four times too large, in coordinates that run
from -1 (left, top) to 1 (right, bottom), and are reduced at the very end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SIZE = 128
BIG = 4 * SIZE

Rng = np.random.Generator
Color = tuple[int, int, int]
Point = tuple[float, float]

WHITE: Color = (255, 255, 255)
BLACK: Color = (0, 0, 0)


def mix(first: Color | str, second: Color | str, share: float) -> Color:
    """Return the colour that lies `share` of the way from `first` to `second`."""
    start, end = rgb(first), rgb(second)
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(start, end, strict=True))
    return red, green, blue


def rgb(color: Color | str) -> Color:
    """Return a colour as three numbers, whether given so or as a '#rrggbb' string."""
    return ImageColor.getrgb(color)[:3] if isinstance(color, str) else color


def pick(rng: Rng, choices: Sequence[str]) -> Color:
    """Pick one of the colours and change its brightness a little."""
    color = rgb(choices[rng.integers(len(choices))])
    return mix(color, WHITE if rng.random() < 0.5 else BLACK, rng.uniform(0, 0.1))


def spline(points: Sequence[Point], steps: int = 12) -> list[Point]:
    """Run a closed Catmull-Rom curve through the points."""
    knots = np.asarray(points, float)
    before, after, later = (np.roll(knots, n, axis=0)[:, None] for n in (1, -1, -2))
    here, t = knots[:, None], np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    curve = 0.5 * (
        2 * here
        + (after - before) * t
        + (2 * before - 5 * here + 4 * after - later) * t**2
        + (3 * here - before - 3 * after + later) * t**3
    )
    return [(float(x), float(y)) for x, y in curve.reshape(-1, 2)]


def mirror(points: Sequence[Point]) -> list[Point]:
    """Reflect the points left to right, in reverse order: the outline's other half."""
    return [(-x, y) for x, y in reversed(points)]


class Sprite:
    """A transparent layer with drawing methods in canvas coordinates."""

    def __init__(self) -> None:
        self.image = Image.new("RGBA", (BIG, BIG))

    def polygon(self, points: Iterable[Point], fill: Color | str) -> Sprite:
        """Fill the outline."""
        pixels = [_pixel(point) for point in points]
        ImageDraw.Draw(self.image).polygon(pixels, fill=rgb(fill))
        return self

    def blob(self, points: Sequence[Point], fill: Color | str) -> Sprite:
        """Fill a smooth closed curve through the points."""
        return self.polygon(spline(points), fill)

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: Color | str) -> Sprite:
        """Fill an ellipse of those half axes."""
        box = [_pixel((x - rx, y - ry)), _pixel((x + rx, y + ry))]
        ImageDraw.Draw(self.image).ellipse(box, fill=rgb(fill))
        return self

    def box(
        self, x: float, y: float, rx: float, ry: float, fill: Color | str, round_by: float = 0.02
    ) -> Sprite:
        """Fill a rectangle with rounded corners."""
        corners = [_pixel((x - rx, y - ry)), _pixel((x + rx, y + ry))]
        pen = ImageDraw.Draw(self.image)
        pen.rounded_rectangle(corners, radius=round_by * BIG / 2, fill=rgb(fill))
        return self

    def line(self, points: Sequence[Point], width: float, fill: Color | str) -> Sprite:
        """Draw a stroke with round ends."""
        pixels = [_pixel(point) for point in points]
        stroke = max(1, round(width * BIG / 2))
        ImageDraw.Draw(self.image).line(pixels, rgb(fill), stroke, joint="curve")
        for x, y in (points[0], points[-1]):
            self.ellipse(x, y, width / 2, width / 2, fill)
        return self

    def add(self, other: Sprite, inside: bool = False) -> Sprite:
        """Lay another sprite on top; with `inside`, only where this one is opaque."""
        layer = other.image
        if inside:
            layer = layer.copy()
            layer.putalpha(ImageChops.darker(layer.getchannel("A"), self.image.getchannel("A")))
        bounds = layer.getbbox()
        if bounds:
            self.image.alpha_composite(layer.crop(bounds), bounds[:2])
        return self

    def fade(self, opacity: float) -> Sprite:
        """Make the layer more transparent."""
        self.image.putalpha(self.image.getchannel("A").point(lambda a: round(a * opacity)))
        return self

    def blur(self, radius: float) -> Sprite:
        """Soften the whole layer."""
        soft = self.image.convert("RGBa").filter(ImageFilter.GaussianBlur(radius * BIG / 2))
        self.image = soft.convert("RGBA")
        return self

    def puff(self, radius: float = 0.12, strength: float = 90) -> Sprite:
        """Light the shape from the upper left, as if it were a cushion of that edge radius."""
        left, top, right, bottom = self.image.getbbox() or (0, 0, 1, 1)
        margin, step = round(radius * BIG), max(2, round(radius * BIG / 6))
        bounds = max(left - margin, 0), max(top - margin, 0), right + margin, bottom + margin
        part = self.image.crop((*bounds[:2], min(bounds[2], BIG), min(bounds[3], BIG)))
        alpha = part.getchannel("A").filter(ImageFilter.GaussianBlur(radius * BIG / 4))
        height = np.pad(np.asarray(alpha, float) / 255, step, mode="edge")
        slope_y = (height[2 * step :] - height[: -2 * step])[:, step:-step]
        slope_x = (height[:, 2 * step :] - height[:, : -2 * step])[step:-step]
        pixels = np.asarray(part).astype(float)
        pixels[..., :3] += strength * (0.8 * slope_y + 0.6 * slope_x)[..., None]
        lit = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8), "RGBA")
        self.image.paste(lit, bounds[:2])
        return self

    def flipped(self) -> Sprite:
        """Return a copy with left and right exchanged."""
        copy = Sprite()
        copy.image = self.image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        return copy

    def moved(self, x: float = 0, y: float = 0, scale: float = 1, angle: float = 0) -> Sprite:
        """Return a copy turned by `angle` degrees, scaled and shifted."""
        turn, half = np.radians(angle), BIG / 2
        cos, sin = np.cos(turn) / scale, np.sin(turn) / scale
        to_x, to_y = half * (1 + x), half * (1 + y)
        matrix = (cos, sin, half - cos * to_x - sin * to_y)
        matrix += (-sin, cos, half + sin * to_x - cos * to_y)
        copy = Sprite()
        copy.image = self.image.transform(
            (BIG, BIG), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC
        )
        return copy

    def onto(self, canvas: Image.Image, shadow: float = 0, drop: float = 0.05) -> None:
        """Paste on a picture, over a soft shadow of that opacity."""
        if shadow:
            dark = self.image.getchannel("A").point(lambda a: round(a * shadow))
            dark = dark.filter(ImageFilter.GaussianBlur(drop * BIG / 4))
            shift = round(drop * BIG / 2)
            canvas.paste((18, 20, 38), (round(shift * 0.7), shift), dark)
        canvas.paste(self.image, (0, 0), self.image)


def _pixel(point: Point) -> Point:
    return (point[0] + 1) * BIG / 2, (point[1] + 1) * BIG / 2


def grid() -> tuple[np.ndarray, np.ndarray]:
    """Return the x and y coordinates of every pixel of the canvas."""
    axis = np.linspace(-1, 1, BIG)
    return np.meshgrid(axis, axis)


def cloudy(rng: Rng, cells: int = 3, octaves: int = 3) -> np.ndarray:
    """Return soft noise from 0 to 1 with about `cells` bumps across."""
    total = np.zeros((BIG, BIG))
    for octave in range(octaves):
        count = cells * 2**octave + 1
        coarse = Image.fromarray(rng.random((count, count)).astype(np.float32))
        total += np.asarray(coarse.resize((BIG, BIG), Image.Resampling.BICUBIC)) / 2**octave
    return (total - total.min()) / (total.max() - total.min())


def gradient(top: Color | str, bottom: Color | str, tilt: float = 0) -> Image.Image:
    """Fill a picture from `top` to `bottom`, the direction tilted sideways by `tilt`."""
    x, y = grid()
    share = np.clip((y + tilt * x + 1) / 2, 0, 1)[..., None]
    pixels = np.array(rgb(top)) * (1 - share) + np.array(rgb(bottom)) * share
    return Image.fromarray(pixels.astype(np.uint8))


def tint(canvas: Image.Image, color: Color | str, amount: np.ndarray) -> None:
    """Mix a colour into the picture, by an amount from 0 to 1 for each pixel."""
    mask = Image.fromarray((np.clip(amount, 0, 1) * 255).astype(np.uint8))
    canvas.paste(rgb(color), (0, 0), mask)


def bokeh(canvas: Image.Image, rng: Rng, colors: Sequence[str], count: int = 14) -> None:
    """Scatter out-of-focus discs of light over the picture."""
    for _ in range(count):
        x, y = rng.uniform(-1.1, 1.1, 2)
        radius = rng.uniform(0.1, 0.34)
        disc = Sprite().ellipse(x, y, radius, radius, pick(rng, colors))
        disc.blur(0.02).fade(rng.uniform(0.15, 0.5)).onto(canvas)


def photograph(canvas: Image.Image, rng: Rng) -> Image.Image:
    """Reduce to the final size, with vignette, exposure, warmth and a little sensor noise."""
    x, y = grid()
    off_x, off_y = rng.uniform(-0.3, 0.3, 2)
    falloff = 1 - rng.uniform(0.05, 0.15) * np.clip((x - off_x) ** 2 + (y - off_y) ** 2, 0, 2)
    warmth = rng.uniform(-0.03, 0.03)
    gain = rng.uniform(0.97, 1.08) * np.array([1 + warmth, 1, 1 - warmth])
    pixels = np.asarray(canvas, float) * falloff[..., None] * gain
    lit = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    small = np.asarray(lit.resize((SIZE, SIZE), Image.Resampling.LANCZOS), float)
    noisy = small + rng.normal(0, 1.6, (SIZE, SIZE, 1)) + rng.normal(0, 0.6, (SIZE, SIZE, 3))
    return Image.fromarray(np.clip(noisy, 0, 255).round().astype(np.uint8))
