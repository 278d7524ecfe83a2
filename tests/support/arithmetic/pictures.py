"""Random numbers, noise and digits by the library."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Generator

from playground.inference.examples import examples
from playground.inference.reconstruction import compare, finite
from playground.wire.noise import Noise
from vae_core.data.corruption import CORRUPTIONS, UNSEEN, corrupt
from vae_core.data.drawings.digit import to_digit
from vae_core.data.strokes import draw, example_digits

from . import packed

KINDS = CORRUPTIONS | UNSEEN
SEEDS = (0, 7, 2**31 - 1)


def random_numbers() -> dict[str, Any]:
    """Draws of every length that PyTorch makes in another way; and several of one generator."""
    return {str(seed): _draws(seed) for seed in SEEDS} | {"in turn": _in_turn()}


def _draws(seed: int) -> dict[str, Any]:
    def fresh() -> Generator:
        return Generator().manual_seed(seed)

    return {
        "uniform": packed(torch.rand(650, generator=fresh())),
        "integers": torch.randint(1000, (40,), generator=fresh()).tolist(),
        "normal": {
            str(count): packed(torch.randn(count, generator=fresh()))
            for count in (1, 2, 15, 16, 17, 31, 32, 40)
        },
    }


def _in_turn() -> list[dict[str, str]]:
    """Lone normal numbers come in pairs, and the second of one waits for the next draw."""
    generator = Generator().manual_seed(3)
    counts = (3, 2, 20, 1, 5)
    return [packed(torch.randn(count, generator=generator)) for count in counts]


SIZE = (10, 12)  # of a picture that is no square
STRENGTHS = (0.15, 0.5, 1.0)


def noise() -> dict[str, Any]:
    """A picture and a digit with every kind of noise."""
    picture = torch.rand(1, 1, *SIZE, generator=Generator().manual_seed(5))
    digit = examples().pictures[4]
    return {
        "picture": packed(picture),
        "height": SIZE[0],
        "width": SIZE[1],
        "strengths": STRENGTHS,
        "noisy": {
            kind: [
                packed(corrupt(picture, kind, each, Generator().manual_seed(9), KINDS))
                for each in STRENGTHS
            ]
            for kind in KINDS
        },
        "digit": packed(digit),
        "digits": [
            {
                "kind": kind,
                "strength": strength,
                "seed": seed,
                **_seen(digit, kind, strength, seed),
            }
            for seed, kind in enumerate(CORRUPTIONS)
            for strength in (0.0, 0.3, 0.85)
        ],
    }


def _seen(digit: NDArray[np.uint8], kind: str, strength: float, seed: int) -> dict[str, Any]:
    seen = compare(digit, Noise(kind, strength, seed), [])
    return {"noisy": packed(seen.noisy), "mse": seen.mse, "psnr": finite(seen.psnr_db)}


# What is hard: width, height, and rectangles of ink as left, top, width, height and grey.
HARD: dict[str, tuple[int, int, list[tuple[int, int, int, int, int]]]] = {
    "nothing": (60, 50, []),
    "faint": (60, 50, [(10, 10, 5, 30, 9)]),
    "a pixel": (40, 40, [(5, 5, 1, 1, 255)]),
    "one pixel in all": (1, 1, [(0, 0, 1, 1, 255)]),
    "ink all over": (64, 64, [(0, 0, 64, 64, 255)]),
    "a line on the border": (70, 100, [(0, 0, 1, 100, 255)]),
    "a line below, and a dot": (70, 100, [(0, 99, 70, 1, 255), (3, 0, 1, 1, 200)]),
    "a thick pen": (128, 128, [(20, 10, 60, 110, 255), (20, 10, 100, 50, 255)]),
    "thick and thin": (128, 128, [(20, 10, 12, 100, 255), (20, 60, 100, 5, 255)]),
    "dirt": (128, 128, [(20, 10, 12, 100, 255), (100, 100, 2, 2, 255), (90, 9, 9, 9, 255)]),
    "a huge canvas": (2100, 1500, [(900, 300, 60, 900, 255), (700, 720, 500, 63, 210)]),
    "an odd canvas": (700, 4001, [(300, 300, 90, 2900, 255), (0, 200, 700, 90, 180)]),
}


def digits() -> dict[str, Any]:
    """The examples as drawings of several sizes and with several pens, and what is hard."""
    drawn = [
        draw(example.strokes, size=36 + 3 * place, pen=0.04 * (1 + place % 5))
        for place, example in enumerate(example_digits())
    ]
    picture = np.random.default_rng(0).integers(0, 256, (19, 23), np.uint8)
    return {
        "drawn": [
            {"side": len(ink), "ink": packed(ink), "digit": packed(to_digit(ink))} for ink in drawn
        ],
        "hard": {
            name: {
                "width": width,
                "height": height,
                "parts": parts,
                "digit": packed(to_digit(_inked(width, height, parts))),
            }
            for name, (width, height, parts) in HARD.items()
        },
        "picture": packed(picture),
        "size": picture.shape,
        "reduced": {
            str(factor): packed(np.asarray(Image.fromarray(picture).reduce(factor)))
            for factor in range(1, 9)
        },
    }


def _inked(
    width: int, height: int, parts: list[tuple[int, int, int, int, int]]
) -> NDArray[np.uint8]:
    ink = np.zeros((height, width), np.uint8)
    for left, top, across, down, grey in parts:
        ink[top : top + down, left : left + across] = grey
    return ink
