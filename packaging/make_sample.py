"""Draw the sample dataset that ships with Image Embedding.

The script draws small JPEG pictures of several kinds of thing, a folder for each kind, so
that a new user has images to map at once. Everything is computed from simple
shapes, shading and noise: no photograph or third-party artwork goes in. The pictures are
dedicated to the public domain (CC0 1.0).

    python packaging/make_sample.py [--out resources/sample] [--seed 0]
"""

from __future__ import annotations

import argparse
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from sample_art import (
    BLACK,
    WHITE,
    Rng,
    Sprite,
    bokeh,
    cloudy,
    gradient,
    grid,
    mirror,
    mix,
    photograph,
    pick,
    tint,
)

if TYPE_CHECKING:
    from collections.abc import Callable

PER_CLASS = 40
QUALITY = 85

BRIGHT = ("#e4572e", "#f3a712", "#2e86ab", "#7b2d8b", "#3a9d5d", "#d7263d", "#1b998b", "#f46197")


def daylight(rng: Rng) -> Image.Image:
    """Draw a sky with drifting clouds."""
    canvas = gradient(
        pick(rng, ("#3f88d8", "#4a9be0", "#5aa9e6")), "#d9effc", rng.uniform(-0.2, 0.2)
    )
    tint(canvas, WHITE, 2.4 * (cloudy(rng, 3, 4) - rng.uniform(0.5, 0.62)))
    return canvas


def hills(canvas: Image.Image, rng: Rng, horizon: float, colors: tuple[str, ...]) -> None:
    """Draw rolling ground from the horizon down, one ridge a colour."""
    for row, color in enumerate(colors):
        level, phase = horizon + 0.22 * row, rng.uniform(0, 6)
        xs = np.linspace(-1.1, 1.1, 30)
        ridge = [(x, level + 0.06 * np.sin(2.1 * x + phase)) for x in xs]
        ground = Sprite().polygon([*ridge, (1.1, 1.2), (-1.1, 1.2)], pick(rng, (color,)))
        ground.puff(0.1, 50).onto(canvas)


def balloons(rng: Rng) -> Image.Image:
    """Draw striped hot-air balloons in a bright sky."""
    canvas = daylight(rng)
    for scale in [*sorted(rng.uniform(0.16, 0.3, rng.integers(0, 3))), rng.uniform(0.72, 0.9)]:
        first, second = pick(rng, BRIGHT), pick(rng, ("#fff3d6", "#ffd23f", "#f7f7f2"))
        drop = np.linspace(0, 1, 60) ** 1.5
        width = 0.14 * drop + 1.44 * drop**0.5 * (1 - drop) ** 0.9
        level, bag = -0.9 + 1.3 * drop, Sprite()
        seams = np.sin(np.linspace(-np.pi / 2, np.pi / 2, rng.choice([7, 8, 9, 10])))
        for gore, (left, right) in enumerate(pairwise(seams)):
            edge = list(zip(width * left, level, strict=True))
            far = list(zip(width * right, level, strict=True))
            bag.polygon(edge + far[::-1], first if gore % 2 else second)
        whole = Sprite().line([(-0.12, 0.38), (-0.08, 0.7)], 0.02, "#5b4636")
        whole.line([(0.12, 0.38), (0.08, 0.7)], 0.02, "#5b4636").add(bag.puff(0.5, 150))
        whole.add(Sprite().box(0, 0.76, 0.12, 0.1, "#9a6a3a", 0.04).puff(0.1))
        at = rng.uniform(-0.12, 0.12, 2)
        if scale < 0.5:
            at = rng.choice([-1, 1]) * rng.uniform(0.66, 0.8), rng.uniform(-0.7, 0.6)
        whole.moved(*at, scale, rng.uniform(-7, 7)).onto(canvas)
    return canvas


