"""Random numbers, noise and digits by the library."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator

from playground.inference.examples import examples
from playground.inference.reconstruction import compare, finite
from playground.noise import Noise
from vae_core.data.corruption import CORRUPTIONS, UNSEEN, corrupt

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
