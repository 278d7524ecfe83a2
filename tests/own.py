"""What somebody adds to the project: a model with everything that ours have not."""

from math import prod

import torch
from torch import Tensor, nn

from vae_core.models.base import PointLatents
from vae_core.types import Images, ImageShape, Latents, Logits


class Own(PointLatents):
    """Layers, buffers and options of many kinds around a plain code."""

    order: Tensor
    mask: Tensor
    slope: Tensor

    def __init__(
        self,
        image_shape: ImageShape = (1, 28, 28),
        latent_dim: int = 3,
        groups: int = 2,
        gain: float = 0.5,
        gated: bool = False,
        mode: str = "soft",
        sizes: tuple[int, ...] = (4, 8),
    ) -> None:
        pixels = prod(image_shape)
        super().__init__(
            image_shape,
            latent_dim,
            nn.Sequential(nn.Flatten(), nn.Linear(pixels, latent_dim), nn.BatchNorm1d(latent_dim)),
            nn.Sequential(nn.Linear(latent_dim, pixels), nn.Unflatten(1, image_shape)),
        )
        self.norm = nn.LayerNorm(latent_dim)
        self.table = nn.Embedding(groups, latent_dim)
        self.tied = nn.Embedding(groups, latent_dim)
        self.tied.weight = self.table.weight
        self.log_sigma = nn.Parameter(torch.full((1,), gain))
        self.register_buffer("order", torch.arange(groups))
        self.register_buffer("wide", torch.full((2,), 2**40))
        self.register_buffer("exact", torch.full((2,), 1 / 3, dtype=torch.float64))
        self.register_buffer("coarse", torch.full((2,), 1 / 3, dtype=torch.bfloat16))
        self.register_buffer("mask", torch.tensor([True, False]))
        self.register_buffer("slope", torch.linspace(-1, 1, latent_dim), persistent=False)

    def encode(self, images: Images) -> Latents:
        drift = self.tied(self.order).mean(dim=0) * self.log_sigma.exp()
        return self.norm(self.encoder(images)) + drift + self.slope

    def decode_logits(self, codes: Latents) -> Logits:
        return self.decoder(codes)