def bricks(rng: Rng) -> Image.Image:
    """Draw a brick wall in raking light."""
    base = pick(rng, ("#b0452c", "#8c3a2e", "#c9764a", "#c9a06a", "#b59b8c"))
    high = rng.uniform(0.17, 0.23)
    wide, joint, start = high * rng.uniform(2.1, 2.6), 0.03, rng.uniform(-0.4, 0)
    canvas, wall = gradient("#b9ada0", "#9d9287"), Sprite()
    for row, y in enumerate(np.arange(-1.5, 1.5, high)):
        for x in np.arange(-1.9, 1.9, wide) + (row % 2) * wide / 2 + start:
            color = mix(base, pick(rng, ("#6d2a22", "#d08a5e", "#8c5a4a")), rng.uniform(0, 0.45))
            half = (wide - joint) / 2 + rng.normal(0, 0.004)
            wall.box(x, y, half, (high - joint) / 2, color, 0.03)
    wall.puff(0.05, 80).moved(scale=1, angle=rng.uniform(-4, 4)).onto(canvas, 0.6, 0.02)
    tint(canvas, "#2a1410", 0.28 * cloudy(rng, 24, 2) ** 2)
    x, y = grid()
    side = rng.choice([-1, 1])
    tint(canvas, "#ffe2b0", 0.26 * (1 + side * x - y) / 2)
    tint(canvas, "#1a1020", 0.18 * (1 - side * x + y) / 2)
    return canvas


def butterflies(rng: Rng) -> Image.Image:
    """Draw a pinned-open butterfly on pale paper."""
    canvas = gradient(
        pick(rng, ("#fbf4e4", "#f6eedb", "#f9f0e6")), "#f3e8d0", rng.uniform(-0.5, 0.5)
    )
    tint(canvas, "#b59f7c", 0.2 * cloudy(rng, 5, 4) ** 2)
    main, spot = pick(rng, BRIGHT), pick(rng, ("#ffe9a8", "#fff6e0", "#ffd166"))
    dark, tall = mix(main, "#14101c", 0.82), rng.uniform(0.5, 0.78)
    upper = [(0.03, -0.1), (0.25, -0.5), (0.78, -tall), (0.9, -0.45), (0.72, -0.08), (0.3, 0.06)]
    tail = rng.uniform(0.5, 0.8)
    lower = [(0.03, 0.02), (0.4, 0.02), (0.68, 0.22), (0.6, 0.5), (0.36, tail), (0.14, 0.36)]
    wing = Sprite()
    for outline in (lower, upper):
        x, y = np.mean(outline, axis=0)
        inner = [(x + 0.8 * (px - x) - 0.03, y + 0.78 * (py - y)) for px, py in outline]
        part = Sprite().blob(outline, dark).add(Sprite().blob(inner, main).puff(0.2, 110))
        for px, py in outline[1:5]:
            part.line([outline[0], (px * 0.86, py * 0.86)], 0.012, dark)
        for px, py in outline[2:5]:
            part.ellipse(x + 0.87 * (px - x), y + 0.86 * (py - y), 0.035, 0.03, spot)
        part.ellipse(x + 0.06, y, 0.1, 0.09, dark).ellipse(x + 0.06, y, 0.06, 0.055, spot)
        wing.add(part.puff(0.06, 60))
    whole = Sprite()
    for side in (1, -1):
        half = Sprite()
        half.image = (
            wing.image if side > 0 else wing.image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        )
        whole.add(half)
        whole.line([(0, -0.3), (side * 0.1, -0.5), (side * 0.24, -0.64)], 0.018, "#201820")
    whole.add(Sprite().ellipse(0, 0.05, 0.055, 0.36, "#2c2029").puff(0.1, 160))
    whole.ellipse(0, -0.3, 0.065, 0.06, "#2c2029")
    at = rng.uniform(-0.06, 0.06, 2)
    whole.moved(*at, rng.uniform(0.8, 0.98), rng.uniform(-22, 22)).onto(canvas, 0.45, 0.07)
    return canvas


