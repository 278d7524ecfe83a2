"""A space of two numbers: where the known latents lie in it, and the square that its map shows."""

from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from vae_core.errors import UsageError

from ...store.models import Store
from ...store.remembered import remembered
from .latents import atlas_of, is_gaussian, known_latents

PRIOR_REACH = 3.0  # standard deviations of the prior that its map shows at least
OUTSIDE = 0.005  # share of the latents that may lie beyond each side of the map
MARGIN = 0.05  # around the latents, as a share of the square


class Square(NamedTuple):
    """The part of a 2-D latent space that its map shows."""

    centre: tuple[float, float]
    half: float  # of a side


class LatentMap(NamedTuple):
    """Where the test digits lie in a space of two numbers.

    Attributes:
        latents: [n, 2]; none where there is no atlas.
        labels: [n], the class of each.
        square: that nearly all of them are in.
        spread: [2], the standard deviation of each number.
        has_prior: whether the model was trained to give latents of a known distribution.
        continuity: how evenly pictures change across the space; None if that was not measured.
    """

    latents: NDArray[np.float32]
    labels: NDArray[np.uint8]
    square: Square
    spread: NDArray[np.float32]
    has_prior: bool
    continuity: Any


def check_flat(store: Store, name: str) -> None:
    """Refuses a model that does not have two numbers.

    Raises:
        UsageError: if it has more, or fewer.
    """
    size = store.get(name).model.latent_dim
    if size != 2:
        raise UsageError(f"A map needs a code of two numbers; '{name}' has {size}.")


@remembered
def latent_map(store: Store, name: str) -> LatentMap:
    """Where the test digits lie in the space of the model called `name`.

    Raises:
        UsageError: if it does not have two numbers.
    """
    check_flat(store, name)
    atlas, known = atlas_of(store, name), known_latents(store, name)
    has_prior = is_gaussian(store, name)
    return LatentMap(
        latents=np.zeros((0, 2), np.float32) if atlas is None else known.numpy(),
        labels=np.zeros(0, np.uint8) if atlas is None else atlas.labels.astype(np.uint8),
        square=square_of(known, has_prior),
        spread=known.std(dim=0, correction=0).numpy(),
        has_prior=has_prior,
        continuity=None if atlas is None else atlas.about.get("continuity"),
    )


def training_latents(store: Store, name: str) -> NDArray[np.float32]:
    """The latents of all digits that a model was trained on, [n, 2]; none if nobody kept them.

    Raises:
        UsageError: if it does not have two numbers.
    """
    check_flat(store, name)
    atlas = atlas_of(store, name)
    return np.zeros((0, 2), np.float32) if atlas is None or atlas.train is None else atlas.train


def square_of(latents: torch.Tensor, has_prior: bool) -> Square:
    """The square that all but a few of the latents [n, 2] fit into, with a margin on every side.

    Around the prior's middle if there is one, and then at least `PRIOR_REACH` far.
    """
    low, high = np.quantile(latents.numpy(), [OUTSIDE, 1 - OUTSIDE], axis=0)
    centre = np.zeros(2) if has_prior else (low + high) / 2
    reach = max(np.abs(low - centre).max(), np.abs(high - centre).max(), 1e-3) * (1 + MARGIN)
    half = max(PRIOR_REACH, reach) if has_prior else reach
    return Square((round(float(centre[0]), 4), round(float(centre[1]), 4)), round(float(half), 4))
