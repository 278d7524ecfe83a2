"""Models so small that all of their weights fit into a fixture."""

from typing import Any

import torch
from torch import Generator, nn

from vae_core.models import Autoencoder
from vae_core.models.base import GaussianLatents, PointLatents

from . import packed

SHAPE = (1, 5, 6)  # of their pictures
PIXELS = 30


def linear(latent_dim: int, *, cloud: bool, seed: int = 0) -> Autoencoder:
    """A model of one layer each way, its weights drawn with the seed."""
    encoder = nn.Sequential(nn.Flatten(), nn.Linear(PIXELS, latent_dim * (1 + cloud)))
    decoder = nn.Sequential(nn.Linear(latent_dim, PIXELS), nn.Unflatten(1, SHAPE))
    model = (GaussianLatents if cloud else PointLatents)(SHAPE, latent_dim, encoder, decoder)
    generator = Generator().manual_seed(seed)
    with torch.no_grad():
        for weights in model.parameters():
            weights.copy_(torch.randn(weights.shape, generator=generator) / 2)
    return model.eval().requires_grad_(False)


def weights_of(model: Autoencoder) -> dict[str, Any]:
    """The weights, by the names in `tests/js/linear.js`."""
    names = ("into", "into_bias", "out", "out_bias")
    weights = dict(zip(names, map(packed, model.parameters()), strict=True))
    return {"size": model.latent_dim, "cloud": isinstance(model, GaussianLatents), **weights}