def clocks(rng: Rng) -> Image.Image:
    """Draw a round wall clock on striped wallpaper."""
    paper = pick(rng, ("#bcd4c6", "#d8c7e0", "#c6d8ea", "#ead2c0", "#cfd6b8"))
    canvas, stripes = gradient(paper, mix(paper, BLACK, 0.12), rng.uniform(-0.4, 0.4)), Sprite()
    for x in np.arange(-1, 1.2, rng.uniform(0.18, 0.3)):
        stripes.box(x, 0, 0.05, 1.2, mix(paper, WHITE, 0.4))
    stripes.fade(0.6).onto(canvas)
    rim, hand = pick(rng, (*BRIGHT, "#8a5a34", "#3a3a44")), "#22242e"
    clock = Sprite().ellipse(0, 0, 0.86, 0.86, rim).puff(0.14, 170)
    clock.ellipse(0, 0, 0.7, 0.7, mix(rim, BLACK, 0.45))
    clock.ellipse(0.01, 0.015, 0.685, 0.685, pick(rng, ("#fffaf0", "#fdf6e3", "#f6f7f8")))
    for tick in range(60):
        turn, long = tick * np.pi / 30, 0.11 if tick % 5 == 0 else 0.03
        x, y = np.sin(turn), -np.cos(turn)
        width = 0.035 if tick % 5 == 0 else 0.01
        clock.line([(0.62 * x, 0.62 * y), ((0.62 - long) * x, (0.62 - long) * y)], width, hand)
    minute = rng.uniform(0, 60)
    hour = rng.integers(12) + minute / 60
    hands = [(hour / 12, 0.36, 0.06, hand), (minute / 60, 0.54, 0.04, hand)]
    for turn, reach, width, color in [*hands, (rng.random(), 0.56, 0.016, "#d7263d")]:
        x, y = np.sin(2 * np.pi * turn), -np.cos(2 * np.pi * turn)
        needle = Sprite().line([(-0.12 * x, -0.12 * y), (reach * x, reach * y)], width, color)
        clock.add(needle)
    clock.ellipse(0, 0, 0.05, 0.05, "#d7263d")
    at = rng.uniform(-0.08, 0.08, 2)
    clock.moved(*at, rng.uniform(0.8, 0.98), rng.normal(0, 3)).onto(canvas, 0.55, 0.09)
    return canvas


def fish(rng: Rng) -> Image.Image:
    """Draw a striped reef fish among bubbles and rays of light."""
    canvas = gradient(
        pick(rng, ("#35b6c9", "#2fa3c7", "#45c4c0")), pick(rng, ("#0b3d66", "#0a4a6e"))
    )
    for x in rng.uniform(-1, 1.2, 5):
        ray = Sprite().polygon(
            [(x, -1.1), (x + 0.16, -1.1), (x - 0.2, 1.1), (x - 0.75, 1.1)], WHITE
        )
        ray.blur(0.05).fade(0.12).onto(canvas)
    for x, y, r in rng.uniform((-0.95, -0.95, 0.02), (0.95, 0.9, 0.07), (7, 3)):
        bubble = Sprite().ellipse(x, y, r, r, "#e6fbff").fade(0.45).puff(0.05, 120)
        bubble.ellipse(x - 0.35 * r, y - 0.35 * r, r / 4, r / 4, WHITE).onto(canvas)
    first, second = (
        pick(rng, ("#ff8c1a", "#ffc61a", "#ff5d3a", "#ff7ab8")),
        pick(rng, ("#fff8ec", "#fbe6ff")),
    )
    tall, fin = rng.uniform(0.3, 0.45), mix(first, "#7a1f1f", 0.25)
    body = [(0.72, 0.02), (0.5, -0.7 * tall), (0.1, -tall), (-0.35, -0.55 * tall), (-0.56, 0)]
    body += [(-0.35, 0.55 * tall), (0.1, tall), (0.5, 0.75 * tall)]
    whole = Sprite().blob([(-0.46, 0), (-0.86, -0.36), (-0.78, 0), (-0.86, 0.36)], fin)
    whole.blob([(0.4, -0.6 * tall), (0.1, -tall - 0.24), (-0.4, -tall - 0.04), (-0.4, -0.1)], fin)
    whole.blob([(0.15, 0.6 * tall), (-0.02, tall + 0.2), (-0.28, tall), (-0.3, 0.1)], fin)
    whole.puff(0.1, 80)
    trunk = Sprite().blob(body, first)
    for x in np.linspace(-0.34, 0.36, rng.integers(2, 5)):
        band = [
            (x, -0.7),
            (x + 0.13, -0.7),
            (x + 0.19, 0),
            (x + 0.13, 0.7),
            (x, 0.7),
            (x + 0.05, 0),
        ]
        trunk.add(Sprite().blob(band, second), inside=True)
    whole.add(trunk.puff(0.35, 150))
    whole.add(
        Sprite().blob([(0.2, 0.05), (-0.08, 0.0), (-0.14, 0.2), (0.05, 0.22)], fin).puff(0.08)
    )
    whole.ellipse(0.5, -0.06, 0.085, 0.085, WHITE).ellipse(0.52, -0.06, 0.052, 0.052, "#10131c")
    whole.ellipse(0.535, -0.085, 0.018, 0.018, WHITE)
    if rng.random() < 0.5:
        whole = whole.flipped()
    at = rng.uniform(-0.1, 0.1, 2)
    whole.moved(*at, rng.uniform(0.8, 1), rng.uniform(-14, 14)).onto(canvas, 0.3, 0.12)
    return canvas


