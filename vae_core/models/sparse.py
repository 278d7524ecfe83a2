"""The sparse autoencoder: many latents, of which each image may use only a few."""

from math import prod

import torch.nn.functional as F
from torch import Generator, nn

from ..types import Images, ImageShape, Latents, Logits
from .base import Autoencoder, LatentSample
from .networks import mlp_encoder
from .options import USUAL, Range


class UnitPictures(nn.Linear):
    """A layer that adds up one picture per unit, each of length 1."""

    def __init__(self, units: int, image_shape: ImageShape) -> None:
        super().__init__(units, prod(image_shape))
        self.image_shape = image_shape

    def forward(self, input: Latents) -> Logits:
        pictures = F.normalize(self.weight, dim=0)  # [c * h * w, z]
        return F.linear(input, pictures, self.bias).unflatten(1, self.image_shape)


class Sparse(Autoencoder):
    """Many units, of which an image may switch on only a few: an L1 price on what is on.

    The decoder adds up one picture per unit. Each has length 1, so that the price cannot be
    dodged by small activations with large pictures.

    Arguments:
        image_shape: (channels, height, width) of the images.
        latent_dim: number of latents; more than a plain autoencoder would need.
        sparsity: price of activation, in nats per unit of it.
        width: units of a hidden layer of the encoder.
        depth: hidden layers of the encoder; the decoder has none.

    Reference:
        Emergence of Simple-Cell Receptive Field Properties by Learning a Sparse Code for
        Natural Images (Olshausen & Field, 1996), https://doi.org/10.1038/381607a0
    """

    OPTIONS = USUAL | {"sparsity": Range(0, 1000)}

    def __init__(
        self,
        image_shape: ImageShape = (1, 28, 28),
        latent_dim: int = 256,
        sparsity: float = 1.0,
        width: int = 512,
        depth: int = 1,
    ) -> None:
        super().__init__(
            image_shape,
            latent_dim,
            nn.Sequential(mlp_encoder(image_shape, latent_dim, width, depth), nn.ReLU()),
            UnitPictures(latent_dim, image_shape),
        )
        self.sparsity = sparsity

    def encode(self, images: Images) -> Latents:
        return self.encoder(images)

    def sample_latents(self, images: Images, generator: Generator | None = None) -> LatentSample:
        latents = self.encode(images)
        penalty = self.sparsity * latents.float().sum(dim=1)
        return LatentSample(latents, rate=penalty.new_zeros(len(latents)), penalty=penalty)
