"""Random numbers, noise and digits by the library."""

from typing import Any

import torch
from torch import Generator

from . import packed

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
