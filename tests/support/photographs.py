"""Photographs and scans of a digit on paper, each kind with what spoils it, drawn from a seed."""

import io
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter
from scipy import ndimage

from vae_core.data.strokes import draw, example_digits

WIDTH, HEIGHT = 800, 600  # pixels of a photograph
PAPER, BLUE, GREY = (232, 226, 212), (44, 52, 120), (150, 148, 144)
INKS = (BLUE, (30, 30, 32), (150, 36, 44))

Ink = NDArray[np.floating]  # [h, w], no ink 0 to full ink 1
Photo = NDArray[np.floating]  # [h, w, 3], black 0 to white 255
Kind = Callable[[Ink, np.random.Generator], Photo]
Brush = ImageDraw.ImageDraw


class Hand(NamedTuple):
    """A digit as somebody wrote it.

    Attributes:
        ink: white on black, of any size.
    """

    label: int
    ink: NDArray[np.uint8]


def written(seed: int, name: str | None = None) -> Hand:
    """An example in another hand: slanted, stretched, and with another pen.

    Arguments:
        name: of the example; without one the seed chooses.
    """
    chance = np.random.default_rng(seed)
    examples = [one for one in example_digits() if name in (None, one.name)]
    one = examples[int(chance.integers(len(examples)))]
    slant, wide = chance.uniform(-0.2, 0.2), chance.uniform(0.75, 1.0)
    turned = [
        [(0.5 + wide * (x - 0.5 - slant * (y - 0.5)), 0.5 + 0.95 * (y - 0.5)) for x, y in points]
        for points in one.strokes
    ]
    return Hand(one.label, draw(turned, size=200, pen=chance.uniform(0.05, 0.1)))


def scene(
    kind: str, hand: Hand, seed: int, width: int = WIDTH, height: int = HEIGHT
) -> Image.Image:
    """A photograph of this kind; all but its digit comes from the seed."""
    chance = np.random.default_rng([seed, *kind.encode()])
    tall = int(height * chance.uniform(0.3, 0.42))
    x, y = chance.uniform(0.4, 0.6) * width, chance.uniform(0.4, 0.6) * height
    ink = on_sheet([(hand, x, y, tall)], width, height)
    return _taken(KINDS[kind](ink, chance), chance)