def flowers(rng: Rng) -> Image.Image:
    """Draw one blossom in front of a blurred meadow."""
    canvas = gradient(pick(rng, ("#7fae4f", "#8dbb5e")), pick(rng, ("#2f5d33", "#3a6b35")), 0.3)
    bokeh(canvas, rng, ("#c9e265", "#a4cf5f", "#5c9446", "#eef3a2"))
    x, y = rng.uniform(-0.12, 0.12), rng.uniform(-0.25, -0.1)
    sway = rng.uniform(-0.2, 0.2)
    stem = Sprite().line([(x, y), (x + sway / 3, 0.5), (x + sway, 1.1)], 0.06, "#3c7a35")
    stem.puff(0.05).onto(canvas, 0.3)
    petal_color, count = (
        pick(rng, ("#ff6f91", "#ffffff", "#ff5a4f", "#c77dff", "#ff9ecb")),
        rng.integers(8, 16),
    )
    heart, head = pick(rng, ("#f9c80e", "#f6ae2d", "#ffd84d")), Sprite()
    wide = 1.9 / count + rng.uniform(0, 0.05)
    for ring, reach in enumerate((0.92, 0.66)):
        tone = mix(petal_color, heart, 0.22 * ring)
        outline = [(0, -0.1), (wide, -0.55 * reach), (wide * 0.7, -0.9 * reach), (0, -reach)]
        petal = Sprite().blob(outline + mirror(outline[1:3]), tone)
        petal.line([(0, -0.2), (0, -0.7 * reach)], 0.015, mix(tone, "#7a1f4a", 0.25)).puff(
            0.14, 130
        )
        for turn in (np.arange(count) + ring / 2) * 360 / count:
            petal.moved(angle=turn + rng.normal(0, 2)).onto(head.image, 0.25, 0.03)
    head.add(Sprite().ellipse(0, 0, 0.26, 0.26, heart).puff(0.2, 150))
    for turn, out in zip(np.arange(60) * 2.4, np.sqrt(np.arange(60) / 60) * 0.23, strict=True):
        head.ellipse(
            out * np.cos(turn), out * np.sin(turn), 0.016, 0.016, mix(heart, "#8a4b08", 0.6)
        )
    head.moved(x, y, rng.uniform(0.66, 0.82), rng.uniform(0, 40)).onto(canvas, 0.4, 0.08)
    return canvas


def stars(rng: Rng) -> Image.Image:
    """Draw a clear night: the Milky Way over dark mountains."""
    canvas = gradient("#070b24", pick(rng, ("#2a2f6b", "#3a2a66", "#1d3b66")))
    x, y = grid()
    slant, off = rng.uniform(-1.2, 1.2), rng.uniform(-0.4, 0.2)
    band = np.exp(-(((y - off - slant * x) / (0.3 * np.hypot(1, slant))) ** 2))
    tint(canvas, pick(rng, ("#b79ae6", "#8fb4f0", "#e6a9cf")), 0.75 * band * cloudy(rng, 5, 5))
    for px, py in rng.uniform(-1, 1, (170, 2)):
        size = 0.006 + 0.02 * rng.random() ** 4
        Sprite().ellipse(px, py, size, size, pick(rng, ("#ffffff", "#cfe0ff", "#ffe9c9"))).onto(
            canvas
        )
    for px, py in rng.uniform(-0.9, 0.6, (rng.integers(3, 7), 2)):
        reach = rng.uniform(0.06, 0.14)
        Sprite().ellipse(px, py, reach / 2, reach / 2, "#dfe9ff").blur(0.04).fade(0.7).onto(canvas)
        ray = [(0, -reach), (reach / 9, 0), (0, reach), (-reach / 9, 0)]
        for points in (ray, [(b, a) for a, b in ray]):
            Sprite().polygon([(px + a, py + b) for a, b in points], WHITE).onto(canvas)
    if rng.random() < 0.35:
        at = rng.uniform(-0.65, 0.65), rng.uniform(-0.65, -0.4)
        Sprite().ellipse(*at, 0.3, 0.3, "#cfd8ff").blur(0.12).fade(0.5).onto(canvas)
        moon = Sprite().ellipse(*at, 0.17, 0.17, "#fdf3d3")
        for px, py, size in rng.uniform((-0.08, -0.08, 0.015), (0.08, 0.08, 0.035), (6, 3)):
            moon.ellipse(at[0] + px, at[1] + py, size, size, "#e6d9b4")
        moon.puff(0.2, 110).onto(canvas)
    for level, color in ((0.55, "#161a3d"), (0.75, "#090b1c")):
        xs = np.linspace(-1.1, 1.1, 12)
        ridge = list(zip(xs, level + rng.uniform(-0.16, 0.12, 12), strict=True))
        Sprite().polygon([*ridge, (1.1, 1.1), (-1.1, 1.1)], color).onto(canvas)
    return canvas


