"""Small pictures that are no digits, made here: what a digit model does with them tells what it knows."""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from vae_core.data.strokes import Strokes, draw, other_drawings

SIDE = 28
FINE = 8  # samples along a pixel, of shapes with smooth edges

ROUGHNESS = 1.6  # of the clouds: how fast their waves get lower as they get shorter

Grey = NDArray[np.float64]  # [h, w], black 0 to white 1


class Subject(NamedTuple):
    """A picture that is no digit.

    Attributes:
        name: what it is called in links.
        label: what is written on its button.
        picture: [28, 28], black 0 to white 255.
    """

    name: str
    label: str
    picture: NDArray[np.uint8]


@cache
def subjects() -> tuple[Subject, ...]:
    """A letter, a garment, a face and a texture; the same pixels at every call."""
    return (
        Subject("letter", "A letter", _letter()),
        Subject("shirt", "A shirt", _as_bytes(_shirt())),
        Subject("face", "A face", _as_bytes(_face())),
        Subject("clouds", "Clouds", _as_bytes(_clouds())),
    )


class Others(NamedTuple):
    """Drawings that are no digits, as models see them.

    Attributes:
        names: [n], such as "A" or "star".
        pictures: [n, 28, 28], black 0 to white 255.
    """

    names: list[str]
    pictures: NDArray[np.uint8]


@cache
def others() -> Others:
    """Letters and simple shapes, drawn with strokes and read as digits are."""
    from vae_core.data.drawings.digit import to_digit

    found = other_drawings()
    return Others(list(found), np.stack([to_digit(draw(strokes)) for strokes in found.values()]))


def _letter() -> NDArray[np.uint8]:
    """An R, written as digits are and read as they are."""
    from vae_core.data.drawings.digit import to_digit

    bowl = [(0.32, 0.14), (0.5, 0.13), (0.64, 0.2), (0.66, 0.32), (0.56, 0.44), (0.33, 0.48)]
    strokes: Strokes = [[(0.33, 0.13), (0.32, 0.88)], bowl, [(0.45, 0.48), (0.7, 0.88)]]
    return to_digit(draw(strokes))


def _shirt() -> Grey:
    """A shirt as in a shop's catalogue: filled, lighter in the middle, with folds."""
    outline = [
        *((10, 3), (12, 5), (16, 5), (18, 3), (25, 7), (23, 13), (20, 12), (20, 25), (8, 25)),
        *((8, 12), (5, 13), (3, 7)),
    ]
    x, y = _places()
    folds = 0.75 - 0.2 * np.abs(x - 14) / 11 + 0.06 * np.sin(1.9 * x + 0.3 * y)
    return _filled(outline) * folds


def _face() -> Grey:
    """A head lit from the left, before a wall: shades, as a photograph has them."""
    x, y = _places()

    def spot(across: float, down: float, wide: float, high: float) -> Grey:
        return np.exp(-(((x - across) / wide) ** 2) - ((y - down) / high) ** 2)

    wall = 0.35 + 0.008 * y
    away = ((x - 14) / 8) ** 2 + ((y - 14.5) / 10.5) ** 2
    skin = 0.72 - 0.022 * (x - 14) - 0.15 * away
    skin += 0.12 * spot(13.2, 15.5, 1.2, 3.5) - 0.12 * spot(15.5, 17.5, 1.2, 1.2)
    skin -= 0.5 * (spot(10.4, 12.3, 1.5, 0.9) + spot(17.4, 12.3, 1.5, 0.9))
    skin -= 0.25 * (spot(10.4, 10.2, 2.2, 0.6) + spot(17.4, 10.2, 2.2, 0.6))
    skin -= 0.4 * spot(14, 20.6, 3.2, 0.8)
    hair = (y < 8.2 - 0.045 * (x - 14) ** 2 + 0.6 * np.sin(x)) | ((np.abs(x - 14) > 7) & (y < 13))
    head = np.where(hair, 0.12 + 0.05 * np.sin(2 * x), skin)
    neck = _filled([(10, 22), (18, 22), (19, 28), (9, 28)])
    shown = np.where(neck > 0.5, 0.5, wall)
    edge = np.clip((1 - away) * 8, 0, 1)
    return shown * (1 - edge) + head * edge


def _clouds() -> Grey:
    """Noise that is smooth where one looks from afar, and a little rough from near."""
    frequency = np.hypot(np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE)[None])
    frequency[0, 0] = np.inf
    noise = np.fft.rfft2(np.random.default_rng(4).normal(size=(SIDE, SIDE))) / frequency**ROUGHNESS
    grey = np.fft.irfft2(noise, (SIDE, SIDE))
    return (grey - grey.min()) / np.ptp(grey)


def _places() -> tuple[Grey, Grey]:
    """The middle of each pixel: how far right, how far down."""
    down, across = np.mgrid[0:SIDE, 0:SIDE] + 0.5
    return across, down


def _filled(outline: list[tuple[int, int]]) -> Grey:
    """1 inside, 0 outside, and in between where the outline crosses a pixel."""
    fine = Image.new("L", (SIDE * FINE, SIDE * FINE))
    ImageDraw.Draw(fine).polygon([(x * FINE, y * FINE) for x, y in outline], fill=1)
    return np.asarray(fine, np.float64).reshape(SIDE, FINE, SIDE, FINE).mean(axis=(1, 3))


def _as_bytes(grey: Grey) -> NDArray[np.uint8]:
    return np.rint(255 * grey.clip(0, 1)).astype(np.uint8)
