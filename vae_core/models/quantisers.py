"""Sets of numbered codes, and the way from what an encoder says to the nearest of them.

What an encoder says, and what stands for it, are maps [b, d, h, w]: a vector of d numbers in each
cell of a grid. Numbers of codes are [b, h, w].
"""

from abc import ABC, abstractmethod
from itertools import combinations_with_replacement
from math import prod

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.overrides import handle_torch_function, has_torch_function_unary

from ..errors import UsageError

MOST_LEVELS = 8  # of a number of a lattice
MOST_NUMBERS = 12  # of a code of a lattice: 2 to the twelfth are as many as there may be
CODEBOOK = 4.0  # how fast codes follow the encoder, as a multiple of how fast it follows them


class Quantiser(nn.Module, ABC):
    """A set of numbered codes."""

    def bounded(self, maps: Tensor) -> Tensor:
        """What an encoder says, within the bounds of the codes."""
        return maps

    @abstractmethod
    def points(self, maps: Tensor) -> Tensor:
        """In each cell the nearest code."""

    @abstractmethod
    def numbers(self, maps: Tensor) -> Tensor:
        """In each cell the number of the nearest code."""

    @abstractmethod
    def at(self, numbers: Tensor) -> Tensor:
        """The maps of the codes with these numbers."""

    def penalty(self, maps: Tensor, chosen: Tensor) -> Tensor:
        """What it costs in each cell that the maps are not the codes that stand for them."""
        return torch.zeros_like(maps[:, 0])


class Codebook(Quantiser):
    """Codes that are learnt: they and what the encoder says move towards each other."""

    def __init__(self, codes: int, numbers: int, commitment: float) -> None:
        super().__init__()
        self.codes = nn.Parameter(torch.rand(codes, numbers).mul(2).sub(1).div(codes))
        self.commitment = commitment

    def points(self, maps: Tensor) -> Tensor:
        return nearest_of_codebook(maps, self.codes)

    def numbers(self, maps: Tensor) -> Tensor:
        return _nearest(maps, self.codes)

    def at(self, numbers: Tensor) -> Tensor:
        return self.codes[numbers].movedim(-1, 1)

    def penalty(self, maps: Tensor, chosen: Tensor) -> Tensor:
        follows = (maps.detach() - chosen).square().sum(dim=1)
        commits = (maps - chosen.detach()).square().sum(dim=1)
        return self.commitment * (CODEBOOK * follows + commits)


class Lattice(Quantiser):
    """Codes that are the points of a fixed lattice from -1 to 1: finite scalar quantisation."""

    def __init__(self, levels: tuple[int, ...]) -> None:
        super().__init__()
        self.levels = levels
        self.steps = tuple(prod(levels[:i]) for i in range(len(levels)))

    def bounded(self, maps: Tensor) -> Tensor:
        return 2 * torch.sigmoid(maps) - 1

    def points(self, maps: Tensor) -> Tensor:
        return nearest_of_lattice(maps, self.levels)

    def numbers(self, maps: Tensor) -> Tensor:
        digits = _digits(maps, self.levels).long()
        return (digits * _along(self.steps, digits)).sum(dim=1)

    def at(self, numbers: Tensor) -> Tensor:
        digits = numbers[:, None] // _along(self.steps, numbers) % _along(self.levels, numbers)
        return digits / (_along(self.levels, numbers) - 1) * 2 - 1


def nearest_of_codebook(maps: Tensor, codes: Tensor) -> Tensor:
    """In each cell of the maps the nearest of the codes [k, d]."""
    if has_torch_function_unary(maps):  # whoever writes down operations sees this as one
        return handle_torch_function(nearest_of_codebook, (maps,), maps, codes)
    return codes[_nearest(maps, codes)].movedim(-1, 1)


def nearest_of_lattice(maps: Tensor, levels: tuple[int, ...]) -> Tensor:
    """In each cell of the maps the nearest point of a lattice: so many levels from -1 to 1 in each map."""
    if has_torch_function_unary(maps):
        return handle_torch_function(nearest_of_lattice, (maps,), maps, levels)
    return _digits(maps, levels) / (_along(levels, maps) - 1) * 2 - 1


def levels_of(codes: int) -> tuple[int, ...]:
    """The levels of each number of a lattice of so many codes: few numbers, and levels alike.

    Raises:
        UsageError: if they cannot be shared out among numbers of 2 to 8 levels each.

    Example:
        >>> levels_of(36), levels_of(1000)
        ((6, 6), (8, 5, 5, 5))
    """
    for numbers in range(1, MOST_NUMBERS + 1):
        every = combinations_with_replacement(range(MOST_LEVELS, 1, -1), numbers)
        found = [levels for levels in every if prod(levels) == codes]
        if found:
            return min(found, key=lambda levels: levels[0] - levels[-1])
    raise UsageError(
        f"A lattice has numbers of 2 to {MOST_LEVELS} levels each, and {codes} is no product of such. "
        "Choose another number of codes, such as 36 or 64, or the quantiser 'vq'."
    )


def straight_through(values: Tensor, nearest: Tensor) -> Tensor:
    """The nearest codes, whose gradient goes to the values that they stand for."""
    return values + (nearest - values).detach() if torch.is_grad_enabled() else nearest


@torch.no_grad()
def _nearest(maps: Tensor, codes: Tensor) -> Tensor:
    # The largest product, less half of the code's own square.
    return F.conv2d(maps, codes[:, :, None, None], -codes.square().sum(dim=1) / 2).argmax(dim=1)


def _digits(maps: Tensor, levels: tuple[int, ...]) -> Tensor:
    """Which level each number is nearest to, counted from 0."""
    last = _along(levels, maps) - 1
    return ((maps + 1) / 2 * last).clamp(min=0).minimum(last).round()


def _along(numbers: tuple[int, ...], maps: Tensor) -> Tensor:
    """A number for each map, [d, 1, 1]."""
    return maps.new_tensor(numbers)[:, None, None]