def several(hands: list[Hand], columns: int, seed: int) -> Image.Image:
    """A sheet with a digit in every cell, in rows of so many."""
    chance = np.random.default_rng(seed)
    rows = -(-len(hands) // columns)
    across, down = WIDTH / columns, HEIGHT / rows
    tall = int(0.6 * min(across, down))
    placed = [
        (
            hand,
            (i % columns + 0.5 + chance.uniform(-0.06, 0.06)) * across,
            (i // columns + 0.5 + chance.uniform(-0.06, 0.06)) * down,
            tall,
        )
        for i, hand in enumerate(hands)
    ]
    return _taken(_plain(on_sheet(placed, WIDTH, HEIGHT), chance), chance)


def on_sheet(placed: list[tuple[Hand, float, float, int]], width: int, height: int) -> Ink:
    """Digits on a sheet: each with its middle and how tall the whole of it is, in pixels."""
    ink = np.zeros((height, width), np.float32)
    for hand, x, y, tall in placed:
        rows, columns = np.nonzero(hand.ink > 40)
        cut = hand.ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        wide = max(8, round(tall * cut.shape[1] / cut.shape[0]))
        if wide > 1.4 * tall:
            tall, wide = round(1.4 * tall * tall / wide), round(1.4 * tall)
        small = Image.fromarray(cut).resize((wide, tall), Image.Resampling.BICUBIC)
        # A small digit enlarged is soft; pens are not.
        sharp = np.clip((np.asarray(small, np.float32) / 255 - 0.5) * 4 + 0.5, 0, 1)
        left, top = int(x - wide / 2), int(y - tall / 2)
        part = ink[top : top + tall, left : left + wide]
        np.maximum(part, sharp[: part.shape[0], : part.shape[1]], out=part)
    return ink


def as_jpeg(photo: Image.Image, quality: int = 85, **options: object) -> bytes:
    """The file of a photograph."""
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=quality, **options)
    return file.getvalue()


# What lies on the paper, before it is lit.


def _plain(
    ink: Ink,
    chance: np.random.Generator,
    paper: tuple[int, int, int] = PAPER,
    pen: tuple[int, int, int] | None = None,
) -> Photo:
    """Ink on paper that is a little cloudy."""
    rough = Image.fromarray(chance.normal(1, 0.008, (9, 12)).astype(np.float32))
    cloud = np.asarray(rough.resize(ink.shape[::-1], Image.Resampling.BICUBIC))
    ground = np.array(paper, np.float32) * cloud[..., None]
    pen = pen or INKS[int(chance.integers(len(INKS)))]
    return ground + ink[..., None] * (np.array(pen, float) - ground)


def _ruled(paint: Callable[[Brush, int, int, np.random.Generator], None]) -> Kind:
    """Lines under the pen. They are painted large and made small, so that they may be slanted."""

    def kind(ink: Ink, chance: np.random.Generator) -> Photo:
        photo = _plain(ink, chance)
        height, width = ink.shape
        sheet = Image.new("RGBA", (3 * width, 3 * height))
        paint(ImageDraw.Draw(sheet), 3 * width, 3 * height, chance)
        lines = np.asarray(sheet.resize((width, height), Image.Resampling.BOX), float)
        share = (lines[..., 3:] / 255) * (1 - ink[..., None])
        return photo * (1 - share) + lines[..., :3] * share

    return kind


def _lines(pitch: int, colour: tuple[int, int, int], both: bool = False, slant: float = 0) -> Kind:
    def paint(brush: Brush, width: int, height: int, chance: np.random.Generator) -> None:
        start, tilt = chance.uniform(0, pitch), chance.uniform(-slant, slant)
        for y in np.arange(-width * 0.1 + start, height * 1.1, 3 * pitch):
            brush.line((0, y, width, y + tilt * width), colour, 6)
        for x in np.arange(-width * 0.1 + start, width * 1.1, 3 * pitch) if both else ():
            brush.line((x, 0, x - tilt * height, height), colour, 6)

    return _ruled(paint)


def _margin(brush: Brush, width: int, height: int, chance: np.random.Generator) -> None:
    x = chance.uniform(0.12, 0.45) * width  # it may cross the digit
    brush.line((x, 0, x, height), (190, 60, 60), 8)


def _box(brush: Brush, width: int, height: int, chance: np.random.Generator) -> None:
    side = chance.uniform(0.26, 0.34) * height
    x, y = chance.uniform(0.45, 0.55) * width, chance.uniform(0.46, 0.54) * height
    brush.rectangle((x - side, y - side, x + side, y + side), outline=(50, 50, 50), width=8)


def _holes(ink: Ink, chance: np.random.Generator) -> Photo:
    y, x = np.mgrid[: ink.shape[0], : ink.shape[1]]
    photo = _plain(ink, chance)
    for middle in (0.33, 0.7):
        far = np.hypot(x - 0.05 * ink.shape[1], y - middle * ink.shape[0])
        photo[far < 14] = (44, 42, 40)
    return photo


def _finger(ink: Ink, chance: np.random.Generator) -> Photo:
    height, width = ink.shape
    y, x = np.mgrid[:height, :width]
    middle = chance.uniform(0.05, 0.95) * width
    inside = ((x - middle) / (0.08 * width)) ** 2 + ((y - height) / (0.25 * height)) ** 2
    share = np.clip((1 - inside) * 8, 0, 1)[..., None]
    return _plain(ink, chance) * (1 - share) + share * np.array([196, 140, 118.0])


def _table(share: float, sides: int = 1) -> Kind:
    """A table in sight beside the sheet, with its grain; the sheet's edge is not quite straight."""

    def kind(ink: Ink, chance: np.random.Generator) -> Photo:
        height, width = ink.shape
        y, x = np.mgrid[:height, :width] / np.array([height, width])[:, None, None]
        ways = [x + 0.02 * y, 1 - x - 0.03 * y, y + 0.02 * x, 1 - y - 0.02 * x]
        seen = np.min([ways[i] for i in chance.permutation(4)[:sides]], axis=0) < share
        grain = 1 + 0.12 * ndimage.gaussian_filter1d(chance.normal(0, 1, ink.shape), 20) * 3
        photo = _plain(ink, chance)
        photo[seen] = (np.array([104, 70, 46.0]) * grain[..., None])[seen]
        return photo

    return kind


def _scanned(edge: int) -> Kind:
    def kind(ink: Ink, chance: np.random.Generator) -> Photo:
        photo = _plain(ink, chance, paper=(248, 248, 246))
        photo[:edge], photo[:, :edge] = 8, 8
        return photo

    return kind


# How it is lit.


def _lit(
    light: Callable[[NDArray[np.floating], NDArray[np.floating], np.random.Generator], Ink],
) -> Kind:
    def kind(ink: Ink, chance: np.random.Generator) -> Photo:
        height, width = ink.shape
        y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
        return _plain(ink, chance) * light(x, y, chance)[..., None]

    return kind


def _shadow(left: float, soft: float) -> Kind:
    """A hand's round shadow from a corner, or a straight one's across, down to `left` of the light."""

    def light(
        x: NDArray[np.floating], y: NDArray[np.floating], chance: np.random.Generator
    ) -> Ink:
        angle = chance.uniform(0, 2 * np.pi)
        away = x * np.cos(angle) + y * np.sin(angle) - chance.uniform(-0.1, 0.5)
        if chance.random() < 0.5:
            corner = np.sign(chance.uniform(-1, 1, 2))
            away = chance.uniform(0.9, 1.3) - np.hypot(x - corner[0], y - corner[1])
        return 1 - (1 - left) / (1 + np.exp(-np.clip(away / soft, -50, 50)))

    return _lit(light)


def _vignette(loss: float) -> Kind:
    return _lit(lambda x, y, _: 1 - loss * (x * x + y * y) / 2)


def _glare(ink: Ink, chance: np.random.Generator) -> Photo:
    height, width = ink.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    far = np.hypot(x - chance.uniform(-0.9, 0.9), y - np.sign(chance.normal()) * 0.7)
    return 0.72 * _plain(ink, chance) + 140 * np.exp(-((far / 0.4) ** 2))[..., None]


def _taken(photo: Photo, chance: np.random.Generator) -> Image.Image:
    """As a camera sees it: soft, and with grain."""
    grain = 4 * chance.standard_normal(photo.shape[:2], np.float32)
    grainy = (photo + grain[..., None]).clip(0, 255).astype(np.uint8)
    return Image.fromarray(grainy).filter(ImageFilter.GaussianBlur(0.7))


KINDS: dict[str, Kind] = {
    "plain paper": _plain,
    "pencil": lambda ink, chance: _plain(ink, chance, pen=GREY),
    "chalk on a board": lambda ink, chance: _plain(
        0.7 * ink, chance, (46, 82, 64), (235, 238, 230)
    ),
    "pale ruling": _lines(40, (196, 204, 222)),
    "soft shadow to 0.85": _shadow(0.85, 0.08),
    "soft shadow to 0.7": _shadow(0.7, 0.08),
    "soft shadow to 0.55": _shadow(0.55, 0.08),
    "hard shadow to 0.55": _shadow(0.55, 0.01),
    "vignette of 20 %": _vignette(0.2),
    "vignette of 30 %": _vignette(0.3),
    "vignette of 45 %": _vignette(0.45),
    "table at 5 %": _table(0.05),
    "table at 12 %": _table(0.12),
    "table all round": _table(0.07, sides=4),
    "scanner edges of 10 px": _scanned(10),
    "scanner edges of 16 px": _scanned(16),
    "punch holes": _holes,
    "finger at the edge": _finger,
    "glare": _glare,
    "dark ruling": _lines(40, (56, 70, 130)),
    "dark ruling, slanted": _lines(40, (56, 70, 130), slant=0.04),
    "grid of 5 mm": _lines(50, (70, 90, 150), both=True),
    "grid of 5 mm, slanted": _lines(50, (70, 90, 150), both=True, slant=0.04),
    "margin line": _ruled(_margin),
    "printed box": _ruled(_box),
}