def fir(rng: Rng) -> Sprite:
    """Draw a conifer: drooping tiers of branches on a short trunk."""
    tree = Sprite().box(0, 0.65, 0.07, 0.14, "#5e4030").puff(0.08)
    leaf, count = pick(rng, ("#2c6e4f", "#2f7a5b", "#3c7d45")), rng.integers(4, 6)
    for tier in range(count):
        share = 1 - tier / count
        top, foot = -0.9 + 1.05 * share - 0.2, -0.78 + 1.36 * share
        half = 0.16 + 0.42 * share
        xs = np.linspace(-half, half, 9)
        hem = [(x, foot + 0.06 * (-1) ** n - 0.1 * x * x) for n, x in enumerate(xs)]
        skirt = Sprite().polygon([(0, top), *hem[::-1]], mix(leaf, "#d8f0a0", 0.3 * tier / count))
        skirt.puff(0.18, 110).onto(tree.image, 0.3, 0.05)
    return tree


def leafy(rng: Rng) -> Sprite:
    """Draw a broad-leaved tree: clumps of leaves, the lit ones on top."""
    bark, tree = "#6b4a32", Sprite()
    foot = [(0.07, 0.4), (0.15, 0.76)]
    tree.blob([*mirror(foot), (-0.06, -0.1), (0.06, -0.1), *foot], bark)
    tree.line([(0, 0.3), (-0.26, 0)], 0.05, bark).line([(0, 0.25), (0.26, -0.05)], 0.05, bark)
    tree.puff(0.08, 90)
    leaf = pick(rng, ("#3f8f3a", "#5aa23a", "#2f7d46", "#d98a1f", "#c8502a", "#e0b02a", "#e88fb0"))
    wide = rng.uniform(0.42, 0.54)
    for depth in range(4):
        tone = mix(mix(leaf, "#10301a", 0.45), mix(leaf, "#ffffb0", 0.2), depth / 3)
        for turn, out in rng.uniform((0, 0.05), (2 * np.pi, wide), (11, 2)):
            x, y = out * np.cos(turn), -0.3 + 0.8 * out * np.sin(turn)
            radius = rng.uniform(0.14, 0.22) - 0.02 * depth
            clump = Sprite().ellipse(x - 0.03 * depth, y - 0.03 * depth, radius, radius * 0.9, tone)
            tree.add(clump.puff(0.1, 60))
    return tree


def trees(rng: Rng) -> Image.Image:
    """Draw a single tree, broad-leaved or a fir, on a green hill."""
    canvas = daylight(rng)
    hills(canvas, rng, 0.5, ("#9cc56a", "#7fb04f"))
    Sprite().ellipse(0.15, 0.74, 0.6, 0.08, "#24421c").blur(0.05).fade(0.5).onto(canvas)
    tree = fir(rng) if rng.random() < 0.3 else leafy(rng)
    at = rng.uniform(-0.1, 0.1)
    tree.moved(at, 0.02, rng.uniform(0.85, 1), rng.normal(0, 2)).onto(canvas)
    return canvas


CLASSES: dict[str, Callable[[Rng], Image.Image]] = {
    draw.__name__: draw
    for draw in (balloons, bricks, butterflies, clocks, fish, flowers, stars, trees)
}


def main() -> None:
    """Draw every picture of every class and save it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("resources/sample"))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    for index, (name, draw) in enumerate(CLASSES.items()):
        folder = options.out / name
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, PER_CLASS + 1):
            rng = np.random.default_rng([options.seed, index, number])
            picture = photograph(draw(rng), rng)
            picture.save(folder / f"{name}-{number:02}.jpg", quality=QUALITY, optimize=True)


if __name__ == "__main__":
    main()
